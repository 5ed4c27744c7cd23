//! Rule files without an `inbox.toml`, so that names cannot be looked up.

use crate::check::lint::{Lint, Pass};
use crate::check::workspace::Workspace;
use crate::diagnostic::{Code, Finding};
use crate::text::Span;

pub(in crate::check) const LINT: Lint =
    Lint { code: Code::NoInbox, page: include_str!("no_inbox.md"), pass: Pass::Folder(check) };

fn check(workspace: &Workspace, findings: &mut Vec<Finding>) {
    if !workspace.folder().inbox.is_inferred || workspace.folder().inbox_source.is_some() {
        return;
    }
    // Once, however many files there are.
    if let Some(first) = workspace.folder().files.values().next() {
        let message =
            "there is no `inbox.toml`, so the names of groups, users and attributes are not checked";
        findings.push(
            Finding::new(LINT.code, &first.source.name, Span::default(), message)
                .help("`rules init` writes a first `inbox.toml`"),
        );
    }
}
