//! What was expected and what was decided, in the words of a test.

use crate::describe::{duration_literal, string_literal};
use crate::engine::{Assignment, Decision, RuleRef};
use crate::inbox::{Inbox, UserId};
use crate::policy::{Expect, ExpectKind};

/// What a test says after `expect`.
pub(super) fn expected(inbox: &Inbox, expected: &Expect) -> String {
    let after = expected.after.map(|after| format!("after {} ", duration_literal(after)));
    after.unwrap_or_default() + &expected_kind(inbox, &expected.kind)
}

/// What a test says of the message's own decision.
pub(super) fn expected_kind(inbox: &Inbox, expected: &ExpectKind) -> String {
    match expected {
        ExpectKind::Rule(name) => format!("rule {}", string_literal(name)),
        ExpectKind::NoRule => "no rule".to_owned(),
        ExpectKind::AlsoRule(name) => format!("also rule {}", string_literal(name)),
        ExpectKind::NotRule(name) => format!("not rule {}", string_literal(name)),
        ExpectKind::AssignUser(users) => {
            let id = |user: &UserId| string_literal(&inbox.user(*user).id);
            match &**users {
                [user] => format!("assign user {}", id(user)),
                users => {
                    format!("assign user any [{}]", users.iter().map(id).collect::<Vec<_>>().join(", "))
                }
            }
        }
        ExpectKind::AssignGroup(group) => {
            format!("assign group {}", string_literal(&inbox.group(*group).name))
        }
        ExpectKind::AssignNobody => "assign nobody".to_owned(),
        ExpectKind::Waiting => "waiting".to_owned(),
        ExpectKind::Kept => "kept".to_owned(),
        ExpectKind::Reply(text) => format!("reply {}", string_literal(text)),
        ExpectKind::ReplyContains(text) => format!("reply contains {}", string_literal(text)),
        ExpectKind::NoReply => "no reply".to_owned(),
        ExpectKind::Tag(tag) => format!("tag {}", string_literal(tag)),
        ExpectKind::NoTag(tag) => format!("no tag {}", string_literal(tag)),
        ExpectKind::Priority(priority) => format!("priority {priority}"),
    }
}

/// The part of the decision that corresponds to an expectation.
pub(super) fn got(expected: &ExpectKind, decision: &Decision) -> String {
    match expected {
        ExpectKind::Rule(_) | ExpectKind::NoRule => {
            decision.rule.as_ref().map_or("no rule".to_owned(), |rule| name_of("rule", rule))
        }
        ExpectKind::AlsoRule(_) => {
            join_or(decision.also.iter().map(|rule| name_of("also rule", rule)), "no `also` rule fires")
        }
        ExpectKind::NotRule(_) => join_or(
            decision
                .rule
                .iter()
                .map(|rule| name_of("rule", rule))
                .chain(decision.also.iter().map(|rule| name_of("also rule", rule))),
            "no rule",
        ),
        ExpectKind::AssignUser(_)
        | ExpectKind::Kept
        | ExpectKind::AssignGroup(_)
        | ExpectKind::AssignNobody
        | ExpectKind::Waiting => assigned(decision.assign.as_ref()),
        ExpectKind::Reply(_) | ExpectKind::ReplyContains(_) | ExpectKind::NoReply => {
            join_or(decision.replies.iter().map(|reply| format!("reply \"{}\"", reply.text)), "no reply")
        }
        ExpectKind::Tag(_) | ExpectKind::NoTag(_) => {
            join_or(decision.tags.iter().map(|tag| format!("tag \"{tag}\"")), "no tag")
        }
        ExpectKind::Priority(_) => {
            decision.priority.map_or("no priority".to_owned(), |priority| format!("priority {priority}"))
        }
    }
}

fn assigned(assign: Option<&Assignment>) -> String {
    match assign {
        Some(Assignment::User { user, group: Some(group), .. }) => {
            format!("assign user \"{user}\", through group \"{group}\"")
        }
        Some(Assignment::User { user, group: None, .. }) => format!("assign user \"{user}\""),
        Some(Assignment::Kept { user: Some(user), .. }) => format!("kept, with \"{user}\""),
        Some(Assignment::Queue { group: Some(group), reason, .. }) => {
            let reason = match reason.strip_prefix(&format!("members of {group} ")) {
                Some(what) => format!("its members {what}"),
                None => reason.clone(),
            };
            format!("waiting in group \"{group}\" ({reason})")
        }
        Some(Assignment::Queue { group: None, reason, .. }) => format!("waiting ({reason})"),
        Some(Assignment::Kept { user: None, group: Some(group) }) => {
            format!("kept, waiting in group \"{group}\"")
        }
        Some(Assignment::Kept { user: None, group: None }) => "kept, waiting".to_owned(),
        Some(Assignment::Nobody) => "assign nobody".to_owned(),
        None => "no rule, so nobody is assigned".to_owned(),
    }
}

fn name_of(what: &str, rule: &RuleRef) -> String {
    match &rule.name {
        Some(name) => format!("{what} \"{name}\""),
        None => format!("the {what} at {}:{}", rule.file, rule.line),
    }
}

fn join_or(words: impl Iterator<Item = String>, none: &str) -> String {
    let words: Vec<String> = words.collect();
    if words.is_empty() { none.to_owned() } else { words.join(", ") }
}
