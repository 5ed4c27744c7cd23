//! A set of dates: the meaning of `dates` and of what follows `except`.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use jiff::civil::Date;

use super::ranges::{DayMap, DayRange};

/// Dates, of one year or of every year, and those of other sets. Sets are shared and not copied, so that a file
/// in which they build on one another takes no more room than it is long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateSet {
    own: DayMap<()>,
    others: Vec<Arc<DateSet>>,
    depth: usize,
}

impl DateSet {
    /// The dates of `ranges` and of `others`.
    pub(super) fn new(ranges: Vec<DayRange>, others: Vec<Arc<Self>>) -> Self {
        let depth = others.iter().map(|other| other.depth + 1).max().unwrap_or(0);
        Self { own: DayMap::new(ranges.into_iter().map(|range| (range, ()))), others, depth }
    }

    /// How many sets build on one another here.
    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    /// Whether `date` is one of them.
    pub fn contains(&self, date: Date) -> bool {
        // Most build on others at one remove at most, and then none is met twice.
        self.has_own(date)
            || match self.depth {
                0 => false,
                1 => self.others.iter().any(|other| other.has_own(date)),
                _ => self.parts().any(|part| part.has_own(date)),
            }
    }

    /// Whether it has `date` itself.
    fn has_own(&self, date: Date) -> bool {
        self.own.at(date).next().is_some()
    }

    /// The years that are named.
    pub fn years(&self) -> BTreeSet<i16> {
        let mut years = BTreeSet::new();
        self.parts().for_each(|part| part.own.years(&mut years));
        years
    }

    /// The days on which a date, or the date before it, begins or ceases to be one of them.
    pub(super) fn boundaries(&self, once: &mut BTreeSet<Date>, yearly: &mut BTreeSet<(i8, i8)>) {
        self.parts().for_each(|part| part.own.boundaries(once, yearly));
    }

    /// This set and each set it builds on, once.
    fn parts(&self) -> impl Iterator<Item = &Self> {
        let mut seen = HashSet::new();
        let mut next = vec![self];
        std::iter::from_fn(move || {
            let part = next.pop()?;
            let others = part.others.iter().filter(|other| seen.insert(Arc::as_ptr(other)));
            next.extend(others.map(AsRef::as_ref));
            Some(part)
        })
    }
}
