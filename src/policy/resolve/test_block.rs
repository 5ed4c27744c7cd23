//! `test` blocks: the situation that is given, and what is expected.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::{DateTime, Time};
use rust_decimal::Decimal;

use super::action;
use super::condition::known_attribute;
use super::context::Context;
use super::text::is_listed;
use crate::diagnostic::Code;
use crate::inbox::{AttributeKind, is_e164};
use crate::language::ast::{self, CustomerGiven};
use crate::language::vocabulary::{MessageKind, Presence};
use crate::policy::condition::Attribute;
use crate::policy::model::{AttributeValue, Expect, ExpectKind, Given, GivenMessage, GivenUser, Test};
use crate::text::{Span, Spanned};

/// The tests of the file, in its order.
pub(super) fn tests(cx: &mut Context<'_>) -> Vec<Test> {
    let mut first_spans: BTreeMap<&str, Span> = BTreeMap::new();
    let mut tests = Vec::new();
    for item in &cx.file.tree().items {
        let ast::Item::Test(test) = item else { continue };
        if let Some(first) = first_spans.insert(&test.name.value, test.name.span) {
            let message = format!("two tests are called `{}`", test.name.value);
            cx.report(
                cx.error(Code::DuplicateName, test.name.span, message)
                    .related(first, "the first one is here"),
            );
        }
        let given = situation(cx, &test.givens);
        let expects = test.expects.iter().filter_map(|tree| expect(cx, tree)).collect();
        tests.push(Test { name: test.name.value.as_str().into(), span: test.name.span, given, expects });
    }
    tests
}

/// Resolves the names in a test of which only a part could be read, for its findings only.
pub(super) fn resolve_names(cx: &mut Context<'_>, test: &ast::Test) {
    situation(cx, &test.givens);
    for tree in &test.expects {
        expect(cx, tree);
    }
}

fn situation(cx: &mut Context<'_>, givens: &[ast::Given]) -> Given {
    let mut given = Given::default();
    for item in givens {
        match item {
            ast::Given::Customer(list) => customer(cx, &mut given, list),
            ast::Given::Users { presence, users } => {
                for user in users {
                    let user = given_user(cx, presence, user);
                    given.users.extend(user);
                }
            }
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
            ast::Given::Message { kind, text, aged } => {
                let kind = kind.as_ref().and_then(|word| message_kind(cx, word));
                let text = text.as_ref().map(|text| text.value.clone());
                let age = aged.as_ref().and_then(|time| seconds(cx, time));
                given.message = Some(GivenMessage { kind, text, age });
            }
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
            ast::Given::At { span, date, time } => given.at = local_time(cx, *span, *date, *time),
        }
    }
    check_customer(cx, &given, givens);
    check_users(cx, givens);
    given
}

/// A duration that may be zero, such as an age.
fn seconds(cx: &mut Context<'_>, duration: &Spanned<Option<u64>>) -> Option<u64> {
    if duration.value.is_none() {
        cx.report_too_long(duration.span);
    }
    duration.value
}

fn local_time(cx: &mut Context<'_>, span: Span, date: ast::DateSpec, time: ast::Time) -> Option<DateTime> {
    let clock = match (i8::try_from(time.hour), i8::try_from(time.minute)) {
        (Ok(hour), Ok(minute)) => Time::new(hour, minute, 0, 0).ok(),
        _ => None,
    };
    let moment = date.once().zip(clock).map(|(date, time)| date.to_datetime(time));
    if moment.is_none() {
        cx.report(
            cx.error(Code::InvalidHours, span, "there is no such date and time")
                .help("write it in the form `2026-11-24 18:30`"),
        );
    }
    moment
}

fn message_kind(cx: &mut Context<'_>, word: &ast::Word) -> Option<MessageKind> {
    let found = MessageKind::parse(&word.value);
    if found.is_none() {
        let message = format!("no kind of message is called `{}`", word.value);
        let known = MessageKind::ALL.iter().map(|kind| kind.word());
        cx.report_unknown_word(word, message, known, |words| format!("the kinds are {words}"));
    }
    found
}

fn given_user(cx: &mut Context<'_>, presence: &ast::Word, tree: &ast::UserGiven) -> Option<GivenUser> {
    let user = cx.user(&tree.user);
    let chats = tree.chats.as_ref().map_or(Some(0), |chats| whole_number(cx, chats));
    let idle = tree.idle.as_ref().map(|time| seconds(cx, time));
    let presence = Presence::parse(&presence.value)?;
    Some(GivenUser { user: user?, presence, chats: chats?, idle: idle.flatten() })
}

fn whole_number(cx: &mut Context<'_>, number: &Spanned<Option<Decimal>>) -> Option<u32> {
    let whole = number.value.filter(Decimal::is_integer).and_then(|value| u32::try_from(value).ok());
    if whole.is_none() {
        cx.report(cx.error(Code::InvalidNumber, number.span, "this must be a whole number"));
    }
    whole
}

/// Reports users that are given twice in a test.
fn check_users(cx: &mut Context<'_>, givens: &[ast::Given]) {
    let mut first_spans: BTreeMap<&str, Span> = BTreeMap::new();
    for given in givens {
        let ast::Given::Users { users, .. } = given else { continue };
        for user in users {
            if let Some(first) = first_spans.insert(&user.user.value, user.user.span) {
                let message = format!("`{}` is given twice", user.user.value);
                cx.report(
                    cx.error(Code::DuplicateName, user.user.span, message)
                        .related(first, "it is first given here"),
                );
            }
        }
    }
}

fn customer(cx: &mut Context<'_>, given: &mut Given, list: &[Spanned<CustomerGiven>]) {
    for item in list {
        match &item.value {
            CustomerGiven::New => given.returning = false,
            CustomerGiven::Returning => given.returning = true,
            CustomerGiven::Owner(id) => given.owner = cx.user(id),
            CustomerGiven::Tag(tag) => given.tags.push(tag.value.clone()),
            CustomerGiven::Attribute(word, value) => attribute(cx, given, word, value),
            CustomerGiven::Flag(word, on) => flag(cx, given, word, *on),
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
    } else {
        return;
    };
    cx.report(
        cx.error(Code::Syntax, new, format!("a new customer {why}"))
            .help("write `returning`, or remove one of the two"),
    );
}

fn attribute(cx: &mut Context<'_>, given: &mut Given, word: &ast::Word, value: &Spanned<ast::Literal>) {
    let Some((attribute, kind)) = known_attribute(cx, word) else { return };
    if attribute == Attribute::SilentFor {
        match value.value {
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
        }
        return;
    }
    match (&kind, &value.value) {
        (AttributeKind::Text | AttributeKind::Unknown, ast::Literal::Text(text)) => {
            given.attributes.push((attribute, AttributeValue::Text(text.clone())));
        }
        (AttributeKind::Words(words), ast::Literal::Text(text)) => {
            if is_listed(cx, &word.value, words, &Spanned::new(text.clone(), value.span)) {
                given.attributes.push((attribute, AttributeValue::Text(text.clone())));
            }
        }
        (AttributeKind::Number | AttributeKind::Unknown, ast::Literal::Number(number)) => match number {
            Some(number) => given.attributes.push((attribute, AttributeValue::Number(*number))),
            None => cx.report(cx.error(Code::InvalidNumber, value.span, "this number has too many digits")),
        },
        (kind, _) => {
            let (what, example) = match kind {
                AttributeKind::Number => ("a number", format!("{} 12", word.value)),
                AttributeKind::Flag => ("a flag", format!("{0}`, or `not {0}", word.value)),
                _ => ("a text", format!("{} \"…\"", word.value)),
            };
            let message = format!("`{}` is {what}", word.value);
            cx.report(cx.error(Code::TypeMismatch, value.span, message).help(format!("write `{example}`")));
        }
    }
}

fn flag(cx: &mut Context<'_>, given: &mut Given, word: &ast::Word, on: bool) {
    let Some((attribute, kind)) = known_attribute(cx, word) else { return };
    if matches!(kind, AttributeKind::Flag | AttributeKind::Unknown) && attribute != Attribute::SilentFor {
        given.attributes.push((attribute, AttributeValue::Flag(on)));
    } else {
        let message = format!("`{}` is not a flag, so it needs a value", word.value);
        cx.report(
            cx.error(Code::TypeMismatch, word.span, message)
                .help("write a value, as in `plan \"gold\"` or `orders 12`"),
        );
    }
}

fn expect(cx: &mut Context<'_>, expect: &ast::Expect) -> Option<Expect> {
    use ast::ExpectKind as Tree;
    let name = |text: &ast::TextLiteral| Arc::from(text.value.as_str());
    let kind = match &expect.kind {
        Tree::Rule(text) => ExpectKind::Rule(name(text)),
        Tree::NoRule => ExpectKind::NoRule,
        Tree::AlsoRule(text) => ExpectKind::AlsoRule(name(text)),
        Tree::AssignUser(id) => ExpectKind::AssignUser(cx.user(id)?),
        Tree::AssignGroup(group) => ExpectKind::AssignGroup(cx.group(group)?),
        Tree::AssignNobody => ExpectKind::AssignNobody,
        Tree::Waiting => ExpectKind::Waiting,
        Tree::Reply(text) => ExpectKind::Reply(text.value.clone()),
        Tree::ReplyContains(text) => ExpectKind::ReplyContains(text.value.clone()),
        Tree::NoReply => ExpectKind::NoReply,
        Tree::Tag(text) => ExpectKind::Tag(text.value.clone()),
        Tree::Priority(word) => ExpectKind::Priority(action::priority(cx, word)?),
    };
    Some(Expect { span: expect.span, kind })
}
