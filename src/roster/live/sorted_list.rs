//! A sorted list with constant-time access to both ends; elsewhere, an operation takes two binary searches.
//!
//! It is a sequence of sorted chunks of a few hundred items, as in Grant Jenks's *Sorted Containers* for
//! Python (JOSS 4, 2019). A B-tree would do as well in general, but the queues of users are used at their
//! ends: whoever gets a chat leaves the front of one queue and joins the back of another, because their
//! message is now the latest. At the ends this list costs what a `VecDeque` costs, and its memory is
//! contiguous, so that the next few in the queue can be prefetched.

use std::collections::VecDeque;

/// The maximum length of a chunk.
const MAX_CHUNK: usize = 512;

/// A sorted list of distinct items.
#[derive(Debug, Clone)]
pub(super) struct SortedList<T> {
    /// No chunk is empty, unless it is the only one.
    chunks: VecDeque<VecDeque<T>>,
    /// For each chunk but the first, a lower bound of its items that is greater than all items before it. The
    /// binary search for a chunk reads this array alone, not a cache line of each chunk.
    bounds: VecDeque<T>,
}

impl<T> Default for SortedList<T> {
    fn default() -> Self {
        Self { chunks: VecDeque::new(), bounds: VecDeque::new() }
    }
}

impl<T: Copy + Ord> SortedList<T> {
    /// A list of items that are sorted already.
    pub(super) fn of(items: &[T]) -> Self {
        let chunks = items.chunks(MAX_CHUNK).map(|chunk| chunk.iter().copied().collect()).collect();
        Self { chunks, bounds: items.iter().step_by(MAX_CHUNK).skip(1).copied().collect() }
    }

    /// Whether the list is empty.
    pub(super) fn is_empty(&self) -> bool {
        self.first().is_none()
    }

    /// The first item.
    pub(super) fn first(&self) -> Option<T> {
        self.chunks.front()?.front().copied()
    }

    /// The last item.
    #[inline]
    pub(super) fn last(&self) -> Option<T> {
        self.chunks.back()?.back().copied()
    }

    /// All items, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = T> {
        self.chunks.iter().flatten().copied()
    }

    /// The item at index `n`, if it is in the first two chunks: callers need only items near the front.
    #[inline]
    pub(super) fn nth(&self, n: usize) -> Option<T> {
        let first = self.chunks.front()?;
        first.get(n).or_else(|| self.chunks.get(1)?.get(n - first.len())).copied()
    }

    /// The first item that is not less than `item`.
    pub(super) fn next(&self, item: T) -> Option<T> {
        let at = self.chunk_of(item);
        let chunk = self.chunks.get(at)?;
        chunk.get(index_in(chunk, item)).or_else(|| self.chunks.get(at + 1)?.front()).copied()
    }

    /// Inserts an item that is not in the list yet.
    pub(super) fn insert(&mut self, item: T) {
        match self.chunks.back_mut() {
            Some(last) if last.len() < MAX_CHUNK && last.back().is_none_or(|last| *last < item) => {
                last.push_back(item);
            }
            Some(last) if last.back().is_some_and(|last| *last > item) => self.insert_within(item),
            Some(_) => {
                // The last chunk is full, and more items are likely to follow: the new chunk gets all its
                // memory at once.
                let mut chunk = VecDeque::with_capacity(MAX_CHUNK);
                chunk.push_back(item);
                self.chunks.push_back(chunk);
                self.bounds.push_back(item);
            }
            None => self.chunks.push_back(VecDeque::from([item])),
        }
    }

    /// Removes an item, if it is in the list.
    pub(super) fn remove(&mut self, item: T) {
        let at = if self.first() == Some(item) { 0 } else { self.chunk_of(item) };
        let Some(chunk) = self.chunks.get_mut(at) else { return };
        let index = index_in(chunk, item);
        if chunk.get(index) != Some(&item) {
            return;
        }
        chunk.remove(index);
        if chunk.is_empty() && self.chunks.len() > 1 {
            self.chunks.remove(at);
            self.bounds.remove(at.saturating_sub(1));
        } else if at > 0 {
            self.merge(at);
        }
    }

    fn chunk_of(&self, item: T) -> usize {
        self.bounds.partition_point(|bound| *bound <= item)
    }

    fn insert_within(&mut self, item: T) {
        let at = self.chunk_of(item);
        let Some(chunk) = self.chunks.get_mut(at) else { return };
        chunk.insert(index_in(chunk, item), item);
        if chunk.len() > MAX_CHUNK {
            let half = chunk.split_off(MAX_CHUNK / 2);
            self.bounds.insert(at, half.front().copied().unwrap_or(item));
            self.chunks.insert(at + 1, half);
        }
    }

    /// Merges a chunk with the one before it if both are small, so that the number of chunks stays
    /// proportional to the length.
    fn merge(&mut self, at: usize) {
        let small = MAX_CHUNK / 4;
        let is_small = |at: usize| self.chunks.get(at).is_some_and(|chunk| chunk.len() < small);
        if is_small(at)
            && is_small(at - 1)
            && let Some(mut chunk) = self.chunks.remove(at)
            && let Some(before) = self.chunks.get_mut(at - 1)
        {
            before.append(&mut chunk);
            self.bounds.remove(at - 1);
        }
    }
}

/// The index of the item in its chunk, or where it would be inserted.
fn index_in<T: Copy + Ord>(chunk: &VecDeque<T>, item: T) -> usize {
    match chunk.front() {
        // Most removals are at the front, so it is tested before the search.
        Some(first) if *first < item => chunk.partition_point(|other| *other < item),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    /// Checks the list against a `BTreeSet` under the same changes.
    #[track_caller]
    fn check(start: impl IntoIterator<Item = u32>, changes: impl IntoIterator<Item = (bool, u32)>) {
        let mut set: BTreeSet<u32> = start.into_iter().collect();
        let mut list = SortedList::of(&set.iter().copied().collect::<Vec<_>>());
        for (insert, item) in changes {
            if insert && set.insert(item) {
                list.insert(item);
            } else if !insert {
                set.remove(&item);
                list.remove(item);
            }
            assert_eq!((list.first(), list.last()), (set.first().copied(), set.last().copied()));
            assert_eq!(list.nth(1), set.iter().nth(1).copied());
            assert_eq!(list.next(item), set.range(item..).next().copied(), "from {item}");
            assert_eq!(list.is_empty(), set.is_empty());
        }
        assert_eq!(list.iter().collect::<Vec<_>>(), set.into_iter().collect::<Vec<_>>());
        assert!(
            list.chunks.len() <= 1
                || list.chunks.iter().all(|chunk| !chunk.is_empty() && chunk.len() <= MAX_CHUNK)
        );
    }

    #[test]
    fn at_the_ends_and_everywhere() {
        check([], [(false, 1), (true, 1), (false, 1), (true, 2), (true, 1)]);
        check(0..3000, (0..3000).map(|n| (false, n)).chain((0..2000).map(|n| (true, n))));
        check([], (0..3000).rev().map(|n| (true, n)).chain((0..3000).rev().map(|n| (false, n))));
        check(0..5000, (0..20_000).map(|n| (n % 3 == 0, n * 7919 % 5003)));
        check([], (0..20_000).map(|n| (n % 5 != 0, n * 7919 % 5003)));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(50))]
        #[test]
        fn as_a_set(
            start in proptest::collection::vec(0..4000_u32, 0..3000),
            changes in proptest::collection::vec((any::<bool>(), 0..4000_u32), 0..2000),
        ) {
            check(start, changes);
        }
    }
}
