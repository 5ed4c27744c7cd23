//! The work of one user: which chats wait for them, and which they work on.

use std::collections::VecDeque;

use super::level::StateClock;
use crate::engine::ChatId;

/// The work of one user.
#[derive(Debug, Default)]
pub(super) struct UserWork {
    is_online: bool,
    /// How many chats the user works on at the same time.
    concurrency: u32,
    /// How many chats the user works on now.
    in_service: u32,
    /// The chats that the user was given and has not begun, in the order in which they came, each with its holding. Those that
    /// have gone elsewhere are passed over.
    pub(super) backlog: VecDeque<(ChatId, u32)>,
    /// Since when the user could have begun another chat.
    pub(super) free_since: i64,
    online: StateClock,
    busy: StateClock,
    duty: StateClock,
    pub(super) assigned: u64,
    pub(super) answered: u64,
}

impl UserWork {
    /// The work of a user who is offline.
    pub(super) fn new(concurrency: u32, now: i64) -> Self {
        Self { concurrency: concurrency.max(1), free_since: now, ..Self::default() }
    }

    /// Whether the user can begin with one more chat.
    pub(super) fn can_begin(&self) -> bool {
        self.is_online && self.in_service < self.concurrency
    }

    /// The user comes or goes.
    pub(super) fn set_online(&mut self, is_online: bool, now: i64) {
        self.is_online = is_online;
        self.free_since = now;
        self.online.set(is_online, now);
        self.duty.set(is_online || self.in_service > 0, now);
    }

    /// The user begins to work on a chat.
    pub(super) fn begin(&mut self, now: i64) {
        self.in_service += 1;
        self.answered += 1;
        self.busy.set(true, now);
        self.duty.set(true, now);
    }

    /// The user no longer works on a chat.
    pub(super) fn end(&mut self, now: i64) {
        self.in_service = self.in_service.saturating_sub(1);
        self.free_since = now;
        self.busy.set(self.in_service > 0, now);
        self.duty.set(self.is_online || self.in_service > 0, now);
    }

    /// How long the user was online, worked on some chat, and was online or at work: in microseconds.
    pub(super) fn times(&self, now: i64) -> [i64; 3] {
        [&self.online, &self.busy, &self.duty].map(|clock| clock.total(now))
    }
}
