//! A message that no rule answers.

use crate::check::lint::{Lint, Pass};
use crate::check::verified::{policy_proofs, with_example};
use crate::check::workspace::{LintFile, Workspace};
use crate::diagnostic::{Code, Finding};

pub(in crate::check) const LINT: Lint =
    Lint { code: Code::Unanswered, page: include_str!("unanswered.md"), pass: Pass::File(check) };

fn check(workspace: &Workspace, file: &LintFile<'_>, findings: &mut Vec<Finding>) {
    let Some(facts) = policy_proofs(workspace, file) else { return };
    let Some(found) = &facts.proofs.unanswered else { return };
    let help = "end the file with `otherwise:`, which takes every message that no rule takes";
    findings.push(with_example(
        &facts,
        Finding::new(LINT.code, facts.file(), facts.last_rule(), "there are messages that no rule answers"),
        found,
        help,
    ));
}
