//! A map from ranges of days to values, with fast lookup by day.

use std::collections::BTreeSet;

use jiff::civil::Date;

/// A day of every year: month and day.
pub(super) type MonthDay = (i8, i8);

/// Values for ranges of days, of one year or of every year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DayMap<T> {
    once: Ranges<Date, T>,
    yearly: Ranges<MonthDay, T>,
}

/// A range of days; both ends count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DayRange {
    /// `2026-12-31..2027-01-02`
    Once(Date, Date),
    /// `dec 31..jan 2`: the end may be in the next year
    Yearly(MonthDay, MonthDay),
}

impl<T: Clone> DayMap<T> {
    /// A day that is in several ranges has the value of each.
    pub(super) fn new(ranges: impl IntoIterator<Item = (DayRange, T)>) -> Self {
        let (mut once, mut yearly) = (Vec::new(), Vec::new());
        for (range, value) in ranges {
            match range {
                DayRange::Once(first, last) => once.push((first, last, value)),
                DayRange::Yearly(first, last) if first <= last => yearly.push((first, last, value)),
                DayRange::Yearly(first, last) => {
                    yearly.push((first, (12, 31), value.clone()));
                    yearly.push(((1, 1), last, value));
                }
            }
        }
        Self { once: Ranges::new(once), yearly: Ranges::new(yearly) }
    }

    /// The values for `date`.
    pub(super) fn at(&self, date: Date) -> impl Iterator<Item = &T> {
        self.once.at(date).chain(self.yearly.at((date.month(), date.day())))
    }

    /// The days on which the values of a day, or of the day before it, may change.
    pub(super) fn boundaries(&self, once: &mut BTreeSet<Date>, yearly: &mut BTreeSet<MonthDay>) {
        for Range { first, last, .. } in &self.once.0 {
            let after = |date: Date| std::iter::successors(date.tomorrow().ok(), |date| date.tomorrow().ok());
            once.insert(*first);
            once.extend(after(*first).take(1).chain(after(*last).take(2)));
        }
        for Range { first, last, .. } in &self.yearly.0 {
            yearly.insert(*first);
            yearly.extend(next_days(*first));
            for next in next_days(*last) {
                yearly.insert(next);
                yearly.extend(next_days(next));
            }
        }
    }

    /// The years in which a range that names its year begins or ends.
    pub(super) fn years(&self, years: &mut BTreeSet<i16>) {
        years.extend(self.once.0.iter().flat_map(|range| [range.first.year(), range.last.year()]));
    }
}

/// The next day, in a leap year and in another: after February 28 these differ.
fn next_days((month, day): MonthDay) -> impl Iterator<Item = MonthDay> {
    [2024, 2025].into_iter().filter_map(move |year| {
        let next = Date::new(year, month, day).and_then(Date::tomorrow).ok()?;
        Some((next.month(), next.day()))
    })
}

/// Ranges sorted by their first day. Each has the greatest last day so far, which is the augmentation of an
/// interval tree (Cormen et al., "Introduction to Algorithms").
#[derive(Debug, Clone, PartialEq, Eq)]
struct Ranges<D, T>(Vec<Range<D, T>>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Range<D, T> {
    first: D,
    last: D,
    /// The greatest last day of this range and of all before it: if it is before a day, neither this range
    /// nor any before it contains that day.
    max_end: D,
    value: T,
}

impl<D: Copy + Ord, T> Ranges<D, T> {
    fn new(mut ranges: Vec<(D, D, T)>) -> Self {
        ranges.sort_by_key(|(first, ..)| *first);
        let mut max_end = None;
        let ranges = ranges.into_iter().map(|(first, last, value)| {
            let max_end = *max_end.insert(max_end.map_or(last, |end: D| end.max(last)));
            Range { first, last, max_end, value }
        });
        Self(ranges.collect())
    }

    fn at(&self, day: D) -> impl Iterator<Item = &T> {
        let count = self.0.partition_point(|range| range.first <= day);
        let started = self.0.get(..count).unwrap_or_default();
        started
            .iter()
            .rev()
            .take_while(move |range| range.max_end >= day)
            .filter(move |range| range.last >= day)
            .map(|range| &range.value)
    }
}
