//! Repairs of the parser that would ask for a user as for a group.

use super::advice::help_for_user;
use crate::diagnostic::{Code, Finding, Fix};
use crate::inbox::Inbox;
use crate::language::vocabulary::FactWord;
use crate::text::quoted;

/// Takes the fixes away that would ask for a user as for a group, as for `"bob" is online` and `any_online "bob"`: the parser
/// knows no names. `text` is that of the file.
pub(crate) fn refuse_users_as_groups(inbox: &Inbox, text: &str, findings: &mut [Finding]) {
    for finding in findings {
        let Some(Fix { edits, .. }) = &finding.fix else { continue };
        let [edit] = edits.as_slice() else { continue };
        let rest = match edit.text.split_once(" in \"") {
            Some((fact, rest)) if FactWord::parse(fact).is_some() => rest,
            None if edit.text == "in " => {
                let after = text.get(edit.span.end as usize..).unwrap_or_default();
                after.strip_prefix('"').unwrap_or_default()
            }
            _ => continue,
        };
        let name = rest.split('"').next().unwrap_or_default();
        if inbox.group_id(name).is_none() && inbox.user_id(name).is_some() {
            finding.code = Code::UnknownGroup;
            finding.message = format!("`{name}` is a user, not a group");
            finding.help = Some(help_for_user(&quoted(name)));
            finding.fix = None;
        }
    }
}
