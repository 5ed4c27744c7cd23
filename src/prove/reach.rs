//! Which rule decides: whether a message comes to a rule, and which earlier rules take all that could.

use std::collections::BTreeSet;

use super::question::{Answer, Goal, Question};
use super::space::{Charted, Formula, Seen, World};

/// The deciding rules of a policy, as far as messages come to them.
pub(super) struct Ladder {
    /// Each rule that may take a message, by its place among the rules of the policy.
    pub(super) rungs: Vec<(usize, Formula)>,
}

/// Whether a message comes to a rule.
pub(super) enum Reach {
    /// This one does.
    World(Box<World>),
    /// None does: these earlier rules take all, together with what the question demands.
    Never(Vec<usize>),
    /// It is not known.
    Unsettled,
}

/// So many worlds are looked at, and so many choices of rules tried, to find the fewest rules that take them all.
const MOST_WORLDS: usize = 200;
const MOST_CHOICES: usize = 20_000;

/// So many rules are heeded at once where no world can be shown.
const MOST_AKIN: usize = 200;

impl Ladder {
    pub(super) fn new() -> Self {
        Self { rungs: Vec::new() }
    }

    /// The deciding rules of `charted` before the place `before` which are not `dead`.
    pub(super) fn add(&mut self, charted: &Charted, place: usize) {
        if let Some(rule) = charted.rules.get(place) {
            self.rungs.push((place, rule.holds));
        }
    }

    /// A world that meets `goals` and that no rule here takes. Rules are heeded only when a world shows the need;
    /// `heeded` are those that were, by their places among the rungs.
    pub(super) fn pass(&self, question: &mut Question, goals: &[Goal], heeded: &mut Vec<usize>) -> Reach {
        loop {
            let asked = self.with(goals, heeded);
            match question.ask(&asked) {
                Answer::Unsettled => return self.despite(question, goals),
                Answer::Never(core) => return blamed(goals, heeded, core),
                Answer::World(world) => {
                    question.space.spend(self.rungs.len() as u64);
                    let mut seen = Seen::new(question.space, &world);
                    match self.rungs.iter().position(|(_, holds)| seen.holds(*holds)) {
                        None => return Reach::World(world),
                        Some(rung) if heeded.contains(&rung) => return Reach::Unsettled,
                        Some(rung) => heeded.push(rung),
                    }
                }
            }
        }
    }

    /// Where no world can be shown, none may come past the rules that are about the same.
    fn despite(&self, question: &mut Question, goals: &[Goal]) -> Reach {
        let matters = |formula: Formula| question.space.formulas.matters(formula).clone().unwrap_or_default();
        let about: BTreeSet<_> =
            goals.iter().flat_map(|(goal, _)| matters(*goal).iter().copied().collect::<Vec<_>>()).collect();
        let is_akin = |(_, (_, holds)): &(usize, &(usize, Formula))| !matters(*holds).is_disjoint(&about);
        let akin = self.rungs.iter().enumerate().filter(is_akin).map(|(rung, _)| rung);
        let akin: Vec<usize> = akin.take(MOST_AKIN).collect();
        match question.ask(&self.with(goals, &akin)) {
            Answer::Never(core) => blamed(goals, &akin, core),
            Answer::World(_) | Answer::Unsettled => Reach::Unsettled,
        }
    }

    fn with(&self, goals: &[Goal], heeded: &[usize]) -> Vec<Goal> {
        let not_taken =
            heeded.iter().filter_map(|rung| self.rungs.get(*rung)).map(|(_, holds)| (*holds, false));
        goals.iter().copied().chain(not_taken).collect()
    }

    /// The fewest rules, by their places in the policy, that take every world that meets `goals`; `enough` do.
    pub(super) fn culprits(&self, question: &mut Question, goals: &[Goal], enough: &[usize]) -> Vec<usize> {
        let chosen = self.fewest(question, goals).unwrap_or_else(|| self.fewer(question, goals, enough));
        let mut places: Vec<usize> =
            chosen.iter().filter_map(|rung| self.rungs.get(*rung)).map(|(place, _)| *place).collect();
        places.sort_unstable();
        places
    }

    /// Each world that escapes the chosen rules tells which rules could take it: one of them must be chosen.
    fn fewest(&self, question: &mut Question, goals: &[Goal]) -> Option<Vec<usize>> {
        let mut takers: Vec<BTreeSet<usize>> = Vec::new();
        for _ in 0..MOST_WORLDS {
            let mut choices = MOST_CHOICES;
            let chosen = (0..=takers.len()).find_map(|size| hit(&takers, &[], size, &mut choices))?;
            match question.ask(&self.with(goals, &chosen)) {
                Answer::Never(_) => return Some(chosen),
                Answer::Unsettled => return None,
                Answer::World(world) => {
                    let mut seen = Seen::new(question.space, &world);
                    let rungs = self.rungs.iter().enumerate();
                    takers.push(
                        rungs.filter(|(_, (_, holds))| seen.holds(*holds)).map(|(rung, _)| rung).collect(),
                    );
                }
            }
        }
        None
    }

    /// Without those that are not needed.
    fn fewer(&self, question: &mut Question, goals: &[Goal], enough: &[usize]) -> Vec<usize> {
        let mut chosen = enough.to_vec();
        let mut place = 0;
        while place < chosen.len() {
            let mut fewer = chosen.clone();
            fewer.remove(place);
            if matches!(question.ask(&self.with(goals, &fewer)), Answer::Never(_)) {
                chosen = fewer;
            } else {
                place += 1;
            }
        }
        chosen
    }
}

/// The rules of a core, whose first places are those of the goals.
fn blamed(goals: &[Goal], heeded: &[usize], core: Vec<usize>) -> Reach {
    let rungs = core.into_iter().filter_map(|place| place.checked_sub(goals.len()));
    Reach::Never(rungs.filter_map(|nth| heeded.get(nth).copied()).collect())
}

/// `size` rules, `chosen` among them, of which each set has one; the first in order.
fn hit(sets: &[BTreeSet<usize>], chosen: &[usize], size: usize, choices: &mut usize) -> Option<Vec<usize>> {
    *choices = choices.checked_sub(1)?;
    let Some(missed) = sets.iter().find(|set| !chosen.iter().any(|rule| set.contains(rule))) else {
        return Some(chosen.to_vec());
    };
    if chosen.len() >= size {
        return None;
    }
    missed.iter().find_map(|rule| {
        let more: Vec<usize> = chosen.iter().copied().chain([*rule]).collect();
        hit(sets, &more, size, choices)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fewest_that_hit_all() {
        let sets: Vec<BTreeSet<usize>> =
            [vec![0, 1], vec![1, 2], vec![2, 3]].into_iter().map(BTreeSet::from_iter).collect();
        let fewest = |sets: &[BTreeSet<usize>]| (0..9).find_map(|size| hit(sets, &[], size, &mut 1000));
        assert_eq!(fewest(&sets), Some(vec![0, 2]));
        assert_eq!(fewest(&sets[..2]), Some(vec![1]));
        assert_eq!(fewest(&[]), Some(vec![]));
        assert_eq!(fewest(&[BTreeSet::new()]), None);
    }
}
