//! The first rule that holds decides: whether any message gets past the earlier rules, and which of them take all that
//! could.

use std::collections::BTreeSet;

use super::encoding::{EncodedPolicy, EncodedRule, Encoding, Evaluator, Formula, VariableGroup, World, at};
use super::query::{Answer, Goal, Query};
use crate::language::ast::RuleKind;

/// The rules before some rule that may take a message from it.
#[derive(Clone, Default)]
pub(super) struct EarlierRules {
    /// The index of each rule in its policy, and its condition.
    pub(super) rules: Vec<(usize, Formula)>,
}

/// Whether some situation gets past the earlier rules.
pub(super) enum Reachability {
    /// This one does.
    Reachable(Box<World>),
    /// None does: these earlier rules, by position, take all that meet the goals.
    Unreachable(Vec<usize>),
    /// It is not known.
    Unknown,
}

/// The limits of the search for the fewest blockers: situations, and candidate sets of rules.
const MAX_WORLDS: usize = 200;
const MAX_CHOICES: usize = 20_000;

/// The most rules that [`EarlierRules::exclude_related`] excludes at once.
const MAX_RELATED: usize = 200;

impl EarlierRules {
    pub(super) fn add(&mut self, rule: &EncodedRule) {
        self.rules.push((rule.index, rule.holds));
    }

    /// Adds the rules of `policy` of this kind before the rule at `end` (or all of them), except those with a condition
    /// that is here already.
    pub(super) fn add_until(&mut self, policy: &EncodedPolicy, kind: RuleKind, end: Option<usize>) {
        let known: BTreeSet<Formula> = self.rules.iter().map(|(_, holds)| *holds).collect();
        let before = policy.rules_of(kind).take_while(|rule| Some(rule.index) != end);
        before.filter(|rule| !known.contains(&rule.holds)).for_each(|rule| self.add(rule));
    }

    /// Looks for a situation that meets `goals` and that no earlier rule takes.
    ///
    /// An earlier rule is excluded only when a situation shows the need for it (counterexample-guided refinement:
    /// Clarke et al., 2000): of a hundred rules above, few concern the one in question. `refinement` are the rules that
    /// were excluded so far, by position; the caller keeps it from one call to the next.
    pub(super) fn find_reaching(
        &self,
        query: &mut Query,
        goals: &[Goal],
        refinement: &mut Vec<usize>,
    ) -> Reachability {
        loop {
            match query.solve(&self.excluding(goals, refinement)) {
                Answer::Unknown if query.encoding.is_exhausted() => return Reachability::Unknown,
                Answer::Unknown => return self.exclude_related(query, goals),
                Answer::Unsat(core) => return unreachable(goals, refinement, core),
                Answer::Sat(world) => {
                    query.encoding.consume(self.rules.len() as u64 / 8);
                    let mut evaluator = Evaluator::new(query.encoding, &world);
                    let taken_by = self.rules.iter().position(|(_, holds)| evaluator.holds(*holds));
                    drop(evaluator);
                    if query.encoding.is_exhausted() {
                        return Reachability::Unknown;
                    }
                    match taken_by {
                        None => return Reachability::Reachable(world),
                        Some(taken_by) if refinement.contains(&taken_by) => return Reachability::Unknown,
                        Some(taken_by) => refinement.push(taken_by),
                    }
                }
            }
        }
    }

    /// Where no situation can be shown, the rules about the same things may still prove that there is none.
    fn exclude_related(&self, query: &mut Query, goals: &[Goal]) -> Reachability {
        let subjects: BTreeSet<VariableGroup> =
            goals.iter().flat_map(|(goal, _)| groups(query.encoding, *goal)).collect();
        let is_related = |(_, (_, holds)): &(usize, &(usize, Formula))| {
            groups(query.encoding, *holds).iter().any(|group| subjects.contains(group))
        };
        let related = self.rules.iter().enumerate().filter(is_related).map(|(position, _)| position);
        let related: Vec<usize> = related.take(MAX_RELATED).collect();
        match query.solve(&self.excluding(goals, &related)) {
            Answer::Unsat(core) => unreachable(goals, &related, core),
            Answer::Sat(_) | Answer::Unknown => Reachability::Unknown,
        }
    }

    /// `goals`, and that none of the rules at these positions holds.
    fn excluding(&self, goals: &[Goal], rules: &[usize]) -> Vec<Goal> {
        let excluded = rules.iter().map(|position| (at(&self.rules, *position).1, false));
        goals.iter().copied().chain(excluded).collect()
    }

    /// The fewest rules that take every situation that meets `goals`, by their indices in the policy. Those of
    /// `sufficient`, by position, are known to be enough.
    pub(super) fn minimal_blockers(
        &self,
        query: &mut Query,
        goals: &[Goal],
        sufficient: &[usize],
    ) -> Vec<usize> {
        if query.encoding.is_exhausted() {
            return sufficient.iter().map(|position| at(&self.rules, *position).0).collect();
        }
        let blockers = self.minimum(query, goals).unwrap_or_else(|| self.shrink(query, goals, sufficient));
        let mut blockers: Vec<usize> = blockers.iter().map(|position| at(&self.rules, *position).0).collect();
        blockers.sort_unstable();
        blockers
    }

    /// A smallest set of blockers, by the implicit hitting set approach (Reiter, *A Theory of Diagnosis from First
    /// Principles*, 1987; Ignatiev et al., *Smallest MUS Extraction with Minimal Hitting Set Dualization*, 2015): a
    /// situation that escapes the chosen rules yields the set of rules that would take it, and one of these must be
    /// chosen.
    fn minimum(&self, query: &mut Query, goals: &[Goal]) -> Option<Vec<usize>> {
        let mut takers: Vec<BTreeSet<usize>> = Vec::new();
        for _ in 0..MAX_WORLDS {
            let mut choices = MAX_CHOICES;
            let chosen = (0..=takers.len()).find_map(|size| hitting_set(&takers, &[], size, &mut choices));
            query.encoding.consume((MAX_CHOICES - choices + self.rules.len()) as u64);
            let chosen = chosen?;
            match query.solve(&self.excluding(goals, &chosen)) {
                Answer::Unsat(_) => return Some(chosen),
                Answer::Unknown => return None,
                Answer::Sat(world) => {
                    let mut evaluator = Evaluator::new(query.encoding, &world);
                    let rules = self.rules.iter().enumerate();
                    let taking = rules.filter(|(_, (_, holds))| evaluator.holds(*holds));
                    takers.push(taking.map(|(position, _)| position).collect());
                    drop(evaluator);
                    if query.encoding.is_exhausted() {
                        return None;
                    }
                }
            }
        }
        None
    }

    /// `sufficient` without the rules that are not needed: a minimal set, though maybe not a smallest one
    /// (deletion-based extraction of a minimal unsatisfiable subset: Chinneck and Dravnieks, 1991).
    fn shrink(&self, query: &mut Query, goals: &[Goal], sufficient: &[usize]) -> Vec<usize> {
        let mut needed = sufficient.to_vec();
        let mut position = 0;
        while position < needed.len() {
            let mut fewer = needed.clone();
            fewer.remove(position);
            if matches!(query.solve(&self.excluding(goals, &fewer)), Answer::Unsat(_)) {
                needed = fewer;
            } else {
                position += 1;
            }
        }
        needed
    }
}

/// The groups of a formula; none if they are too many to be listed.
fn groups(encoding: &Encoding, formula: Formula) -> Vec<VariableGroup> {
    encoding.formulas.variable_groups(formula).iter().flat_map(|groups| groups.iter().copied()).collect()
}

/// The excluded rules of a core, in which the goals have the first positions.
fn unreachable(goals: &[Goal], excluded: &[usize], core: Vec<usize>) -> Reachability {
    let positions = core.into_iter().filter_map(|position| position.checked_sub(goals.len()));
    Reachability::Unreachable(positions.map(|nth| *at(excluded, nth)).collect())
}

/// A set of `size` rules that contains `chosen` and a rule of each of the `sets`: the first in lexical order.
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
    fn the_smallest_set_that_hits_all() {
        let sets: Vec<BTreeSet<usize>> =
            [vec![0, 1], vec![1, 2], vec![2, 3]].into_iter().map(BTreeSet::from_iter).collect();
        let smallest =
            |sets: &[BTreeSet<usize>]| (0..9).find_map(|size| hitting_set(sets, &[], size, &mut 1000));
        assert_eq!(smallest(&sets), Some(vec![0, 2]));
        assert_eq!(smallest(&sets[..2]), Some(vec![1]));
        assert_eq!(smallest(&[]), Some(vec![]));
        assert_eq!(smallest(&[BTreeSet::new()]), None);
    }
}
