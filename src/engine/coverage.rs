//! What a situation covers of a policy: the rules that act, and the parts of conditions that decide them.
//!
//! A part counts as covered only if it decides: if it were otherwise, so would be the whole condition. This is the criterion
//! of modified condition/decision coverage (MC/DC; Chilenski and Miller, 1994), with one situation for each value of a part.

use std::collections::BTreeSet;

use super::compiled::CompiledPolicy;
use super::condition::{applies, holds};
use super::decide::{deciding_kind, find_rules};
use super::view::{View, with_view};
use crate::inbox::Inbox;
use crate::language::ast::RuleKind;
use crate::policy::{Condition, ConditionKind, Policy};
use crate::situation::{Situation, SituationError};
use crate::text::Span;

/// Something in a policy that a situation can cover.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum CoverageItem {
    /// The rule at that index of [`Policy::rules`] acts.
    Rule(usize),
    /// A part of a condition decides it: if the part were otherwise, so would be the whole.
    Part {
        /// Where the part is in the policy's file.
        span: Span,
        /// Whether it holds.
        holds: bool,
    },
}

/// All that `situation` covers of `policy`. The parts of a rule count only if the message gets as far as the rule; those of a
/// definition in the policy's own file always do, and inside other conditions the name of a definition is one part.
///
/// # Errors
///
/// As [`decide`](super::decide()).
pub fn covered(
    policy: &Policy,
    inbox: &Inbox,
    situation: &Situation,
) -> Result<BTreeSet<CoverageItem>, SituationError> {
    with_view(policy, inbox, situation, all)
}

/// The rules that act in `situation`, by their indices in [`Policy::rules`]: the rules of [`covered`], found by the policy's
/// program.
///
/// # Errors
///
/// As [`decide`](super::decide()).
pub fn acting_rules(
    policy: &CompiledPolicy,
    inbox: &Inbox,
    situation: &Situation,
) -> Result<Vec<usize>, SituationError> {
    with_view(policy, inbox, situation, |view| {
        find_rules(policy, view.case, view, |found| {
            found.rule.iter().chain(found.also).map(|place| *place as usize).collect()
        })
    })
}

fn all(view: &View) -> BTreeSet<CoverageItem> {
    let mut covered = BTreeSet::new();
    let own = view.policy.definitions.iter().filter(|definition| definition.file.is_none());
    for definition in own {
        deciding(view, &definition.condition, &mut covered);
    }
    let deciding_kind = deciding_kind(view.case);
    let mut decided = false;
    for (place, rule) in view.policy.rules.iter().enumerate() {
        let is_also = rule.kind == RuleKind::Also;
        if !is_also && (decided || rule.kind != deciding_kind) {
            continue;
        }
        if let Some(condition) = &rule.when {
            deciding(view, condition, &mut covered);
        }
        if applies(view, rule) {
            covered.insert(CoverageItem::Rule(place));
            decided |= !is_also;
        }
    }
    covered
}

/// Adds the parts that decide a condition, which itself decides: of an `and` every part if all of them hold, or the only one
/// that does not hold; of an `or` the reverse.
fn deciding(view: &View, condition: &Condition, covered: &mut BTreeSet<CoverageItem>) {
    let (parts, all) = match &condition.kind {
        ConditionKind::And(parts) => (parts, true),
        ConditionKind::Or(parts) => (parts, false),
        ConditionKind::Not(part) => return deciding(view, part, covered),
        ConditionKind::Definition(_) | ConditionKind::Fact(_) => {
            covered.insert(CoverageItem::Part { span: condition.span, holds: holds(view, condition) });
            return;
        }
    };
    let opposed: Vec<&Condition> = parts.iter().filter(|part| holds(view, part) != all).collect();
    match opposed.as_slice() {
        [] => parts.iter().for_each(|part| deciding(view, part, covered)),
        [only] => deciding(view, only, covered),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::engine::tests::sample::situation;
    use crate::testing::{inbox, policy};

    /// What the situation with `fields` shows of `rules`.
    fn check(rules: &str, fields: &str, expected: &[&str]) {
        let inbox = inbox();
        let policy = policy(&inbox, rules);
        let describe = |item: &CoverageItem| match item {
            CoverageItem::Rule(place) => format!("rule {place}"),
            CoverageItem::Part { span, holds } => format!("{} {holds}", &rules[span.range()]),
        };
        let situation = situation(fields);
        let covered = covered(&policy, &inbox, &situation).unwrap();
        let acting = acting_rules(&CompiledPolicy::from(Arc::new(policy)), &inbox, &situation).unwrap();
        let acting: BTreeSet<CoverageItem> = acting.into_iter().map(CoverageItem::Rule).collect();
        assert!(
            covered.iter().filter(|item| matches!(item, CoverageItem::Rule(_))).eq(&acting),
            "{acting:?}"
        );
        assert_eq!(covered.iter().map(describe).collect::<Vec<_>>(), expected, "{rules} with {fields}");
    }

    const RETURNING: &str = r#""customer": {"returning": true}"#;

    #[test]
    fn parts_that_decide() {
        let rules = "when new_customer and any_online: assign nobody";
        check(rules, "", &["any_online false"]);
        check(rules, RETURNING, &[]);
        let online = r#""users": {"bob": {"presence": "online"}}"#;
        check(rules, online, &["rule 0", "new_customer true", "any_online true"]);
        check(rules, &format!("{RETURNING}, {online}"), &["new_customer false"]);
        let rules = "when new_customer or not any_online: assign nobody";
        check(rules, "", &["rule 0"]);
        check(rules, RETURNING, &["rule 0", "any_online false"]);
        check(rules, &format!("{RETURNING}, {online}"), &["new_customer false", "any_online true"]);
        let rules = "when has_owner or (new_customer and any_online): assign nobody";
        check(rules, "", &["has_owner false", "any_online false"]);
    }

    #[test]
    fn only_what_a_message_comes_to() {
        let rules = "when new_customer: assign nobody\nwhen any_online: assign nobody\n\
            also when has_owner: tag \"a\"\notherwise: assign owner";
        check(rules, "", &["rule 0", "new_customer true", "has_owner false"]);
        check(rules, RETURNING, &["rule 3", "new_customer false", "any_online false", "has_owner false"]);
        let open = r#""chat": {"user": "bob"}"#;
        check(rules, open, &["has_owner false"]);
    }

    #[test]
    fn a_name_is_one_part_and_its_definition_another() {
        let rules = "let old = returning_customer and has_owner\nwhen old and any_online: assign nobody";
        check(rules, RETURNING, &["has_owner false"]);
        let online = r#""users": {"bob": {"presence": "online"}}"#;
        check(rules, &format!("{RETURNING}, {online}"), &["has_owner false", "old false"]);
    }
}
