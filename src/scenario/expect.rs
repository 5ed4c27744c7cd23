//! Whether an expectation is met, and what to say where it is not.

use crate::diagnostic::nearest;
use crate::engine::{Assignment, Decision, RuleRef};
use crate::inbox::Inbox;
use crate::language::ast::RuleKind;
use crate::language::fold;
use crate::policy::{ExpectKind, Policy};

/// Whether the decision meets the expectation.
pub(super) fn holds(inbox: &Inbox, expected: &ExpectKind, decision: &Decision) -> bool {
    let assign = decision.assign.as_ref();
    let mut replies = decision.replies.iter().map(|reply| reply.text.as_str());
    match expected {
        ExpectKind::Rule(name) => decision.rule.as_ref().is_some_and(|rule| is_called(rule, name)),
        ExpectKind::NoRule => decision.rule.is_none(),
        ExpectKind::AlsoRule(name) => decision.also.iter().any(|rule| is_called(rule, name)),
        ExpectKind::NotRule(name) => {
            !decision.rule.iter().chain(&decision.also).any(|rule| is_called(rule, name))
        }
        ExpectKind::AssignUser(wanted) => matches!(
            assign,
            Some(Assignment::User { user, .. }) if wanted.iter().any(|one| **user == *inbox.user(*one).id)
        ),
        ExpectKind::AssignGroup(wanted) => {
            let group = match assign {
                Some(Assignment::User { group, .. } | Assignment::Queue { group, .. }) => group.as_deref(),
                _ => None,
            };
            group == Some(&*inbox.group(*wanted).name)
        }
        ExpectKind::AssignNobody => matches!(assign, Some(Assignment::Nobody)),
        ExpectKind::Kept => matches!(assign, Some(Assignment::Kept { .. })),
        ExpectKind::Waiting => matches!(assign, Some(Assignment::Queue { .. })),
        ExpectKind::Reply(text) => replies.any(|reply| reply == text),
        ExpectKind::ReplyContains(part) => {
            let part = fold(part);
            replies.any(|reply| fold(reply).contains(&part))
        }
        ExpectKind::NoReply => decision.replies.is_empty(),
        ExpectKind::Tag(tag) => has_tag(decision, tag),
        ExpectKind::NoTag(tag) => !has_tag(decision, tag),
        ExpectKind::Priority(priority) => decision.priority == Some(*priority),
    }
}

fn has_tag(decision: &Decision, tag: &str) -> bool {
    let tag = fold(tag);
    decision.tags.iter().any(|carried| fold(carried) == tag)
}

/// Whether a particular user is expected where the dice choose.
pub(super) fn is_by_chance(expected: &ExpectKind, decision: &Decision) -> bool {
    let tried = decision.why.iter().flat_map(|why| &why.assign);
    matches!(expected, ExpectKind::AssignUser(_))
        && tried.filter(|tried| tried.taken).any(|tried| tried.tie_break.as_deref() == Some("chance"))
}

/// Why an expected rule cannot act, or was not reached. The reasons of the decision say which of its parts held.
pub(super) fn hint(policy: &Policy, expected: &ExpectKind, decision: &Decision) -> Option<String> {
    let (name, also) = match expected {
        ExpectKind::Rule(name) => (name, false),
        ExpectKind::AlsoRule(name) => (name, true),
        _ => return None,
    };
    let Some(index) = policy.rules.iter().position(|rule| rule.name.as_ref() == Some(name)) else {
        return Some(unknown(policy, name));
    };
    let rule = policy.rules.get(index)?;
    if (rule.kind == RuleKind::Also) != also {
        return Some(if also {
            format!("`{name}` is not an `also` rule; write `expect rule \"{name}\"`")
        } else {
            format!("`{name}` is an `also` rule, which never decides; write `expect also rule \"{name}\"`")
        });
    }
    if also {
        let why = decision.why.iter().flat_map(|why| &why.also).find(|why| is_called(&why.rule, name))?;
        let part = why.part.as_ref().map(|part| format!(" at `{part}`")).unwrap_or_default();
        return Some(format!("`{name}` does not hold{part}: {}", why.saw));
    }
    let decided = decision.rule.as_ref()?;
    let above = policy.rules.iter().take(index).any(|rule| RuleRef::of(policy, rule) == *decided);
    above.then(|| format!("`{name}` was not reached: {decided} is above it and decides"))
}

fn is_called(rule: &RuleRef, name: &str) -> bool {
    rule.name.as_deref() == Some(name)
}

fn unknown(policy: &Policy, name: &str) -> String {
    let names = policy.rules.iter().filter_map(|rule| rule.name.as_deref());
    match nearest(name, names) {
        Some(near) => format!("no rule is called `{name}`; did you mean `{near}`?"),
        None => format!("no rule is called `{name}`"),
    }
}
