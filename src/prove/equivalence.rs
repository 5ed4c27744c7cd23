//! Whether rules have the same effect, whatever their names and positions are.

use std::collections::BTreeSet;

use crate::inbox::UserId;
use crate::language::vocabulary::Algorithm;
use crate::language::{Folded, fold};
use crate::policy::{
    Alternative, Assign, Attribute, GroupTarget, LaterActions, Placeholder, Reply, Rule, Skill, Target,
    TemplatePart,
};

/// Whether the rules do the same with each message.
pub(super) fn has_same_effect(old: &Rule, new: &Rule) -> bool {
    is_same_assign(old.assign.as_ref(), new.assign.as_ref())
        && is_same_list(&old.replies, &new.replies, is_same_reply)
        && tags(old) == tags(new)
        && old.priority == new.priority
        && is_same_list(old.later(), new.later(), is_same_later)
}

/// Whether the same is put off, by the same time.
pub(super) fn is_same_later(old: &LaterActions, new: &LaterActions) -> bool {
    let tags =
        |later: &LaterActions| -> BTreeSet<Folded> { later.tags.iter().map(|tag| fold(tag)).collect() };
    old.after == new.after
        && is_same_list(&old.replies, &new.replies, is_same_reply)
        && tags(old) == tags(new)
        && old.priority == new.priority
}

/// The tags of a rule, as they are compared.
pub(super) fn tags(rule: &Rule) -> BTreeSet<Folded> {
    rule.tags.iter().map(|tag| fold(tag)).collect()
}

/// Whether two replies have the same text and are sent equally often.
pub(super) fn is_same_reply(old: &Reply, new: &Reply) -> bool {
    fn parts(reply: &Reply) -> impl Iterator<Item = (&str, Option<Placeholder>, Option<&str>)> {
        reply.template.0.iter().map(|part| match part {
            TemplatePart::Text(text) => (&**text, None, None),
            TemplatePart::Placeholder { value: what, fallback, .. } => ("", Some(*what), fallback.as_deref()),
        })
    }
    // `once per` counts replies by their text as it is written in the rule.
    let has_same_count = old.once_per.is_none() || old.written == new.written;
    old.once_per == new.once_per && has_same_count && parts(old).eq(parts(new))
}

fn is_same_assign(old: Option<&Assign>, new: Option<&Assign>) -> bool {
    match (old, new) {
        (Some(old), Some(new)) => has_same_alternatives(&old.alternatives, &new.alternatives),
        (old, new) => old.is_none() && new.is_none(),
    }
}

/// Whether the same targets are tried in the same order, each with the same timeout. The timeout of the last one has no
/// effect.
pub(super) fn has_same_alternatives(old: &[Alternative], new: &[Alternative]) -> bool {
    let timeouts = |alternatives: &[Alternative]| -> Vec<Option<u64>> {
        alternatives.iter().rev().skip(1).map(|alternative| alternative.timeout).collect()
    };
    is_same_list(old, new, |old, new| is_same_target(&old.target, &new.target))
        && timeouts(old) == timeouts(new)
}

fn is_same_target(old: &Target, new: &Target) -> bool {
    match (old, new) {
        (Target::Group(old), Target::Group(new)) => is_same_choice(old, new),
        (old, new) => old == new,
    }
}

/// Whether both choose from the same users by the same algorithm.
pub(super) fn is_same_choice(old: &GroupTarget, new: &GroupTarget) -> bool {
    let is_of_same = old.group == new.group && old.by == new.by;
    let is_same_pool = || skills(old) == skills(new) && is_same_except(old, new) && old.among == new.among;
    is_of_same && (old.by == Algorithm::Hand || is_same_pool())
}

/// The skills that a member must have, as they are compared: one of the names, or the name of an attribute.
fn skills(target: &GroupTarget) -> BTreeSet<(BTreeSet<&Folded>, Option<Attribute>)> {
    let each = target.skills().iter().map(|skill| match skill {
        Skill::Any(skills) => (skills.iter().map(|skill| &skill.folded).collect(), None),
        Skill::Customer(attribute) => (BTreeSet::new(), Some(*attribute)),
    });
    each.collect()
}

fn is_same_except(old: &GroupTarget, new: &GroupTarget) -> bool {
    let users =
        |target: &GroupTarget| -> BTreeSet<UserId> { target.except_users().iter().copied().collect() };
    old.excepts_owner() == new.excepts_owner() && users(old) == users(new)
}

pub(super) fn is_same_list<T>(old: &[T], new: &[T], is_same: fn(&T, &T) -> bool) -> bool {
    old.len() == new.len() && old.iter().zip(new).all(|(old, new)| is_same(old, new))
}
