//! The random numbers of a run.

use std::ops::Range;

use inbox_rules::dice;
use rand::Rng;

/// The random numbers of a run, all from its seed.
pub(super) struct Random(Box<dyn Rng>);

impl Random {
    /// The numbers of a part of the run.
    pub(super) fn new(seed: u64, part: &str) -> Self {
        Self(Box::new(dice(seed, Some(part))))
    }

    /// A number of the range, which is not empty.
    pub(super) fn within(&mut self, range: Range<u64>) -> u64 {
        range.start + self.0.next_u64() % (range.end - range.start)
    }

    /// Whether something happens that happens so often in a thousand cases.
    pub(super) fn happens(&mut self, in_thousand: u64) -> bool {
        self.within(0..1000) < in_thousand
    }

    /// One of them.
    pub(super) fn one_of<'t, T>(&mut self, all: &'t [T]) -> &'t T {
        &all[usize::try_from(self.within(0..all.len() as u64)).unwrap()]
    }
}
