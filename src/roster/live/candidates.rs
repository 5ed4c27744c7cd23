//! Those of a group whom a choice considers: what each algorithm needs to choose one without going through them.

use rand::{Rng, RngExt};

use super::figures::Figures;
use super::places::Places;
use super::ranking::{Order, Ranking};
use super::sums::Sums;
use crate::language::vocabulary::Algorithm;
use crate::roster::Criterion;

/// Members by their places in the group. Only what an algorithm has asked for is kept up from then on.
#[derive(Debug, Clone)]
pub(super) struct Candidates {
    places: Places,
    weights: Option<Sums>,
    rankings: Vec<Ranking>,
}

impl Candidates {
    /// Each place of the row that is `true`.
    pub(super) fn of(row: impl IntoIterator<Item = bool>) -> Self {
        Self { places: Places::of(row), weights: None, rankings: Vec::new() }
    }

    /// How many there are.
    pub(super) fn count(&self) -> u64 {
        self.places.count()
    }

    /// Whether the member at `place` is one of them.
    pub(super) fn contain(&self, place: usize) -> bool {
        self.places.contains(place)
    }

    /// The member at `place` was one of them with the figures `before` and is one with those `after`.
    pub(super) fn update(&mut self, place: usize, before: Option<&Figures>, after: Option<&Figures>) {
        if before.is_some() != after.is_some() {
            self.places.set(place, after.is_some());
        }
        if let Some(weights) = &mut self.weights
            && before.map(share) != after.map(share)
        {
            weights.set(place, after.map_or(0, share));
        }
        for ranking in &mut self.rankings {
            ranking.update(place, before, after);
        }
    }

    /// The place of the one who is chosen, as [`pick`](crate::roster::pick) chooses: the same member, by the same throw. The place
    /// `turn` has the next turn; the largest capacity is that of the group.
    pub(super) fn pick(
        &mut self,
        by: Algorithm,
        turn: usize,
        largest_capacity: Option<u32>,
        figures: impl Fn(usize) -> Option<Figures>,
        dice: &mut dyn Rng,
    ) -> Option<(usize, Criterion)> {
        if by == Algorithm::Hand {
            return None;
        }
        if self.count() <= 1 {
            return Some((self.places.nth(0)?, Criterion::OnlyOne));
        }
        match (by, largest_capacity) {
            (Algorithm::Random, _) => {
                Some((self.places.nth(dice.random_range(0..self.count()))?, Criterion::Chance))
            }
            (Algorithm::Weighted, _) => {
                let weights = self.weights(figures);
                Some((weights.find(dice.random_range(0..weights.total()))?.0, Criterion::Chance))
            }
            (Algorithm::InOrder, _) => {
                let next = self.places.next(turn).or_else(|| self.places.nth(0));
                Some((next?, Criterion::TurnOrder))
            }
            (Algorithm::MostWaiting, _) => self.ranking(Order::Waiting, figures)?.first(turn),
            (Algorithm::LeastLoad, Some(largest)) => self.ranking(Order::Load(largest), figures)?.first(turn),
            (Algorithm::LeastChats | Algorithm::LeastLoad, _) => {
                self.ranking(Order::Chats, figures)?.first(turn)
            }
            (Algorithm::Hand, _) => None,
        }
    }

    fn weights(&mut self, figures: impl Fn(usize) -> Option<Figures>) -> &Sums {
        let Self { places, weights, .. } = self;
        let figures = |(place, there): (usize, bool)| if there { figures(place) } else { None };
        let shares = || places.row().enumerate().map(|member| figures(member).as_ref().map_or(0, share));
        weights.get_or_insert_with(|| Sums::of(shares()))
    }

    fn ranking(&mut self, order: Order, figures: impl Fn(usize) -> Option<Figures>) -> Option<&Ranking> {
        if !self.rankings.iter().any(|ranking| ranking.order == order) {
            // By another largest capacity than the group has now, loads are in another order.
            let is_load = |order| matches!(order, Order::Load(_));
            self.rankings.retain(|ranking| !(is_load(order) && is_load(ranking.order)));
            self.rankings.push(Ranking::of(
                order,
                self.places.iter().filter_map(|place| Some((place, figures(place)?))),
            ));
        }
        self.rankings.iter().find(|ranking| ranking.order == order)
    }
}

/// The sides of the dice of that member, where weights count.
fn share(figures: &Figures) -> u64 {
    figures.weight.max(1).into()
}
