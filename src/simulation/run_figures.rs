//! What is counted while a simulation runs.

use std::collections::HashMap;
use std::sync::Arc;

use super::arrivals::TrafficScope;
use super::level::LevelOverTime;
use crate::desk::{DeskReply, ReplyState};
use crate::policy::RuleRef;

/// The intervals of the course of the waiting chats.
pub(super) const INTERVALS: usize = 168;

/// What is counted while a simulation runs.
pub(super) struct RunFigures {
    pub(super) messages: MessageCounts,
    pub(super) chats: ChatCounts,
    /// What is counted of all chats, and of those of each group; the last is of those of no group.
    pub(super) overall: GroupCounts,
    pub(super) groups: Vec<GroupCounts>,
    /// The chats that no user has begun with.
    pub(super) unanswered: LevelOverTime,
    /// The time of all work that was begun, as it was drawn.
    pub(super) service_total: u128,
    pub(super) services: u64,
    /// How many messages each rule decided.
    pub(super) rules: HashMap<(Arc<str>, u32), u64>,
    /// How many chats each user was given through each group.
    pub(super) assigned_in_group: Vec<HashMap<u32, u64>>,
}

/// Messages by what became of them.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct MessageCounts {
    pub(super) arrived: u64,
    pub(super) follow_ups: u64,
    pub(super) opened: u64,
    pub(super) in_open_chat: u64,
    pub(super) moved: u64,
    pub(super) to_nobody: u64,
    pub(super) without_rule: u64,
    pub(super) refused: u64,
}

/// Chats by what became of them.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct ChatCounts {
    pub(super) opened: u64,
    pub(super) closed_answered: u64,
    pub(super) closed_unanswered: u64,
}

/// What is counted of the chats of a group.
pub(super) struct GroupCounts {
    /// From the message to the first answer, in microseconds.
    pub(super) answer_waits: Vec<i64>,
    /// From the message until some user had the chat, in microseconds.
    pub(super) assignment_waits: Vec<i64>,
    /// The chats in the queue, without a user.
    pub(super) queue: LevelOverTime,
    pub(super) assigned: u64,
    pub(super) timeouts: u64,
    pub(super) replies: ReplyCounts,
    pub(super) unanswered: u64,
}

/// Replies by what became of them.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct ReplyCounts {
    pub(super) sent: u64,
    pub(super) suppressed: u64,
    pub(super) too_late: u64,
}

impl ReplyCounts {
    fn add(&mut self, replies: &[DeskReply]) {
        for reply in replies {
            match reply.state {
                ReplyState::Waiting => self.sent += 1,
                ReplyState::Suppressed => self.suppressed += 1,
                ReplyState::TooLate => self.too_late += 1,
            }
        }
    }
}

impl GroupCounts {
    fn new(scope: &TrafficScope, intervals: usize) -> Self {
        Self {
            answer_waits: Vec::new(),
            assignment_waits: Vec::new(),
            queue: LevelOverTime::new(scope.start, scope.end, intervals),
            assigned: 0,
            timeouts: 0,
            replies: ReplyCounts::default(),
            unanswered: 0,
        }
    }
}

impl RunFigures {
    /// Nothing is counted yet. The last of the groups is for the chats of no group.
    pub(super) fn new(scope: &TrafficScope, groups: usize) -> Self {
        Self {
            messages: MessageCounts::default(),
            chats: ChatCounts::default(),
            overall: GroupCounts::new(scope, INTERVALS),
            groups: (0..=groups).map(|_| GroupCounts::new(scope, 0)).collect(),
            unanswered: LevelOverTime::new(scope.start, scope.end, INTERVALS),
            service_total: 0,
            services: 0,
            rules: HashMap::new(),
            assigned_in_group: vec![HashMap::new(); groups + 1],
        }
    }

    /// Counts in all chats and in those of the group.
    pub(super) fn count(&mut self, group: Option<usize>, mut count: impl FnMut(&mut GroupCounts)) {
        count(&mut self.overall);
        let place = group.unwrap_or(self.groups.len() - 1);
        if let Some(counts) = self.groups.get_mut(place) {
            count(counts);
        }
    }

    /// Counts the replies of a decision.
    pub(super) fn count_replies(&mut self, group: Option<usize>, replies: &[DeskReply]) {
        if !replies.is_empty() {
            self.count(group, |counts| counts.replies.add(replies));
        }
    }

    /// Counts a message, or what an `also` rule added to it.
    pub(super) fn count_rule(&mut self, rule: &RuleRef) {
        let key = (Arc::clone(&rule.file), rule.line);
        *self.rules.entry(key).or_default() += 1;
    }
}
