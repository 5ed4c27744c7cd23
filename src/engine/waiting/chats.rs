//! The chats of an inbox that wait, in the order in which they are tried.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::chat::{ChatId, Rank, WaitingChat};
use super::index::WaitingIndex;
use crate::diagnostic::debug_as_display;
use crate::language::vocabulary::Priority;
use crate::roster::{Event, EventError, GroupRenamed, Roster};

/// The chats of an inbox that wait, of all its numbers: the most urgent first, then those that have waited longest. It does
/// not touch the roster, except to [`take`](Self::take) a chat.
///
/// It is a value: it can be cloned, and saved as a list.
#[derive(Debug, Clone, Default)]
pub struct WaitingChats {
    pub(super) chats: BTreeMap<Rank, WaitingChat>,
    ranks: HashMap<ChatId, Rank>,
    pub(super) index: WaitingIndex,
}

/// Why a chat cannot be taken.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TakeError {
    /// The chat does not wait, or waits no longer.
    #[error("the chat {} is not waiting", .0.0)]
    NotWaiting(ChatId),
    /// The roster does not have the user.
    #[error(transparent)]
    Event(#[from] EventError),
}

debug_as_display!(TakeError);

impl WaitingChats {
    /// No chats.
    pub fn new() -> Self {
        Self::default()
    }

    /// The number of chats that wait.
    pub fn len(&self) -> usize {
        self.chats.len()
    }

    /// Whether no chat waits.
    pub fn is_empty(&self) -> bool {
        self.chats.is_empty()
    }

    /// The chats, in the order in which they are tried.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &WaitingChat> {
        self.chats.values()
    }

    /// The chat with that id, if it waits.
    pub fn get(&self, id: ChatId) -> Option<&WaitingChat> {
        self.chats.get(self.ranks.get(&id)?)
    }

    /// Adds a chat. One with the same id, for example with an earlier owner of the customer, is replaced and returned.
    pub fn insert(&mut self, chat: WaitingChat) -> Option<WaitingChat> {
        let replaced = self.remove(chat.id);
        let rank = chat.rank();
        self.ranks.insert(chat.id, rank);
        self.chats.insert(rank, chat);
        self.index.add(rank);
        replaced
    }

    /// Removes a chat, for example because it was closed. The roster still counts it: a chat that was closed leaves its
    /// queue by [`Event::Dequeued`].
    pub fn remove(&mut self, id: ChatId) -> Option<WaitingChat> {
        let rank = self.ranks.remove(&id)?;
        self.index.remove(rank);
        self.chats.remove(&rank)
    }

    /// Sets how urgent a chat is, if it waits.
    pub fn set_priority(&mut self, id: ChatId, priority: Option<Priority>) {
        if let Some(chat) = self.remove(id) {
            self.insert(WaitingChat { priority, ..chat });
        }
    }

    /// Writes the new names of groups into the chats that wait in their queues, after [`Roster::rebase`] has told them.
    pub fn rename_groups(&mut self, renamed: &[GroupRenamed]) {
        if renamed.is_empty() {
            return;
        }
        let new: HashMap<_, _> = renamed.iter().map(|group| (&group.from, &group.to)).collect();
        for group in self.chats.values_mut().filter_map(|chat| chat.group.as_mut()) {
            if let Some(name) = new.get(&*group) {
                *group = Arc::clone(name);
            }
        }
    }

    /// Gives a chat to a user who takes it by hand, and removes it from its queue, in one step. The user need not be a
    /// member of the group.
    ///
    /// # Errors
    ///
    /// [`TakeError`], if the chat is not waiting or the roster does not have the user. Then nothing changes.
    pub fn take(
        &mut self,
        id: ChatId,
        user: &str,
        at: Timestamp,
        roster: &mut Roster,
    ) -> Result<WaitingChat, TakeError> {
        let rank = self.ranks.get(&id).ok_or(TakeError::NotWaiting(id))?;
        let group = self.chats.get(rank).and_then(|chat| chat.group.clone());
        roster.apply(Event::Assigned { user: user.into(), at, turn: None })?;
        if let Some(group) = group {
            // A host may have counted the chat out of its queue already.
            let _ = roster.apply(Event::Dequeued { group });
        }
        self.remove(id).ok_or(TakeError::NotWaiting(id))
    }
}

impl FromIterator<WaitingChat> for WaitingChats {
    fn from_iter<I: IntoIterator<Item = WaitingChat>>(chats: I) -> Self {
        let mut waiting = Self::new();
        chats.into_iter().for_each(|chat| drop(waiting.insert(chat)));
        waiting
    }
}

impl Serialize for WaitingChats {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for WaitingChats {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Vec::<WaitingChat>::deserialize(deserializer)?.into_iter().collect())
    }
}
