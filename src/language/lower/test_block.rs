//! Tests: `given online "bob" with 3 chats idle 20m`, `expect assign user "bob"`.

use super::super::ast::{CustomerGiven, Expect, ExpectKind, Given, Item, Test, UserGiven};
use super::super::grammar::{Pair, Production};
use super::{Lower, calendar, literal};
use crate::text::Spanned;

/// `test "name": given … expect …`
pub(super) fn test(lower: &mut Lower<'_>, pair: Pair<'_>) -> Option<Item> {
    let span = lower.span(&pair);
    let (mut name, mut givens, mut expects) = (None, Vec::new(), Vec::new());
    for part in pair.into_inner() {
        match part.as_rule() {
            Production::text => name = Some(lower.text(&part)),
            Production::given => givens.push(given(lower, part)?),
            Production::expect => expects.push(expect(lower, part)?),
            _ => {}
        }
    }
    Some(Item::Test(Test { span, name: name?, givens, expects }))
}

fn given(lower: &mut Lower<'_>, pair: Pair<'_>) -> Option<Given> {
    let inner = pair.into_inner().nth(1)?;
    match inner.as_rule() {
        Production::given_customer => {
            let facts = inner.into_inner().filter(|part| part.as_rule() == Production::customer_fact);
            Some(Given::Customer(facts.map(|part| customer_fact(lower, part)).collect::<Option<_>>()?))
        }
        Production::given_users => users(lower, inner),
        Production::given_waiting => {
            let queues = inner.into_inner().filter(|part| part.as_rule() == Production::queue);
            let queue = |part: Pair<'_>| {
                let mut parts = part.into_inner();
                let count = literal::spanned_number(lower, &parts.next()?);
                Some((count, lower.text(&parts.nth(1)?)))
            };
            Some(Given::Waiting(queues.map(queue).collect::<Option<_>>()?))
        }
        Production::given_turn => {
            let turns = inner.into_inner().filter(|part| part.as_rule() == Production::turn);
            let turn = |part: Pair<'_>| {
                let mut parts = part.into_inner();
                let group = lower.text(&parts.next()?);
                Some((group, lower.text(&parts.nth(1)?)))
            };
            Some(Given::Turn(turns.map(turn).collect::<Option<_>>()?))
        }
        Production::given_message => message(lower, inner),
        Production::given_number => Some(Given::Number(lower.text(&inner.into_inner().nth(1)?))),
        Production::given_at => {
            let mut parts = inner.into_inner().skip(1);
            let (date, time) = (parts.next()?, parts.next()?);
            let span = lower.span(&date).to(lower.span(&time));
            Some(Given::At { span, date: calendar::calendar_date(&date)?, time: calendar::time(&time)? })
        }
        _ => None,
    }
}

fn customer_fact(lower: &mut Lower<'_>, pair: Pair<'_>) -> Option<Spanned<CustomerGiven>> {
    let span = lower.span(&pair);
    let mut parts = pair.into_inner();
    let first = parts.next()?;
    let fact = match first.as_rule() {
        Production::NEW => CustomerGiven::New,
        Production::RETURNING => CustomerGiven::Returning,
        Production::OWNER => CustomerGiven::Owner(lower.text(&parts.next()?)),
        Production::TAG => CustomerGiven::Tag(lower.text(&parts.next()?)),
        Production::NOT => CustomerGiven::Flag(lower.word(&parts.next()?), false),
        _ => match parts.next() {
            Some(value) => CustomerGiven::Attribute(lower.word(&first), literal::value(lower, value)?),
            None => CustomerGiven::Flag(lower.word(&first), true),
        },
    };
    Some(Spanned::new(fact, span))
}

fn users(lower: &mut Lower<'_>, pair: Pair<'_>) -> Option<Given> {
    let (mut presence, mut users) = (None, Vec::new());
    for part in pair.into_inner() {
        match part.as_rule() {
            Production::presence => presence = Some(lower.word(&part)),
            Production::user => users.push(user(lower, part)?),
            _ => {}
        }
    }
    Some(Given::Users { presence: presence?, users })
}

fn user(lower: &mut Lower<'_>, pair: Pair<'_>) -> Option<UserGiven> {
    let (mut user, mut chats, mut idle) = (None, None, None);
    for part in pair.into_inner() {
        match part.as_rule() {
            Production::text => user = Some(lower.text(&part)),
            Production::number => chats = Some(literal::spanned_number(lower, &part)),
            Production::duration => idle = Some(literal::spanned_seconds(lower, &part)),
            _ => {}
        }
    }
    Some(UserGiven { user: user?, chats, idle })
}

fn message(lower: &mut Lower<'_>, pair: Pair<'_>) -> Option<Given> {
    let (mut kind, mut text, mut aged) = (None, None, None);
    for part in pair.into_inner() {
        match part.as_rule() {
            Production::word => kind = Some(lower.word(&part)),
            Production::text => text = Some(lower.text(&part)),
            Production::aged => aged = Some(literal::spanned_seconds(lower, &part.into_inner().nth(1)?)),
            _ => {}
        }
    }
    Some(Given::Message { kind, text, aged })
}

fn expect(lower: &mut Lower<'_>, pair: Pair<'_>) -> Option<Expect> {
    let span = lower.span(&pair);
    let (mut words, mut text, mut word) = (Vec::new(), None, None);
    for part in pair.into_inner().skip(1) {
        match part.as_rule() {
            Production::text => text = Some(lower.text(&part)),
            Production::word => word = Some(lower.word(&part)),
            kind => words.push(kind),
        }
    }
    let kind = match words.as_slice() {
        [Production::RULE] => ExpectKind::Rule(text?),
        [Production::ALSO, Production::RULE] => ExpectKind::AlsoRule(text?),
        [Production::NO, Production::RULE] => ExpectKind::NoRule,
        [Production::NO, Production::REPLY] => ExpectKind::NoReply,
        [Production::ASSIGN, Production::USER] => ExpectKind::AssignUser(text?),
        [Production::ASSIGN, Production::GROUP] => ExpectKind::AssignGroup(text?),
        [Production::ASSIGN, Production::NOBODY] => ExpectKind::AssignNobody,
        [Production::WAITING] => ExpectKind::Waiting,
        [Production::REPLY] => ExpectKind::Reply(text?),
        [Production::REPLY, Production::CONTAINS] => ExpectKind::ReplyContains(text?),
        [Production::TAG] => ExpectKind::Tag(text?),
        [Production::PRIORITY] => ExpectKind::Priority(word?),
        _ => return None,
    };
    Some(Expect { span, kind })
}
