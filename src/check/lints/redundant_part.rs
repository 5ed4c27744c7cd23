//! A part that the rest of its condition implies.

use crate::check::checked::{Checked, CheckedFile};
use crate::check::lint::{Found, Lint};
use crate::check::proofs::proved;
use crate::diagnostic::{Code, Finding};

pub(in crate::check) const LINT: Lint =
    Lint { code: Code::RedundantPart, page: include_str!("redundant_part.md"), found: Found::InFile(check) };

fn check(checked: &Checked, file: &CheckedFile, findings: &mut Vec<Finding>) {
    let Some(one) = proved(checked, file) else { return };
    for span in &one.proofs.redundant {
        let message =
            format!("{} makes no difference: the rest of the condition says as much", one.quoted(*span));
        findings.push(
            Finding::new(LINT.code, one.file(), *span, message)
                .help("leave it out, unless it helps to read the rule"),
        );
    }
}
