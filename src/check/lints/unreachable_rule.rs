//! A rule that no message reaches.

use crate::check::lint::{Lint, Pass};
use crate::check::verified::{PolicyProofs, policy_proofs};
use crate::check::workspace::{LintFile, Workspace};
use crate::describe::list;
use crate::diagnostic::{Code, Finding};
use crate::prove::Unreachable;

pub(in crate::check) const LINT: Lint =
    Lint { code: Code::UnreachableRule, page: include_str!("unreachable_rule.md"), pass: Pass::File(check) };

fn check(workspace: &Workspace, file: &LintFile<'_>, findings: &mut Vec<Finding>) {
    let Some(facts) = policy_proofs(workspace, file) else { return };
    findings.extend(facts.proofs.unreachable.iter().map(|dead| unreachable(&facts, dead)));
}

fn unreachable(facts: &PolicyProofs<'_>, dead: &Unreachable) -> Finding {
    let names: Vec<String> = dead.blockers.iter().map(|rule| facts.name(*rule)).collect();
    let (takes, move_it) = match names.as_slice() {
        [] => ("the rules above it take every message".to_owned(), "move it up".to_owned()),
        [only] => (format!("{only} takes every message"), format!("move it above {only}")),
        _ => (format!("{} together take every message", list(&names)), "move it above them".to_owned()),
    };
    let finding = Finding::new(
        LINT.code,
        facts.file(),
        facts.heading(dead.rule),
        format!("no message reaches this rule: {takes} that it could take"),
    )
    .help(format!("{move_it}, make the conditions above it narrower, or delete it"));
    let all = dead.blockers.len() == 1;
    dead.blockers.iter().fold(finding, |finding, rule| {
        finding.related(
            facts.heading(*rule),
            if all { "this takes them all" } else { "this takes some of them" },
        )
    })
}
