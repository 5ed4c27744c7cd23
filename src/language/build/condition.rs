//! Conditions: `new_customer and not (message contains "refund" or vip)`.

use super::super::ast::{Compare, Condition, ConditionKind, During, ValueTest, Values};
use super::super::grammar::Kind;
use super::super::node::Node;
use super::super::vocabulary::Comparison;
use super::{Build, literal, times};
use crate::text::{Span, Spanned};

/// `a or b and c`
pub(super) fn condition(build: &mut Build<'_>, node: Node<'_>) -> Option<Condition> {
    joined(build, node, Kind::every, every, ConditionKind::Or)
}

fn every(build: &mut Build<'_>, node: Node<'_>) -> Option<Condition> {
    joined(build, node, Kind::part, part, ConditionKind::And)
}

/// The one operand, or all of them joined.
fn joined(
    build: &mut Build<'_>,
    node: Node<'_>,
    operand: Kind,
    read: fn(&mut Build<'_>, Node<'_>) -> Option<Condition>,
    join: fn(Vec<Condition>) -> ConditionKind,
) -> Option<Condition> {
    let mut operands = node.into_inner().filter(|inner| inner.as_rule() == operand);
    let first = read(build, operands.next()?)?;
    let Some(second) = operands.next() else { return Some(first) };
    let start = first.span;
    let mut all = vec![first, read(build, second)?];
    for operand in operands {
        all.push(read(build, operand)?);
    }
    let end = all.last()?.span;
    Some(Condition { span: start.to(end), kind: join(all) })
}

/// `not not a`
fn part(build: &mut Build<'_>, node: Node<'_>) -> Option<Condition> {
    let mut inner = node.into_inner();
    let mut nots: Vec<Span> = Vec::new();
    let mut operand = inner.next()?;
    while operand.as_rule() == Kind::NOT {
        nots.push(build.span(operand));
        operand = inner.next()?;
    }
    let mut condition = leaf(build, operand)?;
    while let Some(not) = nots.pop() {
        let span = not.to(condition.span);
        condition = Condition { span, kind: ConditionKind::Not(Box::new(condition)) };
    }
    Some(condition)
}

fn leaf(build: &mut Build<'_>, operand: Node<'_>) -> Option<Condition> {
    let node = operand.into_inner().next()?;
    let span = build.span(node);
    let kind = match node.as_rule() {
        Kind::parens => {
            let inner = node.into_inner().find(|inner| inner.as_rule() == Kind::condition)?;
            ConditionKind::Parens(Box::new(condition(build, inner)?))
        }
        Kind::during => during(build, node)?,
        Kind::message => message(build, node)?,
        Kind::customer => customer(build, node)?,
        Kind::fact => fact(build, node)?,
        _ => return None,
    };
    Some(Condition { span, kind })
}

fn during(build: &mut Build<'_>, node: Node<'_>) -> Option<ConditionKind> {
    let when = node.into_inner().last()?;
    Some(ConditionKind::During(match when.as_rule() {
        Kind::entry => During::Entry(times::entry(build, when)?),
        _ => During::Name(build.word(when)),
    }))
}

fn message(build: &mut Build<'_>, node: Node<'_>) -> Option<ConditionKind> {
    let (mut part, mut test) = (None, None);
    for inner in node.into_inner() {
        match inner.as_rule() {
            Kind::name => part = Some(build.word(inner)),
            Kind::question => test = Some(question(build, inner)?),
            _ => {}
        }
    }
    Some(match part {
        Some(part) => ConditionKind::MessagePart { part, test },
        None => ConditionKind::Message(test?),
    })
}

fn customer(build: &mut Build<'_>, node: Node<'_>) -> Option<ConditionKind> {
    let (mut part, mut test) = (None, None);
    for inner in node.into_inner() {
        match inner.as_rule() {
            Kind::name => part = Some(build.word(inner)),
            Kind::question => test = Some(question(build, inner)?),
            Kind::values => return Some(ConditionKind::CustomerTag(values(build, inner)?)),
            Kind::word => return Some(ConditionKind::CustomerHas(build.word(inner))),
            _ => {}
        }
    }
    Some(ConditionKind::CustomerPart { part: part?, test })
}

fn fact(build: &mut Build<'_>, node: Node<'_>) -> Option<ConditionKind> {
    let (mut word, mut group, mut comparison) = (None, None, None);
    for inner in node.into_inner() {
        match inner.as_rule() {
            Kind::word => word = Some(build.word(inner)),
            Kind::text => group = Some(build.text(inner)),
            Kind::compare => comparison = Some(compare(build, inner)?),
            _ => {}
        }
    }
    Some(ConditionKind::Fact { word: word?, group, compare: comparison })
}

/// `is not any ["a", "b"]`, `contains part "a"`, `> 1h`
fn question(build: &mut Build<'_>, node: Node<'_>) -> Option<ValueTest> {
    let asked = node.into_inner().next()?;
    let kind = asked.as_rule();
    if kind == Kind::compare {
        return Some(ValueTest::Compare(compare(build, asked)?));
    }
    let (mut marked, mut found) = (false, None);
    for inner in asked.into_inner() {
        match inner.as_rule() {
            Kind::NOT | Kind::PART => marked = true,
            Kind::values => found = Some(values(build, inner)?),
            Kind::pattern => return Some(ValueTest::Matches(literal::pattern(build, inner))),
            _ => {}
        }
    }
    Some(match kind {
        Kind::is => ValueTest::Is { not: marked, values: found? },
        Kind::contains => ValueTest::Contains { part: marked, values: found? },
        _ => ValueTest::StartsWith(found?),
    })
}

fn values(build: &mut Build<'_>, node: Node<'_>) -> Option<Values> {
    let span = build.span(node);
    let (mut any, mut values) = (false, Vec::new());
    for inner in node.into_inner() {
        match inner.as_rule() {
            Kind::ANY_OF => any = true,
            Kind::value => values.push(literal::value(build, inner)?),
            _ => {}
        }
    }
    Some(Values { span, any, values })
}

fn compare(build: &mut Build<'_>, node: Node<'_>) -> Option<Compare> {
    let (mut op, mut value) = (None, None);
    for inner in node.into_inner() {
        match inner.as_rule() {
            Kind::comparison => {
                op = Some(Spanned::new(Comparison::parse(inner.as_str())?, build.span(inner)));
            }
            Kind::value => value = literal::value(build, inner),
            _ => {}
        }
    }
    Some(Compare { op: op?, value: value? })
}
