//! The weights of members, for `by weighted`: a random draw in proportion to weight, where weights change
//! often.
//!
//! A draw is a search of the prefix sums for a random number below the total. The alias method (A. J. Walker,
//! *An efficient method for generating discrete random variables with general distributions*, ACM TOMS 3,
//! 1977) would need one step, but it has to be rebuilt after each change of a weight; here a change and a
//! draw take a step per level.

use super::prefix_sums::PrefixSums;

/// The number of weights in a cache line. A draw sums the weights within one line, so the prefix
/// sums have one entry for each line.
const LINE: usize = 16;

/// The weight of each member by position; 0 for those who are not candidates.
#[derive(Debug, Clone)]
pub(super) struct WeightedIndex {
    lines: Vec<[u32; LINE]>,
    /// The sums of the lines.
    sums: PrefixSums,
}

impl WeightedIndex {
    /// The weights by position.
    pub(super) fn of(weights: impl IntoIterator<Item = u32>) -> Self {
        let mut lines: Vec<[u32; LINE]> = Vec::new();
        for (position, weight) in weights.into_iter().enumerate() {
            if position % LINE == 0 {
                lines.push([0; LINE]);
            }
            for slot in lines.last_mut().into_iter().flatten().skip(position % LINE).take(1) {
                *slot = weight;
            }
        }
        let sums = PrefixSums::of(lines.iter().map(|line| line.iter().copied().map(u64::from).sum()));
        Self { lines, sums }
    }

    /// The sum of all weights.
    pub(super) fn total(&self) -> u64 {
        self.sums.total()
    }

    /// Changes the weight at a position.
    pub(super) fn set(&mut self, position: usize, weight: u32) {
        let line = self.lines.get_mut(position / LINE);
        if let Some(slot) = line.and_then(|line| line.get_mut(position % LINE)) {
            self.sums.replace(position / LINE, (*slot).into(), weight.into());
            *slot = weight;
        }
    }

    /// The position whose weight covers `target` if the weights are intervals placed end to end from 0.
    pub(super) fn find(&self, target: u64) -> Option<usize> {
        let (line, target) = self.sums.find(target)?;
        let mut sum = 0;
        let skipped = self.lines.get(line)?.iter().filter(|weight| {
            sum += u64::from(**weight);
            sum <= target
        });
        Some(line * LINE + skipped.count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(weights: &[u32]) {
        let mut index = WeightedIndex::of(weights.iter().rev().copied());
        for (position, weight) in weights.iter().enumerate() {
            index.set(position, *weight);
        }
        let covering =
            weights.iter().zip(0..).flat_map(|(weight, position)| (0..*weight).map(move |_| position));
        for (target, position) in (0..).zip(covering) {
            assert_eq!(index.find(target), Some(position), "{target}");
        }
        assert_eq!(index.total(), weights.iter().map(|weight| u64::from(*weight)).sum::<u64>());
        assert_eq!(index.find(index.total()), None);
    }

    #[test]
    fn every_target() {
        check(&[]);
        check(&[3]);
        check(&[0, 2, 0, 0, 1, 0]);
        for len in [15, 16, 17, 255, 256, 257, 3000] {
            check(&vec![1; len]);
            check(&(0..).map(|n| n * n % 4).take(len).collect::<Vec<_>>());
        }
    }

    #[test]
    fn the_largest_weights() {
        let weights = WeightedIndex::of([u32::MAX, 0, u32::MAX]);
        assert_eq!(weights.find(u64::from(u32::MAX)), Some(2));
    }
}
