//! The members of a group that a choice considers, with the index that each algorithm needs to choose without
//! a scan.

use jiff::Timestamp;
use rand::{Rng, RngExt};

use super::bitset::RankedBitSet;
use super::live_state::{Availability, LiveState, StateChange};
use super::members::GroupMembers;
use super::ranking::{Order, Ranking};
use super::weighted_index::WeightedIndex;
use crate::language::vocabulary::Algorithm;
use crate::roster::Criterion;

/// The candidates of one eligibility by position. An index is built when an algorithm first needs it, and
/// updated from then on, so that inboxes do not pay for algorithms that their rules do not use.
#[derive(Debug, Clone)]
pub(super) struct CandidateIndex {
    positions: RankedBitSet,
    weights: Option<WeightedIndex>,
    rankings: Vec<Ranking>,
}

impl CandidateIndex {
    /// The positions at which `bits` is `true`.
    pub(super) fn of(bits: impl IntoIterator<Item = bool>) -> Self {
        Self { positions: RankedBitSet::of(bits), weights: None, rankings: Vec::new() }
    }

    /// The number of candidates.
    pub(super) fn count(&self) -> u64 {
        self.positions.count()
    }

    /// Whether the member at `position` is a candidate.
    pub(super) fn contains(&self, position: usize) -> bool {
        self.positions.contains(position)
    }

    /// Updates the member at `position` after an event. `is_included` says whether members of an availability
    /// are candidates.
    pub(super) fn update(
        &mut self,
        position: usize,
        change: &StateChange,
        is_included: impl Fn(Availability) -> bool,
    ) {
        let (before, after) =
            (is_included(change.availability_before), is_included(change.availability_after));
        if before != after {
            self.positions.set(position, after);
        }
        if let Some(weights) = &mut self.weights
            && (before != after || change.before.weight != change.after.weight)
        {
            weights.set(position, if after { weight(&change.after) } else { 0 });
        }
        for ranking in &mut self.rankings {
            ranking.update(position, before.then_some(&change.before), after.then_some(&change.after));
        }
    }

    /// Removes a candidate in this state, or puts it back.
    pub(super) fn set(&mut self, position: usize, state: &LiveState, is_candidate: bool) {
        self.positions.set(position, is_candidate);
        if let Some(weights) = &mut self.weights {
            weights.set(position, if is_candidate { weight(state) } else { 0 });
        }
        let (before, after) = if is_candidate { (None, Some(state)) } else { (Some(state), None) };
        for ranking in &mut self.rankings {
            ranking.update(position, before, after);
        }
    }

    /// The position of the chosen candidate, and what decided: the same as [`pick`](crate::roster::pick)
    /// returns for the same random numbers. The member at the position `turn` has the next turn; `at` is the
    /// moment of the choice; the largest capacity is that of the whole group.
    pub(super) fn pick(
        &mut self,
        by: Algorithm,
        turn: usize,
        at: Timestamp,
        largest_capacity: impl Fn() -> Option<u32>,
        members: GroupMembers,
        dice: &mut dyn Rng,
    ) -> Option<(usize, Criterion)> {
        if self.count() <= 1 && by != Algorithm::Hand {
            return Some((self.positions.select(0)?, Criterion::OnlyOne));
        }
        let order = match by {
            Algorithm::Random => {
                return Some((self.positions.select(dice.random_range(0..self.count()))?, Criterion::Chance));
            }
            Algorithm::Weighted => {
                let weights = self.weights(members);
                return Some((weights.find(dice.random_range(0..weights.total()))?, Criterion::Chance));
            }
            Algorithm::InOrder => {
                let next = self.positions.next(turn).or_else(|| self.positions.select(0));
                return Some((next?, Criterion::TurnOrder));
            }
            Algorithm::MostWaiting => Order::Waiting,
            Algorithm::LeastLoad => largest_capacity().map_or(Order::Chats, Order::Load),
            Algorithm::LeastChats => Order::Chats,
            Algorithm::Hand => return None,
        };
        self.ranking(order, members)?.first(turn, Some(at).into(), members)
    }

    fn weights(&mut self, members: GroupMembers) -> &WeightedIndex {
        let Self { positions, weights, .. } = self;
        let weight = |(position, is_candidate): (usize, bool)| {
            if is_candidate { members.state(position).map_or(0, weight) } else { 0 }
        };
        weights.get_or_insert_with(|| WeightedIndex::of(positions.bits().enumerate().map(weight)))
    }

    fn ranking(&mut self, order: Order, members: GroupMembers) -> Option<&Ranking> {
        if !self.rankings.iter().any(|ranking| ranking.order == order) {
            // A ranking by load is replaced if the largest capacity of the group has changed, since it
            // changes the order.
            let is_load = |order| matches!(order, Order::Load(_));
            self.rankings.retain(|ranking| !(is_load(order) && is_load(ranking.order)));
            let state = |position| Some((position, *members.state(position)?));
            self.rankings.push(Ranking::of(order, self.positions.iter().filter_map(state)));
        }
        self.rankings.iter().find(|ranking| ranking.order == order)
    }
}

/// The weight of a member in a draw.
fn weight(state: &LiveState) -> u32 {
    state.weight.max(1)
}
