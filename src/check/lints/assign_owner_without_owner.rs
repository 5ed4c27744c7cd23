//! `assign owner` where there may be no owner.

use crate::check::lint::{Lint, Pass};
use crate::check::verified::{alternative_finding, policy_proofs};
use crate::check::workspace::{LintFile, Workspace};
use crate::diagnostic::{Code, Finding};

pub(in crate::check) const LINT: Lint = Lint {
    code: Code::AssignOwnerWithoutOwner,
    page: include_str!("assign_owner_without_owner.md"),
    pass: Pass::File(check),
};

fn check(workspace: &Workspace, file: &LintFile<'_>, findings: &mut Vec<Finding>) {
    let Some(facts) = policy_proofs(workspace, file) else { return };
    for found in &facts.proofs.ownerless {
        let help = "say who takes the chat then, as in `assign owner else group \"…\" by least_chats`, or add `has_owner` to the condition";
        findings.extend(alternative_finding(
            &facts,
            LINT.code,
            found,
            "the customer may have no owner, and there is no `else`",
            help,
        ));
    }
}
