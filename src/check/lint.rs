//! What a kind of finding is: its code, its page, and where it is found.

use super::workspace::{LintFile, Workspace};
use crate::diagnostic::{Code, Finding};

/// A kind of finding.
pub(super) struct Lint {
    pub(super) code: Code,
    /// What it means, with an example of the mistake and of its repair.
    pub(super) page: &'static str,
    /// What finds it.
    pub(super) pass: Pass,
}

/// What finds a kind of finding.
pub(super) enum Pass {
    /// The parser or the resolver, which cannot give the policy a meaning.
    Fault,
    /// A function that looks at each file.
    File(fn(&Workspace, &LintFile<'_>, &mut Vec<Finding>)),
    /// A function that looks at the folder as a whole and its inbox.
    Folder(fn(&Workspace, &mut Vec<Finding>)),
}

/// Whether such findings are made by proofs.
pub fn is_proof(code: Code) -> bool {
    matches!(
        code,
        Code::UnreachableRule
            | Code::UnreachableAlternative
            | Code::NeverTrue
            | Code::AlwaysTrue
            | Code::RedundantPart
            | Code::NotSettled
            | Code::Unanswered
            | Code::AssignOwnerWithoutOwner
            | Code::NobodyToGive
            | Code::MayPickOffline
            | Code::PlaceholderMayBeEmpty
    )
}
