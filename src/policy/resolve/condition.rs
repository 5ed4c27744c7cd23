//! Conditions: names are resolved, and the types of comparisons checked.

use super::calendars::{hours, with_dates};
use super::context::{self, Context};
use super::names::{Name, Names};
use super::unknown_fact::report_unknown_fact;
use super::{advice, chat, message, operands, text};
use crate::diagnostic::Code;
use crate::inbox::{AttributeKind, Inbox};
use crate::language::ast::{self, ConditionKind as Tree, ValueTest};
use crate::language::vocabulary::{BuiltIn, Comparison, Count, FactWord};
use crate::policy::calendar;
use crate::policy::condition::{Attribute, Condition, ConditionKind, Fact, Scope};
use crate::policy::outline::NameKind;
use crate::text::Span;

/// The largest number that a count is compared with.
const MAX_COUNT: u32 = 1_000;

/// Resolves a condition. A wrong part is reported, and never holds.
pub(super) fn resolve<'a>(cx: &mut Context<'a>, names: &Names, condition: &'a ast::Condition) -> Condition {
    let span = condition.span;
    let all = |cx: &mut Context<'a>, parts: &'a [ast::Condition], is_or: bool| {
        let bare = advice::report_bare_values(cx, parts, is_or);
        let part = |(index, part): (usize, &'a ast::Condition)| match bare.binary_search(&index) {
            Ok(_) => Condition { span: part.span, kind: never_holds() },
            Err(_) => resolve(cx, names, part),
        };
        parts.iter().enumerate().map(part).collect()
    };
    let kind = match &condition.kind {
        Tree::Or(parts) => ConditionKind::Or(all(cx, parts, true)),
        Tree::And(parts) => ConditionKind::And(all(cx, parts, false)),
        Tree::Not(part) => ConditionKind::Not(Box::new(resolve(cx, names, part))),
        Tree::Parens(part) => {
            let inner = resolve(cx, names, part);
            return Condition { span, kind: inner.kind };
        }
        Tree::Fact { word, group, compare } => {
            match word_condition(cx, names, span, word, group.as_ref(), compare.as_ref()) {
                Some(kind) => kind,
                None => never_holds(),
            }
        }
        leaf => match leaf_fact(cx, names, leaf, span) {
            Some(fact) => ConditionKind::Fact(fact),
            None => never_holds(),
        },
    };
    Condition { span, kind }
}

/// The meaning of a wrong part.
fn never_holds() -> ConditionKind {
    ConditionKind::Or(Box::default())
}

fn word_condition<'a>(
    cx: &mut Context<'a>,
    names: &Names,
    span: Span,
    word: &'a ast::Word,
    group: Option<&ast::TextLiteral>,
    compare: Option<&ast::Compare>,
) -> Option<ConditionKind> {
    // The group is resolved first, so that a wrong one is reported even if something else is wrong.
    let scope = match group {
        None => Some(Scope::Inbox),
        Some(name) if advice::report_user_as_group(cx, name) => return None,
        Some(name) => cx.group(name).map(Scope::Group),
    };
    if names.is_misnamed(&word.value) {
        return None;
    }
    if let Some(count) = Count::parse(&word.value) {
        return count_fact(cx, word, count, scope, compare).map(ConditionKind::Fact);
    }
    let fact = FactWord::parse(&word.value);
    let known = names.get(&word.value);
    if fact.is_none() && known.is_none() {
        if !names.may_be_defined_elsewhere(&word.value) {
            report_unknown_fact(cx, names, word, compare);
        }
        return None;
    }
    if let Some(compare) = compare {
        operands::report_comparison(cx, word, group, compare);
        return None;
    }
    if let Some(group) = group
        && !fact.is_some_and(FactWord::takes_group)
    {
        operands::report_group(cx, word, group, span);
        return None;
    }
    match (fact, known) {
        (Some(fact), _) => Some(ConditionKind::Fact(keyword_fact(fact, scope?))),
        (None, Some(name)) => definition(cx, word, name),
        (None, None) => None,
    }
}

fn keyword_fact(fact: FactWord, scope: Scope) -> Fact {
    match fact {
        FactWord::NewCustomer => Fact::NewCustomer,
        FactWord::ReturningCustomer => Fact::ReturningCustomer,
        FactWord::HasOwner => Fact::HasOwner,
        FactWord::OwnerOnline => Fact::OwnerOnline,
        FactWord::OwnerOffline => Fact::OwnerOffline,
        FactWord::OwnerAway => Fact::OwnerAway,
        FactWord::ChatOpen => Fact::ChatOpen,
        FactWord::ChatWaiting => Fact::ChatWaiting,
        FactWord::ChatAnswered => Fact::ChatAnswered,
        FactWord::UserOnline => Fact::UserOnline,
        FactWord::UserOffline => Fact::UserOffline,
        FactWord::UserAway => Fact::UserAway,
        FactWord::AnyOnline => Fact::AnyOnline(scope),
        FactWord::AllOffline => Fact::AllOffline(scope),
        FactWord::AnyAvailable => Fact::AnyAvailable(scope),
    }
}

/// A name that is used as a condition.
fn definition<'a>(cx: &mut Context<'a>, word: &'a ast::Word, name: &Name) -> Option<ConditionKind> {
    cx.record_mention(word, &name.file);
    if let NameKind::Hours | NameKind::Dates = name.kind {
        let what = if name.kind == NameKind::Hours { "hours" } else { "dates" };
        let message = format!("`{}` names {what}, which are not a condition by themselves", word.value);
        let fixed = format!("during {}", word.value);
        let finding = cx.error(Code::TypeMismatch, word.span, message);
        cx.report(finding.did_you_mean(&fixed, word.span, fixed.as_str()));
    }
    cx.definition_indices.get(word.value.as_str()).copied().map(ConditionKind::Definition)
}

fn count_fact(
    cx: &mut Context<'_>,
    word: &ast::Word,
    of: Count,
    scope: Option<Scope>,
    compare: Option<&ast::Compare>,
) -> Option<Fact> {
    let Some(compare) = compare else {
        let message = format!("`{of}` is a number, so it needs a comparison");
        let help = match of {
            Count::Online => "write `online >= 1`, or `any_online`",
            Count::Available => "write `available >= 1`, or `any_available`",
            Count::Waiting => "write `waiting >= 1`",
        };
        cx.report(cx.error(Code::TypeMismatch, word.span, message).help(help));
        return None;
    };
    let ast::Literal::Number(number) = &compare.value.value else {
        let message = format!("`{of}` must be compared with a number");
        cx.report(
            cx.error(Code::TypeMismatch, compare.value.span, message)
                .help("write a comparison such as `>= 2`"),
        );
        return None;
    };
    let whole =
        number.filter(rust_decimal::Decimal::is_integer).and_then(|number| u32::try_from(number).ok());
    match whole.filter(|n| *n <= MAX_COUNT) {
        Some(n) => Some(Fact::Count { of, scope: scope?, op: compare.op.value, n }),
        None => {
            let message = format!("`{of}` must be compared with a whole number from 0 to {MAX_COUNT}");
            cx.report(cx.error(Code::InvalidNumber, compare.value.span, message));
            None
        }
    }
}

/// A predicate that begins with `during`, `message`, `chat` or `customer`; `span` is all of it.
fn leaf_fact<'a>(cx: &mut Context<'a>, names: &Names, leaf: &'a Tree, span: Span) -> Option<Fact> {
    match leaf {
        Tree::During(ast::During::Entry(entry)) => {
            let calendar = with_dates(cx, names, |lookup, file, findings| {
                calendar::resolve_entry(entry, lookup, file, findings)
            });
            Some(Fact::During { name: None, calendar: cx.intern_calendar(calendar) })
        }
        Tree::During(ast::During::Name(word)) => {
            let calendar = hours(cx, names, word)?;
            Some(Fact::During { name: Some(cx.intern(&word.value)), calendar })
        }
        Tree::Message(test) => message::whole(cx, test),
        Tree::MessagePart { part, test } => message::part(cx, part, test.as_ref()),
        Tree::MessageHas(word) => message::has(cx, word, span),
        Tree::ChatWith(users) => chat::with(cx, users, span),
        Tree::ChatIn(group) => chat::within(cx, group, span),
        Tree::ChatTag(values) => text::folded_list(cx, values, "a tag").map(Fact::ChatHasTag),
        Tree::ChatPart { part, test } => chat::part(cx, part, test.as_ref(), span),
        Tree::CustomerTag(values) => text::folded_list(cx, values, "a tag").map(Fact::HasTag),
        Tree::CustomerHas(word) if word.value == "owner" && find_attribute(cx.inbox(), "owner").is_none() => {
            let finding = cx.error(Code::UnknownAttribute, word.span, "`owner` is not an attribute");
            cx.report(finding.did_you_mean("has_owner", span, "has_owner"));
            None
        }
        Tree::CustomerHas(word) => {
            known_attribute(cx, word).map(|(attribute, _)| Fact::HasAttribute(attribute))
        }
        Tree::CustomerPart { part, test } => {
            if advice::report_no_attribute(cx, part, test.as_ref(), span) {
                return None;
            }
            customer_fact(cx, part, test.as_ref())
        }
        Tree::Or(_) | Tree::And(_) | Tree::Not(_) | Tree::Parens(_) | Tree::Fact { .. } => None,
    }
}

/// The comparison of a duration, such as that of `example`.
pub(super) fn duration(
    cx: &mut Context<'_>,
    part: &ast::Word,
    test: Option<&ValueTest>,
    example: &str,
) -> Option<(Comparison, u64)> {
    let Some(ValueTest::Compare(ast::Compare { op, value })) = test else {
        let message = format!("`{}` is a duration, so it needs a comparison", part.value);
        cx.report(
            cx.error(Code::TypeMismatch, part.span, message)
                .help(format!("write a comparison such as `{example}`")),
        );
        return None;
    };
    let ast::Literal::Duration(seconds) = value.value else {
        let message = format!("`{}` must be compared with a duration", part.value);
        let help = format!(
            "write a comparison such as `{example}`; the units are `s` seconds, `m` minutes, `h` hours, `d` days"
        );
        cx.report(cx.error(Code::TypeMismatch, value.span, message).help(help));
        return None;
    };
    if seconds.is_none() {
        cx.report_too_long(value.span);
    }
    Some((op.value, seconds?))
}

fn customer_fact(cx: &mut Context<'_>, part: &ast::Word, test: Option<&ValueTest>) -> Option<Fact> {
    let (attribute, kind) = known_attribute(cx, part)?;
    if attribute == Attribute::SilentFor {
        let (op, seconds) = duration(cx, part, test, "customer.silent_for > 30d")?;
        return Some(Fact::SilentFor { op, seconds });
    }
    let test = text::attribute_test(cx, part, attribute, &kind, test)?;
    Some(Fact::Attribute { attribute, test })
}

/// The attribute called `name`, and its kind.
pub(super) fn find_attribute(inbox: &Inbox, name: &str) -> Option<(Attribute, AttributeKind)> {
    if let Some(built_in) = BuiltIn::parse(name) {
        return Some((built_in_attribute(built_in), AttributeKind::Text));
    }
    let id = inbox.attribute_id(name)?;
    let attribute = inbox.attributes.get(id.0 as usize)?;
    Some((Attribute::Custom(id), attribute.kind.clone()))
}

/// The same; `None` after a finding.
pub(super) fn known_attribute(cx: &mut Context<'_>, word: &ast::Word) -> Option<(Attribute, AttributeKind)> {
    let inbox = cx.inbox();
    if let Some(found) = find_attribute(inbox, &word.value) {
        return Some(found);
    }
    let finding =
        cx.error(Code::UnknownAttribute, word.span, format!("customers have no attribute `{}`", word.value));
    let known = BuiltIn::ALL.iter().map(|built_in| built_in.word());
    let known = known.chain(inbox.attributes.iter().map(|attribute| attribute.name.as_str()));
    if message::find_attribute(inbox, &word.value).is_some() {
        cx.report(finding.help(format!("it is the message that has it: write `message.{}`", word.value)));
        return None;
    }
    cx.report(context::suggest_word(finding, word, known, || {
        format!(
            "define it under `[attributes]` in `inbox.toml`; for a tag, write `customer has tag \"{}\"`",
            word.value
        )
    }));
    None
}

fn built_in_attribute(built_in: BuiltIn) -> Attribute {
    match built_in {
        BuiltIn::Country => Attribute::Country,
        BuiltIn::Language => Attribute::Language,
        BuiltIn::Name => Attribute::Name,
        BuiltIn::Phone => Attribute::Phone,
        BuiltIn::SilentFor => Attribute::SilentFor,
    }
}
