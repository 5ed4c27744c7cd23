//! What is counted while a simulation runs.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::arrivals::TrafficScope;
use super::report::{ReplyFigures, SimulatedChats, SimulatedMessages};
use super::time_weighted::TimeWeightedCount;
use crate::desk::{DeskReply, ReplyState};
use crate::policy::RuleRef;

/// The intervals of the time series of the waiting chats.
pub(super) const INTERVALS: usize = 168;

/// What is counted while a simulation runs.
pub(super) struct RunFigures {
    pub(super) messages: SimulatedMessages,
    pub(super) chats: SimulatedChats,
    /// What is counted of all chats, and of those of each group; the last is of those of no group.
    pub(super) overall: GroupCounts,
    pub(super) groups: Vec<GroupCounts>,
    /// The chats that no user has begun with.
    pub(super) unanswered: TimeWeightedCount,
    /// The sum of the service times of all chats that were opened, in microseconds: the work that arrived.
    pub(super) offered_work: u128,
    /// The sum of the service times that were started, in microseconds.
    pub(super) service_total: u128,
    pub(super) services: u64,
    /// How many messages each rule decided.
    pub(super) rules: FxHashMap<(Arc<str>, u32), u64>,
    /// How many chats each user was given through each group.
    pub(super) assigned_in_group: Vec<FxHashMap<u32, u64>>,
}

/// What is counted of the chats of a group.
pub(super) struct GroupCounts {
    /// From the message to the first answer, in microseconds.
    pub(super) answer_waits: Vec<i64>,
    /// From the message until some user had the chat, in microseconds.
    pub(super) assignment_waits: Vec<i64>,
    /// The chats in the queue, without a user.
    pub(super) queue: TimeWeightedCount,
    pub(super) assigned: u64,
    pub(super) timeouts: u64,
    pub(super) replies: ReplyFigures,
    pub(super) unanswered: u64,
}

impl ReplyFigures {
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
            queue: TimeWeightedCount::new(scope.start, scope.end, intervals),
            assigned: 0,
            timeouts: 0,
            replies: ReplyFigures::default(),
            unanswered: 0,
        }
    }
}

impl RunFigures {
    /// Nothing is counted yet. The last of the groups is for the chats of no group.
    pub(super) fn new(scope: &TrafficScope, groups: usize) -> Self {
        Self {
            messages: SimulatedMessages::default(),
            chats: SimulatedChats::default(),
            overall: GroupCounts::new(scope, INTERVALS),
            groups: (0..=groups).map(|_| GroupCounts::new(scope, 0)).collect(),
            unanswered: TimeWeightedCount::new(scope.start, scope.end, INTERVALS),
            offered_work: 0,
            service_total: 0,
            services: 0,
            rules: FxHashMap::default(),
            assigned_in_group: vec![FxHashMap::default(); groups + 1],
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
