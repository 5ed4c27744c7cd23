//! Shares of members, each at their place: how many in all, and into whose a throw of the dice falls.

use super::sums::Sums;

/// So many fill one line of the processor's cache.
const WIDTH: usize = 16;

/// Shares of members, each at their place.
#[derive(Debug, Clone)]
pub(super) struct Shares {
    lines: Vec<[u32; WIDTH]>,
    /// The sum of each line.
    sums: Sums,
}

impl Shares {
    /// Of these members.
    pub(super) fn of(shares: impl IntoIterator<Item = u32>) -> Self {
        let mut lines = Vec::new();
        for (place, share) in shares.into_iter().enumerate() {
            if place % WIDTH == 0 {
                lines.push([0; WIDTH]);
            }
            if let Some(slot) =
                lines.last_mut().and_then(|line: &mut [u32; WIDTH]| line.get_mut(place % WIDTH))
            {
                *slot = share;
            }
        }
        let sums = Sums::of(lines.iter().map(|line| line.iter().copied().map(u64::from).sum()));
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
