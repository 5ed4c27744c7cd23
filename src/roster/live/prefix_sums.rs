//! A row of numbers that knows its sums: a number is changed, a stretch summed and a share found without going through the row.
//!
//! A tree of sums with sixteen children to a node, each node two cache lines, and no branch that depends on the numbers:
//! G. E. Pibiri and R. Venturini, *Practical trade-offs for the prefix-sum problem*, Software: Practice and Experience 51 (2021).

/// How many children a node has.
const WIDTH: usize = 16;

/// For each child, the sum of it and of those before it.
type Node = [u64; WIDTH];

/// A row of numbers that knows its sums.
#[derive(Debug, Clone)]
pub(super) struct PrefixSums {
    /// Above the nodes of the numbers those of their sums, and so on; the last level has one node, or none.
    levels: Vec<Vec<Node>>,
}

impl PrefixSums {
    /// Of these numbers.
    pub(super) fn of(numbers: impl IntoIterator<Item = u64>) -> Self {
        let mut levels = vec![nodes(numbers)];
        while let Some(level) = levels.last()
            && level.len() > 1
        {
            levels.push(nodes(level.iter().map(sum)));
        }
        Self { levels }
    }

    /// The sum of all.
    pub(super) fn total(&self) -> u64 {
        self.levels.last().and_then(|level| level.first()).map_or(0, sum)
    }

    /// Puts the number `after` in place of the one `before`.
    pub(super) fn change(&mut self, place: usize, before: u64, after: u64) {
        let mut place = place;
        for level in &mut self.levels {
            for sum in level.get_mut(place / WIDTH).into_iter().flatten().skip(place % WIDTH) {
                *sum = *sum + after - before;
            }
            place /= WIDTH;
        }
    }

    /// The sum of the numbers before `place`.
    pub(super) fn before(&self, place: usize) -> u64 {
        let (mut place, mut total) = (place, 0);
        for level in &self.levels {
            let Some(node) = level.get(place / WIDTH) else { return self.total() };
            total += before(node, place % WIDTH);
            place /= WIDTH;
        }
        total
    }

    /// Whose number the `share` falls into, laid end to end from 0, and how far.
    pub(super) fn find(&self, share: u64) -> Option<(usize, u64)> {
        if share >= self.total() {
            return None;
        }
        let (mut place, mut share) = (0, share);
        for level in self.levels.iter().rev() {
            let node = level.get(place)?;
            let child: usize = node.iter().map(|sum| usize::from(*sum <= share)).sum();
            place = place * WIDTH + child;
            share -= before(node, child);
        }
        Some((place, share))
    }
}

fn nodes(numbers: impl IntoIterator<Item = u64>) -> Vec<Node> {
    let mut nodes: Vec<Node> = Vec::new();
    for (place, number) in numbers.into_iter().enumerate() {
        if place % WIDTH == 0 {
            nodes.push([0; WIDTH]);
        }
        for sum in nodes.last_mut().into_iter().flatten().skip(place % WIDTH) {
            *sum += number;
        }
    }
    nodes
}

fn sum(node: &Node) -> u64 {
    before(node, WIDTH)
}

/// The sum of the children before that one.
fn before(node: &Node, child: usize) -> u64 {
    child.checked_sub(1).and_then(|last| node.get(last)).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(numbers: &[u64]) {
        let mut sums = PrefixSums::of(numbers.iter().map(|number| number + 1));
        for (place, number) in numbers.iter().enumerate() {
            sums.change(place, number + 1, *number);
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
        let mut sums = PrefixSums::of([1, 2]);
        sums.change(99, 0, 7);
        assert_eq!((sums.total(), sums.before(99)), (3, 3));
    }
}
