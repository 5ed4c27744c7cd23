//! A sorted list: its first is taken and its last added at once, whatever its length; in its middle, by two binary searches.
//!
//! Chunks of a few hundred one after the other, as in Grant Jenks's *Sorted Containers* for Python (JOSS 4, 2019). Users wait in
//! such lists: who was given a chat leaves at the front of one and joins the end of another, since theirs is the latest message.

use std::collections::VecDeque;

/// The most that a chunk holds.
const MOST: usize = 512;

/// A sorted list of different items.
#[derive(Debug, Clone)]
pub(super) struct SortedList<T> {
    /// None is empty, unless it is the only one.
    chunks: VecDeque<VecDeque<T>>,
    /// For each chunk but the first, what none of its items is below and all before it are.
    floors: VecDeque<T>,
}

impl<T> Default for SortedList<T> {
    fn default() -> Self {
        Self { chunks: VecDeque::new(), floors: VecDeque::new() }
    }
}

impl<T: Copy + Ord> SortedList<T> {
    /// Of items in order.
    pub(super) fn of(items: &[T]) -> Self {
        let chunks = items.chunks(MOST).map(|chunk| chunk.iter().copied().collect()).collect();
        Self { chunks, floors: items.iter().step_by(MOST).skip(1).copied().collect() }
    }

    /// Whether there is nothing in it.
    pub(super) fn is_empty(&self) -> bool {
        self.first().is_none()
    }

    /// The first.
    pub(super) fn first(&self) -> Option<T> {
        self.chunks.front()?.front().copied()
    }

    /// The one before which there are `n`, as long as it is near the first.
    pub(super) fn nth(&self, n: usize) -> Option<T> {
        let first = self.chunks.front()?;
        first.get(n).or_else(|| self.chunks.get(1)?.get(n - first.len())).copied()
    }

    /// The first that is `item` or after it.
    pub(super) fn next(&self, item: T) -> Option<T> {
        let at = self.chunk_of(item);
        let chunk = self.chunks.get(at)?;
        chunk.get(place(chunk, item)).or_else(|| self.chunks.get(at + 1)?.front()).copied()
    }

    /// Puts an item in that is not there yet.
    pub(super) fn insert(&mut self, item: T) {
        match self.chunks.back_mut() {
            Some(last) if last.len() < MOST && last.back().is_none_or(|last| *last < item) => {
                last.push_back(item);
            }
            Some(last) if last.back().is_some_and(|last| *last > item) => self.insert_within(item),
            Some(_) => {
                // More will follow: the one before is full.
                let mut chunk = VecDeque::with_capacity(MOST);
                chunk.push_back(item);
                self.chunks.push_back(chunk);
                self.floors.push_back(item);
            }
            None => self.chunks.push_back(VecDeque::from([item])),
        }
    }

    /// Takes an item out.
    pub(super) fn remove(&mut self, item: T) {
        let at = if self.first() == Some(item) { 0 } else { self.chunk_of(item) };
        let Some(chunk) = self.chunks.get_mut(at) else { return };
        let place = place(chunk, item);
        if chunk.get(place) != Some(&item) {
            return;
        }
        chunk.remove(place);
        if chunk.is_empty() && self.chunks.len() > 1 {
            self.chunks.remove(at);
            self.floors.remove(at.saturating_sub(1));
        } else if at > 0 {
            self.join(at);
        }
    }

    fn chunk_of(&self, item: T) -> usize {
        self.floors.partition_point(|floor| *floor <= item)
    }

    fn insert_within(&mut self, item: T) {
        let at = self.chunk_of(item);
        let Some(chunk) = self.chunks.get_mut(at) else { return };
        chunk.insert(place(chunk, item), item);
        if chunk.len() > MOST {
            let half = chunk.split_off(MOST / 2);
            self.floors.insert(at, half.front().copied().unwrap_or(item));
            self.chunks.insert(at + 1, half);
        }
    }

    /// Joins a chunk with the one before it, if they have become small.
    fn join(&mut self, at: usize) {
        let small = MOST / 4;
        let is_small = |at: usize| self.chunks.get(at).is_some_and(|chunk| chunk.len() < small);
        if is_small(at)
            && is_small(at - 1)
            && let Some(mut chunk) = self.chunks.remove(at)
            && let Some(before) = self.chunks.get_mut(at - 1)
        {
            before.append(&mut chunk);
            self.floors.remove(at - 1);
        }
    }
}

/// Where the item is in its chunk, or would be.
fn place<T: Copy + Ord>(chunk: &VecDeque<T>, item: T) -> usize {
    match chunk.front() {
        Some(first) if *first < item => chunk.partition_point(|other| *other < item),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    /// The list holds to a set, whatever goes in and out.
    #[track_caller]
    fn check(start: impl IntoIterator<Item = u32>, changes: impl IntoIterator<Item = (bool, u32)>) {
        let mut set: BTreeSet<u32> = start.into_iter().collect();
        let mut list = SortedList::of(&set.iter().copied().collect::<Vec<_>>());
        for (there, item) in changes {
            if there && set.insert(item) {
                list.insert(item);
            } else if !there {
                set.remove(&item);
                list.remove(item);
            }
            assert_eq!(list.first(), set.first().copied());
            assert_eq!(list.nth(1), set.iter().nth(1).copied());
            assert_eq!(list.next(item), set.range(item..).next().copied(), "from {item}");
            assert_eq!(list.is_empty(), set.is_empty());
        }
        assert_eq!(
            list.chunks.iter().flatten().copied().collect::<Vec<_>>(),
            set.into_iter().collect::<Vec<_>>()
        );
        assert!(
            list.chunks.len() <= 1
                || list.chunks.iter().all(|chunk| !chunk.is_empty() && chunk.len() <= MOST)
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
