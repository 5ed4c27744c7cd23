//! An assignment that may find nobody.

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
        let help = "say with `else` who takes it then, or end with `by hand` if it should wait";
        findings.extend(pick(
            &one,
            LINT.code,
            found,
            "there may be nobody who can take the chat, so that it waits",
            help,
        ));
    }
}
