//! Which rule decides: whether a message comes to a rule, and which earlier rules take all that could.

use std::collections::BTreeSet;

use super::encoding::{EncodedPolicy, Evaluator, Formula, World};
use super::query::{Answer, Goal, Query};

/// The deciding rules of a policy, as far as messages come to them.
pub(super) struct EarlierRules {
    /// Each rule that may take a message, by its place among the rules of the policy.
    pub(super) rules: Vec<(usize, Formula)>,
}

/// Whether a message comes to a rule.
pub(super) enum Reachability {
    /// This one does.
    Reachable(Box<World>),
    /// None does: these earlier rules take all, together with what the question demands.
    Unreachable(Vec<usize>),
    /// It is not known.
    Unknown,
}

/// So many worlds are looked at, and so many choices of rules tried, to find the fewest rules that take them all.
const MAX_WORLDS: usize = 200;
const MAX_CHOICES: usize = 20_000;

/// So many rules are heeded at once where no world can be shown.
const MAX_RELATED: usize = 200;

impl EarlierRules {
    pub(super) fn new() -> Self {
        Self { rules: Vec::new() }
    }

    /// The deciding rules of `charted` before the place `before` which are not `dead`.
    pub(super) fn add(&mut self, encoded: &EncodedPolicy, place: usize) {
        if let Some(rule) = encoded.rules.get(place) {
            self.rules.push((place, rule.holds));
        }
    }

    /// A world that meets `goals` and that no rule here takes. Rules are heeded only when a world shows the need;
    /// `heeded` are those that were, by their places among the rungs.
    pub(super) fn find_reaching(
        &self,
        query: &mut Query,
        goals: &[Goal],
        refinement: &mut Vec<usize>,
    ) -> Reachability {
        loop {
            let asked = self.with(goals, refinement);
            match query.solve(&asked) {
                Answer::Unknown => return self.find_with_related(query, goals),
                Answer::Unsat(core) => return core_rules(goals, refinement, core),
                Answer::Sat(world) => {
                    query.encoding.consume(self.rules.len() as u64);
                    let mut seen = Evaluator::new(query.encoding, &world);
                    match self.rules.iter().position(|(_, holds)| seen.holds(*holds)) {
                        None => return Reachability::Reachable(world),
                        Some(earlier) if refinement.contains(&earlier) => return Reachability::Unknown,
                        Some(earlier) => refinement.push(earlier),
                    }
                }
            }
        }
    }

    /// Where no world can be shown, none may come past the rules that are about the same.
    fn find_with_related(&self, query: &mut Query, goals: &[Goal]) -> Reachability {
        let variable_groups =
            |formula: Formula| query.encoding.formulas.variable_groups(formula).clone().unwrap_or_default();
        let about: BTreeSet<_> = goals
            .iter()
            .flat_map(|(goal, _)| variable_groups(*goal).iter().copied().collect::<Vec<_>>())
            .collect();
        let is_related =
            |(_, (_, holds)): &(usize, &(usize, Formula))| !variable_groups(*holds).is_disjoint(&about);
        let related = self.rules.iter().enumerate().filter(is_related).map(|(earlier, _)| earlier);
        let related: Vec<usize> = related.take(MAX_RELATED).collect();
        match query.solve(&self.with(goals, &related)) {
            Answer::Unsat(core) => core_rules(goals, &related, core),
            Answer::Sat(_) | Answer::Unknown => Reachability::Unknown,
        }
    }

    fn with(&self, goals: &[Goal], refinement: &[usize]) -> Vec<Goal> {
        let not_taken = refinement
            .iter()
            .filter_map(|earlier| self.rules.get(*earlier))
            .map(|(_, holds)| (*holds, false));
        goals.iter().copied().chain(not_taken).collect()
    }

    /// The fewest rules, by their places in the policy, that take every world that meets `goals`; `enough` do.
    pub(super) fn minimal_blockers(&self, query: &mut Query, goals: &[Goal], enough: &[usize]) -> Vec<usize> {
        let chosen =
            self.minimum_blockers(query, goals).unwrap_or_else(|| self.shrink_blockers(query, goals, enough));
        let mut places: Vec<usize> =
            chosen.iter().filter_map(|earlier| self.rules.get(*earlier)).map(|(place, _)| *place).collect();
        places.sort_unstable();
        places
    }

    /// Each world that escapes the chosen rules tells which rules could take it: one of them must be chosen.
    fn minimum_blockers(&self, query: &mut Query, goals: &[Goal]) -> Option<Vec<usize>> {
        let mut takers: Vec<BTreeSet<usize>> = Vec::new();
        for _ in 0..MAX_WORLDS {
            let mut choices = MAX_CHOICES;
            let chosen = (0..=takers.len()).find_map(|size| hitting_set(&takers, &[], size, &mut choices))?;
            match query.solve(&self.with(goals, &chosen)) {
                Answer::Unsat(_) => return Some(chosen),
                Answer::Unknown => return None,
                Answer::Sat(world) => {
                    let mut seen = Evaluator::new(query.encoding, &world);
                    let rules = self.rules.iter().enumerate();
                    takers.push(
                        rules
                            .filter(|(_, (_, holds))| seen.holds(*holds))
                            .map(|(earlier, _)| earlier)
                            .collect(),
                    );
                }
            }
        }
        None
    }

    /// Without those that are not needed.
    fn shrink_blockers(&self, query: &mut Query, goals: &[Goal], enough: &[usize]) -> Vec<usize> {
        let mut chosen = enough.to_vec();
        let mut place = 0;
        while place < chosen.len() {
            let mut fewer = chosen.clone();
            fewer.remove(place);
            if matches!(query.solve(&self.with(goals, &fewer)), Answer::Unsat(_)) {
                chosen = fewer;
            } else {
                place += 1;
            }
        }
        chosen
    }
}

/// The rules of a core, whose first places are those of the goals.
fn core_rules(goals: &[Goal], refinement: &[usize], core: Vec<usize>) -> Reachability {
    let rules = core.into_iter().filter_map(|place| place.checked_sub(goals.len()));
    Reachability::Unreachable(rules.filter_map(|nth| refinement.get(nth).copied()).collect())
}

/// `size` rules, `chosen` among them, of which each set has one; the first in order.
fn hitting_set(
    sets: &[BTreeSet<usize>],
    chosen: &[usize],
    size: usize,
    choices: &mut usize,
) -> Option<Vec<usize>> {
    *choices = choices.checked_sub(1)?;
    let Some(missed) = sets.iter().find(|set| !chosen.iter().any(|rule| set.contains(rule))) else {
        return Some(chosen.to_vec());
    };
    if chosen.len() >= size {
        return None;
    }
    missed.iter().find_map(|rule| {
        let more: Vec<usize> = chosen.iter().copied().chain([*rule]).collect();
        hitting_set(sets, &more, size, choices)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fewest_that_hit_all() {
        let sets: Vec<BTreeSet<usize>> =
            [vec![0, 1], vec![1, 2], vec![2, 3]].into_iter().map(BTreeSet::from_iter).collect();
        let fewest =
            |sets: &[BTreeSet<usize>]| (0..9).find_map(|size| hitting_set(sets, &[], size, &mut 1000));
        assert_eq!(fewest(&sets), Some(vec![0, 2]));
        assert_eq!(fewest(&sets[..2]), Some(vec![1]));
        assert_eq!(fewest(&[]), Some(vec![]));
        assert_eq!(fewest(&[BTreeSet::new()]), None);
    }
}
