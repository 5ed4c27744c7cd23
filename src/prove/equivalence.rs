//! Whether rules do the same: what they are called and where they stand does not count.

use std::collections::BTreeSet;

use crate::language::vocabulary::Algorithm;
use crate::language::{Folded, fold};
use crate::policy::{
    Alternative, Assign, GroupTarget, Placeholder, Reply, Rule, Skill, Target, TemplatePart,
};

/// Whether the rules do the same to each message.
pub(super) fn has_same_effect(old: &Rule, new: &Rule) -> bool {
    is_same_assign(old.assign.as_ref(), new.assign.as_ref())
        && is_same_list(&old.replies, &new.replies, is_same_reply)
        && tags(old) == tags(new)
        && old.priority == new.priority
}

/// Tags as they are compared.
pub(super) fn tags(rule: &Rule) -> BTreeSet<Folded> {
    rule.tags.iter().map(|tag| fold(tag)).collect()
}

/// Whether two replies are the same: what is written, and how often it is sent.
pub(super) fn is_same_reply(old: &Reply, new: &Reply) -> bool {
    fn pieces(reply: &Reply) -> impl Iterator<Item = (&str, Option<Placeholder>, Option<&str>)> {
        reply.template.0.iter().map(|piece| match piece {
            TemplatePart::Text(text) => (&**text, None, None),
            TemplatePart::Placeholder { value: what, fallback, .. } => ("", Some(*what), fallback.as_deref()),
        })
    }
    // What is counted by `once per` goes by what is written.
    let is_counted_alike = old.once_per.is_none() || old.written == new.written;
    old.once_per == new.once_per && is_counted_alike && pieces(old).eq(pieces(new))
}

fn is_same_assign(old: Option<&Assign>, new: Option<&Assign>) -> bool {
    match (old, new) {
        (Some(old), Some(new)) => has_same_alternatives(&old.alternatives, &new.alternatives),
        (old, new) => old.is_none() && new.is_none(),
    }
}

/// Whether the same is tried in the same order, each for the same time. Nothing comes after the last one's time.
pub(super) fn has_same_alternatives(old: &[Alternative], new: &[Alternative]) -> bool {
    let timeout = |course: &[Alternative]| -> Vec<Option<u64>> {
        course.iter().rev().skip(1).map(|alternative| alternative.timeout).collect()
    };
    is_same_list(old, new, |old, new| is_same_target(&old.target, &new.target))
        && timeout(old) == timeout(new)
}

fn is_same_target(old: &Target, new: &Target) -> bool {
    match (old, new) {
        (Target::Group(old), Target::Group(new)) => is_same_choice(old, new),
        (old, new) => old == new,
    }
}

/// Whether one of the same people is chosen in the same way.
pub(super) fn is_same_choice(old: &GroupTarget, new: &GroupTarget) -> bool {
    let is_of_same = old.group == new.group && old.by == new.by;
    let is_same_skill = match (old.skill.as_deref(), new.skill.as_deref()) {
        (Some(Skill::Named { folded: old, .. }), Some(Skill::Named { folded: new, .. })) => old == new,
        (old, new) => old == new,
    };
    is_of_same && (old.by == Algorithm::Hand || (is_same_skill && old.among == new.among))
}

fn is_same_list<T>(old: &[T], new: &[T], is_same: fn(&T, &T) -> bool) -> bool {
    old.len() == new.len() && old.iter().zip(new).all(|(old, new)| is_same(old, new))
}
