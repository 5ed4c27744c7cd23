//! When two rules that decide the same message do something else with it, as a formula.

use super::{Sides, rule_at};
use crate::language::ast::RuleKind;
use crate::policy::{Assign, Reply, Rule};
use crate::prove::decision_diff::RulePair;
use crate::prove::encoding::{EncodedPolicy, Encoding, Formula, Formulas};
use crate::prove::equivalence::{is_same_later, is_same_list, is_same_reply, tags};

/// When two rules that decide have different effects, whatever the `also` rules add to both.
pub(super) fn effects_differ(encoding: &mut Encoding, sides: &Sides, pair: RulePair) -> Formula {
    let [old_side, new_side] = sides;
    let (old, new) = match (rule_at(old_side, pair.old), rule_at(new_side, pair.new)) {
        (Some(old), Some(new)) => (old, new),
        (None, None) => return also_names_differ(encoding, sides, None),
        _ => return Formulas::TRUE,
    };
    let mut differ = vec![encoding.assignments_differ(old, new)];
    let (old, new) = (old.rule, new.rule);
    let same_replies = old.replies.len() == new.replies.len()
        && old.replies.iter().zip(&new.replies).all(|(old, new)| is_same_reply(old, new));
    differ.push(Formulas::constant(!same_replies || !is_same_list(&old.later, &new.later, is_same_later)));
    if encoding.has_renamed() {
        let assigns = old.assign.as_ref().zip(new.assign.as_ref()).map(|(old, new)| [old, new]);
        differ.extend(replies(old).map(|reply| encoding.names_differ(reply, assigns)));
        differ.push(also_names_differ(encoding, sides, assigns));
    }
    // What only one of them adds may be added by an `also` rule of the other policy.
    for (lacking, one, other) in [(new_side, old, new), (old_side, new, old)] {
        for tag in tags(one).difference(&tags(other)) {
            let added = added(encoding, lacking, &|rule| tags(rule).contains(tag));
            differ.push(encoding.formulas.not(added));
        }
        if one.priority > other.priority {
            let added = added(encoding, lacking, &|rule| rule.priority >= one.priority);
            differ.push(encoding.formulas.not(added));
        }
    }
    encoding.formulas.or(differ)
}

/// That an `also` rule which acts on both sides writes another name. `assign` is what the deciding rules do.
fn also_names_differ(encoding: &mut Encoding, [old, new]: &Sides, assign: Option<[&Assign; 2]>) -> Formula {
    let mut differ = Vec::new();
    for rule in old.rules_of(RuleKind::Also) {
        for reply in replies(rule.rule) {
            let also = added(encoding, new, &|rule| replies(rule).any(|one| is_same_reply(one, reply)));
            let names = encoding.names_differ(reply, assign);
            differ.push(encoding.formulas.and([rule.holds, also, names]));
        }
    }
    encoding.formulas.or(differ)
}

/// That some `also` rule acts which has something.
pub(super) fn added(encoding: &mut Encoding, policy: &EncodedPolicy, has: &dyn Fn(&Rule) -> bool) -> Formula {
    let acting = policy.rules_of(RuleKind::Also).filter(|rule| has(rule.rule));
    let holds: Vec<Formula> = acting.map(|rule| rule.holds).collect();
    encoding.formulas.or(holds)
}

/// The replies of a rule, at once and later.
fn replies(rule: &Rule) -> impl Iterator<Item = &Reply> {
    rule.replies.iter().chain(rule.later.iter().flat_map(|later| &later.replies))
}
