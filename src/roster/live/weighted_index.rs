//! WeightedIndex of members, each at their place: how many in all, and into whose a throw of the dice falls.

use super::prefix_sums::PrefixSums;

/// So many fill one line of the processor's cache.
const WIDTH: usize = 16;

/// WeightedIndex of members, each at their place.
#[derive(Debug, Clone)]
pub(super) struct WeightedIndex {
    lines: Vec<[u32; WIDTH]>,
    /// The sum of each line.
    sums: PrefixSums,
}

impl WeightedIndex {
    /// Of these members.
    pub(super) fn of(shares: impl IntoIterator<Item = u32>) -> Self {
        let mut lines: Vec<[u32; WIDTH]> = Vec::new();
        for (place, share) in shares.into_iter().enumerate() {
            if place % WIDTH == 0 {
                lines.push([0; WIDTH]);
            }
            for slot in lines.last_mut().into_iter().flatten().skip(place % WIDTH).take(1) {
                *slot = share;
            }
        }
        let sums = PrefixSums::of(lines.iter().map(|line| line.iter().copied().map(u64::from).sum()));
        Self { lines, sums }
    }

    /// The sum of all.
    pub(super) fn total(&self) -> u64 {
        self.sums.total()
    }

    /// Gives the member at `place` another share.
    pub(super) fn set(&mut self, place: usize, share: u32) {
        let line = self.lines.get_mut(place / WIDTH);
        if let Some(slot) = line.and_then(|line| line.get_mut(place % WIDTH)) {
            self.sums.change(place / WIDTH, (*slot).into(), share.into());
            *slot = share;
        }
    }

    /// The place of the one into whose share the `side` of the dice falls, if they are laid end to end from 0.
    pub(super) fn find(&self, side: u64) -> Option<usize> {
        let (line, side) = self.sums.find(side)?;
        let mut sum = 0;
        let passed = self.lines.get(line)?.iter().filter(|share| {
            sum += u64::from(**share);
            sum <= side
        });
        Some(line * WIDTH + passed.count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(shares: &[u32]) {
        let mut kept = WeightedIndex::of(shares.iter().rev().copied());
        for (place, share) in shares.iter().enumerate() {
            kept.set(place, *share);
        }
        let sides = shares.iter().zip(0..).flat_map(|(share, place)| (0..*share).map(move |_| place));
        for (side, place) in (0..).zip(sides) {
            assert_eq!(kept.find(side), Some(place), "{side}");
        }
        assert_eq!(kept.total(), shares.iter().map(|share| u64::from(*share)).sum::<u64>());
        assert_eq!(kept.find(kept.total()), None);
    }

    #[test]
    fn every_side() {
        check(&[]);
        check(&[3]);
        check(&[0, 2, 0, 0, 1, 0]);
        for len in [15, 16, 17, 255, 256, 257, 3000] {
            check(&vec![1; len]);
            check(&(0..).map(|n| n * n % 4).take(len).collect::<Vec<_>>());
        }
    }

    #[test]
    fn the_largest() {
        let shares = WeightedIndex::of([u32::MAX, 0, u32::MAX]);
        assert_eq!(shares.find(u64::from(u32::MAX)), Some(2));
    }
}
