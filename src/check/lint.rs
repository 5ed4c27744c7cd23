//! The table of findings.

use super::checked::{Checked, CheckedFile};
use super::{
    always_true, assign_owner_without_owner, confusing_characters, empty_group, empty_test, fault,
    may_pick_offline, mixed_and_or, never_true, no_inbox, nobody_to_give, not_settled,
    placeholder_may_be_empty, redundant_part, single_member, test_by_chance, unanswered, unknown_skill,
    unnamed_rule, unreachable_alternative, unreachable_rule, unused_definition,
};
use crate::diagnostic::{Code, Finding};

/// A kind of finding.
pub(super) struct Lint {
    pub(super) code: Code,
    /// What it means, with an example of a mistake and of its cure.
    pub(super) page: &'static str,
    /// Where it is found.
    pub(super) found: Found,
}

/// Where a kind of finding is found.
pub(super) enum Found {
    /// While the files are read: the policy has no meaning until it is mended.
    Fault,
    /// While the files are read, though they keep their meaning.
    Reading,
    /// Here, in each file.
    InFile(fn(&Checked, &CheckedFile, &mut Vec<Finding>)),
    /// Here, in the folder as a whole and its inbox.
    InFolder(fn(&Checked, &mut Vec<Finding>)),
}

/// Every kind of finding but the faults.
const LINTS: &[Lint] = &[
    empty_test::LINT,
    test_by_chance::LINT,
    empty_group::LINT,
    single_member::LINT,
    unknown_skill::LINT,
    unused_definition::LINT,
    unnamed_rule::LINT,
    mixed_and_or::LINT,
    confusing_characters::LINT,
    no_inbox::LINT,
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
    fault::FAULTS.iter().chain(LINTS)
}

/// The page of `code`: what it means, a mistake and its cure, as Markdown.
pub fn explain(code: Code) -> &'static str {
    lints().find(|lint| lint.code == code).map_or("", |lint| lint.page)
}
