//! Members in the order in which an algorithm takes them.
//!
//! Those alike in chats (or load) are in one grade, and wait there in a line: the longest waiting first and, of those who had their
//! last message at the same moment, by place. Who has the next turn among these is asked when one is chosen, since turns move on.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::mem::take;

use super::figures::Figures;
use super::members::Members;
use super::sorted::Sorted;
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

/// Members in the order in which an algorithm takes them.
#[derive(Debug, Clone)]
pub(super) struct Ranking {
    pub(super) order: Order,
    grades: BTreeMap<Grade, Sorted<Waiter>>,
    /// The line of a grade that nobody is in any more, for the next grade that somebody comes into.
    spare: Sorted<Waiter>,
}

/// Chats and capacity of members that are alike in both, or would be if fractions were reduced and chats the same.
#[derive(Debug, Clone, Copy)]
struct Grade {
    chats: u32,
    capacity: u32,
}

/// How many choices it may take until memory has come.
const SOON: usize = 8;

/// A member in line: the moment of the last message in the upper bits, the place in the lower 32.
type Waiter = u128;

impl Ranking {
    /// Of these members, by their places.
    pub(super) fn of(order: Order, members: impl Iterator<Item = (usize, Figures)>) -> Self {
        let mut lines: BTreeMap<Grade, Vec<Waiter>> = BTreeMap::new();
        for (place, figures) in members {
            lines.entry(order.grade(&figures)).or_default().push(waiter(place, &figures));
        }
        let line = |(grade, mut line): (Grade, Vec<Waiter>)| {
            line.sort_unstable();
            (grade, Sorted::of(&line))
        };
        Self { order, grades: lines.into_iter().map(line).collect(), spare: Sorted::default() }
    }

    /// The member at `place` was one of them with the figures `before` and is one with those `after`.
    pub(super) fn update(&mut self, place: usize, before: Option<&Figures>, after: Option<&Figures>) {
        let at = |figures: &Figures| (self.order.grade(figures), waiter(place, figures));
        let (before, after) = (before.map(at), after.map(at));
        if before == after {
            return;
        }
        if let Some((grade, waiter)) = before {
            self.remove(grade, waiter);
        }
        if let Some((grade, waiter)) = after {
            self.grades.entry(grade).or_insert_with(|| take(&mut self.spare)).insert(waiter);
        }
    }

    /// The first of two or more, where the member at the place `turn` has the next turn, and what decided.
    pub(super) fn first(&self, turn: usize, members: Members) -> Option<(usize, Criterion)> {
        let (grade, line) = self.grades.first_key_value()?;
        let first = line.first()?;
        let Some(second) = line.nth(1) else {
            return Some((place(first), self.order.decided(*grade, self.grades.keys().nth(1).copied())));
        };
        // Who comes soon is known: the processor fetches them meanwhile.
        members.fetch(line.nth(SOON).map(place), line.nth(2 * SOON).map(place));
        if !at_one_moment(first, second) {
            return Some((place(first), Criterion::LongestWaiting));
        }
        let in_turn = if turn <= place(first) { Some(first) } else { line.next(with_place(first, turn)) };
        let in_turn = in_turn.filter(|member| at_one_moment(first, *member)).unwrap_or(first);
        Some((place(in_turn), Criterion::TurnOrder))
    }

    fn remove(&mut self, grade: Grade, waiter: Waiter) {
        if let Some(line) = self.grades.get_mut(&grade) {
            line.remove(waiter);
            if line.is_empty() {
                self.spare = self.grades.remove(&grade).unwrap_or_default();
            }
        }
    }
}

impl Order {
    fn grade(self, figures: &Figures) -> Grade {
        let chats = figures.chats;
        match self {
            Self::Waiting => Grade { chats: 0, capacity: 1 },
            Self::Chats => Grade { chats, capacity: 1 },
            Self::Load(largest) => Grade { chats, capacity: figures.capacity.unwrap_or(largest) },
        }
    }

    /// What set apart the only member of the grade `first`; `next` is the grade after it.
    fn decided(self, first: Grade, next: Option<Grade>) -> Criterion {
        match self {
            Self::Load(largest) if !next.is_some_and(|next| first.load_cmp(next).is_eq()) => {
                Criterion::LowestLoad(largest)
            }
            _ => Criterion::FewestChats,
        }
    }
}

impl Grade {
    /// chats ÷ capacity, compared without dividing
    fn load_cmp(self, other: Self) -> Ordering {
        let load = |chats: Self, capacity: Self| u64::from(chats.chats) * u64::from(capacity.capacity.max(1));
        load(self, other).cmp(&load(other, self))
    }
}

impl Ord for Grade {
    fn cmp(&self, other: &Self) -> Ordering {
        self.load_cmp(*other).then(self.chats.cmp(&other.chats))
    }
}

impl PartialOrd for Grade {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Grade {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Grade {}

const PLACE_BITS: u32 = 32;
const PLACE: Waiter = (1 << PLACE_BITS) - 1;

fn waiter(place: usize, figures: &Figures) -> Waiter {
    with_place(figures.last_message.rank() << PLACE_BITS, place)
}

fn with_place(waiter: Waiter, place: usize) -> Waiter {
    waiter & !PLACE | place as Waiter & PLACE
}

fn place(waiter: Waiter) -> usize {
    usize::try_from(waiter & PLACE).unwrap_or(usize::MAX)
}

fn at_one_moment(one: Waiter, other: Waiter) -> bool {
    one | PLACE == other | PLACE
}
