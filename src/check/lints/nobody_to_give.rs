//! An assignment that may have nobody to give.

use crate::check::checked::{Checked, CheckedFile};
use crate::check::lint::{Found, Lint};
use crate::check::proofs::{pick, proved};
use crate::diagnostic::{Code, Finding};

pub(in crate::check) const LINT: Lint =
    Lint { code: Code::NobodyToGive, page: include_str!("nobody_to_give.md"), found: Found::InFile(check) };

fn check(checked: &Checked, file: &CheckedFile, findings: &mut Vec<Finding>) {
    let Some(one) = proved(checked, file) else { return };
    // A skill that nobody has is a finding of its own.
    for found in one.proofs.nobody.iter().filter(|found| !one.asks_for_nobody(found.rule)) {
        let help = "say who takes it then with `else`, or end with `by hand` if it shall wait";
        findings.extend(pick(
            &one,
            LINT.code,
            found,
            "it may be that nobody can take the chat, and it waits",
            help,
        ));
    }
}
