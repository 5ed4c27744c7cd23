//! Tests: `given online "bob" with 3 chats idle 20m`, `expect assign user "bob"`.

use super::super::ast::{CustomerGiven, Expect, ExpectKind, Given, Item, Test, UserGiven};
use super::super::grammar::Kind;
use super::super::node::Node;
use super::{Build, literal, times};
use crate::text::Spanned;

/// `test "name": given … expect …`
pub(super) fn test(build: &mut Build<'_>, node: Node<'_>) -> Option<Item> {
    let span = build.span(node);
    let (mut name, mut givens, mut expects) = (None, Vec::new(), Vec::new());
    for part in node.into_inner() {
        match part.as_rule() {
            Kind::text => name = Some(build.text(part)),
            Kind::given => givens.push(given(build, part)?),
            Kind::expect => expects.push(expect(build, part)?),
            _ => {}
        }
    }
    Some(Item::Test(Test { span, name: name?, givens, expects }))
}

fn given(build: &mut Build<'_>, node: Node<'_>) -> Option<Given> {
    let inner = node.into_inner().nth(1)?;
    match inner.as_rule() {
        Kind::given_customer => {
            let facts = inner.into_inner().filter(|part| part.as_rule() == Kind::customer_fact);
            Some(Given::Customer(facts.map(|part| customer_fact(build, part)).collect::<Option<_>>()?))
        }
        Kind::given_users => users(build, inner),
        Kind::given_waiting => {
            let queues = inner.into_inner().filter(|part| part.as_rule() == Kind::queue);
            let queue = |part: Node<'_>| {
                let mut parts = part.into_inner();
                let count = literal::spanned_number(build, parts.next()?);
                Some((count, build.text(parts.nth(1)?)))
            };
            Some(Given::Waiting(queues.map(queue).collect::<Option<_>>()?))
        }
        Kind::given_turn => {
            let turns = inner.into_inner().filter(|part| part.as_rule() == Kind::turn);
            let turn = |part: Node<'_>| {
                let mut parts = part.into_inner();
                let group = build.text(parts.next()?);
                Some((group, build.text(parts.nth(1)?)))
            };
            Some(Given::Turn(turns.map(turn).collect::<Option<_>>()?))
        }
        Kind::given_message => message(build, inner),
        Kind::given_number => Some(Given::Number(build.text(inner.into_inner().nth(1)?))),
        Kind::given_at => {
            let mut parts = inner.into_inner().skip(1);
            let (date, time) = (parts.next()?, parts.next()?);
            let span = build.span(date).to(build.span(time));
            Some(Given::At { span, date: times::calendar_date(date)?, time: times::time(time)? })
        }
        _ => None,
    }
}

fn customer_fact(build: &mut Build<'_>, node: Node<'_>) -> Option<Spanned<CustomerGiven>> {
    let span = build.span(node);
    let mut parts = node.into_inner();
    let first = parts.next()?;
    let fact = match first.as_rule() {
        Kind::NEW => CustomerGiven::New,
        Kind::RETURNING => CustomerGiven::Returning,
        Kind::OWNER => CustomerGiven::Owner(build.text(parts.next()?)),
        Kind::TAG => CustomerGiven::Tag(build.text(parts.next()?)),
        Kind::NOT => CustomerGiven::Flag(build.word(parts.next()?), false),
        _ => match parts.next() {
            Some(value) => CustomerGiven::Attribute(build.word(first), literal::value(build, value)?),
            None => CustomerGiven::Flag(build.word(first), true),
        },
    };
    Some(Spanned::new(fact, span))
}

fn users(build: &mut Build<'_>, node: Node<'_>) -> Option<Given> {
    let (mut presence, mut users) = (None, Vec::new());
    for part in node.into_inner() {
        match part.as_rule() {
            Kind::presence => presence = Some(build.word(part)),
            Kind::user => users.push(user(build, part)?),
            _ => {}
        }
    }
    Some(Given::Users { presence: presence?, users })
}

fn user(build: &mut Build<'_>, node: Node<'_>) -> Option<UserGiven> {
    let (mut user, mut chats, mut idle) = (None, None, None);
    for part in node.into_inner() {
        match part.as_rule() {
            Kind::text => user = Some(build.text(part)),
            Kind::number => chats = Some(literal::spanned_number(build, part)),
            Kind::duration => idle = Some(literal::spanned_seconds(build, part)),
            _ => {}
        }
    }
    Some(UserGiven { user: user?, chats, idle })
}

fn message(build: &mut Build<'_>, node: Node<'_>) -> Option<Given> {
    let (mut kind, mut text, mut aged) = (None, None, None);
    for part in node.into_inner() {
        match part.as_rule() {
            Kind::word => kind = Some(build.word(part)),
            Kind::text => text = Some(build.text(part)),
            Kind::aged => aged = Some(literal::spanned_seconds(build, part.into_inner().nth(1)?)),
            _ => {}
        }
    }
    Some(Given::Message { kind, text, aged })
}

fn expect(build: &mut Build<'_>, node: Node<'_>) -> Option<Expect> {
    let span = build.span(node);
    let (mut words, mut text, mut word) = (Vec::new(), None, None);
    for part in node.into_inner().skip(1) {
        match part.as_rule() {
            Kind::text => text = Some(build.text(part)),
            Kind::word => word = Some(build.word(part)),
            kind => words.push(kind),
        }
    }
    let kind = match words.as_slice() {
        [Kind::RULE] => ExpectKind::Rule(text?),
        [Kind::ALSO, Kind::RULE] => ExpectKind::AlsoRule(text?),
        [Kind::NO, Kind::RULE] => ExpectKind::NoRule,
        [Kind::NO, Kind::REPLY] => ExpectKind::NoReply,
        [Kind::ASSIGN, Kind::USER] => ExpectKind::AssignUser(text?),
        [Kind::ASSIGN, Kind::GROUP] => ExpectKind::AssignGroup(text?),
        [Kind::ASSIGN, Kind::NOBODY] => ExpectKind::AssignNobody,
        [Kind::WAITING] => ExpectKind::Waiting,
        [Kind::REPLY] => ExpectKind::Reply(text?),
        [Kind::REPLY, Kind::CONTAINS] => ExpectKind::ReplyContains(text?),
        [Kind::TAG] => ExpectKind::Tag(text?),
        [Kind::PRIORITY] => ExpectKind::Priority(word?),
        _ => return None,
    };
    Some(Expect { span, kind })
}
