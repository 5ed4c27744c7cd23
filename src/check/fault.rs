//! Faults: what leaves a policy without a meaning. They are found where they show; here are their pages.

use super::lint::{Found, Lint};
use crate::diagnostic::Code;

/// Every fault.
pub(super) const FAULTS: &[Lint] = &[
    fault(Code::Syntax, include_str!("fault/syntax.md")),
    fault(Code::UnknownFact, include_str!("fault/unknown_fact.md")),
    fault(Code::UnknownAlgorithm, include_str!("fault/unknown_algorithm.md")),
    fault(Code::UnknownGroup, include_str!("fault/unknown_group.md")),
    fault(Code::UnknownUser, include_str!("fault/unknown_user.md")),
    fault(Code::UnknownAttribute, include_str!("fault/unknown_attribute.md")),
    fault(Code::UnknownDefinition, include_str!("fault/unknown_definition.md")),
    fault(Code::UnknownPlaceholder, include_str!("fault/unknown_placeholder.md")),
    fault(Code::UnknownTimezone, include_str!("fault/unknown_timezone.md")),
    fault(Code::UnknownFile, include_str!("fault/unknown_file.md")),
    fault(Code::UnknownValue, include_str!("fault/unknown_value.md")),
    fault(Code::TypeMismatch, include_str!("fault/type_mismatch.md")),
    fault(Code::InvalidPattern, include_str!("fault/invalid_pattern.md")),
    fault(Code::InvalidHours, include_str!("fault/invalid_hours.md")),
    fault(Code::UnclearHours, include_str!("fault/unclear_hours.md")),
    fault(Code::InvalidNumber, include_str!("fault/invalid_number.md")),
    fault(Code::ReplyTooLong, include_str!("fault/reply_too_long.md")),
    fault(Code::EmptyText, include_str!("fault/empty_text.md")),
    fault(Code::PathOutside, include_str!("fault/path_outside.md")),
    fault(Code::DuplicateName, include_str!("fault/duplicate_name.md")),
    fault(Code::DefinitionCycle, include_str!("fault/definition_cycle.md")),
    fault(Code::UseCycle, include_str!("fault/use_cycle.md")),
    fault(Code::MissingAssign, include_str!("fault/missing_assign.md")),
    fault(Code::SeveralAssigns, include_str!("fault/several_assigns.md")),
    fault(Code::AssignInAlso, include_str!("fault/assign_in_also.md")),
    fault(Code::RuleAfterOtherwise, include_str!("fault/rule_after_otherwise.md")),
    fault(Code::RuleOutsidePolicy, include_str!("fault/rule_outside_policy.md")),
];

const fn fault(code: Code, page: &'static str) -> Lint {
    Lint { code, page, found: Found::Fault }
}
