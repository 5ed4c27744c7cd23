//! `timezone "Africa/Cairo"`

use jiff::tz::TimeZone;

use super::context::Context;
use crate::diagnostic::Code;
use crate::inbox::find_timezone;
use crate::language::ast;
use crate::text::{Span, quoted};

/// The time zone that the file sets; `None`: that of the inbox applies.
pub(super) fn time_zone(cx: &mut Context<'_>) -> Option<TimeZone> {
    let file = cx.file;
    let mut first: Option<Span> = None;
    let mut zone = None;
    for item in &file.tree().items {
        let ast::Item::TimeZone(item) = item else { continue };
        if !cx.folder.is_policy(cx.file_name) {
            cx.report(
                cx.error(
                    Code::Syntax,
                    item.span,
                    "a time zone belongs in a policy, not in a file that others use",
                )
                .help("set it in `inbox.toml`, or in the policies that need another one"),
            );
        } else if let Some(first) = first {
            cx.report(
                cx.error(Code::DuplicateName, item.span, "the time zone is set twice")
                    .related(first, "it is first set here"),
            );
        } else {
            first = Some(item.span);
            zone = named_zone(cx, &item.name);
        }
    }
    zone
}

fn named_zone(cx: &mut Context<'_>, name: &ast::TextLiteral) -> Option<TimeZone> {
    let unknown = match find_timezone(&name.value) {
        Ok(zone) => return Some(zone),
        Err(unknown) => unknown,
    };
    let message = format!("there is no time zone called `{}`", name.value);
    let finding = cx.error(Code::UnknownTimezone, name.span, message);
    cx.report(match unknown.near {
        Some(near) => finding.did_you_mean(&near, name.span, quoted(&near)),
        None => finding.help(unknown.help),
    });
    None
}
