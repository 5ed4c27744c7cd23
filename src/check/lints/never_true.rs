//! A condition, or a part of one, that never holds.

use crate::check::lint::{Lint, Pass};
use crate::check::verified::policy_proofs;
use crate::check::workspace::{LintFile, Workspace};
use crate::describe::list;
use crate::diagnostic::{Code, Finding};

pub(in crate::check) const LINT: Lint =
    Lint { code: Code::NeverTrue, page: include_str!("never_true.md"), pass: Pass::File(check) };

fn check(workspace: &Workspace, file: &LintFile<'_>, findings: &mut Vec<Finding>) {
    let Some(facts) = policy_proofs(workspace, file) else { return };
    for constant in facts.proofs.constants.iter().filter(|constant| !constant.holds) {
        let parts: Vec<String> = constant.because.iter().map(|part| facts.quoted(*part)).collect();
        let message = match parts.as_slice() {
            [] | [_] => format!("{} never holds", facts.quoted(constant.span)),
            _ => format!("{} never hold together", list(&parts)),
        };
        findings.push(
            Finding::new(LINT.code, facts.file(), constant.span, message)
                .help("no situation makes this true; change it, or delete it"),
        );
    }
}
