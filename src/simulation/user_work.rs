//! The work of one user: which chats wait for them, and which they work on.

use std::collections::VecDeque;

use super::time_weighted::ActiveTime;
use crate::engine::ChatId;

/// Times of a user, in microseconds.
#[derive(Debug, Clone, Copy)]
pub(super) struct UserTimes {
    pub(super) online: i64,
    /// Working on at least one chat.
    pub(super) busy: i64,
    /// Online, or finishing a chat.
    pub(super) staffed: i64,
}

/// The work of one user.
#[derive(Debug, Default)]
pub(super) struct UserWork {
    is_online: bool,
    /// How many chats the user works on at the same time.
    concurrency: u32,
    /// How many chats the user works on now.
    in_service: u32,
    /// The chats that the user was given and has not started, in the order in which they came, each with the number of its
    /// assignment. Those assigned elsewhere since are skipped.
    pub(super) backlog: VecDeque<(ChatId, u32)>,
    /// Since when the user could have started another chat.
    pub(super) free_since: i64,
    online: ActiveTime,
    busy: ActiveTime,
    staffed: ActiveTime,
    pub(super) assigned: u64,
    pub(super) answered: u64,
}

impl UserWork {
    /// The work of a user who is offline.
    pub(super) fn new(concurrency: u32, now: i64) -> Self {
        Self { concurrency: concurrency.max(1), free_since: now, ..Self::default() }
    }

    /// Whether the user can start one more chat.
    pub(super) fn has_free_slot(&self) -> bool {
        self.is_online && self.in_service < self.concurrency
    }

    /// The user comes or goes.
    pub(super) fn set_online(&mut self, is_online: bool, now: i64) {
        self.is_online = is_online;
        self.free_since = now;
        self.online.set(is_online, now);
        self.staffed.set(is_online || self.in_service > 0, now);
    }

    /// The user starts to work on a chat.
    pub(super) fn start_service(&mut self, now: i64) {
        self.in_service += 1;
        self.answered += 1;
        self.busy.set(true, now);
        self.staffed.set(true, now);
    }

    /// The user no longer works on a chat.
    pub(super) fn end_service(&mut self, now: i64) {
        self.in_service = self.in_service.saturating_sub(1);
        self.free_since = now;
        self.busy.set(self.in_service > 0, now);
        self.staffed.set(self.is_online || self.in_service > 0, now);
    }

    /// The times of the user until now.
    pub(super) fn times(&self, now: i64) -> UserTimes {
        UserTimes {
            online: self.online.total(now),
            busy: self.busy.total(now),
            staffed: self.staffed.total(now),
        }
    }
}
