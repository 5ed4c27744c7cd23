//! The live state of an inbox as the tables of a host tell it.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::chat::ChatRecord;
use crate::roster::RosterState;
use crate::situation::{Customer, UserNow};

/// The live state of an inbox as the tables of a host tell it, from which the desk goes on. [`Effects`](super::Effects) say after
/// each event which rows have changed.
#[derive(Debug, Clone, Default)]
pub struct DeskTables {
    /// The figures of users, those included whom the inbox does not have at present.
    pub users: BTreeMap<Arc<str>, UserNow>,
    /// The user who had the last turn in a group, by group.
    pub turns: BTreeMap<Arc<str>, Arc<str>>,
    /// The open chats, each with its customer.
    pub chats: Vec<(Arc<ChatRecord>, Customer)>,
    /// Until when users have the presence that they have, if it ends.
    pub presence_ends: BTreeMap<Arc<str>, Timestamp>,
    /// The position of the last entry in the log.
    pub seq: u64,
}

impl DeskTables {
    /// The state of the roster: the users and the turns as they are here, and the queues by counting the chats that wait.
    pub fn roster_state(&self) -> RosterState {
        let mut waiting: BTreeMap<Arc<str>, u32> = BTreeMap::new();
        let without_user = self.chats.iter().map(|(chat, _)| chat).filter(|chat| chat.user().is_none());
        for group in without_user.filter_map(|chat| chat.group()) {
            let count = waiting.entry(Arc::clone(group)).or_default();
            *count = count.saturating_add(1);
        }
        RosterState::of_tables(self.users.clone(), waiting, self.turns.clone())
    }
}
