//! Hours of the week, as people say them.

use std::collections::BTreeMap;

use super::encoding::WeeklyInterval;
use super::plain::listed;

const DAYS: [&str; 7] = ["Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays"];
const DAY: u16 = 24 * 60;

/// Stretches of a day, in minutes from midnight.
type Hours = Vec<(u16, u16)>;

/// More than so many sorts of days, or stretches of one day, are no longer listed.
const MOST: usize = 3;

/// `on Fridays after 14:00 and on Saturdays`; nothing for the whole week. `None`: that would be too long.
pub(super) fn weekdays(stretches: &[WeeklyInterval]) -> Option<String> {
    let mut each: Vec<Hours> = vec![Hours::new(); DAYS.len()];
    for WeeklyInterval { day, start, end } in stretches {
        let Some(day) = each.get_mut(*day) else { continue };
        match day.last_mut() {
            Some((_, last)) if last == start => *last = *end,
            _ => day.push((*start, *end)),
        }
    }
    // Days of the same hours, in the order of their first ones.
    let mut alike: BTreeMap<usize, (Vec<usize>, &Hours)> = BTreeMap::new();
    for (day, hours) in each.iter().enumerate().filter(|(_, hours)| !hours.is_empty()) {
        let first = each.iter().position(|other| other == hours).unwrap_or(day);
        alike.entry(first).or_insert_with(|| (Vec::new(), hours)).0.push(day);
    }
    if alike.len() > MOST || alike.values().any(|(_, hours)| hours.len() > MOST) {
        return None;
    }
    let each = alike.values().map(|(days, hours)| {
        let hours: Vec<String> = hours.iter().filter_map(|hours| words(*hours)).collect();
        let parts = [days_of(days), listed(&hours)];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    });
    let each: Vec<String> = each.filter(|words| !words.is_empty()).collect();
    Some(listed(&each).unwrap_or_default())
}

/// `after 14:00`; `None`: the whole day.
fn words((start, end): (u16, u16)) -> Option<String> {
    let clock = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
    match (start, end) {
        (0, DAY) => None,
        (0, end) => Some(format!("before {}", clock(end))),
        (start, DAY) => Some(format!("after {}", clock(start))),
        (start, end) => Some(format!("from {} to {}", clock(start), clock(end))),
    }
}

/// `on Mondays to Thursdays and Saturdays`; `None`: every day.
fn days_of(days: &[usize]) -> Option<String> {
    if days.len() == DAYS.len() {
        return None;
    }
    let name = |day: &usize| DAYS.get(*day).copied().unwrap_or_default().to_owned();
    let runs = days.chunk_by(|day, next| day + 1 == *next);
    let words = runs.flat_map(|run| match run {
        [first, .., last] if run.len() > 2 => vec![format!("{} to {}", name(first), name(last))],
        few => few.iter().map(name).collect(),
    });
    let words: Vec<String> = words.collect();
    Some(format!("on {}", listed(&words)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `hours` as `0 9-17`: the day, then hours from and to.
    fn check(hours: &str, words: Option<&str>) {
        let stretches = hours.split(", ").map(|stretch| {
            let (day, hours) = stretch.split_once(' ').unwrap_or((stretch, "0-24"));
            let (start, end) = hours.split_once('-').unwrap();
            let minutes = |hours: &str| hours.parse::<u16>().unwrap() * 60;
            WeeklyInterval { day: day.parse().unwrap(), start: minutes(start), end: minutes(end) }
        });
        assert_eq!(weekdays(&stretches.collect::<Vec<_>>()).as_deref(), words, "{hours}");
    }

    #[test]
    fn as_people_say_them() {
        check("4 14-24", Some("on Fridays after 14:00"));
        check("4 14-15", Some("on Fridays from 14:00 to 15:00"));
        check("5, 6", Some("on Saturdays and Sundays"));
        check("0 0-9, 0 9-24, 1, 2, 4", Some("on Mondays to Wednesdays and Fridays"));
        check("4 22-24, 5 0-2", Some("on Fridays after 22:00 and on Saturdays before 02:00"));
        check(
            "0 0-9, 0 17-24, 2 0-9, 2 17-24",
            Some("on Mondays and Wednesdays before 09:00 and after 17:00"),
        );
        check("0 9-17, 1 9-17, 2 9-17, 3 9-17, 4 9-17, 5 9-17, 6 9-17", Some("from 09:00 to 17:00"));
        check("0, 1, 2, 3, 4, 5, 6", Some(""));
        check("0 1-2, 1 2-3, 2 3-4, 3 4-5", None);
        check("0 1-2, 0 3-4, 0 5-6, 0 7-8", None);
    }
}
