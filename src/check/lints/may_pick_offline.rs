//! A choice that may fall on somebody who is not online, though others are.

use crate::check::lint::{Lint, Pass};
use crate::check::verified::{pick, proved};
use crate::check::workspace::{LintFile, Workspace};
use crate::diagnostic::{Code, Finding};

pub(in crate::check) const LINT: Lint =
    Lint { code: Code::MayPickOffline, page: include_str!("may_pick_offline.md"), pass: Pass::File(check) };

fn check(workspace: &Workspace, file: &LintFile<'_>, findings: &mut Vec<Finding>) {
    let Some(one) = proved(workspace, file) else { return };
    for found in &one.proofs.offline {
        let help = "write `among online` and an `else` if you would rather give it to somebody online";
        findings.extend(pick(
            &one,
            LINT.code,
            found,
            "this may choose somebody who is not online, while others are",
            help,
        ));
    }
}
