//! What the rules of a decision do besides assigning: replies, tags and priority, at once and later.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::context::DecisionContext;
use super::decision::{Later, SentReply};
use super::reply::{ReplyNames, render};
use crate::language::vocabulary::Priority;
use crate::language::{Folded, fold};
use crate::policy::{Reply, Rule};

/// What rules do besides assigning.
pub(super) struct Actions {
    pub(super) replies: Vec<SentReply>,
    pub(super) tags: Vec<Arc<str>>,
    pub(super) priority: Option<Priority>,
}

/// What `rules` do at once, in their order.
pub(super) fn actions<'a>(
    context: &DecisionContext,
    rules: impl Iterator<Item = &'a Rule>,
    names: ReplyNames,
) -> Actions {
    let (mut replies, mut tags, mut priority) = (Vec::new(), Vec::new(), None);
    for rule in rules {
        replies.extend(sent(context, &rule.replies, names));
        tags.extend(&rule.tags);
        priority = priority.max(rule.priority);
    }
    Actions { replies, tags: distinct_tags(&tags, &mut BTreeSet::new()), priority }
}

/// What `rules` put off, one entry for each time, by time. A tag of `given_tags` is not given again.
pub(super) fn later<'a>(
    context: &DecisionContext,
    rules: impl Iterator<Item = &'a Rule> + Clone,
    names: ReplyNames,
    given_tags: &[Arc<str>],
) -> Vec<Later> {
    let put_off = || rules.clone().flat_map(|rule| &rule.later);
    let times: BTreeSet<u64> = put_off().map(|later| later.after).collect();
    let entry = |after_seconds| {
        let (mut replies, mut tags, mut priority) = (Vec::new(), Vec::new(), None);
        for later in put_off().filter(|later| later.after == after_seconds) {
            replies.extend(sent(context, &later.replies, names));
            tags.extend(&later.tags);
            priority = priority.max(later.priority);
        }
        let mut given = given_tags.iter().map(|tag| fold(tag)).collect();
        let tags = distinct_tags(&tags, &mut given);
        let is_empty = replies.is_empty() && tags.is_empty() && priority.is_none();
        (!is_empty).then_some(Later { after_seconds, replies, tags, priority })
    };
    times.into_iter().filter_map(entry).collect()
}

fn sent(context: &DecisionContext, replies: &[Reply], names: ReplyNames) -> impl Iterator<Item = SentReply> {
    replies.iter().filter_map(move |reply| render(context, reply, names))
}

/// Each tag once, as it was first written, without those that are `given`.
fn distinct_tags(tags: &[&Arc<str>], given: &mut BTreeSet<Folded>) -> Vec<Arc<str>> {
    tags.iter().filter(|tag| given.insert(fold(tag))).map(|tag| Arc::clone(tag)).collect()
}
