//! A snapshot of the roster: each user's presence and chats, each group's queue and last turn.

use jiff::Timestamp;

use crate::inbox::{GroupId, Inbox, UserId};
use crate::language::vocabulary::Presence;

/// The state of users and groups at one moment, indexed as in the inbox.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RosterSnapshot {
    users: Vec<UserNow>,
    waiting: Vec<u32>,
    turns: Vec<Option<UserId>>,
}

/// A user at the moment of the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UserNow {
    /// Whether the user is online, away or offline.
    pub presence: Presence,
    /// Open chats.
    pub chats: u32,
    /// The user's last message; `None`: never had one.
    pub last_message_at: Option<Timestamp>,
    /// The capacity that is set; `None`: as in `inbox.toml`.
    pub capacity: Option<u32>,
    /// The weight that is set; `None`: as in `inbox.toml`.
    pub weight: Option<u32>,
}

impl Default for UserNow {
    fn default() -> Self {
        Self { presence: Presence::Offline, chats: 0, last_message_at: None, capacity: None, weight: None }
    }
}

impl RosterSnapshot {
    /// A snapshot of users and groups in the order of the inbox.
    pub(crate) fn new(users: Vec<UserNow>, waiting: Vec<u32>, turns: Vec<Option<UserId>>) -> Self {
        Self { users, waiting, turns }
    }

    /// The snapshot of an inbox in which everyone is offline without chats, and nothing is waiting.
    pub(super) fn of_offline_users(inbox: &Inbox) -> Self {
        let groups = inbox.groups.len();
        Self::new(vec![UserNow::default(); inbox.users.len()], vec![0; groups], vec![None; groups])
    }

    pub(super) fn set_user(&mut self, user: UserId, now: UserNow) {
        set(&mut self.users, user.0, now);
    }

    pub(super) fn set_waiting(&mut self, group: GroupId, chats: u32) {
        set(&mut self.waiting, group.0, chats);
    }

    pub(super) fn set_last_turn(&mut self, group: GroupId, user: UserId) {
        set(&mut self.turns, group.0, Some(user));
    }

    /// The presence, chats and last message of a user.
    pub fn user(&self, user: UserId) -> UserNow {
        self.users.get(user.0 as usize).copied().unwrap_or_default()
    }

    /// The number of chats in the group's queue.
    pub fn waiting(&self, group: GroupId) -> u32 {
        self.waiting.get(group.0 as usize).copied().unwrap_or_default()
    }

    /// The number of chats in all queues together.
    pub fn waiting_anywhere(&self) -> u64 {
        self.waiting.iter().map(|chats| u64::from(*chats)).sum()
    }

    /// The user who had the group's last `in_order` turn.
    pub fn last_turn(&self, group: GroupId) -> Option<UserId> {
        self.turns.get(group.0 as usize).copied().flatten()
    }
}

fn set<T>(row: &mut [T], place: u32, value: T) {
    if let Some(slot) = row.get_mut(place as usize) {
        *slot = value;
    }
}
