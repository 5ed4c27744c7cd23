//! A set of dates: the meaning of `dates` and of what follows `except`.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use jiff::civil::Date;

use super::ranges::{DayMap, DayRange};

/// Dates, of one year or of every year, and those of the sets that it includes. Included sets are shared, not copied:
/// copies of sets that include one another could grow exponentially with the length of a file.
#[derive(Debug, Clone, Eq)]
pub struct DateSet {
    own: DayMap<()>,
    included: Vec<Arc<DateSet>>,
    depth: usize,
}

impl DateSet {
    /// The dates of `ranges` and of the sets in `included`.
    pub(super) fn new(ranges: Vec<DayRange>, included: Vec<Arc<Self>>) -> Self {
        let depth = included.iter().map(|set| set.depth + 1).max().unwrap_or(0);
        Self { own: DayMap::new(ranges.into_iter().map(|range| (range, ()))), included, depth }
    }

    /// How deep the included sets nest.
    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    /// Whether `date` is one of them.
    pub fn contains(&self, date: Date) -> bool {
        // Deeper sets may share parts, and each part must be visited once. Most sets are not that deep, and need no
        // list of visited parts.
        self.has_own(date)
            || match self.depth {
                0 => false,
                1 => self.included.iter().any(|set| set.has_own(date)),
                _ => self.parts().any(|part| part.has_own(date)),
            }
    }

    /// Whether `date` is among its own dates.
    fn has_own(&self, date: Date) -> bool {
        self.own.at(date).next().is_some()
    }

    /// The years that its dates name.
    pub fn years(&self) -> BTreeSet<i16> {
        let mut years = BTreeSet::new();
        self.parts().for_each(|part| part.own.years(&mut years));
        years
    }

    /// The days on which membership may change: the first day of each range and the day after its last, and the day
    /// after each of those, since hours may reach into the next day.
    pub(super) fn boundaries(&self, once: &mut BTreeSet<Date>, yearly: &mut BTreeSet<(i8, i8)>) {
        self.parts().for_each(|part| part.own.boundaries(once, yearly));
    }

    /// Whether both have the same parts. A pair that is in `visited` has been compared already: sets that share parts
    /// would otherwise be compared again and again.
    fn has_same_parts(&self, other: &Self, visited: &mut HashSet<[*const Self; 2]>) -> bool {
        self.own == other.own
            && self.included.len() == other.included.len()
            && self.included.iter().zip(&other.included).all(|(one, other)| {
                Arc::ptr_eq(one, other)
                    || !visited.insert([Arc::as_ptr(one), Arc::as_ptr(other)])
                    || one.has_same_parts(other, visited)
            })
    }

    /// This set and every set that it includes, each once.
    fn parts(&self) -> impl Iterator<Item = &Self> {
        let mut visited = HashSet::new();
        let mut next = vec![self];
        std::iter::from_fn(move || {
            let part = next.pop()?;
            let included = part.included.iter().filter(|set| visited.insert(Arc::as_ptr(set)));
            next.extend(included.map(AsRef::as_ref));
            Some(part)
        })
    }
}

impl PartialEq for DateSet {
    fn eq(&self, other: &Self) -> bool {
        self.has_same_parts(other, &mut HashSet::new())
    }
}
