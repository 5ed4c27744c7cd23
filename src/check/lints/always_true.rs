//! A condition, or a part of one, that always holds.

use crate::check::lint::{Lint, Pass};
use crate::check::verified::policy_proofs;
use crate::check::workspace::{LintFile, Workspace};
use crate::describe::list;
use crate::diagnostic::{Code, Finding};

pub(in crate::check) const LINT: Lint =
    Lint { code: Code::AlwaysTrue, page: include_str!("always_true.md"), pass: Pass::File(check) };

fn check(workspace: &Workspace, file: &LintFile<'_>, findings: &mut Vec<Finding>) {
    let Some(facts) = policy_proofs(workspace, file) else { return };
    for constant in facts.proofs.constants.iter().filter(|constant| constant.holds) {
        let parts: Vec<String> = constant.because.iter().map(|part| facts.quoted(*part)).collect();
        let message = match parts.as_slice() {
            [] | [_] => format!("{} always holds", facts.quoted(constant.span)),
            _ => format!("one of {} always holds", list(&parts)),
        };
        findings.push(
            Finding::new(LINT.code, facts.file(), constant.span, message)
                .help("this holds in every situation; remove it, or write the condition that you meant"),
        );
    }
}
