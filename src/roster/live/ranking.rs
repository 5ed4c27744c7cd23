//! GroupMembers in the order in which an algorithm takes them.
//!
//! Those alike in chats (or load) are in one bucket, and wait there in a line: the longest waiting first and, of those who had their
//! last message at the same moment, by place. Who has the next turn among these is asked when one is chosen, since turns move on.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::mem::take;

use super::live_state::LiveState;
use super::members::GroupMembers;
use super::sorted_list::SortedList;
use crate::roster::Criterion;

/// What members are compared by before they are by waiting and turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// Nothing: `by most_waiting`.
    Waiting,
    /// `by least_chats`
    Chats,
    /// `by least_load`; who has no capacity counts with this one.
    Load(u32),
}

/// GroupMembers in the order in which an algorithm takes them.
#[derive(Debug, Clone)]
pub(super) struct Ranking {
    pub(super) order: Order,
    buckets: BTreeMap<BucketKey, SortedList<QueueKey>>,
    /// The line of a bucket that nobody is in any more, for the next bucket that somebody comes into.
    spare_queue: SortedList<QueueKey>,
}

/// Chats and capacity of members that are alike in both, or would be if fractions were reduced and chats the same.
#[derive(Debug, Clone, Copy)]
struct BucketKey {
    chats: u32,
    capacity: u32,
}

/// How many choices it may take until memory has come.
const PREFETCH_DISTANCE: usize = 8;

/// A member in line: the moment of the last message in the upper bits, the place in the lower 32.
type QueueKey = u128;

impl Ranking {
    /// Of these members, by their places.
    pub(super) fn of(order: Order, members: impl Iterator<Item = (usize, LiveState)>) -> Self {
        let mut lines: BTreeMap<BucketKey, Vec<QueueKey>> = BTreeMap::new();
        for (place, state) in members {
            lines.entry(order.bucket(&state)).or_default().push(queue_key(place, &state));
        }
        let line = |(bucket, mut line): (BucketKey, Vec<QueueKey>)| {
            line.sort_unstable();
            (bucket, SortedList::of(&line))
        };
        Self { order, buckets: lines.into_iter().map(line).collect(), spare_queue: SortedList::default() }
    }

    /// The member at `place` was one of them with the state `before` and is one with those `after`.
    pub(super) fn update(&mut self, place: usize, before: Option<&LiveState>, after: Option<&LiveState>) {
        let at = |state: &LiveState| (self.order.bucket(state), queue_key(place, state));
        let (before, after) = (before.map(at), after.map(at));
        if before == after {
            return;
        }
        if let Some((bucket, queue_key)) = before {
            self.remove(bucket, queue_key);
        }
        if let Some((bucket, queue_key)) = after {
            self.buckets.entry(bucket).or_insert_with(|| take(&mut self.spare_queue)).insert(queue_key);
        }
    }

    /// The first of two or more, where the member at the place `turn` has the next turn, and what decided.
    pub(super) fn first(&self, turn: usize, members: GroupMembers) -> Option<(usize, Criterion)> {
        let (bucket, line) = self.buckets.first_key_value()?;
        let first = line.first()?;
        let Some(second) = line.nth(1) else {
            return Some((place(first), self.order.decided(*bucket, self.buckets.keys().nth(1).copied())));
        };
        // Who comes soon is known: the processor fetches them meanwhile.
        members.prefetch(line.nth(PREFETCH_DISTANCE).map(place), line.nth(2 * PREFETCH_DISTANCE).map(place));
        if !at_one_moment(first, second) {
            return Some((place(first), Criterion::LongestWaiting));
        }
        let in_turn = if turn <= place(first) { Some(first) } else { line.next(with_place(first, turn)) };
        let in_turn = in_turn.filter(|member| at_one_moment(first, *member)).unwrap_or(first);
        Some((place(in_turn), Criterion::TurnOrder))
    }

    fn remove(&mut self, bucket: BucketKey, queue_key: QueueKey) {
        if let Some(line) = self.buckets.get_mut(&bucket) {
            line.remove(queue_key);
            if line.is_empty() {
                self.spare_queue = self.buckets.remove(&bucket).unwrap_or_default();
            }
        }
    }
}

impl Order {
    fn bucket(self, state: &LiveState) -> BucketKey {
        let chats = state.chats;
        match self {
            Self::Waiting => BucketKey { chats: 0, capacity: 1 },
            Self::Chats => BucketKey { chats, capacity: 1 },
            Self::Load(largest) => BucketKey { chats, capacity: state.capacity.unwrap_or(largest) },
        }
    }

    /// What set apart the only member of the bucket `first`; `next` is the bucket after it.
    fn decided(self, first: BucketKey, next: Option<BucketKey>) -> Criterion {
        match self {
            Self::Load(largest) if !next.is_some_and(|next| first.load_cmp(next).is_eq()) => {
                Criterion::LowestLoad(largest)
            }
            _ => Criterion::FewestChats,
        }
    }
}

impl BucketKey {
    /// chats ÷ capacity, compared without dividing
    fn load_cmp(self, other: Self) -> Ordering {
        let load = |chats: Self, capacity: Self| u64::from(chats.chats) * u64::from(capacity.capacity.max(1));
        load(self, other).cmp(&load(other, self))
    }
}

impl Ord for BucketKey {
    fn cmp(&self, other: &Self) -> Ordering {
        self.load_cmp(*other).then(self.chats.cmp(&other.chats))
    }
}

impl PartialOrd for BucketKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for BucketKey {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for BucketKey {}

const PLACE_BITS: u32 = 32;
const PLACE: QueueKey = (1 << PLACE_BITS) - 1;

fn queue_key(place: usize, state: &LiveState) -> QueueKey {
    with_place(state.last_message.rank() << PLACE_BITS, place)
}

fn with_place(queue_key: QueueKey, place: usize) -> QueueKey {
    queue_key & !PLACE | place as QueueKey & PLACE
}

fn place(queue_key: QueueKey) -> usize {
    usize::try_from(queue_key & PLACE).unwrap_or(usize::MAX)
}

fn at_one_moment(one: QueueKey, other: QueueKey) -> bool {
    one | PLACE == other | PLACE
}
