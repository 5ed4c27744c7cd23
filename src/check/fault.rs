//! Faults: what leaves a policy without a meaning. They are found where they show; here are their pages.

use super::lint::{Found, Lint};
use crate::inbox::LintLevel;

/// Every fault.
pub(super) const FAULTS: &[Lint] = &[
    fault("syntax", include_str!("fault/syntax.md")),
    fault("unknown-fact", include_str!("fault/unknown_fact.md")),
    fault("unknown-algorithm", include_str!("fault/unknown_algorithm.md")),
    fault("unknown-group", include_str!("fault/unknown_group.md")),
    fault("unknown-user", include_str!("fault/unknown_user.md")),
    fault("unknown-attribute", include_str!("fault/unknown_attribute.md")),
    fault("unknown-definition", include_str!("fault/unknown_definition.md")),
    fault("unknown-placeholder", include_str!("fault/unknown_placeholder.md")),
    fault("unknown-timezone", include_str!("fault/unknown_timezone.md")),
    fault("unknown-file", include_str!("fault/unknown_file.md")),
    fault("unknown-value", include_str!("fault/unknown_value.md")),
    fault("type-mismatch", include_str!("fault/type_mismatch.md")),
    fault("invalid-pattern", include_str!("fault/invalid_pattern.md")),
    fault("invalid-hours", include_str!("fault/invalid_hours.md")),
    fault("unclear-hours", include_str!("fault/unclear_hours.md")),
    fault("invalid-number", include_str!("fault/invalid_number.md")),
    fault("reply-too-long", include_str!("fault/reply_too_long.md")),
    fault("empty-text", include_str!("fault/empty_text.md")),
    fault("path-outside", include_str!("fault/path_outside.md")),
    fault("duplicate-name", include_str!("fault/duplicate_name.md")),
    fault("definition-cycle", include_str!("fault/definition_cycle.md")),
    fault("use-cycle", include_str!("fault/use_cycle.md")),
    fault("missing-assign", include_str!("fault/missing_assign.md")),
    fault("several-assigns", include_str!("fault/several_assigns.md")),
    fault("assign-in-also", include_str!("fault/assign_in_also.md")),
    fault("rule-after-otherwise", include_str!("fault/rule_after_otherwise.md")),
    fault("rule-outside-policy", include_str!("fault/rule_outside_policy.md")),
];

const fn fault(name: &'static str, page: &'static str) -> Lint {
    Lint { name, level: LintLevel::Deny, page, found: Found::Fault }
}
