//! Whether a condition holds, read plainly from the tree: what programs are tested against.

use super::view::View;
use crate::inbox::UserId;
use crate::language::vocabulary::{Count, Presence};
use crate::language::{Folded, fold};
use crate::policy::{
    Attribute, AttributeTest, AttributeValue, Condition, ConditionKind, Fact, Rule, Scope, TextTest,
};
use crate::roster::RosterView;

/// Whether the rule's condition holds.
pub(super) fn applies(view: &View, rule: &Rule) -> bool {
    rule.when.as_ref().is_none_or(|condition| holds(view, condition))
}

/// Whether `condition` holds.
pub(super) fn holds(view: &View, condition: &Condition) -> bool {
    match &condition.kind {
        ConditionKind::Or(parts) => parts.iter().any(|part| holds(view, part)),
        ConditionKind::And(parts) => parts.iter().all(|part| holds(view, part)),
        ConditionKind::Not(part) => !holds(view, part),
        // Each names only earlier ones, and nests no deeper with them than a condition may.
        ConditionKind::Definition(place) => view.definition(*place, || {
            view.policy.definitions.get(*place).is_some_and(|one| holds(view, &one.condition))
        }),
        ConditionKind::Fact(fact) => fact_holds(view, fact),
    }
}

fn fact_holds(view: &View, fact: &Fact) -> bool {
    let case = view.case;
    let presence = |user: Option<UserId>| user.map(|user| view.presence(user));
    let owner = || presence(case.owner_id());
    let user = || presence(case.chat_user());
    let is_not_online = |presence: Presence| presence != Presence::Online;
    match fact {
        Fact::NewCustomer => !case.returning,
        Fact::ReturningCustomer => case.returning,
        Fact::HasOwner => case.owner_id().is_some(),
        Fact::OwnerOnline => owner() == Some(Presence::Online),
        Fact::OwnerOffline => owner().is_some_and(is_not_online),
        Fact::OwnerAway => owner() == Some(Presence::Away),
        Fact::ChatOpen => case.chat.is_some(),
        Fact::ChatWaiting => case.chat.is_some_and(|chat| chat.user.is_none()),
        Fact::ChatAnswered => case.chat.is_some_and(|chat| chat.answered),
        Fact::UserOnline => user() == Some(Presence::Online),
        Fact::UserOffline => user().is_some_and(is_not_online),
        Fact::UserAway => user() == Some(Presence::Away),
        Fact::ChatWith(users) => case.chat_user().is_some_and(|user| users.contains(&user)),
        Fact::ChatIn(group) => case.chat.is_some_and(|chat| chat.group == Some(*group)),
        Fact::ChatHasTag(tags) => tags.iter().any(|tag| view.chat_tags().contains(tag)),
        Fact::ChatTime { of, op, seconds } => {
            case.chat_time(*of).is_some_and(|time| op.holds(&time, seconds))
        }
        Fact::AnyOnline(scope) => view.counts(*scope).online > 0,
        Fact::AllOffline(scope) => view.counts(*scope).online == 0,
        Fact::AnyAvailable(scope) => view.counts(*scope).available > 0,
        Fact::Count { of, scope, op, n } => op.holds(&count(view, *of, *scope), &u64::from(*n)),
        Fact::During { calendar, .. } => calendar.is_open(view.local()),
        Fact::MessageText(test) => message_passes(view.text(), test),
        Fact::MessageKind { not, kinds } => kinds.contains(&case.kind) != *not,
        Fact::MessageAge { op, seconds } => op.holds(&case.age, seconds),
        Fact::HasTag(tags) => tags.iter().any(|tag| view.tags().contains(tag)),
        Fact::HasAttribute(attribute) => case.has(*attribute),
        Fact::Attribute { attribute, test } => attribute_passes(view, *attribute, test),
        Fact::SilentFor { op, seconds } => case.silent_for.is_some_and(|silent| op.holds(&silent, seconds)),
    }
}

/// How many there are.
pub(super) fn count(view: &View, of: Count, scope: Scope) -> u64 {
    match of {
        Count::Online => view.counts(scope).online,
        Count::Available => view.counts(scope).available,
        Count::Waiting => view.waiting(scope),
    }
}

fn attribute_passes(view: &View, attribute: Attribute, comparison: &AttributeTest) -> bool {
    match (comparison, view.case.attribute(attribute)) {
        (AttributeTest::Text(comparison), Some(AttributeValue::Text(text))) => {
            text_passes(Some((text, &fold(text))), comparison)
        }
        (AttributeTest::Text(comparison), _) => text_passes(None, comparison),
        (AttributeTest::Number { op, value }, Some(AttributeValue::Number(number))) => {
            op.holds(&number, value)
        }
        (AttributeTest::Flag, Some(AttributeValue::Flag(flag))) => flag,
        (AttributeTest::Number { .. } | AttributeTest::Flag, _) => false,
    }
}

/// Whether the message's text passes, of which `is` and `starts with` read past signs at the ends.
fn message_passes(text: Option<(&str, &Folded)>, comparison: &TextTest) -> bool {
    let fits_any = |wanted: &[Folded], fits: fn(&Folded, &Folded) -> bool| {
        text.is_some_and(|(_, folded)| wanted.iter().any(|wanted| fits(folded, wanted)))
    };
    match comparison {
        TextTest::Is { not, any } => fits_any(any, Folded::is_but_for_signs) != *not,
        TextTest::StartsWith(any) => fits_any(any, Folded::starts_but_for_signs),
        other => text_passes(text, other),
    }
}

/// Whether a text passes, given as written and folded. A missing one fails every test but `is not`, which is always the
/// opposite of `is`.
fn text_passes(text: Option<(&str, &Folded)>, comparison: &TextTest) -> bool {
    let fits_any = |wanted: &[Folded], fits: fn(&Folded, &Folded) -> bool| {
        text.is_some_and(|(_, folded)| wanted.iter().any(|wanted| fits(folded, wanted)))
    };
    match comparison {
        TextTest::Is { not, any } => fits_any(any, Folded::eq) != *not,
        TextTest::Contains(any) => fits_any(any, Folded::contains_words),
        TextTest::ContainsPart(any) => fits_any(any, Folded::contains),
        TextTest::StartsWith(any) => fits_any(any, Folded::starts_with),
        TextTest::Matches(pattern) => text.is_some_and(|(raw, _)| pattern.is_match(raw)),
    }
}
