//! A row of numbers that knows its sums: a number is changed, a stretch summed and a share found without going through the row.
//!
//! A tree of sums with sixteen children to a node, each node two cache lines, and no branch that depends on the numbers:
//! G. E. Pibiri and R. Venturini, *Practical trade-offs for the prefix-sum problem*, Software: Practice and Experience 51 (2021).

/// How many children a node has.
const WIDTH: usize = 16;

type Node = [u64; WIDTH];

/// A row of numbers that knows its sums.
#[derive(Debug, Clone)]
pub(super) struct Sums {
    /// The numbers, sixteen to a node; above each level, the sums of its nodes; the last has one node.
    levels: Vec<Vec<Node>>,
    total: u64,
}

impl Sums {
    /// Of these numbers.
    pub(super) fn of(numbers: impl IntoIterator<Item = u64>) -> Self {
        let mut levels = vec![nodes(numbers)];
        while let Some(level) = levels.last()
            && level.len() > 1
        {
            levels.push(nodes(level.iter().map(sum)));
        }
        let total = levels.last().into_iter().flatten().map(sum).sum();
        Self { levels, total }
    }

    /// The sum of all.
    pub(super) fn total(&self) -> u64 {
        self.total
    }

    /// Puts `number` at `place`.
    pub(super) fn set(&mut self, place: usize, number: u64) {
        let Some(old) = self.levels.first().and_then(|row| row.get(place / WIDTH)?.get(place % WIDTH)) else {
            return;
        };
        // It may be negative: sums come out right when they wrap.
        let change = number.wrapping_sub(*old);
        self.total = self.total.wrapping_add(change);
        let mut place = place;
        for level in &mut self.levels {
            if let Some(number) = level.get_mut(place / WIDTH).and_then(|node| node.get_mut(place % WIDTH)) {
                *number = number.wrapping_add(change);
            }
            place /= WIDTH;
        }
    }

    /// The sum of the numbers before `place`.
    pub(super) fn before(&self, place: usize) -> u64 {
        let (mut place, mut total) = (place, 0);
        for level in &self.levels {
            let Some(node) = level.get(place / WIDTH) else { return self.total };
            total += node.iter().take(place % WIDTH).sum::<u64>();
            place /= WIDTH;
        }
        total
    }

    /// Whose number the `share` falls into, laid end to end from 0, and how far.
    pub(super) fn find(&self, share: u64) -> Option<(usize, u64)> {
        if share >= self.total {
            return None;
        }
        let (mut place, mut share) = (0, share);
        for level in self.levels.iter().rev() {
            let (child, before) = child(level.get(place)?, share);
            place = place * WIDTH + child;
            share -= before;
        }
        Some((place, share))
    }
}

fn nodes(numbers: impl IntoIterator<Item = u64>) -> Vec<Node> {
    let mut nodes = Vec::new();
    for (place, number) in numbers.into_iter().enumerate() {
        if place % WIDTH == 0 {
            nodes.push([0; WIDTH]);
        }
        if let Some(slot) = nodes.last_mut().and_then(|node: &mut Node| node.get_mut(place % WIDTH)) {
            *slot = number;
        }
    }
    nodes
}

fn sum(node: &Node) -> u64 {
    node.iter().sum()
}

/// The child that the `share` falls into, and the sum of those before it.
fn child(node: &Node, share: u64) -> (usize, u64) {
    let (mut child, mut before, mut sum) = (0, 0, 0);
    for number in node {
        sum += number;
        let passed = sum <= share;
        child += usize::from(passed);
        before = if passed { sum } else { before };
    }
    (child, before)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(numbers: &[u64]) {
        let mut sums = Sums::of(numbers.iter().map(|number| number + 1));
        for (place, number) in numbers.iter().enumerate() {
            sums.set(place, *number);
        }
        assert_eq!(sums.total(), numbers.iter().sum::<u64>());
        for place in 0..=numbers.len() {
            assert_eq!(sums.before(place), numbers[..place].iter().sum::<u64>(), "before {place}");
        }
        let ends =
            numbers.iter().enumerate().flat_map(|(place, number)| (0..*number).map(move |far| (place, far)));
        for (share, found) in (0..).zip(ends) {
            assert_eq!(sums.find(share), Some(found), "{share}");
        }
        assert_eq!(sums.find(sums.total()), None);
    }

    #[test]
    fn every_place_and_share() {
        check(&[]);
        check(&[0]);
        check(&[3]);
        check(&[0, 2, 0, 0, 1, 0]);
        for len in [15, 16, 17, 255, 256, 257, 5000] {
            check(&vec![1; len]);
            check(&(0..len as u64).map(|n| n * n % 4).collect::<Vec<_>>());
        }
    }

    #[test]
    fn beyond_the_end_nothing_happens() {
        let mut sums = Sums::of([1, 2]);
        sums.set(99, 7);
        assert_eq!((sums.total(), sums.before(99)), (3, 3));
    }
}
