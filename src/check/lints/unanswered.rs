//! A message that no rule answers.

use crate::check::checked::{Checked, CheckedFile};
use crate::check::lint::{Found, Lint};
use crate::check::proofs::{example, proved};
use crate::diagnostic::{Code, Finding};

pub(in crate::check) const LINT: Lint =
    Lint { code: Code::Unanswered, page: include_str!("unanswered.md"), found: Found::InFile(check) };

fn check(checked: &Checked, file: &CheckedFile, findings: &mut Vec<Finding>) {
    let Some(one) = proved(checked, file) else { return };
    let Some(found) = &one.proofs.unanswered else { return };
    let help = "end the file with `otherwise:`, which takes what no rule takes";
    findings.push(example(
        &one,
        Finding::new(LINT.code, one.file(), one.last_rule(), "there are messages that no rule answers"),
        found,
        help,
    ));
}
