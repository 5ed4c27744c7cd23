//! A group without members.

use crate::check::lint::{Lint, Pass};
use crate::check::workspace::Workspace;
use crate::diagnostic::{Code, Finding};

pub(in crate::check) const LINT: Lint =
    Lint { code: Code::EmptyGroup, page: include_str!("empty_group.md"), pass: Pass::Folder(check) };

fn check(workspace: &Workspace, findings: &mut Vec<Finding>) {
    let (Some(inbox), Some(source)) = (workspace.sound_inbox(), &workspace.folder().inbox_source) else {
        return;
    };
    for group in inbox.groups.iter().filter(|group| group.members.is_empty()) {
        let message = format!("the group `{}` has no members", group.name);
        findings.push(
            Finding::new(LINT.code, &source.name, group.span, message)
                .help("a chat that is assigned to it waits until somebody is added to the group"),
        );
    }
}
