//! A part that the rest of its condition implies.

use crate::check::lint::{Lint, Pass};
use crate::check::verified::policy_proofs;
use crate::check::workspace::{LintFile, Workspace};
use crate::diagnostic::{Code, Finding};

pub(in crate::check) const LINT: Lint =
    Lint { code: Code::RedundantPart, page: include_str!("redundant_part.md"), pass: Pass::File(check) };

fn check(workspace: &Workspace, file: &LintFile<'_>, findings: &mut Vec<Finding>) {
    let Some(facts) = policy_proofs(workspace, file) else { return };
    // One cause is one finding: what never holds is told as that.
    let never = &facts.proofs.parts_never_asked;
    for span in facts.proofs.redundant.iter().filter(|span| never.iter().all(|part| part.span != **span)) {
        let message =
            format!("{} makes no difference: the rest of the condition implies it", facts.quoted(*span));
        findings.push(
            Finding::new(LINT.code, facts.file(), *span, message)
                .help("remove it, unless it helps to read the rule"),
        );
    }
}
