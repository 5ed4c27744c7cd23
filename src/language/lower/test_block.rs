//! Tests: `given online "bob" with 3 chats idle 20m`, `expect assign user "bob"`.

use std::ops::Range;

use super::super::ast::{
    AttributeGiven, ChatGiven, CustomerGiven, Expect, ExpectKind, Given, GivenDay, Item, Test, UserGiven,
};
use super::super::grammar::{Pair, Production};
use super::super::vocabulary::Weekday;
use super::{Lower, calendar, literal};
use crate::diagnostic::{Code, Edit, Finding, Fix};
use crate::text::{Span, Spanned};

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
        Production::given_chat => {
            let facts = inner.into_inner().filter(|part| part.as_rule() == Production::chat_fact);
            Some(Given::Chat(facts.map(|part| chat_fact(lower, part)).collect::<Option<_>>()?))
        }
        Production::given_number => Some(Given::Number(lower.text(&inner.into_inner().nth(1)?))),
        Production::given_at => {
            let mut parts = inner.into_inner().skip(1);
            let (day, time) = (parts.next()?, parts.next()?);
            let span = lower.span(&day).to(lower.span(&time));
            let day = match day.as_rule() {
                Production::day => GivenDay::Weekday(Weekday::parse(day.as_str())?),
                _ => GivenDay::Date(calendar::calendar_date(&day)?),
            };
            Some(Given::At { span, day, time: calendar::time(&time)? })
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
        _ => CustomerGiven::Attribute(attribute(lower, &first, &mut parts)?),
    };
    Some(Spanned::new(fact, span))
}

/// `plan "gold"`, `blocked`, `not blocked`: `first` and the rest of the parts
fn attribute<'p>(
    lower: &mut Lower<'_>,
    first: &Pair<'p>,
    rest: &mut impl Iterator<Item = Pair<'p>>,
) -> Option<AttributeGiven> {
    if first.as_rule() == Production::NOT {
        return Some(AttributeGiven::Flag(lower.word(&rest.next()?), false));
    }
    let name = lower.word(first);
    Some(match rest.next() {
        Some(value) => AttributeGiven::Value(name, literal::value(lower, value)?),
        None => AttributeGiven::Flag(name, true),
    })
}

fn chat_fact(lower: &mut Lower<'_>, pair: Pair<'_>) -> Option<Spanned<ChatGiven>> {
    let span = lower.span(&pair);
    let mut parts = pair.into_inner();
    let first = parts.next()?;
    let mut text = |lower: &mut Lower<'_>| Some(lower.text(&parts.next()?));
    let fact = match first.as_rule() {
        Production::WITH => ChatGiven::With(text(lower)?),
        Production::WAITING => ChatGiven::Waiting,
        Production::IN => ChatGiven::In(text(lower)?),
        Production::TAG => ChatGiven::Tag(text(lower)?),
        Production::ANSWERED => ChatGiven::Answered,
        _ => ChatGiven::Time(lower.word(&first), literal::spanned_seconds(lower, &parts.next()?)),
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
    let mut is_group = false;
    for part in pair.into_inner() {
        match part.as_rule() {
            Production::GROUP => is_group = true,
            Production::text => user = Some(lower.text(&part)),
            Production::number => chats = Some(literal::spanned_number(lower, &part)),
            Production::duration => idle = Some(literal::spanned_seconds(lower, &part)),
            _ => {}
        }
    }
    let user = user?;
    Some(if is_group { UserGiven::Group(user) } else { UserGiven::User { user, chats, idle } })
}

fn message(lower: &mut Lower<'_>, pair: Pair<'_>) -> Option<Given> {
    let (mut kind, mut text, mut aged, mut attributes) = (None, None, None, Vec::new());
    for part in pair.into_inner() {
        match part.as_rule() {
            Production::word => kind = Some(lower.word(&part)),
            Production::text => text = Some(lower.text(&part)),
            Production::aged => aged = Some(literal::spanned_seconds(lower, &part.into_inner().nth(1)?)),
            Production::message_fact => {
                let mut parts = part.into_inner();
                let first = parts.next()?;
                attributes.push(attribute(lower, &first, &mut parts)?);
            }
            _ => {}
        }
    }
    Some(Given::Message { kind, text, aged, attributes })
}

fn expect(lower: &mut Lower<'_>, pair: Pair<'_>) -> Option<Expect> {
    let span = lower.span(&pair);
    let (mut words, mut texts, mut word, mut after) = (Vec::new(), Vec::new(), None, None);
    let (mut start, mut after_start) = (None, 0);
    for part in pair.into_inner().skip(1) {
        match part.as_rule() {
            Production::text => texts.push(lower.text(&part)),
            Production::word => word = Some(lower.word(&part)),
            Production::AFTER => after_start = part.as_span().start(),
            Production::duration => {
                after = Some(literal::spanned_seconds(lower, &part));
                if let Some(start) = start {
                    refuse_late(lower, start, after_start..part.as_span().end(), part.as_str());
                }
            }
            Production::ANY_WORD | Production::open_list | Production::comma | Production::close_list => {}
            kind => {
                start = start.or(Some(lower.span(&part).start));
                words.push(kind);
            }
        }
    }
    if words == [Production::ASSIGN, Production::USER] {
        return Some(Expect { span, after, kind: ExpectKind::AssignUser(texts) });
    }
    let text = texts.into_iter().next();
    let kind = match words.as_slice() {
        [Production::RULE] => ExpectKind::Rule(text?),
        [Production::ALSO, Production::RULE] => ExpectKind::AlsoRule(text?),
        [Production::NOT, Production::RULE] => ExpectKind::NotRule(text?),
        [Production::NO, Production::RULE] => ExpectKind::NoRule,
        [Production::NO, Production::REPLY] => ExpectKind::NoReply,
        [Production::NO, Production::TAG] => ExpectKind::NoTag(text?),
        [Production::ASSIGN, Production::GROUP] => ExpectKind::AssignGroup(text?),
        [Production::ASSIGN, Production::NOBODY] => ExpectKind::AssignNobody,
        [Production::WAITING] => ExpectKind::Waiting,
        [Production::KEPT] => ExpectKind::Kept,
        [Production::REPLY] => ExpectKind::Reply(text?),
        [Production::REPLY, Production::CONTAINS] => ExpectKind::ReplyContains(text?),
        [Production::TAG] => ExpectKind::Tag(text?),
        [Production::PRIORITY] => ExpectKind::Priority(word?),
        _ => return None,
    };
    Some(Expect { span, after, kind })
}

/// `expect reply "text" after 5m`: the time stands at `place`, and what is expected from byte `start` of the file. A time at
/// the start of a line belongs to the `expect` after it.
fn refuse_late(lower: &mut Lower<'_>, start: u32, place: Range<usize>, time: &str) {
    let text = &lower.patched.text;
    let line = text.get(..place.start).unwrap_or_default().rsplit('\n').next().unwrap_or_default();
    let rest = text.get(place.end..).unwrap_or_default();
    let next = place.end + rest.len() - rest.trim_start_matches([' ', '\t']).len();
    let is_before_expect = text.get(next..).is_some_and(|rest| rest.starts_with("expect"));
    let edit = |range: Range<usize>, text: &str| Edit {
        span: lower.patched.to_file_span(&range),
        text: text.to_owned(),
    };
    let late = format!("after {time}");
    let edits = if !line.trim().is_empty() {
        let before = Edit { span: Span { start, end: start }, text: format!("{late} ") };
        Some(vec![before, edit(place.clone(), "")])
    } else if is_before_expect {
        let end = next + "expect".len();
        Some(vec![edit(place.start..next, ""), edit(end..end, &format!(" {late}"))])
    } else {
        None
    };
    let message = format!("`{late}` comes directly after `expect`");
    let place = lower.patched.to_file_span(&place);
    let mut finding =
        Finding::new(Code::Syntax, lower.file, place, message).help(format!("write `expect {late} …`"));
    finding.fix = edits.map(|edits| Fix { title: format!("write `expect {late}`"), edits });
    lower.findings.push(finding);
}
