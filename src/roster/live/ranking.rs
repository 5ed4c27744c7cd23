//! Members in the order in which an algorithm chooses them.
//!
//! It is a bucket queue: members with the same chats (or chats and capacity) share a bucket, whose queue is
//! sorted by last message, then by position (bucket queues: R. B. Dial, *Algorithm 360*, CACM 12, 1969). An
//! event moves a member from one bucket to another, and a choice takes the front of the first bucket. The
//! turn is not part of the order, since it changes with each choice. It decides among the members at the
//! front whose last messages have the same time.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::mem::take;

use super::live_state::{LastMessage, LiveState};
use super::members::GroupMembers;
use super::sorted_list::SortedList;
use crate::roster::Criterion;

/// What members are compared by first. Ties are broken by last message, then by turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// Nothing: `by most_waiting`.
    Waiting,
    /// `by least_chats`
    Chats,
    /// `by least_load`; members without a capacity count as having this one.
    Load(u32),
}

/// Members in the order in which an algorithm chooses them.
#[derive(Debug, Clone)]
pub(super) struct Ranking {
    pub(super) order: Order,
    buckets: BTreeMap<BucketKey, SortedList<QueueKey>>,
    /// The queue of the bucket that was emptied last, for the next new bucket: `by least_chats` empties and
    /// creates buckets continually, and reusing the queue saves allocations.
    spare_queue: SortedList<QueueKey>,
}

/// The chats and the capacity of the members of a bucket. Keys are ordered by chats ÷ capacity, then by
/// chats, so two keys with the same fraction and the same chats are equal.
#[derive(Debug, Clone, Copy)]
struct BucketKey {
    chats: u32,
    capacity: u32,
}

/// How many choices ahead members are prefetched, so that their state has arrived from memory when it is
/// needed.
const PREFETCH_DISTANCE: usize = 8;

/// A member in a queue: the time of the last message in the upper bits, the position in the lower 32. Packed
/// into one integer, the two are compared together.
type QueueKey = u128;

impl Ranking {
    /// The ranking of these members, given by position.
    pub(super) fn of(order: Order, members: impl Iterator<Item = (usize, LiveState)>) -> Self {
        let mut queues: BTreeMap<BucketKey, Vec<QueueKey>> = BTreeMap::new();
        for (position, state) in members {
            queues.entry(order.bucket(&state)).or_default().push(queue_key(position, &state));
        }
        let sorted = |(bucket, mut queue): (BucketKey, Vec<QueueKey>)| {
            queue.sort_unstable();
            (bucket, SortedList::of(&queue))
        };
        Self { order, buckets: queues.into_iter().map(sorted).collect(), spare_queue: SortedList::default() }
    }

    /// Moves the member at `position`, from its place in the state `before` to its place in the state
    /// `after`. `None` means that the member was not a candidate before, or is not one after.
    pub(super) fn update(&mut self, position: usize, before: Option<&LiveState>, after: Option<&LiveState>) {
        let at = |state: &LiveState| (self.order.bucket(state), queue_key(position, state));
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

    /// The first of two or more members, and the criterion that decided. The member at the position `turn`
    /// has the next turn. A last message after `at` counts as one at that moment.
    pub(super) fn first(
        &self,
        turn: usize,
        at: LastMessage,
        members: GroupMembers,
    ) -> Option<(usize, Criterion)> {
        let (bucket, queue) = self.buckets.first_key_value()?;
        let first = queue.first()?;
        let Some(second) = queue.nth(1) else {
            return Some((position(first), self.order.decided(*bucket, self.buckets.keys().nth(1).copied())));
        };
        // The next choices are likely to take the next in this queue, so their state is loaded meanwhile.
        members.prefetch(
            queue.nth(PREFETCH_DISTANCE).map(position),
            queue.nth(2 * PREFETCH_DISTANCE).map(position),
        );
        let at = at.rank() << POSITION_BITS;
        if first >= at && queue.last().is_some_and(|last| last > at | POSITION) {
            // The last messages of the whole bucket count as one at the moment `at`. That happens only when
            // the clock has gone backwards, so the members may be looked at one by one.
            let in_turn = queue.iter().map(position).min_by_key(|position| (*position < turn, *position));
            return in_turn.map(|position| (position, Criterion::TurnOrder));
        }
        if !same_last_message(first, second) {
            return Some((position(first), Criterion::LongestWaiting));
        }
        let in_turn =
            if turn <= position(first) { Some(first) } else { queue.next(with_position(first, turn)) };
        let in_turn = in_turn.filter(|member| same_last_message(first, *member)).unwrap_or(first);
        Some((position(in_turn), Criterion::TurnOrder))
    }

    fn remove(&mut self, bucket: BucketKey, queue_key: QueueKey) {
        if let Some(queue) = self.buckets.get_mut(&bucket) {
            queue.remove(queue_key);
            if queue.is_empty() {
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

    /// The criterion that decided for the only member of the bucket `first`; `next` is the bucket after it.
    ///
    /// Two buckets may have the same load, as 1 of 2 and 2 of 4: then the number of chats decided.
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
    /// Compares chats ÷ capacity by cross-multiplication, which is exact.
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

const POSITION_BITS: u32 = 32;
const POSITION: QueueKey = (1 << POSITION_BITS) - 1;

fn queue_key(position: usize, state: &LiveState) -> QueueKey {
    with_position(state.last_message.rank() << POSITION_BITS, position)
}

fn with_position(queue_key: QueueKey, position: usize) -> QueueKey {
    queue_key & !POSITION | position as QueueKey & POSITION
}

fn position(queue_key: QueueKey) -> usize {
    usize::try_from(queue_key & POSITION).unwrap_or(usize::MAX)
}

fn same_last_message(one: QueueKey, other: QueueKey) -> bool {
    one | POSITION == other | POSITION
}
