//! A number of the inbox that no policy answers.

use crate::check::lint::{Lint, Pass};
use crate::check::workspace::Workspace;
use crate::diagnostic::{Code, Finding};
use crate::inbox::is_e164;

pub(in crate::check) const LINT: Lint = Lint {
    code: Code::NumberWithoutPolicy,
    page: include_str!("number_without_policy.md"),
    pass: Pass::Folder(check),
};

fn check(workspace: &Workspace, findings: &mut Vec<Finding>) {
    let folder = workspace.folder();
    let Some(source) = folder.inbox_source.as_ref().filter(|_| folder.is_whole) else { return };
    let exists = |file: &str| folder.files.contains(file);
    if exists("default.rules") {
        return;
    }
    // What is not a full number has a finding of its own.
    for (number, entry) in folder.inbox.numbers.iter().filter(|(number, _)| is_e164(number)) {
        if entry.rules.is_none() && !exists(&format!("{number}.rules")) {
            let message = format!("no policy answers `{number}`");
            let help = format!(
                "write `{number}.rules` or `default.rules`, or name its policy here, as in `rules = \"store.rules\"`"
            );
            findings.push(Finding::new(LINT.code, &source.name, entry.span, message).help(help));
        }
    }
}
