//! The parts of a decision that customers and users notice, and which of them differ between two decisions.

use std::collections::BTreeSet;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

use crate::compare::{other_changes, user_change};
use crate::describe::duration;
use crate::engine::{Assignment, Decision, Later, SentReply};
use crate::language::{Folded, fold};

/// A part of a decision, by the name of its field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DecisionPart {
    /// The rule that decided, by its name: rules without one count as the same rule.
    Rule,
    /// Who takes the chat: the user, the group and the algorithm; or the queue; or nobody; or whoever has it already.
    Assign,
    /// The replies, and how often they may be repeated.
    Replies,
    /// The tags, in any order.
    Tags,
    /// The priority.
    Priority,
    /// How long to wait for an answer before the next alternative is tried.
    Resume,
    /// What is put off.
    Later,
}

/// The parts that differ. What only says how the decision was found is passed over: the position of the alternative, why a chat
/// waits, the lines of rules, and the digest of the policy.
pub fn changed_parts(before: &Decision, now: &Decision) -> Vec<DecisionPart> {
    let rule = |decision: &Decision| decision.rule.as_ref().map(|rule| rule.name.clone());
    let timeout = |decision: &Decision| decision.resume.as_ref().map(|resume| resume.after_seconds);
    let same = [
        (DecisionPart::Rule, rule(before) == rule(now)),
        (DecisionPart::Assign, same_assignment(before.assign.as_ref(), now.assign.as_ref())),
        (DecisionPart::Replies, same_replies(&before.replies, &now.replies)),
        (DecisionPart::Tags, same_tags(&before.tags, &now.tags)),
        (DecisionPart::Priority, before.priority == now.priority),
        (DecisionPart::Resume, timeout(before) == timeout(now)),
        (DecisionPart::Later, same_later(&before.later, &now.later)),
    ];
    same.into_iter().filter(|(_, is_same)| !is_same).map(|(part, _)| part).collect()
}

/// What differs, in words: `` was `tarek` of Support, now `sara` of Sales; now with the tag “vip” ``.
pub(super) fn change_words(before: &Decision, now: &Decision) -> String {
    let [before, now] = [before, now].map(without_keys);
    let mut changes = Vec::from_iter(user_change(&before, &now));
    let timeouts = [&before, &now].map(|one| one.resume.as_ref().map(|resume| resume.after_seconds));
    let [old, new] = timeouts.map(|timeout| timeout.map_or("no limit".to_owned(), duration));
    if old != new {
        changes.push(format!("the time to answer was {old}, now {new}"));
    }
    changes.extend(other_changes(&before, &now));
    if changes.is_empty() { "the same, by another rule".to_owned() } else { changes.join("; ") }
}

/// The decision without the keys of its replies, which nobody sees.
fn without_keys(decision: &Decision) -> Decision {
    let mut decision = decision.clone();
    let late = decision.later.iter_mut().flat_map(|later| &mut later.replies);
    decision.replies.iter_mut().chain(late).for_each(|reply| reply.once_key = None);
    decision
}

fn same_assignment(before: Option<&Assignment>, now: Option<&Assignment>) -> bool {
    use Assignment::{Queue, User};
    match (before, now) {
        (
            Some(User { user, group, by, alternative: _ }),
            Some(User { user: user_now, group: group_now, by: by_now, alternative: _ }),
        ) => (user, group, by) == (user_now, group_now, by_now),
        (
            Some(Queue { user: (), group, by, alternative: _, reason: _ }),
            Some(Queue { user: (), group: group_now, by: by_now, alternative: _, reason: _ }),
        ) => (group, by) == (group_now, by_now),
        (before, now) => before == now,
    }
}

fn same_replies(before: &[SentReply], now: &[SentReply]) -> bool {
    let same = |(before, now): (&SentReply, &SentReply)| {
        before.text == now.text && before.once_per_seconds == now.once_per_seconds
    };
    before.len() == now.len() && before.iter().zip(now).all(same)
}

fn same_tags(before: &[Arc<str>], now: &[Arc<str>]) -> bool {
    let folded = |tags: &[Arc<str>]| tags.iter().map(|tag| fold(tag)).collect::<BTreeSet<Folded>>();
    before == now || folded(before) == folded(now)
}

fn same_later(before: &[Later], now: &[Later]) -> bool {
    let same = |(before, now): (&Later, &Later)| {
        (before.after_seconds, before.priority) == (now.after_seconds, now.priority)
            && same_replies(&before.replies, &now.replies)
            && same_tags(&before.tags, &now.tags)
    };
    before.len() == now.len() && before.iter().zip(now).all(same)
}
