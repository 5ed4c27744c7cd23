//! Which rules of two policies decide the same message and may do something else with it.

use std::collections::{HashMap, HashSet};

use super::cause::{Counterparts, Reason, reason_of};
use super::{Limits, Sides, rule_at};
use crate::language::ast::RuleKind;
use crate::prove::decision_diff::RulePair;
use crate::prove::encoding::{EncodedPolicy, EncodedRule, Encoding, Evaluator, Formula};
use crate::prove::equivalence::has_same_effect;
use crate::prove::precedence::{EarlierRules, Reachability};
use crate::prove::query::{Goal, Query};

/// The most pairs of one rule that are looked for when there are many already.
const MAX_OF_RULE_AMONG_MANY: usize = 4;

/// A pair of rules that decide the same message and may do something else with it.
pub(super) struct FoundPair {
    pub(super) pair: RulePair,
    /// The kind of both rules: `move` rules decide what comes into an open chat, the others what does not.
    pub(super) kind: RuleKind,
    /// Why it is decided differently.
    pub(super) reason: Reason,
    /// How many pairs with the same reason come before it.
    pub(super) nth: usize,
}

/// The pairs of rules that were found.
#[derive(Default)]
pub(super) struct PairSearch {
    pub(super) found: Vec<FoundPair>,
    counts: HashMap<Reason, usize>,
    pub(super) unsettled: Vec<RulePair>,
    /// There are more.
    pub(super) has_more: bool,
}

impl PairSearch {
    /// Finds the rules of the new policy, or none, that decide a message which `old_rule` decides and do something else.
    /// All are of the same kind.
    pub(super) fn find(
        &mut self,
        encoding: &Encoding,
        sides: &Sides,
        counterparts: &Counterparts,
        (kind, old_rule): (RuleKind, Option<&EncodedRule>),
        limits: &Limits,
    ) {
        let [old, new] = sides;
        let old_index = old_rule.map(|rule| rule.index);
        let mut earlier = EarlierRules::default();
        earlier.add_until(old, kind, old_index);
        let has_same_effect = |new: Option<&EncodedRule>| is_alike(encoding, sides, kind, [old_rule, new]);
        if is_same_prefix(&earlier, old_rule.map(|rule| rule.holds), new.rules_of(kind), &has_same_effect) {
            return;
        }
        let holds = old_rule.iter().map(|rule| (rule.holds, true));
        let goals: Vec<Goal> = holds.chain(encoding.asked(kind)).collect();
        let taken: HashSet<Formula> = earlier.rules.iter().map(|(_, holds)| *holds).collect();
        let mut query = Query::new(encoding);
        let mut refinement = Vec::new();
        let mut count = 0;
        // Each message that is found excludes the new rule that decides it, so there are as many rounds as rules that
        // meet.
        loop {
            match earlier.find_reaching(&mut query, &goals, &mut refinement) {
                Reachability::Unreachable(_) => return,
                Reachability::Unknown => {
                    return self.unsettled.push(RulePair { also: false, old: old_index, new: None });
                }
                Reachability::Reachable(world) => {
                    let mut evaluator = Evaluator::new(encoding, &world);
                    let rule = new.rules_of(kind).find(|rule| evaluator.holds(rule.holds));
                    if !has_same_effect(rule) {
                        let max = if self.found.len() < limits.in_total {
                            limits.of_rule
                        } else {
                            MAX_OF_RULE_AMONG_MANY
                        };
                        if count == max {
                            self.has_more = true;
                            return;
                        }
                        count += 1;
                        let pair = RulePair { also: false, old: old_index, new: rule.map(|rule| rule.index) };
                        self.add(pair, kind, reason_of(sides, counterparts, pair, &mut evaluator));
                    }
                    query.require(not_deciding(new, kind, rule.map(|rule| rule.index), &taken));
                }
            }
        }
    }

    fn add(&mut self, pair: RulePair, kind: RuleKind, reason: Reason) {
        let count = self.counts.entry(reason).or_default();
        self.found.push(FoundPair { pair, kind, reason, nth: *count });
        *count += 1;
    }
}

/// Whether the two rules do the same with each message.
fn is_alike(
    encoding: &Encoding,
    sides: &Sides,
    kind: RuleKind,
    [old, new]: [Option<&EncodedRule>; 2],
) -> bool {
    let mut also = sides.iter().flat_map(|policy| policy.rules_of(RuleKind::Also));
    if encoding.has_renamed() && also.any(|rule| encoding.depends_on_side(rule.rule)) {
        return false;
    }
    if kind == RuleKind::Move && encoding.has_other_people() && (old.is_some() || new.is_some()) {
        return false;
    }
    match (old, new) {
        (Some(old), Some(new)) => has_same_effect(old.rule, new.rule) && !encoding.depends_on_side(old.rule),
        (old, new) => old.is_none() && new.is_none(),
    }
}

/// Whether the new policy begins with the same rules, down to one with the same condition and effect.
fn is_same_prefix<'s, 'a: 's>(
    earlier: &EarlierRules,
    holds: Option<Formula>,
    new: impl Iterator<Item = &'s EncodedRule<'a>>,
    has_same_effect: &dyn Fn(Option<&EncodedRule>) -> bool,
) -> bool {
    let mut earlier = earlier.rules.iter();
    for rule in new {
        match earlier.next() {
            Some((_, condition)) if *condition == rule.holds => {}
            Some(_) => return false,
            None => return holds == Some(rule.holds) && has_same_effect(Some(rule)),
        }
    }
    earlier.next().is_none() && holds.is_none() && has_same_effect(None)
}

/// Goals of which one is met if and only if the rule at `index` (or no rule of the kind) does not decide. Conditions in `taken` are
/// known not to hold.
pub(super) fn not_deciding(
    policy: &EncodedPolicy,
    kind: RuleKind,
    index: Option<usize>,
    taken: &HashSet<Formula>,
) -> Vec<Goal> {
    let earlier = policy.rules_of(kind).take_while(|rule| Some(rule.index) != index);
    let earlier = earlier.map(|rule| rule.holds).filter(|holds| !taken.contains(holds));
    let own = rule_at(policy, index).map(|rule| (rule.holds, false));
    earlier.map(|holds| (holds, true)).chain(own).collect()
}
