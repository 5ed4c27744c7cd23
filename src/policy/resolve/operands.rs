//! A comparison or a group after a word that takes none: what may have been meant.

use super::context::Context;
use crate::diagnostic::Code;
use crate::language::ast::{self, Literal};
use crate::language::vocabulary::FactWord;
use crate::text::Span;

/// Reports the comparison after `word`, which is true or false.
pub(super) fn report_comparison(
    cx: &mut Context<'_>,
    word: &ast::Word,
    group: Option<&ast::TextLiteral>,
    compare: &ast::Compare,
) {
    let source = &cx.file.source;
    let kind = match compare.value.value {
        Literal::Duration(_) => "a duration",
        Literal::Text(_) => "a text",
        _ => "a number",
    };
    let name = word.value.as_str();
    let scope = group.map(|group| format!(" in {}", source.slice(group.span))).unwrap_or_default();
    let span = compare.op.span.to(compare.value.span);
    if let Literal::Word(value) = &compare.value.value {
        let message = format!("`{name}` is true or false, so it is not compared");
        let help = match value.as_str() {
            "false" | "no" => format!("write `not {name}{scope}`"),
            _ => format!("write `{name}{scope}` alone"),
        };
        cx.report(cx.error(Code::TypeMismatch, span, message).help(help));
        return;
    }
    let test = format!("{} {}", source.slice(compare.op.span), source.slice(compare.value.span));
    let is_duration = matches!(compare.value.value, Literal::Duration(_));
    let help = match FactWord::parse(name) {
        Some(FactWord::ChatOpen) if is_duration => format!("write `chat.open_for {test}`"),
        Some(FactWord::ChatWaiting) if is_duration => format!("write `chat.waiting_for {test}`"),
        _ if is_duration => format!("write `{name}` alone"),
        Some(FactWord::ChatWaiting) => format!("write `chat_waiting` alone, or count: `waiting {test}`"),
        Some(FactWord::AnyOnline) => format!("to count who is online, write `online{scope} {test}`"),
        Some(FactWord::AnyAvailable) => format!("to count who is available, write `available{scope} {test}`"),
        Some(FactWord::AllOffline) => {
            format!(
                "users who are offline cannot be counted; write `all_offline{scope}` alone, or count who is online, as in `online{scope} < 2`"
            )
        }
        _ => format!("write `{name}` alone, or compare `online`, `available` or `waiting`"),
    };
    let message = format!("`{name}` is true or false, so it cannot be compared with {kind}");
    cx.report(cx.error(Code::TypeMismatch, span, message).help(help));
}

/// Reports the group after `word`, which takes none; `span` is all of it.
pub(super) fn report_group(cx: &mut Context<'_>, word: &ast::Word, group: &ast::TextLiteral, span: Span) {
    let name = word.value.as_str();
    let group = cx.file.source.slice(group.span);
    let help = match FactWord::parse(name) {
        Some(FactWord::ChatOpen | FactWord::ChatWaiting | FactWord::ChatAnswered) => {
            format!("ask for the group of the chat too: `{name} and chat in {group}`")
        }
        Some(FactWord::UserOnline | FactWord::UserOffline | FactWord::UserAway) => format!(
            "`{name} and chat in {group}` asks for the group of the chat too, `any_online in {group}` for anybody in the group"
        ),
        Some(FactWord::HasOwner | FactWord::OwnerOnline | FactWord::OwnerOffline | FactWord::OwnerAway) => {
            format!(
                "there is no condition for the groups of the owner; `any_online in {group}` asks for anybody in the group"
            )
        }
        Some(FactWord::NewCustomer | FactWord::ReturningCustomer) => {
            format!("customers are in no group; `any_online in {group}` asks who is online there")
        }
        _ => format!("write `in {group}` in the conditions that `{name}` stands for"),
    };
    let message = format!("`{name}` does not take a group");
    cx.report(cx.error(Code::TypeMismatch, span, message).help(help));
}
