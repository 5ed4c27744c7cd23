//! What the rules of a decision do besides assigning: replies, tags and priority, at once and later.

use std::collections::{BTreeMap, BTreeSet};
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
    Actions { replies, tags: distinct_tags(&tags, &BTreeSet::new()), priority }
}

/// What `rules` put off, one entry for each time, by time. A tag of `given_tags` is not given again.
pub(super) fn later<'a>(
    context: &DecisionContext,
    rules: impl Iterator<Item = &'a Rule>,
    names: ReplyNames,
    given_tags: &[Arc<str>],
) -> Vec<Later> {
    // Replies, tags and priority of each time.
    type Delayed<'t> = (Vec<SentReply>, Vec<&'t Arc<str>>, Option<Priority>);
    let mut rules = rules.filter(|rule| rule.schedule.is_some()).peekable();
    if rules.peek().is_none() {
        return Vec::new();
    }
    let mut by_time: BTreeMap<u64, Delayed> = BTreeMap::new();
    for later in rules.flat_map(Rule::later) {
        let (replies, tags, priority) = by_time.entry(later.after).or_default();
        replies.extend(sent(context, &later.replies, names));
        tags.extend(&later.tags);
        *priority = (*priority).max(later.priority);
    }
    let given = given_tags.iter().map(|tag| fold(tag)).collect();
    let entries = by_time.into_iter().map(|(after_seconds, (replies, tags, priority))| {
        let tags = distinct_tags(&tags, &given);
        Later { after_seconds, replies, tags, priority }
    });
    let is_empty =
        |entry: &Later| entry.replies.is_empty() && entry.tags.is_empty() && entry.priority.is_none();
    entries.filter(|entry| !is_empty(entry)).collect()
}

fn sent(context: &DecisionContext, replies: &[Reply], names: ReplyNames) -> impl Iterator<Item = SentReply> {
    replies.iter().filter_map(move |reply| render(context, reply, names))
}

/// Each tag once, as it was first written, without those that are `given`.
fn distinct_tags(tags: &[&Arc<str>], given: &BTreeSet<Folded>) -> Vec<Arc<str>> {
    let mut seen = BTreeSet::new();
    let is_new = |tag: &&&Arc<str>| {
        let tag = fold(tag);
        !given.contains(&tag) && seen.insert(tag)
    };
    tags.iter().filter(is_new).map(|tag| Arc::clone(tag)).collect()
}
