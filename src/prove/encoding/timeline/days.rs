//! One time zone: one day of each kind, and what opens and closes on it.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, ToSpan};

use super::{Combinations, DEFAULT, MAX_WORK, Timeline, YEARS};
use crate::policy::calendar::{Calendar, instant};

/// The local times that a clock change skips, each from its first up to its last.
type Gaps = Vec<(DateTime, DateTime)>;

/// Finds the combinations; whether all were found.
pub(super) fn enumerate(timeline: &Timeline, found: &mut Combinations) -> bool {
    found.add(timeline.combination(|calendar, _| calendar.is_open(DEFAULT)), DEFAULT);
    let Some((_, zone)) = timeline.calendars.first() else { return true };
    let days = days(timeline, &timeline.zones[*zone]);
    let max = MAX_WORK / timeline.calendars.len();
    for (date, gaps) in days.iter().take(max) {
        add_day(timeline, *date, gaps, found);
    }
    days.len() <= max
}

/// Adds the combinations of one day, but for its `gaps`.
fn add_day(timeline: &Timeline, date: Date, gaps: &Gaps, found: &mut Combinations) {
    let openings = |calendar: &Calendar| calendar.open_on(date);
    timeline.intervals(openings, &mut |start, end, open| {
        if !found.known.contains(open)
            && let Some(example) = example(date, start, end, gaps)
        {
            found.add(open.clone(), example);
        }
    });
}

/// One day of each kind, with its gaps; those after [`DEFAULT`] first.
///
/// The hours of a day are determined by its weekday, by the leap year, and by the boundaries (first days of a range of
/// dates) that it has passed: those of its year, and those that return each year. So one day of each such kind will do.
fn days(timeline: &Timeline, zone: &TimeZone) -> Vec<(Date, Gaps)> {
    let (mut once, mut yearly) = (BTreeSet::new(), BTreeSet::new());
    let mut years: BTreeSet<i16> = YEARS.collect();
    for (calendar, _) in timeline.calendars.values() {
        calendar.boundaries(&mut once, &mut yearly);
        years.extend(calendar.years());
    }
    if once.is_empty() && yearly.is_empty() {
        let week = std::iter::successors(Some(DEFAULT.date()), |date| date.tomorrow().ok()).take(7);
        return week.map(|date| (date, Gaps::new())).collect();
    }
    let (once, yearly) = (Vec::from_iter(once), Vec::from_iter(yearly));
    let gaps = gaps(zone, &years);
    let mut known: HashSet<(Weekday, bool, usize, usize)> = HashSet::new();
    let mut days = Vec::new();
    let from = DEFAULT.date().year();
    for year in years.range(from..).chain(years.range(..from)) {
        let mut day = Date::new(*year, 1, 1).ok();
        let mut past_once = once.partition_point(|boundary| Some(*boundary) < day);
        let mut past_yearly = 0;
        // For how many days in a row no boundary was passed.
        let mut same = 0;
        while let Some(date) = day.filter(|date| date.year() == *year) {
            while once.get(past_once).is_some_and(|boundary| *boundary <= date) {
                (past_once, same) = (past_once + 1, 0);
            }
            while yearly.get(past_yearly).is_some_and(|boundary| *boundary <= (date.month(), date.day())) {
                (past_yearly, same) = (past_yearly + 1, 0);
            }
            let kind = (date.weekday(), date.in_leap_year(), past_once, past_yearly);
            match gaps.get(&date) {
                // Another day of its kind may have the hour that this one skips, so the kind is not done.
                Some(gaps) => {
                    same = 0;
                    if !known.contains(&kind) {
                        days.push((date, gaps.clone()));
                    }
                }
                None => {
                    same += 1;
                    if known.insert(kind) {
                        days.push((date, Gaps::new()));
                    }
                }
            }
            day = if same < 7 {
                date.tomorrow().ok()
            } else {
                // Every weekday has been seen since the last boundary, so nothing changes until the next one.
                let this_year = yearly.get(past_yearly).map(|boundary| first_from(*year, *boundary));
                let next = once.get(past_once).copied().into_iter().chain(this_year.flatten());
                next.min()
            };
        }
    }
    days
}

/// A minute from `start` until before `end` that the clock shows: noon, or else the first one.
fn example(date: Date, start: u16, end: u16, gaps: &Gaps) -> Option<DateTime> {
    const NOON: u16 = 12 * 60;
    let at = |minute: u16| {
        let hour = i8::try_from(minute / 60).ok()?;
        let minute = i8::try_from(minute % 60).ok()?;
        Some(date.to_datetime(Time::new(hour, minute, 0, 0).ok()?))
    };
    let is_skipped = |at: &DateTime| gaps.iter().any(|(from, to)| from <= at && at < to);
    if (start..end).contains(&NOON)
        && let Some(noon) = at(NOON).filter(|noon| !is_skipped(noon))
    {
        return Some(noon);
    }
    let mut first = at(start)?;
    // After each gap in turn, until there is none.
    while let Some((_, to)) = gaps.iter().find(|(from, to)| *from <= first && first < *to) {
        first = *to;
    }
    let last = if end >= 24 * 60 {
        date.tomorrow().ok().map(|next| next.to_datetime(Time::midnight()))
    } else {
        at(end)
    };
    last.is_none_or(|last| first < last).then_some(first)
}

/// This day of the year, or the day after it where it does not exist.
fn first_from(year: i16, (month, day): (i8, i8)) -> Option<Date> {
    Date::new(year, month, day).ok().or_else(|| Date::new(year, month + 1, 1).ok())
}

/// The times that the clocks of `zone` skip in these years, by date.
fn gaps(zone: &TimeZone, years: &BTreeSet<i16>) -> BTreeMap<Date, Gaps> {
    let mut gaps: BTreeMap<Date, Gaps> = BTreeMap::new();
    for year in years {
        let (Ok(first), Ok(last)) = (Date::new(*year, 1, 1), Date::new(*year, 12, 31)) else { continue };
        let midnight = |date: Date| instant(date.to_datetime(Time::midnight()), zone);
        let from = midnight(first).checked_sub(26.hours()).unwrap_or(Timestamp::MIN);
        let to = midnight(last).checked_add(50.hours()).unwrap_or(Timestamp::MAX);
        let mut before = zone.to_offset(from);
        for transition in zone.following(from).take_while(|transition| transition.timestamp() < to) {
            let after = transition.offset();
            if after > before {
                let shown = |offset: Offset| offset.to_datetime(transition.timestamp());
                add_gap(&mut gaps, shown(before), shown(after));
            }
            before = after;
        }
    }
    gaps
}

fn add_gap(gaps: &mut BTreeMap<Date, Gaps>, from: DateTime, to: DateTime) {
    let mut date = Some(from.date());
    while let Some(day) = date.filter(|day| *day <= to.date()) {
        let known = gaps.entry(day).or_default();
        if !known.contains(&(from, to)) {
            known.push((from, to));
        }
        date = day.tomorrow().ok();
    }
}
