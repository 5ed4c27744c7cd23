//! A placeholder that may be empty.

use crate::check::lint::{Lint, Pass};
use crate::check::verified::{policy_proofs, with_example};
use crate::check::workspace::{LintFile, Workspace};
use crate::diagnostic::{Code, Finding};

pub(in crate::check) const LINT: Lint = Lint {
    code: Code::PlaceholderMayBeEmpty,
    page: include_str!("placeholder_may_be_empty.md"),
    pass: Pass::File(check),
};

fn check(workspace: &Workspace, file: &LintFile<'_>, findings: &mut Vec<Finding>) {
    let Some(facts) = policy_proofs(workspace, file) else { return };
    for found in &facts.proofs.empty_placeholders {
        let written = facts.slice(found.span);
        let named = written.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).map(str::trim);
        let (message, help) = match named {
            Some(name) => (
                format!("`{{{name}}}` may be empty"),
                format!("say what to write then, as in `{{{name} or …}}`"),
            ),
            None => (
                "a placeholder in this text may be empty".to_owned(),
                "say what to write then, with `or …`".to_owned(),
            ),
        };
        findings.push(with_example(
            &facts,
            Finding::new(LINT.code, facts.file(), found.span, message),
            &found.example,
            &help,
        ));
    }
}
