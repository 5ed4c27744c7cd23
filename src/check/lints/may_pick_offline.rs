//! A choice that may fall on a user who is offline while others are online.

use crate::check::lint::{Lint, Pass};
use crate::check::verified::{alternative_finding, policy_proofs};
use crate::check::workspace::{LintFile, Workspace};
use crate::diagnostic::{Code, Finding};

pub(in crate::check) const LINT: Lint =
    Lint { code: Code::MayPickOffline, page: include_str!("may_pick_offline.md"), pass: Pass::File(check) };

fn check(workspace: &Workspace, file: &LintFile<'_>, findings: &mut Vec<Finding>) {
    let Some(facts) = policy_proofs(workspace, file) else { return };
    for found in &facts.proofs.offline {
        let help = "write `among online` and an `else` if you would rather give it to somebody online";
        findings.extend(alternative_finding(
            &facts,
            LINT.code,
            found,
            "this may choose somebody who is offline while others are online",
            help,
        ));
    }
}
