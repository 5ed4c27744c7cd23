//! Whether a condition holds.

use super::view::View;
use crate::language::Folded;
use crate::language::vocabulary::Count;
use crate::policy::{
    Attribute, AttributeTest, AttributeValue, Condition, ConditionKind, Fact, Scope, TextTest,
};
use crate::situation::{Owner, Text};

/// Whether `condition` holds of what `view` shows.
pub(super) fn holds(view: &View, condition: &Condition) -> bool {
    match &condition.kind {
        ConditionKind::Or(parts) => parts.iter().any(|part| holds(view, part)),
        ConditionKind::And(parts) => parts.iter().all(|part| holds(view, part)),
        ConditionKind::Not(part) => !holds(view, part),
        ConditionKind::Definition(place) => definition(view, *place),
        ConditionKind::Fact(fact) => fact_holds(view, fact),
    }
}

/// Whether the definition at `place` holds: each is asked once, or names that share names would double the work
/// at every step. Each names only earlier ones, and nests no deeper with them than a condition may.
fn definition(view: &View, place: usize) -> bool {
    let Some((known, definition)) = view.definitions.get(place).zip(view.policy.definitions.get(place))
    else {
        return false;
    };
    *known.get_or_init(|| holds(view, &definition.condition))
}

fn fact_holds(view: &View, fact: &Fact) -> bool {
    let case = view.case;
    let owner_online = match case.owner {
        Owner::User(user) => Some(view.is_online(user)),
        Owner::None | Owner::Former(_) => None,
    };
    match fact {
        Fact::NewCustomer => !case.customer.returning,
        Fact::ReturningCustomer => case.customer.returning,
        Fact::HasOwner => owner_online.is_some(),
        Fact::OwnerOnline => owner_online == Some(true),
        Fact::OwnerOffline => owner_online == Some(false),
        Fact::AnyOnline(scope) => view.heads(*scope).online > 0,
        Fact::AllOffline(scope) => view.heads(*scope).online == 0,
        Fact::AnyAvailable(scope) => view.heads(*scope).available > 0,
        Fact::Count { of, scope, op, n } => op.holds(&count(view, *of, *scope), &u64::from(*n)),
        Fact::During { calendar, .. } => calendar.is_open(view.local()),
        Fact::MessageText(test) => text_passes(case.text.as_ref(), test),
        Fact::MessageKind { not, kinds } => kinds.contains(&case.message.kind) != *not,
        Fact::MessageAge { op, seconds } => op.holds(&case.message.age_seconds, seconds),
        Fact::HasTag(tags) => tags.iter().any(|tag| case.tags().contains(tag)),
        Fact::HasAttribute(Attribute::SilentFor) => case.silent_for.is_some(),
        Fact::HasAttribute(attribute) => case.attribute(*attribute).is_some(),
        Fact::Attribute { attribute, test } => attribute_passes(case.attribute(*attribute), test),
        Fact::SilentFor { op, seconds } => case.silent_for.is_some_and(|silent| op.holds(&silent, seconds)),
    }
}

/// How many there are.
pub(super) fn count(view: &View, of: Count, scope: Scope) -> u64 {
    match of {
        Count::Online => view.heads(scope).online,
        Count::Available => view.heads(scope).available,
        Count::Waiting => view.waiting(scope),
    }
}

fn attribute_passes(value: Option<&AttributeValue<Text<'_>>>, question: &AttributeTest) -> bool {
    match (question, value) {
        (AttributeTest::Text(question), Some(AttributeValue::Text(text))) => {
            text_passes(Some(text), question)
        }
        (AttributeTest::Text(question), _) => text_passes(None, question),
        (AttributeTest::Number { op, value }, Some(AttributeValue::Number(number))) => {
            op.holds(number, value)
        }
        (AttributeTest::Flag, Some(AttributeValue::Flag(flag))) => *flag,
        (AttributeTest::Number { .. } | AttributeTest::Flag, _) => false,
    }
}

/// What is absent fails every test but `is not`, which is always the opposite of `is`.
fn text_passes(text: Option<&Text>, question: &TextTest) -> bool {
    let fits_any = |wanted: &[Folded], fits: fn(&Folded, &Folded) -> bool| {
        text.is_some_and(|text| wanted.iter().any(|wanted| fits(text.folded(), wanted)))
    };
    match question {
        TextTest::Is { not, any } => fits_any(any, Folded::eq) != *not,
        TextTest::Contains(any) => fits_any(any, Folded::contains_words),
        TextTest::ContainsPart(any) => fits_any(any, Folded::contains),
        TextTest::StartsWith(any) => fits_any(any, Folded::starts_with),
        TextTest::Matches(pattern) => text.is_some_and(|text| pattern.is_match(text.raw)),
    }
}
