//! An assignment that may have nobody to give.

use crate::check::lint::{Lint, Pass};
use crate::check::verified::{pick, proved};
use crate::check::workspace::{LintFile, Workspace};
use crate::diagnostic::{Code, Finding};

pub(in crate::check) const LINT: Lint =
    Lint { code: Code::NobodyToGive, page: include_str!("nobody_to_give.md"), pass: Pass::File(check) };

fn check(workspace: &Workspace, file: &LintFile<'_>, findings: &mut Vec<Finding>) {
    let Some(one) = proved(workspace, file) else { return };
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
