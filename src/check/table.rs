//! The table of findings.

use super::faults::FAULTS;
use super::lint::Lint;
use super::lints::{
    always_true, assign_owner_without_owner, confusing_characters, doubled_braces, empty_group, empty_test,
    ignored_file, impossible_value, kind_in_quotes, last_minute, may_pick_offline, mixed_and_or, never_true,
    no_inbox, nobody_to_give, not_settled, number_without_policy, placeholder_may_be_empty, redundant_part,
    single_member, test_by_chance, unanswered, unknown_rule, unknown_skill, unnamed_rule,
    unreachable_alternative, unreachable_rule, unused_definition,
};
use crate::diagnostic::Code;

/// Every lint.
const LINTS: &[Lint] = &[
    empty_test::LINT,
    test_by_chance::LINT,
    unknown_rule::LINT,
    empty_group::LINT,
    single_member::LINT,
    unknown_skill::LINT,
    unused_definition::LINT,
    unnamed_rule::LINT,
    mixed_and_or::LINT,
    confusing_characters::LINT,
    no_inbox::LINT,
    number_without_policy::LINT,
    ignored_file::LINT,
    impossible_value::LINT,
    doubled_braces::LINT,
    kind_in_quotes::LINT,
    last_minute::LINT,
    unreachable_rule::LINT,
    unreachable_alternative::LINT,
    never_true::LINT,
    always_true::LINT,
    redundant_part::LINT,
    not_settled::LINT,
    unanswered::LINT,
    assign_owner_without_owner::LINT,
    nobody_to_give::LINT,
    may_pick_offline::LINT,
    placeholder_may_be_empty::LINT,
];

/// Every row, the faults first.
pub(super) fn lints() -> impl Iterator<Item = &'static Lint> {
    FAULTS.iter().chain(LINTS)
}

/// The page of `code` as Markdown: what it means, with an example of the mistake and of its repair.
pub fn explain(code: Code) -> &'static str {
    match code {
        Code::MissingSetting => include_str!("settings/missing_setting.md"),
        Code::SecretInFile => include_str!("settings/secret_in_file.md"),
        _ => lints().find(|lint| lint.code == code).map_or("", |lint| lint.page),
    }
}
