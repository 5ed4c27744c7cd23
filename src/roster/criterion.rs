//! The criteria that members are compared by, one after another, until one member is left.

use std::cmp::Ordering;

use super::pick::Pick;
use super::pool::{Candidate, Pool};

/// The criterion that decided a choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Criterion {
    /// The pool had no other member.
    OnlyOne,
    /// Chance.
    Chance,
    /// The fewest open chats.
    FewestChats,
    /// The longest time since the last message; members who never had one come first.
    LongestWaiting,
    /// The lowest open chats ÷ capacity; members without a capacity count as having this one.
    LowestLoad(u32),
    /// The group's turn order.
    TurnOrder,
}

impl Criterion {
    /// The criterion in words, as `fewest chats`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OnlyOne => "the only one",
            Self::Chance => "chance",
            Self::FewestChats => "fewest chats",
            Self::LongestWaiting => "longest waiting",
            Self::LowestLoad(_) => "lowest load",
            Self::TurnOrder => "turn order",
        }
    }

    fn compare(self, left: &Candidate, right: &Candidate) -> Ordering {
        match self {
            Self::OnlyOne | Self::Chance => Ordering::Equal,
            Self::FewestChats => left.now.chats.cmp(&right.now.chats),
            Self::LongestWaiting => left.now.last_message_at.cmp(&right.now.last_message_at),
            Self::LowestLoad(largest) => {
                // chats ÷ capacity, compared by cross-multiplication, which is exact
                let capacity = |member: &Candidate| u64::from(member.capacity.unwrap_or(largest));
                let chats = |member: &Candidate| u64::from(member.now.chats);
                (chats(left) * capacity(right)).cmp(&(chats(right) * capacity(left)))
            }
            Self::TurnOrder => left.turn.cmp(&right.turn),
        }
    }
}

/// The first member by `criteria`, each of which breaks the ties that the ones before it leave.
pub(super) fn first(pool: &Pool, criteria: &[Criterion]) -> Option<Pick> {
    let mut left: Vec<&Candidate> = pool.candidates().collect();
    let mut decided_by = Criterion::OnlyOne;
    for criterion in criteria {
        let best = *left.iter().min_by(|one, other| criterion.compare(one, other))?;
        if left.len() > 1 {
            decided_by = *criterion;
            left.retain(|member| criterion.compare(member, best).is_eq());
        }
    }
    left.first().map(|member| Pick { user: member.user, decided_by })
}
