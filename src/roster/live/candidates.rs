//! Those of a group whom a choice considers: what each algorithm needs to choose one without going through them.

use rand::{Rng, RngExt};

use super::bitset::RankedBitSet;
use super::live_state::{Availability, LiveState, StateChange};
use super::members::GroupMembers;
use super::ranking::{Order, Ranking};
use super::weighted_index::WeightedIndex;
use crate::language::vocabulary::Algorithm;
use crate::roster::Criterion;

/// GroupMembers by their places in the group. Only what an algorithm has asked for is kept up from then on.
#[derive(Debug, Clone)]
pub(super) struct Candidates {
    places: RankedBitSet,
    weights: Option<WeightedIndex>,
    rankings: Vec<Ranking>,
}

impl Candidates {
    /// Each place of the row that is `true`.
    pub(super) fn of(row: impl IntoIterator<Item = bool>) -> Self {
        Self { places: RankedBitSet::of(row), weights: None, rankings: Vec::new() }
    }

    /// How many there are.
    pub(super) fn count(&self) -> u64 {
        self.places.count()
    }

    /// Whether the member at `place` is one of them.
    pub(super) fn contain(&self, place: usize) -> bool {
        self.places.contains(place)
    }

    /// Something happens to the member at `place`, who is one of them where `is_one` says so.
    pub(super) fn update(
        &mut self,
        place: usize,
        change: &StateChange,
        is_one: impl Fn(Availability) -> bool,
    ) {
        let (before, after) = (is_one(change.was), is_one(change.is));
        if before != after {
            self.places.set(place, after);
        }
        if let Some(weights) = &mut self.weights
            && (before != after || change.before.weight != change.after.weight)
        {
            weights.set(place, if after { share(&change.after) } else { 0 });
        }
        for ranking in &mut self.rankings {
            ranking.update(place, before.then_some(&change.before), after.then_some(&change.after));
        }
    }

    /// The place of the one who is chosen, as [`pick`](crate::roster::pick) chooses: the same member, by the same throw. The place
    /// `turn` has the next turn; the largest capacity is that of the group.
    pub(super) fn pick(
        &mut self,
        by: Algorithm,
        turn: usize,
        largest_capacity: impl Fn() -> Option<u32>,
        members: GroupMembers,
        dice: &mut dyn Rng,
    ) -> Option<(usize, Criterion)> {
        if self.count() <= 1 && by != Algorithm::Hand {
            return Some((self.places.nth(0)?, Criterion::OnlyOne));
        }
        let order = match by {
            Algorithm::Random => {
                return Some((self.places.nth(dice.random_range(0..self.count()))?, Criterion::Chance));
            }
            Algorithm::Weighted => {
                let weights = self.weights(members);
                return Some((weights.find(dice.random_range(0..weights.total()))?, Criterion::Chance));
            }
            Algorithm::InOrder => {
                let next = self.places.next(turn).or_else(|| self.places.nth(0));
                return Some((next?, Criterion::TurnOrder));
            }
            Algorithm::MostWaiting => Order::Waiting,
            Algorithm::LeastLoad => largest_capacity().map_or(Order::Chats, Order::Load),
            Algorithm::LeastChats => Order::Chats,
            Algorithm::Hand => return None,
        };
        self.ranking(order, members)?.first(turn, members)
    }

    fn weights(&mut self, members: GroupMembers) -> &WeightedIndex {
        let Self { places, weights, .. } = self;
        let share = |(place, there): (usize, bool)| {
            if there { members.state(place).map_or(0, share) } else { 0 }
        };
        weights.get_or_insert_with(|| WeightedIndex::of(places.row().enumerate().map(share)))
    }

    fn ranking(&mut self, order: Order, members: GroupMembers) -> Option<&Ranking> {
        if !self.rankings.iter().any(|ranking| ranking.order == order) {
            // By another largest capacity than the group has now, loads are in another order.
            let is_load = |order| matches!(order, Order::Load(_));
            self.rankings.retain(|ranking| !(is_load(order) && is_load(ranking.order)));
            let state = |place| Some((place, *members.state(place)?));
            self.rankings.push(Ranking::of(order, self.places.iter().filter_map(state)));
        }
        self.rankings.iter().find(|ranking| ranking.order == order)
    }
}

/// The sides of the dice of that member, where weights count.
fn share(state: &LiveState) -> u32 {
    state.weight.max(1)
}
