//! An assignment that may find nobody.

use crate::check::lint::{Lint, Pass};
use crate::check::verified::{alternative_finding, policy_proofs};
use crate::check::workspace::{LintFile, Workspace};
use crate::diagnostic::{Code, Finding};
use crate::language::ast::RuleKind;

pub(in crate::check) const LINT: Lint =
    Lint { code: Code::NobodyToGive, page: include_str!("nobody_to_give.md"), pass: Pass::File(check) };

fn check(workspace: &Workspace, file: &LintFile<'_>, findings: &mut Vec<Finding>) {
    let Some(facts) = policy_proofs(workspace, file) else { return };
    // A skill that nobody has is a different finding.
    for found in facts.proofs.nobody.iter().filter(|found| !facts.needs_missing_skill(found.rule)) {
        let is_move = facts.policy().rules.get(found.rule).is_some_and(|rule| rule.kind == RuleKind::Move);
        let (message, help) = if is_move {
            (
                "nobody can ever take the chat, so it always stays",
                "who has the chat is left out; name somebody else",
            )
        } else {
            (
                "if nobody can take the chat, it waits",
                "say with `else` who takes it then, or end with `by hand` if it should wait",
            )
        };
        findings.extend(alternative_finding(&facts, LINT.code, found, message, help));
    }
}
