//! Whether an expectation is met, and what to say where it is not.

use std::cmp::Ordering;

use crate::diagnostic::nearest;
use crate::engine::{Assignment, Decision, RuleRef};
use crate::inbox::Inbox;
use crate::language::ast::RuleKind;
use crate::language::fold;
use crate::policy::{ExpectKind, Policy, Rule};

/// Whether the decision meets the expectation.
pub(super) fn holds(policy: &Policy, inbox: &Inbox, expected: &ExpectKind, decision: &Decision) -> bool {
    let assign = decision.assign.as_ref();
    let mut replies = decision.replies.iter().map(|reply| reply.text.as_str());
    match expected {
        ExpectKind::Rule(name) => decision.rule.as_ref().is_some_and(|rule| is_called(rule, name)),
        ExpectKind::NoRule => decision.rule.is_none(),
        ExpectKind::AlsoRule(name) => decision.also.iter().any(|rule| is_called(rule, name)),
        // A misspelt name would always hold.
        ExpectKind::NotRule(name) => {
            let mut acting = decision.rule.iter().chain(&decision.also);
            find(policy, name).is_ok() && !acting.any(|rule| is_called(rule, name))
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

/// Why the expectation cannot be met here, or what was probably meant. The reasons of the decision say which parts held.
pub(super) fn hint(policy: &Policy, expected: &ExpectKind, decision: &Decision) -> Option<String> {
    match expected {
        ExpectKind::Rule(name) => hint_for_rule(policy, name, decision),
        ExpectKind::AlsoRule(name) => hint_for_also_rule(policy, name, decision),
        ExpectKind::NotRule(name) => find(policy, name).err(),
        ExpectKind::Kept if !is_chat_open(decision) => {
            Some("no chat is open here; describe the chat, as in `given chat waiting`".to_owned())
        }
        ExpectKind::AssignUser(_)
        | ExpectKind::AssignGroup(_)
        | ExpectKind::AssignNobody
        | ExpectKind::Waiting
            if is_kept(decision) =>
        {
            Some("the open chat stays where it is; write `expect kept`".to_owned())
        }
        _ => None,
    }
}

/// Why the rule did not decide.
fn hint_for_rule(policy: &Policy, name: &str, decision: &Decision) -> Option<String> {
    let (index, rule) = match find(policy, name) {
        Ok(found) => found,
        Err(unknown) => return Some(unknown),
    };
    match (rule.kind, is_chat_open(decision)) {
        (RuleKind::Also, _) => {
            return Some(format!(
                "`{name}` is an `also` rule, which never decides; write `expect also rule \"{name}\"`"
            ));
        }
        (RuleKind::Move, false) => {
            return Some(format!(
                "`{name}` is a `move` rule, which needs an open chat; describe the chat, as in `given chat waiting`"
            ));
        }
        (RuleKind::Regular, true) => {
            return Some(format!("`{name}` is tried only when no chat is open, and here one is"));
        }
        (RuleKind::Move, true) | (RuleKind::Regular, false) => {}
    }
    let held = decision.why.iter().flat_map(|why| &why.rules).find(|why| why.held)?;
    let place = policy.rules.iter().position(|rule| RuleRef::of(policy, rule) == held.rule)?;
    match place.cmp(&index) {
        Ordering::Less if is_kept(decision) => {
            Some(format!("`{name}` was not reached: {} is above it and holds", held.rule))
        }
        Ordering::Less => Some(format!("`{name}` was not reached: {} is above it and decides", held.rule)),
        Ordering::Equal if is_kept(decision) => Some(format!("`{name}` holds, but {}", why_kept(decision))),
        Ordering::Equal | Ordering::Greater => None,
    }
}

/// Why a `move` rule that holds does not move the chat.
fn why_kept(decision: &Decision) -> &'static str {
    let mut tried = decision.why.iter().flat_map(|why| &why.assign);
    if tried.any(|attempt| attempt.taken) {
        "the chat waits in that queue already, so it stays where it is"
    } else {
        "finds nobody, so the chat stays where it is"
    }
}

fn hint_for_also_rule(policy: &Policy, name: &str, decision: &Decision) -> Option<String> {
    match find(policy, name) {
        Err(unknown) => return Some(unknown),
        Ok((_, rule)) if rule.kind != RuleKind::Also => {
            return Some(format!("`{name}` is not an `also` rule; write `expect rule \"{name}\"`"));
        }
        Ok(_) => {}
    }
    let why = decision.why.iter().flat_map(|why| &why.also).find(|why| is_called(&why.rule, name))?;
    let part = why.part.as_ref().map(|part| format!(" at `{part}`")).unwrap_or_default();
    Some(format!("`{name}` does not hold{part}: {}", why.saw))
}

/// The rule of that name and its place, or that there is none.
pub(super) fn find<'p>(policy: &'p Policy, name: &str) -> Result<(usize, &'p Rule), String> {
    let mut rules = policy.rules.iter().enumerate();
    rules.find(|(_, rule)| rule.name.as_deref() == Some(name)).ok_or_else(|| unknown(policy, name))
}

fn is_kept(decision: &Decision) -> bool {
    matches!(decision.assign, Some(Assignment::Kept { .. }))
}

fn is_chat_open(decision: &Decision) -> bool {
    is_kept(decision) || decision.moved.is_some()
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
