//! An `else` that is never tried.

use crate::check::lint::{Lint, Pass};
use crate::check::verified::policy_proofs;
use crate::check::workspace::{LintFile, Workspace};
use crate::diagnostic::{Code, Finding};

pub(in crate::check) const LINT: Lint = Lint {
    code: Code::UnreachableAlternative,
    page: include_str!("unreachable_alternative.md"),
    pass: Pass::File(check),
};

fn check(workspace: &Workspace, file: &LintFile<'_>, findings: &mut Vec<Finding>) {
    let Some(facts) = policy_proofs(workspace, file) else { return };
    for (rule, at) in &facts.proofs.unreachable_alternatives {
        let Some(here) = facts.alternative(*rule, *at) else { continue };
        let finding = Finding::new(
            LINT.code,
            facts.file(),
            here.span,
            "this alternative is never tried: the one before it always finds somebody",
        )
        .help("remove it, or say how long to wait for the one before, as in `for 5m else`");
        let before = at.checked_sub(1).and_then(|at| facts.alternative(*rule, at));
        findings.push(match before {
            Some(before) => finding.related(before.span, "this always finds somebody here"),
            None => finding,
        });
    }
}
