//! What a `test` block gives: the customer, the users, the message, the open chat, the moment.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, DateTime, Time};
use rust_decimal::Decimal;

use super::advice;
use super::condition::known_attribute;
use super::context::Context;
use super::given_twice::report_given_twice;
use super::message;
use super::text::is_listed;
use crate::diagnostic::Code;
use crate::inbox::{AttributeKind, GroupId, UserId, is_e164};
use crate::language::ast::{self, AttributeGiven, ChatGiven, CustomerGiven, UserGiven};
use crate::language::vocabulary::{ChatTime, MessageKind, Presence};
use crate::policy::condition::Attribute;
use crate::policy::model::{AttributeValue, Given, GivenChat, GivenMessage, GivenUser};
use crate::text::{Span, Spanned, quoted};

/// The situation that a test describes.
pub(super) fn situation(cx: &mut Context<'_>, givens: &[ast::Given]) -> Given {
    let mut given = Given::default();
    for item in givens {
        match item {
            ast::Given::Customer(list) => customer(cx, &mut given, list),
            // Together, below: who is named is not given as a member of a group.
            ast::Given::Users { .. } => {}
            ast::Given::Waiting(list) => {
                for (n, group) in list {
                    let (n, group) = (whole_number(cx, n), cx.group(group));
                    given.waiting.extend(group.zip(n));
                }
            }
            ast::Given::Turn(list) => {
                for (group, user) in list {
                    let (group, user) = (cx.group(group), cx.user(user));
                    given.turns.extend(group.zip(user));
                }
            }
            ast::Given::Message { kind, text, aged, attributes } => {
                let can_be_moved = aged.is_none();
                let kind = kind.as_ref().and_then(|word| message_kind(cx, word, can_be_moved));
                let text = text.as_ref().map(|text| text.value.clone());
                let age = aged.as_ref().and_then(|time| seconds(cx, time));
                let attributes = attributes.iter().filter_map(|item| message_attribute(cx, item)).collect();
                given.message = Some(GivenMessage { kind, text, age, attributes });
            }
            ast::Given::Chat(list) => chat(cx, &mut given, list),
            ast::Given::Number(text) => {
                if !is_e164(&text.value) {
                    let message = format!("`{}` is not a full phone number", text.value);
                    cx.report(
                        cx.error(Code::InvalidNumber, text.span, message)
                            .help("write it in full, as in `\"+15550101\"`"),
                    );
                }
                given.number = Some(text.value.clone());
            }
            ast::Given::At { span, day, time } => given.at = local_time(cx, *span, *day, *time),
        }
    }
    check_customer(cx, &given, givens);
    report_given_twice(cx, givens);
    given.returning |= given.chat.is_some();
    given.users = users(cx, givens);
    given
}

/// A duration that may be zero, such as an age.
fn seconds(cx: &mut Context<'_>, duration: &Spanned<Option<u64>>) -> Option<u64> {
    if duration.value.is_none() {
        cx.report_too_long(duration.span);
    }
    duration.value
}

fn local_time(cx: &mut Context<'_>, span: Span, day: ast::GivenDay, time: ast::Time) -> Option<DateTime> {
    let clock = match (i8::try_from(time.hour), i8::try_from(time.minute)) {
        (Ok(hour), Ok(minute)) => Time::new(hour, minute, 0, 0).ok(),
        _ => None,
    };
    let date = match day {
        ast::GivenDay::Date(date) => date.once(),
        // In the week of Monday 2026-01-05, which is the moment where none is given.
        ast::GivenDay::Weekday(day) => Date::new(2026, 1, 5 + day as i8).ok(),
    };
    let moment = date.zip(clock).map(|(date, time)| date.to_datetime(time));
    if moment.is_none() {
        cx.report(
            cx.error(Code::InvalidHours, span, "there is no such date and time")
                .help("write it in the form `2026-11-24 18:30`"),
        );
    }
    moment
}

fn message_kind(cx: &mut Context<'_>, word: &ast::Word, can_be_moved: bool) -> Option<MessageKind> {
    let found = MessageKind::parse(&word.value);
    if found.is_none() && message::find_attribute(cx.inbox(), &word.value).is_some() {
        let message = format!("`{}` comes after the text of the message and a comma", word.value);
        let fixed = format!("\"hello\", {}", word.value);
        let finding =
            cx.error(Code::Syntax, word.span, message).help(format!("write `given message {fixed}`"));
        cx.report(if can_be_moved {
            finding.fix(format!("write `{fixed}`"), word.span, fixed)
        } else {
            finding
        });
    } else if found.is_none() {
        let message = format!("no kind of message is called `{}`", word.value);
        match advice::kind(&cx.error(Code::UnknownValue, word.span, message.as_str()), word) {
            Some(finding) => cx.report(finding),
            None => {
                let known = MessageKind::ALL.iter().map(|kind| kind.word());
                cx.report_unknown_word(word, message, known, |words| format!("the kinds are {words}"));
            }
        }
    }
    found
}

fn message_attribute(cx: &mut Context<'_>, item: &AttributeGiven) -> Option<(Attribute, AttributeValue)> {
    let word = name_of(item);
    if matches!(word.value.as_str(), "aged" | "age") {
        cx.report(
            cx.error(Code::Syntax, word.span, "the age of the message comes before the first comma")
                .help("write `given message \"…\" aged 2h, …`"),
        );
        return None;
    }
    let (attribute, kind) = message::known_attribute(cx, word)?;
    let value = attribute_value(cx, item, &kind)?;
    Some((attribute, value))
}

/// The users of all `given online`, `given away` and `given offline`. One who is named is as said there, whatever is
/// given for a group.
fn users(cx: &mut Context<'_>, givens: &[ast::Given]) -> Vec<GivenUser> {
    let listed = givens.iter().filter_map(|given| match given {
        ast::Given::Users { presence, users } => Some((Presence::parse(&presence.value)?, users)),
        _ => None,
    });
    let mut all = Vec::new();
    let mut first_spans: BTreeMap<&str, Span> = BTreeMap::new();
    for (presence, users) in listed.clone() {
        for user in users {
            let UserGiven::User { user: id, chats, idle } = user else { continue };
            if let Some(first) = first_spans.insert(&id.value, id.span) {
                report_twice(cx, &id.value, id.span, first);
            }
            let user = named_user(cx, id, chats.is_none() && idle.is_none());
            let chats = chats.as_ref().map_or(Some(0), |chats| whole_number(cx, chats));
            let idle = idle.as_ref().and_then(|time| seconds(cx, time));
            all.extend(user.zip(chats).map(|(user, chats)| GivenUser { user, presence, chats, idle }));
        }
    }
    let inbox = cx.inbox();
    let mut groups: BTreeSet<(GroupId, Presence)> = BTreeSet::new();
    let mut members: BTreeMap<UserId, (Presence, Span)> = BTreeMap::new();
    for (presence, users) in listed {
        for user in users {
            let UserGiven::Group(name) = user else { continue };
            let Some(group) = cx.group(name) else { continue };
            if !groups.insert((group, presence)) {
                continue;
            }
            for member in &inbox.group(group).members {
                let id = &*inbox.user(*member).id;
                if first_spans.contains_key(id) {
                    continue;
                }
                match members.get(member) {
                    Some((other, first)) if *other != presence => {
                        report_twice(cx, id, name.span, *first);
                        break;
                    }
                    Some(_) => {}
                    None => {
                        members.insert(*member, (presence, name.span));
                        all.push(GivenUser { user: *member, presence, chats: 0, idle: None });
                    }
                }
            }
        }
    }
    all
}

/// The user of that id; a group is written with `group`, if nothing is said of its chats.
fn named_user(cx: &mut Context<'_>, id: &ast::TextLiteral, can_be_group: bool) -> Option<UserId> {
    let inbox = cx.inbox();
    if !can_be_group || inbox.user_id(&id.value).is_some() || inbox.group_id(&id.value).is_none() {
        return cx.user(id);
    }
    let message = format!("`{}` is a group, not a user", id.value);
    let fixed = format!("group {}", quoted(&id.value));
    let finding = cx.error(Code::UnknownUser, id.span, message);
    cx.report(finding.did_you_mean(&fixed, id.span, fixed.as_str()));
    None
}

fn report_twice(cx: &mut Context<'_>, user: &str, span: Span, first: Span) {
    let message = format!("`{user}` is given twice");
    cx.report(cx.error(Code::DuplicateName, span, message).related(first, "it is first given here"));
}

fn whole_number(cx: &mut Context<'_>, number: &Spanned<Option<Decimal>>) -> Option<u32> {
    let whole = number.value.filter(Decimal::is_integer).and_then(|value| u32::try_from(value).ok());
    if whole.is_none() {
        cx.report(cx.error(Code::InvalidNumber, number.span, "this must be a whole number"));
    }
    whole
}

fn customer(cx: &mut Context<'_>, given: &mut Given, list: &[Spanned<CustomerGiven>]) {
    for item in list {
        match &item.value {
            CustomerGiven::New => given.returning = false,
            CustomerGiven::Returning => given.returning = true,
            CustomerGiven::Owner(id) => given.owner = cx.user(id),
            CustomerGiven::Tag(tag) => given.tags.push(tag.value.clone()),
            CustomerGiven::Attribute(item) => customer_attribute(cx, given, item),
        }
    }
}

/// Reports a customer who is given both as new and with something that only a returning customer has.
fn check_customer(cx: &mut Context<'_>, given: &Given, givens: &[ast::Given]) {
    let span_of = |what: &CustomerGiven| {
        givens.iter().find_map(|given| match given {
            ast::Given::Customer(list) => list.iter().find(|item| item.value == *what).map(|item| item.span),
            _ => None,
        })
    };
    let Some(new) = span_of(&CustomerGiven::New) else { return };
    let why = if span_of(&CustomerGiven::Returning).is_some() {
        "is not a returning one"
    } else if given.owner.is_some() {
        "has no owner"
    } else if given.silent_for.is_some() {
        "never wrote before"
    } else if given.chat.is_some() {
        "has no open chat"
    } else {
        return;
    };
    cx.report(
        cx.error(Code::Syntax, new, format!("a new customer {why}"))
            .help("write `returning`, or remove one of the two"),
    );
}

fn name_of(item: &AttributeGiven) -> &ast::Word {
    let (AttributeGiven::Value(word, _) | AttributeGiven::Flag(word, _)) = item;
    word
}

fn customer_attribute(cx: &mut Context<'_>, given: &mut Given, item: &AttributeGiven) {
    let Some((attribute, kind)) = known_attribute(cx, name_of(item)) else { return };
    match item {
        AttributeGiven::Value(_, value) if attribute == Attribute::SilentFor => match value.value {
            ast::Literal::Duration(seconds) => {
                if seconds.is_none() {
                    cx.report_too_long(value.span);
                }
                given.silent_for = seconds;
            }
            _ => cx.report(
                cx.error(Code::TypeMismatch, value.span, "`silent_for` is a duration")
                    .help("write a duration, as in `silent_for 40d`"),
            ),
        },
        AttributeGiven::Flag(word, _) if attribute == Attribute::SilentFor => report_no_flag(cx, word),
        _ => {
            let value = attribute_value(cx, item, &kind);
            given.attributes.extend(value.map(|value| (attribute, value)));
        }
    }
}

/// The value of an attribute of this kind; `None` after a finding.
fn attribute_value(
    cx: &mut Context<'_>,
    item: &AttributeGiven,
    kind: &AttributeKind,
) -> Option<AttributeValue> {
    let (word, value) = match item {
        AttributeGiven::Value(word, value) => (word, value),
        AttributeGiven::Flag(_, on) if matches!(kind, AttributeKind::Flag | AttributeKind::Unknown) => {
            return Some(AttributeValue::Flag(*on));
        }
        AttributeGiven::Flag(word, _) => {
            report_no_flag(cx, word);
            return None;
        }
    };
    match (kind, &value.value) {
        (AttributeKind::Text | AttributeKind::Unknown, ast::Literal::Text(text)) => {
            Some(AttributeValue::Text(text.clone()))
        }
        (AttributeKind::Words(words), ast::Literal::Text(text)) => {
            is_listed(cx, &word.value, words, &Spanned::new(text.clone(), value.span))
                .then(|| AttributeValue::Text(text.clone()))
        }
        (AttributeKind::Number | AttributeKind::Unknown, ast::Literal::Number(number)) => {
            if number.is_none() {
                cx.report(cx.error(Code::InvalidNumber, value.span, "this number has too many digits"));
            }
            number.map(AttributeValue::Number)
        }
        (kind, _) => {
            let (what, example) = match kind {
                AttributeKind::Number => ("a number", format!("{} 12", word.value)),
                AttributeKind::Flag => ("a flag", format!("{0}`, or `not {0}", word.value)),
                _ => ("a text", format!("{} \"…\"", word.value)),
            };
            let message = format!("`{}` is {what}", word.value);
            cx.report(cx.error(Code::TypeMismatch, value.span, message).help(format!("write `{example}`")));
            None
        }
    }
}

fn report_no_flag(cx: &mut Context<'_>, word: &ast::Word) {
    let message = format!("`{}` is not a flag, so it needs a value", word.value);
    cx.report(
        cx.error(Code::TypeMismatch, word.span, message)
            .help("write a value, as in `plan \"gold\"` or `orders 12`"),
    );
}

/// `given chat with "alice", in "Sales", tag "t", answered, open_for 2h`
fn chat(cx: &mut Context<'_>, given: &mut Given, list: &[Spanned<ChatGiven>]) {
    let span =
        list.first().zip(list.last()).map(|(first, last)| first.span.to(last.span)).unwrap_or_default();
    if given.chat.is_some() {
        cx.report(
            cx.error(Code::Syntax, span, "the chat is given twice")
                .help("a customer has at most one open chat with a number: write it all in one `given chat`"),
        );
        return;
    }
    let mut chat = GivenChat::default();
    // The first of each part, by its word; tags may be several.
    let mut first_spans: BTreeMap<&str, Span> = BTreeMap::new();
    for item in list {
        let word = match &item.value {
            ChatGiven::With(user) => {
                chat.user = cx.user(user);
                "with"
            }
            ChatGiven::Waiting => "waiting",
            ChatGiven::In(group) => {
                chat.group = cx.group(group);
                "in"
            }
            ChatGiven::Tag(tag) => {
                chat.tags.push(tag.value.clone());
                continue;
            }
            ChatGiven::Answered => {
                chat.answered = true;
                "answered"
            }
            ChatGiven::Time(word, time) => {
                let Some(of) = chat_time(cx, word) else { continue };
                let seconds = seconds(cx, time);
                match of {
                    ChatTime::OpenFor => chat.open_for = seconds,
                    ChatTime::WaitingFor => chat.waiting_for = seconds,
                }
                of.word()
            }
        };
        if let Some(first) = first_spans.insert(word, item.span) {
            let finding = cx.error(Code::Syntax, item.span, format!("`{word}` is said twice of the chat"));
            cx.report(finding.related(first, "it is first said here").help("remove one of the two"));
        }
    }
    check_chat(cx, span, &first_spans);
    given.chat = Some(chat);
}

fn chat_time(cx: &mut Context<'_>, word: &ast::Word) -> Option<ChatTime> {
    let found = ChatTime::parse(&word.value);
    if found.is_none() {
        let known = ChatTime::ALL.iter().map(|time| time.word());
        let message = format!("a chat has no time called `{}`", word.value);
        cx.report_unknown_word(word, message, known, |words| format!("its times are {words}"));
    }
    found
}

/// A chat is with somebody or waits, never both; `parts` are the words that are said of it.
fn check_chat(cx: &mut Context<'_>, span: Span, parts: &BTreeMap<&str, Span>) {
    let part = |word: &str| parts.get(word).copied();
    match (part("with"), part("waiting"), part("waiting_for")) {
        (Some(with), Some(waiting), _) => cx.report(
            cx.error(Code::Syntax, waiting, "a chat that waits is with nobody")
                .related(with, "here it is with a user")
                .help("write `with \"…\"` or `waiting`, not both"),
        ),
        (Some(with), None, Some(time)) => cx.report(
            cx.error(Code::Syntax, time, "a chat that is with a user does not wait")
                .related(with, "here it is with a user")
                .help("write `waiting` in place of `with \"…\"`, or `open_for` for the time since it was opened"),
        ),
        (None, None, _) => cx.report(
            cx.error(Code::Syntax, span, "this does not say who has the chat")
                .help("add `with \"…\"`, or `waiting` if nobody has it"),
        ),
        _ => {}
    }
}
