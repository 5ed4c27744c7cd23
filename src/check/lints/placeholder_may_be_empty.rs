//! A placeholder that may be empty.

use crate::check::lint::{Lint, Pass};
use crate::check::verified::{example, proved};
use crate::check::workspace::{LintFile, Workspace};
use crate::diagnostic::{Code, Finding};

pub(in crate::check) const LINT: Lint = Lint {
    code: Code::PlaceholderMayBeEmpty,
    page: include_str!("placeholder_may_be_empty.md"),
    pass: Pass::File(check),
};

fn check(workspace: &Workspace, file: &LintFile<'_>, findings: &mut Vec<Finding>) {
    let Some(one) = proved(workspace, file) else { return };
    for found in &one.proofs.empty_placeholders {
        let written = one.slice(found.span);
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
        findings.push(example(
            &one,
            Finding::new(LINT.code, one.file(), found.span, message),
            &found.example,
            &help,
        ));
    }
}
