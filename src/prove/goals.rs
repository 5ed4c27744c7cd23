//! What the tests of a policy could still show of it, each with a situation that does.

use std::collections::BTreeSet;

use super::example::{Example, smallest};
use super::question::{Goal, Question};
use super::reach::{Ladder, Reach};
use super::space::{Charted, ChartedRule, Formulas, Space, Term, TermKind};
use crate::engine::{Shown, shown};
use crate::inbox::Inbox;
use crate::policy::Policy;
use crate::situation::given;

/// What situations can show of a policy, beyond what is known.
#[derive(Debug, Clone, Default)]
pub struct Goals {
    /// Situations that together show all that can be shown.
    pub showing: Vec<Showing>,
    /// What no situation shows.
    pub never: BTreeSet<Shown>,
    /// What may be shown by some situation or by none.
    pub unsettled: BTreeSet<Shown>,
}

/// A situation, and what it shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Showing {
    /// The situation: the smallest that shows some one thing.
    pub example: Example,
    /// All that it shows, as the engine sees it.
    pub shown: BTreeSet<Shown>,
}

/// What can be shown of `policy`, which has no fault, beyond what is `known` to be; nothing where the inbox is not
/// known.
pub fn goals(policy: &Policy, inbox: &Inbox, known: &BTreeSet<Shown>) -> Goals {
    if !inbox.known {
        return Goals::default();
    }
    let space = Space::of(inbox, &[policy]);
    let Some(charted) = space.policies.first() else { return Goals::default() };
    let mut search = Search { space: &space, policy, inbox, reached: known.clone(), goals: Goals::default() };
    let mut ladder = Ladder::new();
    for (place, (rule, charted_rule)) in policy.rules.iter().zip(&charted.rules).enumerate() {
        if rule.also {
            search.rule(place, charted_rule, &Ladder::new());
        } else {
            search.rule(place, charted_rule, &ladder);
            if !search.goals.never.contains(&Shown::Rule(place)) {
                ladder.add(charted, place);
            }
        }
    }
    // Last, as most of it has been shown by now.
    search.definitions(charted);
    if !space.times.complete {
        // Some combination of hours may have been overlooked.
        let never = std::mem::take(&mut search.goals.never);
        search.goals.unsettled.extend(never);
    }
    // What was given up may be shown by a situation that was found for something else.
    search.goals.unsettled.retain(|shown| !search.reached.contains(shown));
    search.goals
}

/// What is at hand while a policy is gone through.
struct Search<'s, 'a> {
    space: &'s Space<'a>,
    policy: &'a Policy,
    inbox: &'a Inbox,
    /// What was shown so far.
    reached: BTreeSet<Shown>,
    goals: Goals,
}

impl Search<'_, '_> {
    /// The parts of the definitions of the policy's own file. They are seen whatever decides.
    fn definitions(&mut self, charted: &Charted) {
        let definitions = self.policy.definitions.iter().zip(&charted.definitions);
        for (_, term) in definitions.filter(|(definition, _)| definition.from.is_none()) {
            let mut question = Question::new(self.space);
            self.parts(term, &mut Vec::new(), &mut question, &Ladder::new(), &mut Vec::new());
        }
    }

    /// That the rule acts where it comes to it, and each part of its condition.
    fn rule(&mut self, place: usize, rule: &ChartedRule, above: &Ladder) {
        let mut question = Question::new(self.space);
        let mut heeded = Vec::new();
        self.look(Shown::Rule(place), &[(rule.holds, true)], &mut question, above, &mut heeded);
        if let Some(term) = &rule.when {
            self.parts(term, &mut Vec::new(), &mut question, above, &mut heeded);
        }
    }

    /// The facts and names in `term`. `context` is what must be so for it to decide the whole condition.
    fn parts(
        &mut self,
        term: &Term,
        context: &mut Vec<Goal>,
        question: &mut Question,
        above: &Ladder,
        heeded: &mut Vec<usize>,
    ) {
        let neutral = match term.kind {
            TermKind::And => true,
            TermKind::Or | TermKind::Not => false,
            TermKind::Definition(_) | TermKind::Fact => {
                for holds in [true, false] {
                    context.push((term.formula, holds));
                    self.look(Shown::Part { span: term.span, holds }, context, question, above, heeded);
                    context.pop();
                }
                return;
            }
        };
        for (place, part) in term.parts.iter().enumerate() {
            let before = context.len();
            let others = term.parts.iter().enumerate().filter(|(other, _)| *other != place);
            context.extend(others.map(|(_, other)| (other.formula, neutral)));
            self.parts(part, context, question, above, heeded);
            context.truncate(before);
        }
    }

    /// A situation that meets `goals` past the rules `above`, which shows `wanted`.
    fn look(
        &mut self,
        wanted: Shown,
        goals: &[Goal],
        question: &mut Question,
        above: &Ladder,
        heeded: &mut Vec<usize>,
    ) {
        if self.reached.contains(&wanted) {
            return;
        }
        let is_plain = goals.iter().any(|(formula, holds)| *formula == Formulas::constant(!holds));
        let reach = if is_plain { Reach::Never(Vec::new()) } else { above.pass(question, goals, heeded) };
        let world = match reach {
            Reach::World(world) => smallest(self.space, question, above, goals, heeded, *world),
            Reach::Never(_) => {
                self.goals.never.insert(wanted);
                return;
            }
            Reach::Unsettled => {
                self.goals.unsettled.insert(wanted);
                return;
            }
        };
        let given = world.given(self.space);
        let situation = given::situation(&given, self.policy, self.inbox);
        let shown = shown(self.policy, self.inbox, &situation).unwrap_or_default();
        // The engine has the last word.
        if !shown.contains(&wanted) {
            self.goals.unsettled.insert(wanted);
            return;
        }
        self.reached.extend(&shown);
        self.goals.showing.push(Showing { example: Example { given, situation }, shown });
    }
}
