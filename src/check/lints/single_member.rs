//! A group with one member.

use crate::check::lint::{Lint, Pass};
use crate::check::workspace::Workspace;
use crate::diagnostic::{Code, Finding};

pub(in crate::check) const LINT: Lint =
    Lint { code: Code::SingleMember, page: include_str!("single_member.md"), pass: Pass::Folder(check) };

fn check(workspace: &Workspace, findings: &mut Vec<Finding>) {
    let (Some(inbox), Some(source)) = (workspace.sound_inbox(), &workspace.folder().inbox_source) else {
        return;
    };
    for group in &inbox.groups {
        let [only] = group.members.as_slice() else { continue };
        let user = &inbox.user(*only).id;
        let message = format!(
            "the group `{}` has one member, so every chat that is assigned to it goes to `{user}`",
            group.name
        );
        findings.push(
            Finding::new(LINT.code, &source.name, group.span, message)
                .help(format!("add members, or write `assign user \"{user}\"` in the rules")),
        );
    }
}
