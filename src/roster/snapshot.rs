//! The roster at one moment: each user's presence and chats, each group's queue and last turn.

use crate::inbox::{GroupId, Inbox, UserId};
use crate::situation::{Case, UserNow};

/// The roster at one moment, by the places of users and groups in the inbox.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RosterSnapshot {
    users: Vec<UserNow>,
    waiting: Vec<u32>,
    turns: Vec<Option<UserId>>,
}

impl RosterSnapshot {
    /// Of users and of groups in their order.
    pub(super) fn new(users: Vec<UserNow>, waiting: Vec<u32>, turns: Vec<Option<UserId>>) -> Self {
        Self { users, waiting, turns }
    }

    /// As a situation tells it; a user of whom it tells nothing is offline and has no chats.
    pub fn of(inbox: &Inbox, case: &Case) -> Self {
        Self {
            users: scatter(inbox.users.len(), case.users.iter().map(|(user, now)| (user.0, *now))),
            waiting: scatter(inbox.groups.len(), case.waiting.iter().map(|(group, chats)| (group.0, *chats))),
            turns: scatter(inbox.groups.len(), case.turns.iter().map(|(group, user)| (group.0, Some(*user)))),
        }
    }

    /// That user, now.
    pub fn user(&self, user: UserId) -> UserNow {
        self.users.get(user.0 as usize).copied().unwrap_or_default()
    }

    /// How many chats wait in the group without a user.
    pub fn waiting(&self, group: GroupId) -> u32 {
        self.waiting.get(group.0 as usize).copied().unwrap_or_default()
    }

    /// How many chats wait without a user in all groups together.
    pub fn waiting_anywhere(&self) -> u64 {
        self.waiting.iter().map(|chats| u64::from(*chats)).sum()
    }

    /// Who had the group's last `in_order` turn.
    pub fn last_turn(&self, group: GroupId) -> Option<UserId> {
        self.turns.get(group.0 as usize).copied().flatten()
    }
}

/// `entries` at their places among `len` defaults.
fn scatter<T: Clone + Default>(len: usize, entries: impl Iterator<Item = (u32, T)>) -> Vec<T> {
    let mut row = vec![T::default(); len];
    for (place, entry) in entries {
        if let Some(slot) = row.get_mut(place as usize) {
            *slot = entry;
        }
    }
    row
}
