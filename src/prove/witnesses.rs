//! What the tests of a policy could still show of it, each with a situation that does.

use std::collections::BTreeSet;

use super::encoding::{ConditionShape, EncodedCondition, EncodedPolicy, EncodedRule, Encoding, Formulas};
use super::example::{Example, minimize};
use super::precedence::{EarlierRules, Reachability};
use super::query::{Goal, Query};
use crate::engine::{CoverageItem, covered};
use crate::inbox::Inbox;
use crate::policy::Policy;
use crate::situation::given;

/// What situations can show of a policy, beyond what is known.
#[derive(Debug, Clone, Default)]
pub struct Witnesses {
    /// Situations that together show all that can be shown.
    pub witnesses: Vec<Witness>,
    /// What no situation shows.
    pub never: BTreeSet<CoverageItem>,
    /// What may be shown by some situation or by none.
    pub unsettled: BTreeSet<CoverageItem>,
}

/// A situation, and what it shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Witness {
    /// The situation: the smallest that shows some one thing.
    pub example: Example,
    /// All that it shows, as the engine sees it.
    pub shown: BTreeSet<CoverageItem>,
}

/// What can be shown of `policy`, which has no fault, beyond what is `known` to be; nothing where the inbox is not
/// known.
pub fn witnesses(policy: &Policy, inbox: &Inbox, known: &BTreeSet<CoverageItem>) -> Witnesses {
    if inbox.is_inferred {
        return Witnesses::default();
    }
    let encoding = Encoding::of(inbox, &[policy]);
    let Some(encoded) = encoding.policies.first() else { return Witnesses::default() };
    let mut search = WitnessSearch {
        encoding: &encoding,
        policy,
        inbox,
        covered: known.clone(),
        found: Witnesses::default(),
    };
    let mut earlier = EarlierRules::new();
    for (place, (rule, encoded_rule)) in policy.rules.iter().zip(&encoded.rules).enumerate() {
        if rule.also {
            search.rule(place, encoded_rule, &EarlierRules::new());
        } else {
            search.rule(place, encoded_rule, &earlier);
            if !search.found.never.contains(&CoverageItem::Rule(place)) {
                earlier.add(encoded, place);
            }
        }
    }
    // Last, as most of it has been shown by now.
    search.definitions(encoded);
    if !encoding.timeline.complete {
        // Some combination of hours may have been overlooked.
        let never = std::mem::take(&mut search.found.never);
        search.found.unsettled.extend(never);
    }
    // What was given up may be shown by a situation that was found for something else.
    search.found.unsettled.retain(|shown| !search.covered.contains(shown));
    search.found
}

/// What is at hand while a policy is gone through.
struct WitnessSearch<'s, 'a> {
    encoding: &'s Encoding<'a>,
    policy: &'a Policy,
    inbox: &'a Inbox,
    /// What was shown so far.
    covered: BTreeSet<CoverageItem>,
    found: Witnesses,
}

impl WitnessSearch<'_, '_> {
    /// The parts of the definitions of the policy's own file. They are seen whatever decides.
    fn definitions(&mut self, encoded: &EncodedPolicy) {
        let definitions = self.policy.definitions.iter().zip(&encoded.definitions);
        for (_, term) in definitions.filter(|(definition, _)| definition.file.is_none()) {
            let mut query = Query::new(self.encoding);
            self.parts(term, &mut Vec::new(), &mut query, &EarlierRules::new(), &mut Vec::new());
        }
    }

    /// That the rule acts where it comes to it, and each part of its condition.
    fn rule(&mut self, place: usize, rule: &EncodedRule, above: &EarlierRules) {
        let mut query = Query::new(self.encoding);
        let mut refinement = Vec::new();
        self.find(CoverageItem::Rule(place), &[(rule.holds, true)], &mut query, above, &mut refinement);
        if let Some(term) = &rule.when {
            self.parts(term, &mut Vec::new(), &mut query, above, &mut refinement);
        }
    }

    /// The facts and names in `term`. `context` is what must be so for it to decide the whole condition.
    fn parts(
        &mut self,
        term: &EncodedCondition,
        context: &mut Vec<Goal>,
        query: &mut Query,
        above: &EarlierRules,
        refinement: &mut Vec<usize>,
    ) {
        let neutral = match term.kind {
            ConditionShape::And => true,
            ConditionShape::Or | ConditionShape::Not => false,
            ConditionShape::Definition(_) | ConditionShape::Fact => {
                for holds in [true, false] {
                    context.push((term.formula, holds));
                    self.find(
                        CoverageItem::Part { span: term.span, holds },
                        context,
                        query,
                        above,
                        refinement,
                    );
                    context.pop();
                }
                return;
            }
        };
        for (place, part) in term.parts.iter().enumerate() {
            let before = context.len();
            let others = term.parts.iter().enumerate().filter(|(other, _)| *other != place);
            context.extend(others.map(|(_, other)| (other.formula, neutral)));
            self.parts(part, context, query, above, refinement);
            context.truncate(before);
        }
    }

    /// A situation that meets `goals` past the rules `above`, which shows `wanted`.
    fn find(
        &mut self,
        wanted: CoverageItem,
        goals: &[Goal],
        query: &mut Query,
        above: &EarlierRules,
        refinement: &mut Vec<usize>,
    ) {
        if self.covered.contains(&wanted) {
            return;
        }
        let is_plain = goals.iter().any(|(formula, holds)| *formula == Formulas::constant(!holds));
        let reach = if is_plain {
            Reachability::Unreachable(Vec::new())
        } else {
            above.find_reaching(query, goals, refinement)
        };
        let world = match reach {
            Reachability::Reachable(world) => {
                minimize(self.encoding, query, above, goals, refinement, *world)
            }
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
        let situation = given::situation(&given, self.policy, self.inbox);
        let shown = covered(self.policy, self.inbox, &situation).unwrap_or_default();
        // The engine has the last word.
        if !shown.contains(&wanted) {
            self.found.unsettled.insert(wanted);
            return;
        }
        self.covered.extend(&shown);
        self.found.witnesses.push(Witness { example: Example { given, situation }, shown });
    }
}
