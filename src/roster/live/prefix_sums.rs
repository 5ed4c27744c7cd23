//! An array of numbers with its prefix sums: changing a number, summing a prefix and searching for a sum take
//! a step per level.
//!
//! A Fenwick tree (P. Fenwick, *A new data structure for cumulative frequency tables*, Software: Practice and
//! Experience 24, 1994) takes a step per bit of the index, and each step may miss the cache. A b-ary tree
//! takes a quarter of the steps: each node holds the prefix sums of sixteen children, in two cache lines, and
//! is read and updated without a branch that depends on the numbers, so that the compiler can use vector
//! instructions (G. E. Pibiri and R. Venturini, *Practical trade-offs for the prefix-sum problem*, Software:
//! Practice and Experience 51, 2021).

/// The number of children of a node.
const FANOUT: usize = 16;

/// For each child, its sum plus the sums of the children before it.
type Node = [u64; FANOUT];

/// An array of numbers with its prefix sums.
#[derive(Debug, Clone)]
pub(super) struct PrefixSums {
    /// The nodes of the numbers, then the nodes of the sums of those nodes, and so on, up to a level of one
    /// node or none.
    levels: Vec<Vec<Node>>,
}

impl PrefixSums {
    /// The prefix sums of `numbers`.
    pub(super) fn of(numbers: impl IntoIterator<Item = u64>) -> Self {
        let mut levels = vec![nodes(numbers)];
        while let Some(level) = levels.last()
            && level.len() > 1
        {
            levels.push(nodes(level.iter().map(sum)));
        }
        Self { levels }
    }

    /// The sum of all numbers.
    pub(super) fn total(&self) -> u64 {
        self.levels.last().and_then(|level| level.first()).map_or(0, sum)
    }

    /// Replaces the number at `index`, which is `before`, by `after`.
    pub(super) fn replace(&mut self, index: usize, before: u64, after: u64) {
        let mut index = index;
        for level in &mut self.levels {
            for sum in level.get_mut(index / FANOUT).into_iter().flatten().skip(index % FANOUT) {
                *sum = *sum + after - before;
            }
            index /= FANOUT;
        }
    }

    /// The sum of the numbers before `index`.
    pub(super) fn sum_before(&self, index: usize) -> u64 {
        let (mut index, mut total) = (index, 0);
        for level in &self.levels {
            let Some(node) = level.get(index / FANOUT) else { return self.total() };
            total += sum_of_first(node, index % FANOUT);
            index /= FANOUT;
        }
        total
    }

    /// The index of the number that covers `target` if the numbers are intervals placed end to end from 0,
    /// and the offset within it.
    pub(super) fn find(&self, target: u64) -> Option<(usize, u64)> {
        if target >= self.total() {
            return None;
        }
        let (mut index, mut target) = (0, target);
        for level in self.levels.iter().rev() {
            let node = level.get(index)?;
            // The results of all comparisons are added up, so that no branch depends on the numbers.
            let child: usize = node.iter().map(|sum| usize::from(*sum <= target)).sum();
            index = index * FANOUT + child;
            target -= sum_of_first(node, child);
        }
        Some((index, target))
    }
}

fn nodes(numbers: impl IntoIterator<Item = u64>) -> Vec<Node> {
    let mut nodes: Vec<Node> = Vec::new();
    for (index, number) in numbers.into_iter().enumerate() {
        if index % FANOUT == 0 {
            nodes.push([0; FANOUT]);
        }
        for sum in nodes.last_mut().into_iter().flatten().skip(index % FANOUT) {
            *sum += number;
        }
    }
    nodes
}

fn sum(node: &Node) -> u64 {
    sum_of_first(node, FANOUT)
}

/// The sum of the first `count` children.
fn sum_of_first(node: &Node, count: usize) -> u64 {
    count.checked_sub(1).and_then(|last| node.get(last)).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(numbers: &[u64]) {
        let mut sums = PrefixSums::of(numbers.iter().map(|number| number + 1));
        for (index, number) in numbers.iter().enumerate() {
            sums.replace(index, number + 1, *number);
        }
        assert_eq!(sums.total(), numbers.iter().sum::<u64>());
        for index in 0..=numbers.len() {
            assert_eq!(sums.sum_before(index), numbers[..index].iter().sum::<u64>(), "before {index}");
        }
        let ends = numbers
            .iter()
            .enumerate()
            .flat_map(|(index, number)| (0..*number).map(move |offset| (index, offset)));
        for (target, found) in (0..).zip(ends) {
            assert_eq!(sums.find(target), Some(found), "{target}");
        }
        assert_eq!(sums.find(sums.total()), None);
    }

    #[test]
    fn every_index_and_target() {
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
        sums.replace(99, 0, 7);
        assert_eq!((sums.total(), sums.sum_before(99)), (3, 3));
    }
}
