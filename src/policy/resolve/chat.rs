//! Conditions about the open chat.

use super::condition::duration;
use super::context::{self, Context};
use crate::diagnostic::Code;
use crate::language::ast::{self, ValueTest};
use crate::language::vocabulary::ChatTime;
use crate::policy::condition::Fact;
use crate::text::{Span, quoted};

/// `chat with any ["bob", "carol"]`
pub(super) fn with(cx: &mut Context<'_>, users: &[ast::TextLiteral], span: Span) -> Option<Fact> {
    if let [name] = users
        && cx.inbox().user_id(&name.value).is_none()
        && cx.inbox().group_id(&name.value).is_some()
    {
        let message = format!("`{}` is a group, not a user", name.value);
        let fixed = format!("chat in {}", quoted(&name.value));
        let finding = cx.error(Code::UnknownUser, name.span, message);
        cx.report(finding.did_you_mean(&fixed, span, fixed.as_str()));
        return None;
    }
    let ids: Vec<_> = users.iter().map(|id| cx.user(id)).collect();
    ids.into_iter().collect::<Option<_>>().map(Fact::ChatWith)
}

/// `chat in "Support"`
pub(super) fn within(cx: &mut Context<'_>, group: &ast::TextLiteral, span: Span) -> Option<Fact> {
    if cx.inbox().group_id(&group.value).is_none() && cx.inbox().user_id(&group.value).is_some() {
        let message = format!("`{}` is a user, not a group", group.value);
        let fixed = format!("chat with {}", quoted(&group.value));
        let finding = cx.error(Code::UnknownGroup, group.span, message);
        cx.report(finding.did_you_mean(&fixed, span, fixed.as_str()));
        return None;
    }
    cx.group(group).map(Fact::ChatIn)
}

/// `chat.open_for > 1d`
pub(super) fn part(
    cx: &mut Context<'_>,
    part: &ast::Word,
    test: Option<&ValueTest>,
    span: Span,
) -> Option<Fact> {
    if let Some(of) = ChatTime::parse(&part.value) {
        let example = match of {
            ChatTime::OpenFor => "chat.open_for > 1d",
            ChatTime::WaitingFor => "chat.waiting_for > 10m",
        };
        let (op, seconds) = duration(cx, part, test, example)?;
        return Some(Fact::ChatTime { of, op, seconds });
    }
    let finding = cx.error(Code::UnknownAttribute, part.span, format!("a chat has no `{}`", part.value));
    let fact = match part.value.as_str() {
        word @ ("open" | "waiting" | "answered") => Some(format!("chat_{word}")),
        _ => None,
    };
    cx.report(match (fact, part.value.as_str()) {
        (Some(fact), _) if test.is_none() => finding.did_you_mean(&fact, span, fact.as_str()),
        (_, "user" | "with" | "owner") => finding.help("write `chat with \"…\"`"),
        (_, "group" | "queue") => finding.help("write `chat in \"…\"`"),
        (_, "tag" | "tags") => finding.help("write `chat has tag \"…\"`"),
        _ => context::suggest_word(finding, part, ChatTime::ALL.iter().map(|time| time.word()), || {
            "write `chat.open_for > 1d`, `chat.waiting_for > 10m`, `chat with \"…\"`, `chat in \"…\"` or `chat has tag \"…\"`".into()
        }),
    });
    None
}
