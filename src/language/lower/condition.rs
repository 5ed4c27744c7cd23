//! Conditions: `new_customer and not (message contains "refund" or vip)`.

use super::super::ast::{Compare, Condition, ConditionKind, During, Literal, TextLiteral, ValueTest, Values};
use super::super::grammar::{Pair, Production};
use super::super::vocabulary::Comparison;
use super::{Lower, calendar, literal};
use crate::diagnostic::{Code, Finding};
use crate::text::{Span, Spanned, quoted};

/// `a or b and c`
pub(super) fn condition(lower: &mut Lower<'_>, pair: Pair<'_>) -> Option<Condition> {
    joined(lower, pair, Production::conjunction, conjunction, ConditionKind::Or)
}

fn conjunction(lower: &mut Lower<'_>, pair: Pair<'_>) -> Option<Condition> {
    joined(lower, pair, Production::negation, negation, ConditionKind::And)
}

/// The one operand, or all of them joined.
fn joined(
    lower: &mut Lower<'_>,
    pair: Pair<'_>,
    of: Production,
    read: fn(&mut Lower<'_>, Pair<'_>) -> Option<Condition>,
    join: fn(Vec<Condition>) -> ConditionKind,
) -> Option<Condition> {
    let mut operands = pair.into_inner().filter(|inner| inner.as_rule() == of);
    let first = read(lower, operands.next()?)?;
    let Some(second) = operands.next() else { return Some(first) };
    let start = first.span;
    let mut all = vec![first, read(lower, second)?];
    for operand in operands {
        all.push(read(lower, operand)?);
    }
    let end = all.last()?.span;
    Some(Condition { span: start.to(end), kind: join(all) })
}

/// `not not a`
fn negation(lower: &mut Lower<'_>, pair: Pair<'_>) -> Option<Condition> {
    let mut inner = pair.into_inner();
    let first = inner.next()?;
    if first.as_rule() != Production::NOT {
        return leaf(lower, first);
    }
    let condition = negation(lower, inner.next()?)?;
    let span = lower.span(&first).to(condition.span);
    Some(Condition { span, kind: ConditionKind::Not(Box::new(condition)) })
}

fn leaf(lower: &mut Lower<'_>, operand: Pair<'_>) -> Option<Condition> {
    let pair = operand.into_inner().next()?;
    let span = lower.span(&pair);
    let kind = match pair.as_rule() {
        Production::parens => {
            let inner = pair.into_inner().find(|inner| inner.as_rule() == Production::condition)?;
            ConditionKind::Parens(Box::new(condition(lower, inner)?))
        }
        Production::during => during(lower, pair)?,
        Production::message => message(lower, pair)?,
        Production::customer => customer(lower, pair)?,
        Production::chat => chat(lower, pair)?,
        Production::fact => fact(lower, pair)?,
        _ => return None,
    };
    Some(Condition { span, kind })
}

fn during(lower: &mut Lower<'_>, pair: Pair<'_>) -> Option<ConditionKind> {
    let when = pair.into_inner().last()?;
    Some(ConditionKind::During(match when.as_rule() {
        Production::hours_entry => During::Entry(calendar::entry(lower, when)?),
        _ => During::Name(lower.word(&when)),
    }))
}

fn message(lower: &mut Lower<'_>, pair: Pair<'_>) -> Option<ConditionKind> {
    let (mut part, mut test, mut has) = (None, None, Span::default());
    for inner in pair.into_inner() {
        match inner.as_rule() {
            Production::name => part = Some(lower.word(&inner)),
            Production::value_test => test = Some(question(lower, inner)?),
            Production::HAS => has = lower.span(&inner),
            Production::values => {
                let values = values(lower, inner)?;
                return Some(message_has(lower, has, values));
            }
            _ => {}
        }
    }
    Some(match part {
        Some(part) => ConditionKind::MessagePart { part, test },
        None => ConditionKind::Message(test?),
    })
}

/// `message has ad`; `message has "refund"` is meant as `contains`
fn message_has(lower: &mut Lower<'_>, has: Span, values: Values) -> ConditionKind {
    if let [Spanned { value: Literal::Word(word), span }] = &*values.values
        && !values.any
    {
        return ConditionKind::MessageHas(Spanned::new(word.clone(), *span));
    }
    let finding = Finding::new(Code::Syntax, lower.file, has, "write `contains`, not `has`");
    lower.findings.push(finding.fix("write `contains`", has, "contains"));
    ConditionKind::Message(ValueTest::Contains { part: false, values })
}

fn customer(lower: &mut Lower<'_>, pair: Pair<'_>) -> Option<ConditionKind> {
    let (mut part, mut test) = (None, None);
    for inner in pair.into_inner() {
        match inner.as_rule() {
            Production::name => part = Some(lower.word(&inner)),
            Production::value_test => test = Some(question(lower, inner)?),
            Production::values => return Some(ConditionKind::CustomerTag(values(lower, inner)?)),
            Production::word => return Some(ConditionKind::CustomerHas(lower.word(&inner))),
            _ => {}
        }
    }
    Some(ConditionKind::CustomerPart { part: part?, test })
}

fn chat(lower: &mut Lower<'_>, pair: Pair<'_>) -> Option<ConditionKind> {
    let span = lower.span(&pair);
    let mut parts = pair.into_inner().skip(1);
    let first = parts.next()?;
    match first.as_rule() {
        Production::WITH => Some(ConditionKind::ChatWith(texts(lower, parts))),
        Production::IN => {
            let list = parts.clone().find(|part| part.as_rule() == Production::ANY_WORD);
            let groups = texts(lower, parts);
            if let Some(any) = list {
                let start = lower.span(&any).start;
                refuse_groups(lower, &groups, Span { start, end: span.end });
            }
            groups.into_iter().next().map(ConditionKind::ChatIn)
        }
        Production::HAS => {
            let tags = parts.find(|part| part.as_rule() == Production::values)?;
            Some(ConditionKind::ChatTag(values(lower, tags)?))
        }
        _ => {
            let part = lower.word(&parts.next()?);
            let test = match parts.next() {
                Some(test) => Some(question(lower, test)?),
                None => None,
            };
            Some(ConditionKind::ChatPart { part, test })
        }
    }
}

/// `"a"` or `any ["a", "b"]`
pub(super) fn texts<'p>(lower: &mut Lower<'_>, parts: impl Iterator<Item = Pair<'p>>) -> Vec<TextLiteral> {
    parts.filter(|part| part.as_rule() == Production::text).map(|part| lower.text(&part)).collect()
}

/// A chat waits in one queue or came through one group, and `any` takes no groups.
fn refuse_groups(lower: &mut Lower<'_>, groups: &[TextLiteral], list: Span) {
    let groups: Vec<_> = groups.iter().map(|group| format!("chat in {}", quoted(&group.value))).collect();
    let finding = Finding::new(Code::Syntax, lower.file, list, "`chat in` takes one group, not a list");
    lower.findings.push(finding.help(format!("write `{}`", groups.join(" or "))));
}

fn fact(lower: &mut Lower<'_>, pair: Pair<'_>) -> Option<ConditionKind> {
    let (mut word, mut group, mut comparison) = (None, None, None);
    for inner in pair.into_inner() {
        match inner.as_rule() {
            Production::word => word = Some(lower.word(&inner)),
            Production::text => group = Some(lower.text(&inner)),
            Production::compare => comparison = Some(compare(lower, inner)?),
            _ => {}
        }
    }
    Some(ConditionKind::Fact { word: word?, group, compare: comparison })
}

/// `is not any ["a", "b"]`, `contains part "a"`, `> 1h`
fn question(lower: &mut Lower<'_>, pair: Pair<'_>) -> Option<ValueTest> {
    let asked = pair.into_inner().next()?;
    let kind = asked.as_rule();
    if kind == Production::compare {
        return Some(ValueTest::Compare(compare(lower, asked)?));
    }
    let (mut marked, mut found) = (false, None);
    for inner in asked.into_inner() {
        match inner.as_rule() {
            Production::NOT | Production::PART => marked = true,
            Production::values => found = Some(values(lower, inner)?),
            Production::pattern => return Some(ValueTest::Matches(literal::pattern(lower, &inner))),
            _ => {}
        }
    }
    Some(match kind {
        Production::is => ValueTest::Is { not: marked, values: found? },
        Production::contains => ValueTest::Contains { part: marked, values: found? },
        _ => ValueTest::StartsWith(found?),
    })
}

pub(super) fn values(lower: &mut Lower<'_>, pair: Pair<'_>) -> Option<Values> {
    let span = lower.span(&pair);
    let (mut any, mut values) = (false, Vec::new());
    for inner in pair.into_inner() {
        match inner.as_rule() {
            Production::ANY_WORD => any = true,
            Production::value => values.push(literal::value(lower, inner)?),
            _ => {}
        }
    }
    Some(Values { span, any, values })
}

fn compare(lower: &mut Lower<'_>, pair: Pair<'_>) -> Option<Compare> {
    let (mut op, mut value) = (None, None);
    for inner in pair.into_inner() {
        match inner.as_rule() {
            Production::comparison => {
                op = Some(Spanned::new(Comparison::parse(inner.as_str())?, lower.span(&inner)));
            }
            Production::value => value = literal::value(lower, inner),
            _ => {}
        }
    }
    Some(Compare { op: op?, value: value? })
}
