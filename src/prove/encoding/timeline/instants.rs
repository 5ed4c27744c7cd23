//! Several time zones: every day of the years, instant by instant as far as anything changes.
//!
//! Two zones have no common wall clock, and their clock changes shift them against each other, so the days cannot be
//! divided into kinds as in [`days`](super::days).

use std::collections::{BTreeMap, BTreeSet};

use fixedbitset::FixedBitSet;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use super::super::index_vec::VecIndex;
use super::{CalendarId, Combinations, DEFAULT, MAX_WORK, Timeline, YEARS, ZoneId};
use crate::policy::calendar::{instant, wall_clock};

/// Finds the combinations; whether all were found.
pub(super) fn enumerate(timeline: &Timeline, found: &mut Combinations) -> bool {
    let example_zone = timeline.zones[timeline.zone].clone();
    let at_noon = instant(DEFAULT, &example_zone);
    found.add(timeline.combination(|calendar, zone| calendar.is_open(wall_clock(at_noon, zone))), DEFAULT);
    let mut years: BTreeSet<i16> = YEARS.collect();
    years.extend(timeline.calendars.values().flat_map(|(calendar, _)| calendar.years()));
    let mut work = MAX_WORK;
    // A local time that a clock change repeats means its first instant. The second one cannot be given as an example;
    // another day may have the same combination.
    let mut repeated = Combinations::default();
    let from = DEFAULT.date().year();
    for year in years.range(from..).chain(years.range(..from)) {
        let mut day = Date::new(*year, 1, 1).ok();
        while let Some(date) = day.filter(|date| date.year() == *year) {
            let Some(left) = work.checked_sub(timeline.calendars.len()) else { return false };
            work = left;
            for (at, combination) in combinations(timeline, date) {
                let local = wall_clock(at, &example_zone);
                let is_first = instant(local, &example_zone) == at;
                if is_first { found.add(combination, local) } else { repeated.add(combination, local) }
            }
            day = date.tomorrow().ok();
        }
    }
    for (combination, example) in repeated.each.into_iter().zip(repeated.examples) {
        found.add(combination, example);
    }
    true
}

/// The combinations of one day in UTC, each with the first instant of an interval in which nothing changes.
fn combinations(timeline: &Timeline, date: Date) -> Vec<(Timestamp, FixedBitSet)> {
    let start = instant(date.to_datetime(Time::midnight()), &TimeZone::UTC);
    let end = start.checked_add(24.hours()).unwrap_or(Timestamp::MAX);
    // The calendars that open or close at each instant.
    let mut changes: BTreeMap<Timestamp, Vec<CalendarId>> = BTreeMap::from([(start, Vec::new())]);
    for (id, zone) in timeline.zones.iter() {
        for (from, to) in regular_intervals(zone, start, end) {
            for (calendar, opening) in openings(timeline, id, from, to) {
                let [opens, closes] = opening.map(|at| at.clamp(from, to));
                if opens < closes {
                    changes.entry(opens).or_default().push(calendar);
                    changes.entry(closes).or_default().push(calendar);
                }
            }
        }
    }
    let mut open = FixedBitSet::with_capacity(timeline.calendars.len());
    let mut found = Vec::new();
    for (at, calendars) in changes.range(..end) {
        for calendar in calendars {
            open.toggle(calendar.position());
        }
        found.push((*at, open.clone()));
    }
    found
}

/// The intervals between `start` and `end` in which the offset of `zone` does not change.
fn regular_intervals(zone: &TimeZone, start: Timestamp, end: Timestamp) -> Vec<(Timestamp, Timestamp)> {
    let transitions = zone.following(start).map(|transition| transition.timestamp());
    let mut from = start;
    let mut intervals = Vec::new();
    for transition in transitions.take_while(|transition| *transition < end).chain([end]) {
        intervals.push((from, transition));
        from = transition;
    }
    intervals
}

/// When the calendars of `zone`, whose offset does not change between `from` and `to`, open and close on the dates
/// there.
fn openings(
    timeline: &Timeline,
    zone: ZoneId,
    from: Timestamp,
    to: Timestamp,
) -> Vec<(CalendarId, [Timestamp; 2])> {
    let offset = timeline.zones[zone].to_offset(from);
    let [first, last] = [from, to].map(|at| offset.to_datetime(at).date());
    let dates =
        std::iter::successors(Some(first), |date| date.tomorrow().ok()).take_while(|date| *date <= last);
    let mut openings = Vec::new();
    for date in dates {
        let Ok(midnight) = offset.to_timestamp(date.to_datetime(Time::midnight())) else { continue };
        let at = |minute: u16| midnight.checked_add(i64::from(minute).minutes()).unwrap_or(Timestamp::MAX);
        for (id, (calendar, _)) in timeline.calendars.iter().filter(|(_, (_, in_zone))| *in_zone == zone) {
            let each = calendar.open_on(date).into_iter();
            openings.extend(each.map(|opening| (id, [at(opening.start), at(opening.end)])));
        }
    }
    openings
}
