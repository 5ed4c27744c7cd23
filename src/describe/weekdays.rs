//! Hours of the week in words: `from Sunday to Thursday after 14:00`.

use std::collections::BTreeMap;

use super::list;

/// An interval of time on one day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WeeklyInterval {
    /// The day of the week; 0 is Monday.
    pub day: usize,
    /// Minutes from midnight.
    pub start: u16,
    /// Minutes from midnight; the interval ends just before.
    pub end: u16,
}

const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const DAY: u16 = 24 * 60;

/// The intervals of a day, in minutes from midnight.
type DayIntervals = Vec<(u16, u16)>;

/// The most groups of days, and the most intervals of a day, that are still listed.
const MAX_LISTED: usize = 3;

/// `on Fridays after 14:00 and on Saturdays`; an empty text for the whole week. `None`: the list would be too long.
pub(crate) fn weekly(intervals: &[WeeklyInterval]) -> Option<String> {
    let mut hours_of: Vec<DayIntervals> = vec![DayIntervals::new(); DAYS.len()];
    for WeeklyInterval { day, start, end } in intervals {
        let Some(hours) = hours_of.get_mut(*day) else { continue };
        match hours.last_mut() {
            Some((_, last)) if last == start => *last = *end,
            _ => hours.push((*start, *end)),
        }
    }
    // Days with the same hours are listed together, in the order of their first days.
    let mut groups: BTreeMap<usize, (Vec<usize>, &DayIntervals)> = BTreeMap::new();
    for (day, hours) in hours_of.iter().enumerate().filter(|(_, hours)| !hours.is_empty()) {
        let first = hours_of.iter().position(|other| other == hours).unwrap_or(day);
        groups.entry(first).or_insert_with(|| (Vec::new(), hours)).0.push(day);
    }
    if groups.len() > MAX_LISTED || groups.values().any(|(_, hours)| hours.len() > MAX_LISTED) {
        return None;
    }
    let groups = groups.values().map(|(days, hours)| {
        let hours: Vec<String> = hours.iter().filter_map(|interval| clock(*interval)).collect();
        let parts = [days_of_week(days), list(&hours)];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    });
    let groups: Vec<String> = groups.filter(|words| !words.is_empty()).collect();
    Some(list(&groups))
}

/// `after 14:00`; `None` for the whole day.
pub(super) fn clock((start, end): (u16, u16)) -> Option<String> {
    let time = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
    match (start, end) {
        (0, DAY) => None,
        (0, end) => Some(format!("before {}", time(end))),
        (start, DAY) => Some(format!("after {}", time(start))),
        (start, end) => Some(format!("between {} and {}", time(start), time(end))),
    }
}

/// `from Sunday to Thursday`, `on Mondays and Fridays`; an empty text for every day. The days are in order.
pub(super) fn days_of_week(days: &[usize]) -> String {
    if days.len() == DAYS.len() {
        return String::new();
    }
    let name = |day: usize| DAYS.get(day % DAYS.len()).copied().unwrap_or_default();
    let is_listed = |day: usize| days.contains(&(day % DAYS.len()));
    let (mut ranges, mut single) = (Vec::new(), Vec::new());
    // A range may go from one week to the next, so it starts at a day whose eve is not listed.
    for first in days.iter().copied().filter(|day| !is_listed(day + DAYS.len() - 1)) {
        let length = (first..first + DAYS.len()).take_while(|day| is_listed(*day)).count();
        if length > 2 {
            ranges.push(format!("from {} to {}", name(first), name(first + length - 1)));
        } else {
            single.extend((first..first + length).map(|day| format!("{}s", name(day))));
        }
    }
    if !single.is_empty() {
        ranges.push(format!("on {}", list(&single)));
    }
    list(&ranges)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `hours` as `0 9-17`: the day, then the first and the last hour.
    fn check(hours: &str, words: Option<&str>) {
        let intervals = hours.split(", ").map(|interval| {
            let (day, hours) = interval.split_once(' ').unwrap_or((interval, "0-24"));
            let (start, end) = hours.split_once('-').unwrap();
            let minutes = |hours: &str| hours.parse::<u16>().unwrap() * 60;
            WeeklyInterval { day: day.parse().unwrap(), start: minutes(start), end: minutes(end) }
        });
        assert_eq!(weekly(&intervals.collect::<Vec<_>>()).as_deref(), words, "{hours}");
    }

    #[test]
    fn hours_of_the_week() {
        check("4 14-24", Some("on Fridays after 14:00"));
        check("4 14-15", Some("on Fridays between 14:00 and 15:00"));
        check("5, 6", Some("on Saturdays and Sundays"));
        check("0, 6", Some("on Sundays and Mondays"));
        check("0, 1, 2, 3, 6", Some("from Sunday to Thursday"));
        check("0 0-9, 0 9-24, 1, 2, 4", Some("from Monday to Wednesday and on Fridays"));
        check("4 22-24, 5 0-2", Some("on Fridays after 22:00 and on Saturdays before 02:00"));
        check(
            "0 0-9, 0 17-24, 2 0-9, 2 17-24",
            Some("on Mondays and Wednesdays before 09:00 and after 17:00"),
        );
        check("0 9-17, 1 9-17, 2 9-17, 3 9-17, 4 9-17, 5 9-17, 6 9-17", Some("between 09:00 and 17:00"));
        check("0, 1, 2, 3, 4, 5, 6", Some(""));
        check("0 1-2, 1 2-3, 2 3-4, 3 4-5", None);
        check("0 1-2, 0 3-4, 0 5-6, 0 7-8", None);
    }
}
