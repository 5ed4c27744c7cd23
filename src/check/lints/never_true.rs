//! A condition, or a part of one, that never holds.

use crate::check::lint::{Lint, Pass};
use crate::check::verified::policy_proofs;
use crate::check::workspace::{LintFile, Workspace};
use crate::describe::list;
use crate::diagnostic::{Code, Finding};
use crate::language::ast::RuleKind;

pub(in crate::check) const LINT: Lint =
    Lint { code: Code::NeverTrue, page: include_str!("never_true.md"), pass: Pass::File(check) };

fn check(workspace: &Workspace, file: &LintFile<'_>, findings: &mut Vec<Finding>) {
    let Some(facts) = policy_proofs(workspace, file) else { return };
    let constants = facts.proofs.constants.iter().chain(&facts.proofs.parts_never_asked);
    for constant in constants.filter(|constant| !constant.holds) {
        let parts: Vec<String> = constant.because.iter().map(|part| facts.quoted(*part)).collect();
        let (asked, help) = where_asked(constant.asked);
        let message = match parts.as_slice() {
            [] | [_] => format!("{} never holds{asked}", facts.quoted(constant.span)),
            _ => format!("{} never hold together{asked}", list(&parts)),
        };
        findings.push(Finding::new(LINT.code, facts.file(), constant.span, message).help(help));
    }
}

/// Where a rule of the kind is asked, if that is why its condition never holds; and what to do.
fn where_asked(kind: Option<RuleKind>) -> (&'static str, &'static str) {
    match kind {
        Some(RuleKind::Regular) => (
            " where this rule is asked",
            "a rule is asked only where no chat is open; write `move` before it to be asked in an open chat",
        ),
        Some(RuleKind::Move) => (
            " where this rule is asked",
            "a `move` rule is asked only where a chat is open, so the customer has written before",
        ),
        Some(RuleKind::Also) | None => ("", "no situation makes this true; change it, or delete it"),
    }
}
