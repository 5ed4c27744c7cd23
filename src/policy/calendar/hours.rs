//! When something is open: the meaning of `hours` and of `during`.

use std::collections::BTreeSet;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use jiff::civil::{Date, DateTime};

use super::dates::DateSet;
use super::ranges::{DayMap, DayRange};

/// When something is open, in local time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// The openings that start on Monday, Tuesday, …
    week: [Vec<Opening>; 7],
    /// The openings that start on a date. They replace those of its day of the week.
    dated: DayMap<Arc<[Opening]>>,
    /// The dates on which nothing is open and nothing starts.
    except: DateSet,
    /// The dates that are open from midnight to midnight.
    whole_days: Option<Arc<DateSet>>,
}

/// An interval in which something is open: `start` is part of it and `end` is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Opening {
    /// Minutes since midnight of the day on which it starts; less than a day.
    pub start: u16,
    /// Minutes since the same midnight; more than a day if it reaches into the next day.
    pub end: u16,
}

pub(super) const DAY: u16 = 24 * 60;
pub(super) const WHOLE_DAY: Opening = Opening { start: 0, end: DAY };

impl Calendar {
    pub(super) fn new(
        week: [Vec<Opening>; 7],
        dated: impl IntoIterator<Item = (DayRange, Arc<[Opening]>)>,
        except: DateSet,
    ) -> Self {
        Self { week: week.map(merged), dated: DayMap::new(dated), except, whole_days: None }
    }

    /// A calendar that is open every day, at every hour.
    #[cfg(feature = "check")]
    pub(crate) fn always() -> Self {
        Self::new(std::array::from_fn(|_| vec![WHOLE_DAY]), [], DateSet::new(Vec::new(), Vec::new()))
    }

    /// A calendar that is open on each of `dates` from midnight to midnight.
    pub fn of_dates(dates: Arc<DateSet>) -> Self {
        let never = Self::new(Default::default(), [], DateSet::new(Vec::new(), Vec::new()));
        Self { whole_days: Some(dates), ..never }
    }

    /// Whether it is open at the local time `at`.
    pub fn is_open(&self, at: DateTime) -> bool {
        let minute = u16::from(at.hour().unsigned_abs()) * 60 + u16::from(at.minute().unsigned_abs());
        !self.except.contains(at.date())
            && self.open_during(at.date()).any(|opening| (opening.start..opening.end).contains(&minute))
    }

    /// When it is open on `date`, from midnight to midnight: in order, with overlapping and adjacent intervals merged.
    pub fn open_on(&self, date: Date) -> Vec<Opening> {
        if self.except.contains(date) { Vec::new() } else { merged(self.open_during(date).collect()) }
    }

    /// When it is open on that day (0 is Monday) of a week in which no date matters: in order, with overlapping and
    /// adjacent intervals merged.
    pub fn open_in_week(&self, day: usize) -> Vec<Opening> {
        let starting = |day: usize| self.week.get(day % 7).into_iter().flatten().copied();
        merged(reaching(starting(day + 6), starting(day)).collect())
    }

    /// The years that its dates name. In any other year only the day of the week and the leap day matter, and of those
    /// there are 14 kinds of years, which follow one another in a cycle of 28 years between 1901 and 2099.
    pub fn years(&self) -> BTreeSet<i16> {
        let mut years = self.except.years();
        self.dated.years(&mut years);
        years.extend(self.whole_days.iter().flat_map(|whole| whole.years()));
        years
    }

    /// The days on which dates may begin or cease to matter: those of one year, and those of every year as month and
    /// day. Between two of them only the day of the week matters.
    pub fn boundaries(&self, once: &mut BTreeSet<Date>, yearly: &mut BTreeSet<(i8, i8)>) {
        self.dated.boundaries(once, yearly);
        self.except.boundaries(once, yearly);
        self.whole_days.iter().for_each(|whole| whole.boundaries(once, yearly));
    }

    /// The openings that start on `date`, and those that reach into it from the day before.
    fn open_during(&self, date: Date) -> impl Iterator<Item = Opening> {
        let before = date.yesterday().ok().into_iter().flat_map(|before| self.starting_on(before));
        reaching(before, self.starting_on(date))
    }

    /// The openings that start on `date`: those of the date, or else those of its day of the week.
    fn starting_on(&self, date: Date) -> impl Iterator<Item = Opening> {
        let excepted = self.except.contains(date);
        let mut dated = self.dated.at(date).peekable();
        let day = usize::from(date.weekday().to_monday_zero_offset().unsigned_abs());
        let week = if dated.peek().is_none() { self.week.get(day) } else { None };
        let whole = self.whole_days.as_ref().filter(|whole| whole.contains(date)).map(|_| WHOLE_DAY);
        let starting = dated
            .flat_map(|openings| openings.iter())
            .chain(week.into_iter().flatten())
            .copied()
            .chain(whole);
        starting.filter(move |_| !excepted)
    }
}

/// The openings that start on a day, and those that reach into it from the day `before`, cut off at both midnights.
fn reaching(
    before: impl Iterator<Item = Opening>,
    starting: impl Iterator<Item = Opening>,
) -> impl Iterator<Item = Opening> {
    let from_before =
        |opening: Opening| (opening.end > DAY).then(|| Opening { start: 0, end: opening.end - DAY });
    let cut = |opening: Opening| Opening { end: opening.end.min(DAY), ..opening };
    before.filter_map(from_before).chain(starting.map(cut))
}

/// The hash covers the week only. That distinguishes most calendars, and hashing sets of dates that share parts could
/// take exponential time.
impl Hash for Calendar {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.week.hash(state);
    }
}

/// The openings in order, with overlapping and adjacent ones merged.
pub(super) fn merged(mut openings: Vec<Opening>) -> Vec<Opening> {
    openings.sort_unstable();
    openings.dedup_by(|next, last| {
        let joins = next.start <= last.end;
        if joins {
            last.end = last.end.max(next.end);
        }
        joins
    });
    openings
}
