//! One time zone: a day of each sort, and what opens and closes on it.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, ToSpan};

use super::{DEFAULT, MAX_WORK, OpenSets, Timeline, YEARS};
use crate::policy::calendar::{Calendar, instant};

/// Finds the combinations; whether all were found.
pub(super) fn enumerate(timeline: &Timeline, found: &mut OpenSets) -> bool {
    found.keep(timeline.combination(|calendar, _| calendar.is_open(DEFAULT)), DEFAULT);
    if timeline.calendars.is_empty() {
        return true;
    }
    let zone = timeline.calendars.first().and_then(|(_, zone)| timeline.zones.get(*zone));
    let days = days(timeline, zone.unwrap_or(&TimeZone::UTC));
    let most = MAX_WORK / timeline.calendars.len();
    for (date, may_be_empty) in days.iter().take(most) {
        take(timeline, *date, may_be_empty, found);
    }
    days.len() <= most
}

/// The combinations of one day, of which `gaps` are left out.
fn take(timeline: &Timeline, date: Date, may_be_empty: &[(DateTime, DateTime)], found: &mut OpenSets) {
    let opening = |calendar: &Calendar| calendar.open_on(date);
    timeline.stretches(opening, &mut |start, end, open| {
        if !found.seen.contains(open)
            && let Some(example) = example(date, start, end, may_be_empty)
        {
            found.keep(open.clone(), example);
        }
    });
}

/// One day of each sort, those near [`DEFAULT`] first, with the hours that a clock change skips.
fn days(timeline: &Timeline, zone: &TimeZone) -> Vec<(Date, Vec<(DateTime, DateTime)>)> {
    let (mut once, mut yearly) = (BTreeSet::new(), BTreeSet::new());
    let mut years: BTreeSet<i16> = YEARS.collect();
    for (calendar, _) in &timeline.calendars {
        calendar.boundaries(&mut once, &mut yearly);
        years.extend(calendar.years());
    }
    if once.is_empty() && yearly.is_empty() {
        return std::iter::successors(Some(DEFAULT.date()), |date| date.tomorrow().ok())
            .take(7)
            .map(|date| (date, Vec::new()))
            .collect();
    }
    let (once, yearly) = (Vec::from_iter(once), Vec::from_iter(yearly));
    let may_be_empty = may_be_empty(zone, &years);
    let mut seen: HashSet<(Weekday, bool, usize, usize)> = HashSet::new();
    let mut days = Vec::new();
    let from = DEFAULT.date().year();
    for year in years.range(from..).chain(years.range(..from)) {
        let mut day = Date::new(*year, 1, 1).ok();
        let mut past_once = once.partition_point(|turn| Some(*turn) < day);
        let mut past_yearly = 0;
        // How many days in a row were of no other sort but for their weekdays.
        let mut alike = 0;
        while let Some(date) = day.filter(|date| date.year() == *year) {
            while once.get(past_once).is_some_and(|turn| *turn <= date) {
                (past_once, alike) = (past_once + 1, 0);
            }
            while yearly.get(past_yearly).is_some_and(|turn| *turn <= (date.month(), date.day())) {
                (past_yearly, alike) = (past_yearly + 1, 0);
            }
            let sort = (date.weekday(), date.in_leap_year(), past_once, past_yearly);
            match may_be_empty.get(&date) {
                // Another day of its sort may have what this one skips.
                Some(may_be_empty) => {
                    alike = 0;
                    if !seen.contains(&sort) {
                        days.push((date, may_be_empty.clone()));
                    }
                }
                None => {
                    alike += 1;
                    if seen.insert(sort) {
                        days.push((date, Vec::new()));
                    }
                }
            }
            day = if alike < 7 {
                date.tomorrow().ok()
            } else {
                // Nothing new comes before the next turn.
                let this_year = yearly.get(past_yearly).map(|turn| first_from(*year, *turn));
                let turns = once.get(past_once).copied().into_iter().chain(this_year.flatten());
                turns.min()
            };
        }
    }
    days
}

/// A minute from `start` up to `end` that the clock shows: noon, or else the first.
fn example(date: Date, start: u16, end: u16, may_be_empty: &[(DateTime, DateTime)]) -> Option<DateTime> {
    const NOON: u16 = 12 * 60;
    let at = |minute: u16| {
        let hour = i8::try_from(minute / 60).ok()?;
        let minute = i8::try_from(minute % 60).ok()?;
        Some(date.to_datetime(Time::new(hour, minute, 0, 0).ok()?))
    };
    let is_skipped = |at: &DateTime| may_be_empty.iter().any(|(from, to)| from <= at && at < to);
    if (start..end).contains(&NOON)
        && let Some(noon) = at(NOON).filter(|noon| !is_skipped(noon))
    {
        return Some(noon);
    }
    let mut first = at(start)?;
    // Behind each gap, until none is in the way.
    while let Some((_, to)) = may_be_empty.iter().find(|(from, to)| *from <= first && first < *to) {
        first = *to;
    }
    let last = if end >= 24 * 60 {
        date.tomorrow().ok().map(|next| next.to_datetime(Time::midnight()))
    } else {
        at(end)
    };
    last.is_none_or(|last| first < last).then_some(first)
}

/// That day of the year; where there is none, the day after it.
fn first_from(year: i16, (month, day): (i8, i8)) -> Option<Date> {
    Date::new(year, month, day).ok().or_else(|| Date::new(year, month + 1, 1).ok())
}

/// The hours that the clocks of `zone` skip in these years, by date.
fn may_be_empty(zone: &TimeZone, years: &BTreeSet<i16>) -> BTreeMap<Date, Vec<(DateTime, DateTime)>> {
    let mut may_be_empty: BTreeMap<Date, Vec<(DateTime, DateTime)>> = BTreeMap::new();
    for year in years {
        let (Ok(first), Ok(last)) = (Date::new(*year, 1, 1), Date::new(*year, 12, 31)) else { continue };
        let midnight = |date: Date| instant(date.to_datetime(Time::midnight()), zone);
        let from = midnight(first).checked_sub(26.hours()).unwrap_or(Timestamp::MIN);
        let to = midnight(last).checked_add(50.hours()).unwrap_or(Timestamp::MAX);
        let mut before = zone.to_offset(from);
        for turn in zone.following(from).take_while(|turn| turn.timestamp() < to) {
            let after = turn.offset();
            if after > before {
                let shown = |offset: Offset| offset.to_datetime(turn.timestamp());
                add_gap(&mut may_be_empty, shown(before), shown(after));
            }
            before = after;
        }
    }
    may_be_empty
}

fn add_gap(may_be_empty: &mut BTreeMap<Date, Vec<(DateTime, DateTime)>>, from: DateTime, to: DateTime) {
    let mut date = Some(from.date());
    while let Some(day) = date.filter(|day| *day <= to.date()) {
        let known = may_be_empty.entry(day).or_default();
        if !known.contains(&(from, to)) {
            known.push((from, to));
        }
        date = day.tomorrow().ok();
    }
}
