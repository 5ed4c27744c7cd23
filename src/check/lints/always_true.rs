//! A condition, or a part of one, that always holds.

use crate::check::checked::{Checked, CheckedFile};
use crate::check::lint::{Found, Lint};
use crate::check::proofs::proved;
use crate::describe::list;
use crate::diagnostic::{Code, Finding};

pub(in crate::check) const LINT: Lint =
    Lint { code: Code::AlwaysTrue, page: include_str!("always_true.md"), found: Found::InFile(check) };

fn check(checked: &Checked, file: &CheckedFile, findings: &mut Vec<Finding>) {
    let Some(one) = proved(checked, file) else { return };
    for constant in one.proofs.constants.iter().filter(|constant| constant.holds) {
        let parts: Vec<String> = constant.because.iter().map(|part| one.quoted(*part)).collect();
        let message = match parts.as_slice() {
            [] | [_] => format!("{} always holds", one.quoted(constant.span)),
            _ => format!("one of {} always holds", list(&parts)),
        };
        findings.push(
            Finding::new(LINT.code, one.file(), constant.span, message)
                .help("this is so in every situation; leave it out, or ask for what you mean"),
        );
    }
}
