//! A group of one.

use crate::check::checked::Checked;
use crate::check::lint::{Found, Lint};
use crate::diagnostic::{Code, Finding};

pub(in crate::check) const LINT: Lint =
    Lint { code: Code::SingleMember, page: include_str!("single_member.md"), found: Found::InFolder(check) };

fn check(checked: &Checked, findings: &mut Vec<Finding>) {
    let (Some(inbox), Some(source)) = (checked.sound_inbox(), &checked.folder().inbox_source) else { return };
    for group in &inbox.groups {
        let [only] = group.members.as_slice() else { continue };
        let user = &inbox.user(*only).id;
        let message =
            format!("the group `{}` has one member, so every chat given to it is for `{user}`", group.name);
        findings.push(
            Finding::new(LINT.code, &source.name, group.span, message)
                .help(format!("add members, or write `assign user \"{user}\"` in the rules")),
        );
    }
}
