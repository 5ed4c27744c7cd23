//! Why a message is decided differently: which rule was changed, or whether rules stand in another order.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

use super::{Sides, rule_at};
use crate::language::ast::RuleKind;
use crate::policy::{Condition, ConditionKind, Policy, Rule};
use crate::prove::decision_diff::RulePair;
use crate::prove::encoding::{EncodedPolicy, EncodedRule, Evaluator, Formula};
use crate::prove::equivalence::has_same_effect;

/// Which rule of the new policy stands for which of the old one, by their indices.
pub(super) struct Counterparts {
    new_of: HashMap<usize, usize>,
    old_of: HashMap<usize, usize>,
}

impl Counterparts {
    /// Rules correspond by their names; those without by what they say; and those that remain by their places between
    /// the others.
    pub(super) fn of([old, new]: &Sides) -> Self {
        let mut found = Self { new_of: HashMap::new(), old_of: HashMap::new() };
        let mut named = HashMap::new();
        let mut unnamed: HashMap<(RuleKind, Formula), VecDeque<&EncodedRule>> = HashMap::new();
        for rule in &new.rules {
            match &rule.rule.name {
                Some(name) => _ = named.insert(name, rule.index),
                None => unnamed.entry((rule.rule.kind, rule.holds)).or_default().push_back(rule),
            }
        }
        for rule in &old.rules {
            let counterpart = match &rule.rule.name {
                Some(name) => named.get(name).copied(),
                None => unnamed.get_mut(&(rule.rule.kind, rule.holds)).and_then(|candidates| {
                    let same = candidates.iter().position(|other| has_same_effect(rule.rule, other.rule));
                    candidates.remove(same.unwrap_or(0)).map(|other| other.index)
                }),
            };
            if let Some(counterpart) = counterpart {
                found.add(rule.index, counterpart);
            }
        }
        found.match_between(old, new);
        found
    }

    fn add(&mut self, old: usize, new: usize) {
        self.new_of.insert(old, new);
        self.old_of.insert(new, old);
    }

    /// Matches the rules that have no counterpart yet and follow the same one, in their order.
    fn match_between(&mut self, old: &EncodedPolicy, new: &EncodedPolicy) {
        let mut next = 0;
        for rule in &old.rules {
            if let Some(found) = self.new_of.get(&rule.index) {
                next = found + 1;
            } else if let Some(other) = new.rules.get(next)
                && !self.old_of.contains_key(&next)
                && rule.rule.kind == other.rule.kind
            {
                self.add(rule.index, next);
                next += 1;
            }
        }
    }

    /// The other rule of the pair of counterparts that `pair` names one of, if there is one.
    pub(super) fn complete(&self, pair: RulePair) -> RulePair {
        let new = pair.old.and_then(|old| self.new_of.get(&old)).copied();
        let old = pair.new.and_then(|new| self.old_of.get(&new)).copied();
        RulePair { also: pair.also, old: pair.old.or(old), new: pair.new.or(new) }
    }
}

/// Why messages are decided differently, as far as the rules tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Reason {
    /// A rule was changed, added or removed.
    Rule(RulePair),
    /// Rules stand in another order.
    Order,
    /// The rule is as it was, and something that it is about was changed: an example tells what.
    Around(RulePair),
}

/// Why the message for which these are the evaluated conditions is decided by the rules of `pair`.
pub(super) fn reason_of(
    sides: &Sides,
    counterparts: &Counterparts,
    pair: RulePair,
    evaluator: &mut Evaluator,
) -> Reason {
    let one_of = |old, new| counterparts.complete(RulePair { also: pair.also, old, new });
    let of_old = pair.old.map(|old| one_of(Some(old), None));
    let of_new = pair.new.map(|new| one_of(None, Some(new)));
    if let (Some(of_old), Some(of_new)) = (of_old, of_new)
        && of_old == of_new
    {
        return reason_of_pair(sides, of_old);
    }
    let [old_side, new_side] = sides;
    let mut holds = |rule: Option<&EncodedRule>| rule.is_some_and(|rule| evaluator.holds(rule.holds));
    match (of_old, of_new) {
        // The old rule was removed, or does not hold any more.
        (Some(of_old), _) if !holds(rule_at(new_side, of_old.new)) => reason_of_pair(sides, of_old),
        // The new rule was added, or did not hold before.
        (_, Some(of_new)) if !holds(rule_at(old_side, of_new.old)) => reason_of_pair(sides, of_new),
        _ => Reason::Order,
    }
}

/// Why a rule and its counterpart decide differently.
pub(super) fn reason_of_pair([old_side, new_side]: &Sides, pair: RulePair) -> Reason {
    match (rule_at(old_side, pair.old), rule_at(new_side, pair.new)) {
        (Some(old), Some(new))
            if has_same_effect(old.rule, new.rule)
                && has_same_condition((old_side.policy, old.rule), (new_side.policy, new.rule)) =>
        {
            Reason::Around(pair)
        }
        _ => Reason::Rule(pair),
    }
}

/// Whether the conditions are written in the same way, whatever the names in them stand for.
fn has_same_condition(old: (&Policy, &Rule), new: (&Policy, &Rule)) -> bool {
    let words = |(policy, rule): (&'_ Policy, &Rule)| -> Option<Vec<String>> {
        let text = policy.slice(rule.when.as_ref()?.span);
        Some(text.split_whitespace().map(ToOwned::to_owned).collect())
    };
    words(old) == words(new)
}

/// The definitions that the condition of a rule names and that hold in other situations than before.
pub(super) fn changed_definitions([old, new]: &Sides, pair: RulePair) -> Vec<Arc<str>> {
    let mut names = BTreeSet::new();
    for (side, index) in [(old, pair.old), (new, pair.new)] {
        if let Some(condition) = rule_at(side, index).and_then(|rule| rule.rule.when.as_ref()) {
            add_names(side.policy, condition, &mut names);
        }
    }
    let formula = |side: &EncodedPolicy, name: &Arc<str>| {
        let place = side.policy.definitions.iter().position(|definition| definition.name == *name)?;
        side.definitions.get(place).map(|definition| definition.formula)
    };
    names.into_iter().filter(|name| formula(old, name) != formula(new, name)).collect()
}

fn add_names(policy: &Policy, condition: &Condition, names: &mut BTreeSet<Arc<str>>) {
    match &condition.kind {
        ConditionKind::And(parts) | ConditionKind::Or(parts) => {
            parts.iter().for_each(|part| add_names(policy, part, names));
        }
        ConditionKind::Not(part) => add_names(policy, part, names),
        ConditionKind::Definition(index) => {
            names.extend(policy.definitions.get(*index).map(|definition| Arc::clone(&definition.name)));
        }
        ConditionKind::Fact(_) => {}
    }
}
