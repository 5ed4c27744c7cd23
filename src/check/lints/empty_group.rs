//! A group without members.

use crate::check::checked::Checked;
use crate::check::lint::{Found, Lint};
use crate::diagnostic::{Code, Finding};

pub(in crate::check) const LINT: Lint =
    Lint { code: Code::EmptyGroup, page: include_str!("empty_group.md"), found: Found::InFolder(check) };

fn check(checked: &Checked, findings: &mut Vec<Finding>) {
    let (Some(inbox), Some(source)) = (checked.sound_inbox(), &checked.folder().inbox_source) else { return };
    for group in inbox.groups.iter().filter(|group| group.members.is_empty()) {
        let message = format!("the group `{}` has no members", group.name);
        findings.push(
            Finding::new(LINT.code, &source.name, group.span, message)
                .help("a chat given to it waits until somebody is added to the group"),
        );
    }
}
