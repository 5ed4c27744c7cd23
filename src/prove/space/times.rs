//! Moments: the combinations of open and closed calendars that really occur, each with an example.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, ToSpan};

use super::atom::CalendarId;
use crate::policy::calendar::{Calendar, instant};

/// Where nothing is said, a test is on a Monday at noon.
pub(in crate::prove) const DEFAULT: DateTime = DateTime::constant(2026, 1, 5, 12, 0, 0, 0);

/// In these years every date meets every weekday.
const YEARS: std::ops::Range<i16> = 2024..2052;

/// Days times calendars that are looked at, at most.
const MOST_WORK: usize = 20_000_000;

/// A set of small numbers.
type Bits = Vec<u64>;

/// The calendars that are asked about, and when they are open together.
pub(in crate::prove) struct Times {
    calendars: Vec<Arc<Calendar>>,
    places: HashMap<Arc<Calendar>, CalendarId>,
    /// An example of each combination; the first is [`DEFAULT`].
    moments: Vec<DateTime>,
    /// For each calendar the combinations in which it is open.
    open: Vec<Bits>,
    /// Every combination was found.
    pub(in crate::prove) complete: bool,
}

/// A combination: its place among them.
pub(in crate::prove) type Moment = usize;

impl Times {
    pub(in crate::prove) fn new() -> Self {
        Self {
            calendars: Vec::new(),
            places: HashMap::new(),
            moments: Vec::new(),
            open: Vec::new(),
            complete: true,
        }
    }

    /// Nothing asks for the time.
    pub(in crate::prove) fn is_empty(&self) -> bool {
        self.calendars.is_empty()
    }

    pub(in crate::prove) fn calendar(&mut self, calendar: &Arc<Calendar>) -> CalendarId {
        if let Some(known) = self.places.get(calendar) {
            return *known;
        }
        let place = CalendarId(u32::try_from(self.calendars.len()).unwrap_or(u32::MAX));
        self.calendars.push(Arc::clone(calendar));
        self.places.insert(Arc::clone(calendar), place);
        place
    }

    pub(in crate::prove) fn is_open(&self, calendar: CalendarId, moment: Moment) -> bool {
        self.open.get(calendar.0 as usize).is_some_and(|open| has(open, moment))
    }

    /// An example of it.
    pub(in crate::prove) fn at(&self, moment: Moment) -> DateTime {
        self.moments.get(moment).copied().unwrap_or(DEFAULT)
    }

    /// The first combination in which each calendar is as `wanted`, or else which of the wants contradict.
    pub(in crate::prove) fn find(&self, wanted: &[(CalendarId, bool)]) -> Result<Moment, Vec<usize>> {
        let mut left: Vec<usize> = (0..wanted.len()).collect();
        if let Some(moment) = self.first(wanted, &left) {
            return Ok(moment);
        }
        for want in 0..wanted.len() {
            let without: Vec<usize> = left.iter().copied().filter(|other| *other != want).collect();
            if self.first(wanted, &without).is_none() {
                left = without;
            }
        }
        Err(left)
    }

    fn first(&self, wanted: &[(CalendarId, bool)], which: &[usize]) -> Option<Moment> {
        (0..self.moments.len().div_ceil(64)).find_map(|word| {
            let rest = self.moments.len() - word * 64;
            let all = if rest >= 64 { u64::MAX } else { (1 << rest) - 1 };
            let fitting =
                which.iter().filter_map(|want| wanted.get(*want)).fold(all, |fitting, (calendar, open)| {
                    let row = self.open.get(calendar.0 as usize).and_then(|row| row.get(word)).copied();
                    let row = row.unwrap_or_default();
                    fitting & if *open { row } else { !row }
                });
            (fitting != 0).then(|| word * 64 + fitting.trailing_zeros() as usize)
        })
    }

    /// Looks for the combinations, once all calendars are known.
    pub(in crate::prove) fn sweep(&mut self, zone: &TimeZone) {
        let mut found = Combinations::default();
        found.keep(self.at_noon(), DEFAULT);
        if !self.calendars.is_empty() {
            let mut work = MOST_WORK / self.calendars.len();
            for (date, gaps) in self.days(zone) {
                self.take(date, &gaps, &mut found);
                work = work.saturating_sub(1);
                if work == 0 {
                    self.complete = false;
                    break;
                }
            }
        }
        self.moments = found.moments;
        self.open = vec![vec![0; self.moments.len().div_ceil(64)]; self.calendars.len()];
        for (moment, combination) in found.each.iter().enumerate() {
            for (calendar, open) in self.open.iter_mut().enumerate() {
                if has(combination, calendar) {
                    set(open, moment);
                }
            }
        }
    }

    /// The combination at [`DEFAULT`].
    fn at_noon(&self) -> Bits {
        let mut combination = vec![0; self.calendars.len().div_ceil(64)];
        for (place, calendar) in self.calendars.iter().enumerate() {
            if calendar.is_open(DEFAULT) {
                set(&mut combination, place);
            }
        }
        combination
    }

    /// The combinations of one day, of which `gaps` are left out.
    fn take(&self, date: Date, gaps: &[(DateTime, DateTime)], found: &mut Combinations) {
        // Where each calendar opens or closes.
        let mut changes: BTreeMap<u16, Vec<usize>> = BTreeMap::from([(0, Vec::new())]);
        for (place, calendar) in self.calendars.iter().enumerate() {
            for opening in calendar.open_on(date) {
                changes.entry(opening.start).or_default().push(place);
                changes.entry(opening.end).or_default().push(place);
            }
        }
        let mut combination = vec![0; self.calendars.len().div_ceil(64)];
        let mut changes = changes.into_iter().peekable();
        while let Some((start, places)) = changes.next() {
            for place in places {
                flip(&mut combination, place);
            }
            let end = changes.peek().map_or(24 * 60, |(next, _)| *next);
            if start < end
                && !found.seen.contains(&combination)
                && let Some(example) = example(date, start, end, gaps)
            {
                found.keep(combination.clone(), example);
            }
        }
    }

    /// One day of each sort, those near [`DEFAULT`] first, with the hours that a clock change skips.
    fn days(&self, zone: &TimeZone) -> Vec<(Date, Vec<(DateTime, DateTime)>)> {
        let (mut once, mut yearly) = (BTreeSet::new(), BTreeSet::new());
        let mut years: BTreeSet<i16> = YEARS.collect();
        for calendar in &self.calendars {
            calendar.turns(&mut once, &mut yearly);
            years.extend(calendar.years());
        }
        if once.is_empty() && yearly.is_empty() {
            return std::iter::successors(Some(DEFAULT.date()), |date| date.tomorrow().ok())
                .take(7)
                .map(|date| (date, Vec::new()))
                .collect();
        }
        let (once, yearly) = (Vec::from_iter(once), Vec::from_iter(yearly));
        let gaps = gaps(zone, &years);
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
                match gaps.get(&date) {
                    // Another day of its sort may have what this one skips.
                    Some(gaps) => {
                        alike = 0;
                        if !seen.contains(&sort) {
                            days.push((date, gaps.clone()));
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
}

#[derive(Default)]
struct Combinations {
    seen: HashSet<Bits>,
    each: Vec<Bits>,
    moments: Vec<DateTime>,
}

impl Combinations {
    fn keep(&mut self, combination: Bits, example: DateTime) {
        if self.seen.insert(combination.clone()) {
            self.each.push(combination);
            self.moments.push(example);
        }
    }
}

/// A minute from `start` up to `end` that the clock shows: noon, or else the first.
fn example(date: Date, start: u16, end: u16, gaps: &[(DateTime, DateTime)]) -> Option<DateTime> {
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
    // Behind each gap, until none is in the way.
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

/// That day of the year; where there is none, the day after it.
fn first_from(year: i16, (month, day): (i8, i8)) -> Option<Date> {
    Date::new(year, month, day).ok().or_else(|| Date::new(year, month + 1, 1).ok())
}

/// The hours that the clocks of `zone` skip in these years, by date.
fn gaps(zone: &TimeZone, years: &BTreeSet<i16>) -> BTreeMap<Date, Vec<(DateTime, DateTime)>> {
    let mut gaps: BTreeMap<Date, Vec<(DateTime, DateTime)>> = BTreeMap::new();
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
                add_gap(&mut gaps, shown(before), shown(after));
            }
            before = after;
        }
    }
    gaps
}

fn add_gap(gaps: &mut BTreeMap<Date, Vec<(DateTime, DateTime)>>, from: DateTime, to: DateTime) {
    let mut date = Some(from.date());
    while let Some(day) = date.filter(|day| *day <= to.date()) {
        let known = gaps.entry(day).or_default();
        if !known.contains(&(from, to)) {
            known.push((from, to));
        }
        date = day.tomorrow().ok();
    }
}

fn has(bits: &Bits, place: usize) -> bool {
    bits.get(place / 64).is_some_and(|word| word >> (place % 64) & 1 == 1)
}

fn set(bits: &mut Bits, place: usize) {
    if let Some(word) = bits.get_mut(place / 64) {
        *word |= 1 << (place % 64);
    }
}

fn flip(bits: &mut Bits, place: usize) {
    if let Some(word) = bits.get_mut(place / 64) {
        *word ^= 1 << (place % 64);
    }
}
