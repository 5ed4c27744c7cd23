//! An `else` that is never tried.

use crate::check::lint::{Lint, Pass};
use crate::check::verified::policy_proofs;
use crate::check::workspace::{LintFile, Workspace};
use crate::diagnostic::{Code, Finding};
use crate::language::vocabulary::Algorithm;
use crate::policy::Target;

pub(in crate::check) const LINT: Lint = Lint {
    code: Code::UnreachableAlternative,
    page: include_str!("unreachable_alternative.md"),
    pass: Pass::File(check),
};

/// What the alternative before does, for the message and for the label on it.
const FINDS_SOMEBODY: (&str, &str) = ("always finds somebody", "this always finds somebody here");

fn check(workspace: &Workspace, file: &LintFile<'_>, findings: &mut Vec<Finding>) {
    let Some(facts) = policy_proofs(workspace, file) else { return };
    for (rule, at) in &facts.proofs.unreachable_alternatives {
        let Some(here) = facts.alternative(*rule, *at) else { continue };
        let before = at.checked_sub(1).and_then(|at| facts.alternative(*rule, at));
        let (why, label) = before.map_or(FINDS_SOMEBODY, |before| reason(&before.target));
        let message = format!("this alternative is never tried: the one before it {why}");
        let finding = Finding::new(LINT.code, facts.file(), here.span, message)
            .help("remove it, or say how long to wait for the one before, as in `for 5m else`");
        findings.push(match before {
            Some(before) => finding.related(before.span, label),
            None => finding,
        });
    }
}

fn reason(before: &Target) -> (&'static str, &'static str) {
    match before {
        Target::Group(target) if target.by == Algorithm::Hand => {
            ("puts the chat in a queue", "`by hand` puts the chat in the queue, so nothing after it is tried")
        }
        Target::Nobody => ("assigns nobody", "`nobody` ends the assignment, so nothing after it is tried"),
        Target::Owner { .. } | Target::User { .. } | Target::Group(_) => FINDS_SOMEBODY,
    }
}
