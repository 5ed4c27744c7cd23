//! The search for examples that concern one rule.

use super::encoding::{EncodedPolicy, Encoding, Evaluator, Formulas, World};
use super::example::{Example, minimize};
use super::precedence::{EarlierRules, Reachability};
use super::proofs::{Proofs, Unsettled};
use super::query::{Goal, Query};
use crate::diagnostic::Code;
use crate::engine::{Decision, RuleRef};
use crate::policy::{Given, Policy};

/// The steps that the engine takes for each rule when it decides an example.
const COST_OF_RULE: u64 = 16;

/// One query after the other about messages that get past the earlier rules.
pub(super) struct RuleSearch<'s, 'a> {
    pub(super) encoding: &'s Encoding<'a>,
    pub(super) policy: &'a Policy,
    /// `None`: the search concerns the whole policy.
    rule: Option<usize>,
    pub(super) earlier: &'s EarlierRules,
    pub(super) query: Query<'s, 'a>,
    refinement: Vec<usize>,
    /// Some situation that reaches the rule. It often meets the next goals too.
    reaching: Option<World>,
    pub(super) proofs: &'s mut Proofs,
}

impl<'s, 'a> RuleSearch<'s, 'a> {
    pub(super) fn new(
        encoding: &'s Encoding<'a>,
        policy: &EncodedPolicy<'a>,
        rule: Option<usize>,
        earlier: &'s EarlierRules,
        proofs: &'s mut Proofs,
    ) -> Self {
        Self {
            encoding,
            policy: policy.policy,
            rule,
            earlier,
            query: Query::new(encoding),
            refinement: Vec::new(),
            reaching: None,
            proofs,
        }
    }

    /// Looks for a message that gets past the earlier rules and meets `goals`. What remains open is noted as a question
    /// about `about`.
    pub(super) fn find(&mut self, about: Code, goals: &[Goal]) -> Reachability {
        if goals.iter().any(|(formula, wanted)| *formula == Formulas::constant(!wanted)) {
            return Reachability::Unreachable(Vec::new());
        }
        if let Some(world) = &self.reaching {
            let mut evaluator = Evaluator::new(self.encoding, world);
            let is_met = goals.iter().all(|(formula, wanted)| evaluator.holds(*formula) == *wanted);
            drop(evaluator);
            if is_met && !self.encoding.is_exhausted() {
                return Reachability::Reachable(Box::new(world.clone()));
            }
        }
        let reachability = self.earlier.find_reaching(&mut self.query, goals, &mut self.refinement);
        match &reachability {
            Reachability::Reachable(world) if self.reaching.is_none() => {
                self.reaching = Some((**world).clone());
            }
            Reachability::Unknown => self.proofs.unsettled.push(Unsettled { about, rule: self.rule }),
            Reachability::Reachable(_) | Reachability::Unreachable(_) => {}
        }
        reachability
    }

    /// The situation with the fewest deviations from the default one.
    pub(super) fn find_minimal(&mut self, about: Code, goals: &[Goal]) -> Option<World> {
        let Reachability::Reachable(world) = self.find(about, goals) else { return None };
        // A situation that was found earlier may meet goals whose atoms the query does not have yet.
        for (formula, _) in goals {
            self.query.encode(*formula);
        }
        Some(minimize(&mut self.query, self.earlier, goals, &mut self.refinement, *world))
    }

    /// The minimal situation as an example, if the engine confirms it: its decision must be as `shows` says.
    pub(super) fn example(
        &mut self,
        about: Code,
        goals: &[Goal],
        shows: &dyn Fn(&Decision, &Given) -> bool,
    ) -> Option<Example> {
        let world = self.find_minimal(about, goals)?;
        let given = world.given(self.encoding);
        self.encoding.consume(self.policy.rules.len() as u64 * COST_OF_RULE);
        self.counted(Example::confirm(self.policy, self.encoding.inbox, given, 0, shows))
    }

    /// The example; where there is none, the engine disagrees with the prover.
    pub(super) fn counted(&mut self, example: Option<Example>) -> Option<Example> {
        self.proofs.disagreements += usize::from(example.is_none());
        example
    }
}

/// Whether the rule at `index` decided.
pub(super) fn is_decided_by(policy: &Policy, decision: &Decision, index: usize) -> bool {
    let rule = policy.rules.get(index).map(|rule| RuleRef::of(policy, rule));
    rule.is_some() && decision.rule == rule
}
