//! What a situation shows of a policy: the rules that act, and the parts of conditions that decide them.

use std::collections::BTreeSet;

use super::condition::{applies, holds};
use super::view::{View, with_view};
use crate::inbox::Inbox;
use crate::policy::{Condition, ConditionKind, Policy};
use crate::situation::{Situation, SituationError};
use crate::text::Span;

/// Something of a policy that a situation can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CoverageItem {
    /// The rule at that place of [`Policy::rules`] acts.
    Rule(usize),
    /// A part of a condition decides it: were the part otherwise, so would be the whole.
    Part {
        /// Where the part stands in the policy's file.
        span: Span,
        /// Whether it holds.
        holds: bool,
    },
}

/// All that `situation` shows of `policy`. A rule shows its parts only if a message comes to it; a definition of
/// the policy's own file always does, and inside other conditions its name is one part.
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

fn all(view: &View) -> BTreeSet<CoverageItem> {
    let mut covered = BTreeSet::new();
    let own = view.policy.definitions.iter().filter(|definition| definition.file.is_none());
    for definition in own {
        deciding(view, &definition.condition, &mut covered);
    }
    let mut decided = view.case.chat.is_some();
    for (place, rule) in view.policy.rules.iter().enumerate() {
        if decided && !rule.also {
            continue;
        }
        if let Some(condition) = &rule.when {
            deciding(view, condition, &mut covered);
        }
        if applies(view, rule) {
            covered.insert(CoverageItem::Rule(place));
            decided |= !rule.also;
        }
    }
    covered
}

/// The parts of a condition, itself deciding, that decide it: of an `and` each part if all hold, and the only one
/// that does not; of an `or` the opposite.
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
    use super::*;
    use crate::engine::tests::sample::situation;
    use crate::testing::{inbox, policy};

    /// What the situation with `fields` shows of `rules`.
    fn check(rules: &str, fields: &str, expected: &[&str]) {
        let inbox = inbox();
        let policy = policy(&inbox, rules);
        let told = |item: &CoverageItem| match item {
            CoverageItem::Rule(place) => format!("rule {place}"),
            CoverageItem::Part { span, holds } => format!("{} {holds}", &rules[span.range()]),
        };
        let covered = covered(&policy, &inbox, &situation(fields)).unwrap();
        assert_eq!(covered.iter().map(told).collect::<Vec<_>>(), expected, "{rules} with {fields}");
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
