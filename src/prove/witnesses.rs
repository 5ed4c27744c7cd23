//! Situations that tests can use to cover a policy: for each rule and each part of a condition one that shows it.

use std::collections::BTreeSet;

use super::encoding::{ConditionShape, EncodedCondition, EncodedPolicy, EncodedRule, Encoding, Formulas};
use super::example::{Example, minimize};
use super::precedence::{EarlierRules, Reachability};
use super::query::{Goal, Query};
use crate::engine::{CoverageItem, covered};
use crate::inbox::Inbox;
use crate::language::ast::RuleKind;
use crate::policy::Policy;
use crate::situation::given;

/// What situations can cover of a policy, beyond what is covered already.
#[derive(Debug, Clone, Default)]
pub struct Witnesses {
    /// Situations that together cover everything that can be covered.
    pub witnesses: Vec<Witness>,
    /// What no situation covers.
    pub never: BTreeSet<CoverageItem>,
    /// Of this it is not known whether some situation covers it.
    pub unsettled: BTreeSet<CoverageItem>,
}

/// A situation and what it covers.
#[derive(Debug, Clone, PartialEq)]
pub struct Witness {
    /// The situation, minimal for one of the items.
    pub example: Example,
    /// Everything that it covers, according to the engine.
    pub covers: BTreeSet<CoverageItem>,
}

/// What can be covered of `policy`, which has no fault, beyond `known`; nothing for an inbox that is not known.
pub fn witnesses(policy: &Policy, inbox: &Inbox, known: &BTreeSet<CoverageItem>) -> Witnesses {
    if inbox.is_inferred {
        return Witnesses::default();
    }
    let (encoding, [encoded]) = Encoding::of(inbox, [policy]);
    let mut search =
        WitnessSearch { encoding: &encoding, policy, covered: known.clone(), found: Witnesses::default() };
    let [mut regular, mut moving] = [(); 2].map(|()| EarlierRules::default());
    for rule in &encoded.rules {
        let earlier = match rule.rule.kind {
            RuleKind::Also => {
                search.find_for_rule(rule, &EarlierRules::default());
                continue;
            }
            RuleKind::Regular => &mut regular,
            RuleKind::Move => &mut moving,
        };
        search.find_for_rule(rule, earlier);
        if !search.found.never.contains(&CoverageItem::Rule(rule.index)) {
            earlier.add(rule);
        }
    }
    // Last, because most of their parts are covered by now.
    search.find_for_definitions(&encoded);
    if !encoding.is_complete() {
        // Combinations of calendars may be missing, so *never* is not proved.
        let never = std::mem::take(&mut search.found.never);
        search.found.unsettled.extend(never);
    }
    // What was given up may be covered by a situation that was found for something else.
    search.found.unsettled.retain(|item| !search.covered.contains(item));
    search.found
}

/// Finds one situation after the other.
struct WitnessSearch<'s, 'a> {
    encoding: &'s Encoding<'a>,
    policy: &'a Policy,
    covered: BTreeSet<CoverageItem>,
    found: Witnesses,
}

/// A query about the messages that get past the earlier rules.
struct WitnessQuery<'q, 's, 'a> {
    solver: Query<'s, 'a>,
    earlier: &'q EarlierRules,
    refinement: Vec<usize>,
}

impl<'s, 'a> WitnessSearch<'s, 'a> {
    fn query<'q>(&self, earlier: &'q EarlierRules) -> WitnessQuery<'q, 's, 'a> {
        WitnessQuery { solver: Query::new(self.encoding), earlier, refinement: Vec::new() }
    }

    /// The parts of the definitions of the policy's own file, which are evaluated whichever rule decides.
    fn find_for_definitions(&mut self, encoded: &EncodedPolicy) {
        let definitions = self.policy.definitions.iter().zip(&encoded.definitions);
        let earlier = EarlierRules::default();
        for (_, condition) in definitions.filter(|(definition, _)| definition.file.is_none()) {
            self.find_for_parts(condition, RuleKind::Also, &mut Vec::new(), &mut self.query(&earlier));
        }
    }

    /// That the rule acts, and each part of its condition.
    fn find_for_rule(&mut self, rule: &EncodedRule, earlier: &EarlierRules) {
        let mut query = self.query(earlier);
        self.find(CoverageItem::Rule(rule.index), &[(rule.holds, true)], &mut query);
        if let Some(condition) = &rule.when {
            let kind = rule.rule.kind;
            self.find_for_parts(condition, kind, &mut self.encoding.asked(kind), &mut query);
        }
    }

    /// The facts and names of a condition, each true and false, in situations where they determine the whole condition
    /// (as in the masking form of MC/DC: Chilenski, *An Investigation of Three Forms of the MC/DC Criterion*, 2001).
    /// `context`: the goals for `condition` to do so. Rules of the `kind` are asked; those of definitions are like `also`
    /// rules.
    fn find_for_parts(
        &mut self,
        condition: &EncodedCondition,
        kind: RuleKind,
        context: &mut Vec<Goal>,
        query: &mut WitnessQuery<'_, 's, 'a>,
    ) {
        let neutral = match condition.shape {
            ConditionShape::And => true,
            ConditionShape::Or | ConditionShape::Not => false,
            ConditionShape::Definition | ConditionShape::Fact => {
                for holds in [true, false] {
                    context.push((self.encoding.where_asked(kind, condition.formula), holds));
                    self.find(CoverageItem::Part { span: condition.span, holds }, context, query);
                    context.pop();
                }
                return;
            }
        };
        for (nth, part) in condition.parts.iter().enumerate() {
            let before = context.len();
            let others = condition.parts.iter().enumerate().filter(|(other, _)| *other != nth);
            context
                .extend(others.map(|(_, other)| (self.encoding.where_asked(kind, other.formula), neutral)));
            self.find_for_parts(part, kind, context, query);
            context.truncate(before);
        }
    }

    /// A situation that meets `goals` and covers `wanted`.
    fn find(&mut self, wanted: CoverageItem, goals: &[Goal], query: &mut WitnessQuery<'_, 's, 'a>) {
        if self.covered.contains(&wanted) {
            return;
        }
        let WitnessQuery { solver, earlier, refinement } = query;
        let is_contradiction = goals.iter().any(|(formula, wanted)| *formula == Formulas::constant(!wanted));
        let reachability = if is_contradiction {
            Reachability::Unreachable(Vec::new())
        } else {
            earlier.find_reaching(solver, goals, refinement)
        };
        let world = match reachability {
            Reachability::Reachable(world) => minimize(solver, earlier, goals, refinement, *world),
            Reachability::Unreachable(_) => {
                self.found.never.insert(wanted);
                return;
            }
            Reachability::Unknown => {
                self.found.unsettled.insert(wanted);
                return;
            }
        };
        let given = world.given(self.encoding);
        let situation = given::situation(&given, self.policy, self.encoding.inbox);
        let covers = covered(self.policy, self.encoding.inbox, &situation).unwrap_or_default();
        // The engine has the last word.
        if !covers.contains(&wanted) {
            self.found.unsettled.insert(wanted);
            return;
        }
        self.covered.extend(&covers);
        self.found.witnesses.push(Witness { example: Example { given, situation }, covers });
    }
}
