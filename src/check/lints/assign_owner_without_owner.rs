//! `assign owner` where there may be no owner.

use crate::check::checked::{Checked, CheckedFile};
use crate::check::lint::{Found, Lint};
use crate::check::proofs::{pick, proved};
use crate::diagnostic::{Code, Finding};

pub(in crate::check) const LINT: Lint = Lint {
    code: Code::AssignOwnerWithoutOwner,
    page: include_str!("assign_owner_without_owner.md"),
    found: Found::InFile(check),
};

fn check(checked: &Checked, file: &CheckedFile, findings: &mut Vec<Finding>) {
    let Some(one) = proved(checked, file) else { return };
    for found in &one.proofs.ownerless {
        let help = "say who takes the chat then, as in `assign owner else group \"…\" by least_chats`, or ask for `has_owner`";
        findings.extend(pick(
            &one,
            LINT.code,
            found,
            "the customer may have no owner, and there is no `else`",
            help,
        ));
    }
}
