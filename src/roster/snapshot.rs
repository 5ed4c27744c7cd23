//! A snapshot of the roster: each user's presence and chats, each group's queue and last turn.

use crate::inbox::{GroupId, Inbox, UserId};
use crate::situation::{Case, UserNow};

/// The state of users and groups at one moment, indexed as in the inbox.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RosterSnapshot {
    users: Vec<UserNow>,
    waiting: Vec<u32>,
    turns: Vec<Option<UserId>>,
}

impl RosterSnapshot {
    /// A snapshot of users and groups in the order of the inbox.
    pub(super) fn new(users: Vec<UserNow>, waiting: Vec<u32>, turns: Vec<Option<UserId>>) -> Self {
        Self { users, waiting, turns }
    }

    /// The state that a situation describes. Users whom it does not mention are offline and have no chats.
    pub fn of(inbox: &Inbox, case: &Case) -> Self {
        Self {
            users: scatter(inbox.users.len(), case.users.iter().map(|(user, now)| (user.0, *now))),
            waiting: scatter(inbox.groups.len(), case.waiting.iter().map(|(group, chats)| (group.0, *chats))),
            turns: scatter(inbox.groups.len(), case.turns.iter().map(|(group, user)| (group.0, Some(*user)))),
        }
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

/// A vector of `len` defaults with each entry written at its index.
fn scatter<T: Clone + Default>(len: usize, entries: impl Iterator<Item = (u32, T)>) -> Vec<T> {
    let mut values = vec![T::default(); len];
    for (index, entry) in entries {
        if let Some(slot) = values.get_mut(index as usize) {
            *slot = entry;
        }
    }
    values
}
