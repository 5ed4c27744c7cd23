//! The pages of the faults, which the parser, the inbox and the resolver find.

use super::lint::{Lint, Pass};
use crate::diagnostic::Code;

/// Every fault.
pub(super) const FAULTS: &[Lint] = &[
    fault(Code::Syntax, include_str!("faults/syntax.md")),
    fault(Code::UnknownFact, include_str!("faults/unknown_fact.md")),
    fault(Code::UnknownAlgorithm, include_str!("faults/unknown_algorithm.md")),
    fault(Code::UnknownGroup, include_str!("faults/unknown_group.md")),
    fault(Code::UnknownUser, include_str!("faults/unknown_user.md")),
    fault(Code::UnknownAttribute, include_str!("faults/unknown_attribute.md")),
    fault(Code::UnknownDefinition, include_str!("faults/unknown_definition.md")),
    fault(Code::UnknownPlaceholder, include_str!("faults/unknown_placeholder.md")),
    fault(Code::UnknownTimezone, include_str!("faults/unknown_timezone.md")),
    fault(Code::UnknownFile, include_str!("faults/unknown_file.md")),
    fault(Code::UnknownValue, include_str!("faults/unknown_value.md")),
    fault(Code::TypeMismatch, include_str!("faults/type_mismatch.md")),
    fault(Code::InvalidPattern, include_str!("faults/invalid_pattern.md")),
    fault(Code::InvalidHours, include_str!("faults/invalid_hours.md")),
    fault(Code::UnclearHours, include_str!("faults/unclear_hours.md")),
    fault(Code::InvalidNumber, include_str!("faults/invalid_number.md")),
    fault(Code::ReplyTooLong, include_str!("faults/reply_too_long.md")),
    fault(Code::EmptyText, include_str!("faults/empty_text.md")),
    fault(Code::PathOutside, include_str!("faults/path_outside.md")),
    fault(Code::DuplicateName, include_str!("faults/duplicate_name.md")),
    fault(Code::DefinitionCycle, include_str!("faults/definition_cycle.md")),
    fault(Code::UseCycle, include_str!("faults/use_cycle.md")),
    fault(Code::MissingAssign, include_str!("faults/missing_assign.md")),
    fault(Code::SeveralAssigns, include_str!("faults/several_assigns.md")),
    fault(Code::AssignInAlso, include_str!("faults/assign_in_also.md")),
    fault(Code::RuleAfterOtherwise, include_str!("faults/rule_after_otherwise.md")),
    fault(Code::LatePlaceholder, include_str!("faults/late_placeholder.md")),
    fault(Code::RuleOutsidePolicy, include_str!("faults/rule_outside_policy.md")),
    fault(Code::TwoPolicies, include_str!("faults/two_policies.md")),
];

const fn fault(code: Code, page: &'static str) -> Lint {
    Lint { code, page, pass: Pass::Fault }
}
