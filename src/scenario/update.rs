//! Changes what a test expects to what happens now.

use std::collections::BTreeSet;

use super::expect::{find, holds};
use super::render::expected;
use crate::diagnostic::{Edit, Fix};
use crate::engine::{self, Assignment, Decision};
use crate::inbox::{GroupId, Inbox, UserId};
use crate::policy::{Expect, ExpectKind, Policy, RuleFile, Test};
use crate::situation::given;

/// More users than these are expected as members of their group.
const MAX_LISTED: usize = 5;

/// The fix of its file by which a test holds: each expectation that is not met is replaced by what happens instead,
/// whatever chance decides. `None`: for one of them there is no such line, or a comment would be lost.
pub fn update(policy: &Policy, inbox: &Inbox, file: &RuleFile, test: &Test) -> Option<Fix> {
    let situation = given::situation(&test.given, policy, inbox);
    let comments = &file.tree().comments;
    let mut edits = Vec::new();
    for line in &test.expects {
        let outcomes = engine::outcomes(policy, inbox, &situation, line.after).ok()?;
        let is_met = |kind: &ExpectKind| outcomes.iter().all(|decision| holds(policy, inbox, kind, decision));
        if is_met(&line.kind) {
            continue;
        }
        let kind = instead(policy, inbox, &line.kind, &outcomes)?;
        let has_comment = comments.iter().any(|comment| line.span.range().contains(&comment.range().start));
        if has_comment || !is_met(&kind) || (line.after.is_some() && is_only_of_the_message(&kind)) {
            return None;
        }
        let instead = expected(inbox, &Expect { kind, ..line.clone() });
        edits.push(Edit { span: line.span, text: format!("expect {instead}") });
    }
    (!edits.is_empty()).then(|| Fix { title: "expect what happens".to_owned(), edits })
}

/// Whether it cannot follow `after 5m`.
fn is_only_of_the_message(kind: &ExpectKind) -> bool {
    use ExpectKind::{AlsoRule, Kept, NoReply, NoRule, NoTag, NotRule, Rule};
    matches!(kind, Rule(_) | NoRule | AlsoRule(_) | NotRule(_) | Kept | NoReply | NoTag(_))
}

/// What can be expected of the same part of the decision.
fn instead(
    policy: &Policy,
    inbox: &Inbox,
    expected: &ExpectKind,
    outcomes: &[Decision],
) -> Option<ExpectKind> {
    match expected {
        ExpectKind::Rule(_) | ExpectKind::NoRule | ExpectKind::NotRule(_) => {
            rule(policy, expected, outcomes.first()?)
        }
        ExpectKind::AssignGroup(_) => {
            group(inbox, outcomes).map(ExpectKind::AssignGroup).or_else(|| assign(inbox, outcomes))
        }
        ExpectKind::AssignUser(_) | ExpectKind::AssignNobody | ExpectKind::Waiting | ExpectKind::Kept => {
            assign(inbox, outcomes)
        }
        ExpectKind::Reply(_) | ExpectKind::ReplyContains(_) | ExpectKind::NoReply => reply(inbox, outcomes),
        ExpectKind::AlsoRule(_) | ExpectKind::Tag(_) | ExpectKind::NoTag(_) | ExpectKind::Priority(_) => None,
    }
}

/// Of a rule without a name it can only be said that it is not the other one.
fn rule(policy: &Policy, expected: &ExpectKind, decision: &Decision) -> Option<ExpectKind> {
    match (&decision.rule, expected) {
        (None, _) => Some(ExpectKind::NoRule),
        (Some(rule), ExpectKind::Rule(other)) if rule.name.is_none() => {
            find(policy, other).is_ok().then(|| ExpectKind::NotRule(other.clone()))
        }
        (Some(rule), _) => rule.name.clone().map(ExpectKind::Rule),
    }
}

fn assign(inbox: &Inbox, outcomes: &[Decision]) -> Option<ExpectKind> {
    Some(match outcomes.first()?.assign {
        None => ExpectKind::NoRule,
        Some(Assignment::Nobody) => ExpectKind::AssignNobody,
        Some(Assignment::Kept { .. }) => ExpectKind::Kept,
        Some(Assignment::Queue { .. }) => ExpectKind::Waiting,
        Some(Assignment::User { .. }) => {
            let Some(users) = outcomes.iter().map(user).collect::<Option<BTreeSet<&str>>>() else {
                return group(inbox, outcomes).map(ExpectKind::AssignGroup);
            };
            if users.len() > MAX_LISTED
                && let Some(group) = group(inbox, outcomes)
            {
                return Some(ExpectKind::AssignGroup(group));
            }
            let users = users.into_iter().map(|user| inbox.user_id(user));
            ExpectKind::AssignUser(users.collect::<Option<Box<[UserId]>>>()?)
        }
    })
}

fn user(decision: &Decision) -> Option<&str> {
    match &decision.assign {
        Some(Assignment::User { user, .. }) => Some(user),
        _ => None,
    }
}

/// The group through which the chat goes in each outcome.
fn group(inbox: &Inbox, outcomes: &[Decision]) -> Option<GroupId> {
    let group = |decision: &Decision| match &decision.assign {
        Some(Assignment::User { group, .. } | Assignment::Queue { group, .. }) => group.clone(),
        _ => None,
    };
    let first = group(outcomes.first()?)?;
    let is_same = outcomes.iter().all(|decision| group(decision).as_ref() == Some(&first));
    is_same.then(|| inbox.group_id(&first)).flatten()
}

/// The reply that is sent in each outcome. If each names the user whom chance chose, the longest part beside the name.
fn reply(inbox: &Inbox, outcomes: &[Decision]) -> Option<ExpectKind> {
    let in_each = |has: &dyn Fn(&str) -> bool| {
        outcomes.iter().all(|decision| decision.replies.iter().any(|reply| has(&reply.text)))
    };
    if outcomes.iter().all(|decision| decision.replies.is_empty()) {
        return Some(ExpectKind::NoReply);
    }
    let first = outcomes.first()?;
    let sent = first.replies.iter().map(|reply| reply.text.as_str());
    if let Some(text) = sent.clone().find(|text| in_each(&|other| other == *text)) {
        return Some(ExpectKind::Reply(text.to_owned()));
    }
    let name = &*inbox.user(inbox.user_id(user(first)?)?).name;
    let parts = sent.flat_map(|text| text.split(name)).map(str::trim);
    let longest = parts.filter(|part| in_each(&|text| text.contains(part))).max_by_key(|part| part.len())?;
    (!longest.is_empty()).then(|| ExpectKind::ReplyContains(longest.to_owned()))
}
