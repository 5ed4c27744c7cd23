//! What is kept of users and groups that the inbox does not have at present.

use std::sync::Arc;

use super::live_state::LiveState;
use super::rebase::{GroupQueue, UserChats};
use crate::inbox::NameIndex;

/// What is kept, by name, of users who are removed or missing from `inbox.toml`, and of groups that are
/// missing. It is theirs again when they are back.
#[derive(Debug, Clone, Default)]
pub(super) struct Absent {
    pub(super) users: NameIndex<LiveState>,
    pub(super) groups: NameIndex<AbsentGroup>,
}

/// What is kept of a group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct AbsentGroup {
    /// The number of chats in its queue.
    pub(super) waiting: u32,
    /// The user who had the last turn.
    pub(super) last_turn: Option<Arc<str>>,
}

impl Absent {
    /// The users, in alphabetical order, without those who are in `others`.
    pub(super) fn users_without(&self, others: Option<&Self>) -> Vec<UserChats> {
        let users =
            self.users.iter().filter(|(id, _)| others.is_none_or(|others| !others.users.contains_key(*id)));
        let mut users: Vec<_> =
            users.map(|(id, state)| UserChats { user: Arc::clone(id), chats: state.chats }).collect();
        users.sort_unstable_by(|one, other| one.user.cmp(&other.user));
        users
    }

    /// The groups, in alphabetical order, without those that are in `others`.
    pub(super) fn groups_without(&self, others: Option<&Self>) -> Vec<GroupQueue> {
        let groups = self
            .groups
            .iter()
            .filter(|(name, _)| others.is_none_or(|others| !others.groups.contains_key(*name)));
        let mut groups: Vec<_> = groups
            .map(|(name, group)| GroupQueue { group: Arc::clone(name), waiting: group.waiting })
            .collect();
        groups.sort_unstable_by(|one, other| one.group.cmp(&other.group));
        groups
    }
}
