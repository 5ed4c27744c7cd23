//! Several time zones: every day of the years is gone through, instant by instant as far as anything changes.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use super::{Bits, DEFAULT, MAX_WORK, OpenSets, Timeline, YEARS};
use crate::policy::calendar::{instant, wall_clock};

/// Finds the combinations; whether all were found.
pub(super) fn enumerate(timeline: &Timeline, found: &mut OpenSets) -> bool {
    let told_in = timeline.zones.last().cloned().unwrap_or(TimeZone::UTC);
    let at_noon = instant(DEFAULT, &told_in);
    found.keep(timeline.combination(|calendar, zone| calendar.is_open(wall_clock(at_noon, zone))), DEFAULT);
    let mut years: BTreeSet<i16> = YEARS.collect();
    years.extend(timeline.calendars.iter().flat_map(|(calendar, _)| calendar.years()));
    let mut work = MAX_WORK;
    // An hour that is repeated cannot be told when it comes again; another day may have the same.
    let mut untold = OpenSets::default();
    let from = DEFAULT.date().year();
    for year in years.range(from..).chain(years.range(..from)) {
        let mut day = Date::new(*year, 1, 1).ok();
        while let Some(date) = day.filter(|date| date.year() == *year) {
            let Some(left) = work.checked_sub(timeline.calendars.len()) else { return false };
            work = left;
            for (at, combination) in combinations(timeline, date) {
                let local = wall_clock(at, &told_in);
                let is_told = instant(local, &told_in) == at;
                if is_told { found.keep(combination, local) } else { untold.keep(combination, local) }
            }
            day = date.tomorrow().ok();
        }
    }
    for (combination, example) in untold.each.into_iter().zip(untold.moments) {
        found.keep(combination, example);
    }
    true
}

/// The combinations of one day in UTC, each with an instant: the first of each stretch in which nothing changes.
fn combinations(timeline: &Timeline, date: Date) -> Vec<(Timestamp, Bits)> {
    let start = instant(date.to_datetime(Time::midnight()), &TimeZone::UTC);
    let end = start.checked_add(24.hours()).unwrap_or(Timestamp::MAX);
    // Where each calendar opens or closes.
    let mut changes: BTreeMap<Timestamp, Vec<usize>> = BTreeMap::from([(start, Vec::new())]);
    for (zone, of_zone) in timeline.zones.iter().enumerate() {
        for (from, to) in stretches(of_zone, start, end) {
            for (place, opening) in openings(timeline, zone, from, to) {
                let [opens, closes] = opening.map(|at| at.clamp(from, to));
                if opens < closes {
                    changes.entry(opens).or_default().push(place);
                    changes.entry(closes).or_default().push(place);
                }
            }
        }
    }
    let mut open = Bits::none(timeline.calendars.len());
    let mut found = Vec::new();
    for (at, places) in changes.range(..end) {
        for place in places {
            open.flip(*place);
        }
        found.push((*at, open.clone()));
    }
    found
}

/// Where between `start` and `end` the clocks of `zone` run evenly.
fn stretches(zone: &TimeZone, start: Timestamp, end: Timestamp) -> Vec<(Timestamp, Timestamp)> {
    let turns = zone.following(start).map(|turn| turn.timestamp()).take_while(|turn| *turn < end);
    let mut from = start;
    let mut stretches = Vec::new();
    for turn in turns.chain([end]) {
        stretches.push((from, turn));
        from = turn;
    }
    stretches
}

/// When the calendars of `zone`, whose clocks run evenly between `from` and `to`, open and close on the dates there.
fn openings(
    timeline: &Timeline,
    zone: usize,
    from: Timestamp,
    to: Timestamp,
) -> Vec<(usize, [Timestamp; 2])> {
    let Some(offset) = timeline.zones.get(zone).map(|zone| zone.to_offset(from)) else { return Vec::new() };
    let [first, last] = [from, to].map(|at| offset.to_datetime(at).date());
    let dates =
        std::iter::successors(Some(first), |date| date.tomorrow().ok()).take_while(|date| *date <= last);
    let mut openings = Vec::new();
    for date in dates {
        let Ok(midnight) = offset.to_timestamp(date.to_datetime(Time::midnight())) else { continue };
        let at = |minute: u16| midnight.checked_add(i64::from(minute).minutes()).unwrap_or(Timestamp::MAX);
        for (place, (calendar, _)) in
            timeline.calendars.iter().enumerate().filter(|(_, (_, read))| *read == zone)
        {
            let each = calendar.open_on(date).into_iter();
            openings.extend(each.map(|opening| (place, [at(opening.start), at(opening.end)])));
        }
    }
    openings
}
