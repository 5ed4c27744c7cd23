//! A condition, or a part of one, that never holds.

use crate::check::checked::{Checked, CheckedFile};
use crate::check::lint::{Found, Lint};
use crate::check::proofs::proved;
use crate::describe::list;
use crate::diagnostic::{Code, Finding};

pub(in crate::check) const LINT: Lint =
    Lint { code: Code::NeverTrue, page: include_str!("never_true.md"), found: Found::InFile(check) };

fn check(checked: &Checked, file: &CheckedFile, findings: &mut Vec<Finding>) {
    let Some(one) = proved(checked, file) else { return };
    for constant in one.proofs.constants.iter().filter(|constant| !constant.holds) {
        let parts: Vec<String> = constant.because.iter().map(|part| one.quoted(*part)).collect();
        let message = match parts.as_slice() {
            [] | [_] => format!("{} never holds", one.quoted(constant.span)),
            _ => format!("{} never hold together", list(&parts)),
        };
        findings.push(
            Finding::new(LINT.code, one.file(), constant.span, message)
                .help("there is no situation in which this is so; change it, or delete it"),
        );
    }
}
