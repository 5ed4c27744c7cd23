//! The chats of an inbox that wait, in the order in which they are tried.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::Timestamp;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::chat::{ChatId, Rank, WaitingChat};
use super::index::WaitingIndex;
use crate::diagnostic::debug_as_display;
use crate::engine::decision::{Assignment, Decision};
use crate::language::vocabulary::Priority;
use crate::roster::{EventError, GroupRenamed, Roster};
use crate::situation::Customer;

/// The chats of an inbox that wait, of all its numbers: the most urgent first, then those that have waited longest. It does
/// not touch the roster, except to [`take`](Self::take) a chat.
///
/// It is a value: it can be cloned, and stored, for example as JSON. When it is read again, another version, an unknown field or
/// a chat that is there twice is an error.
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
    /// The roster does not have the user, or does not count the chat in its queue.
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

    /// Follows a decision about a chat, which may be any one: call it after each. A chat that the decision leaves waiting is
    /// added, and one that it gives to somebody or closes is removed. Who waited already keeps `since`, and the higher
    /// priority.
    ///
    /// A message that leaves the chat where it is may raise the priority of a chat that waits, and tell more of its customer.
    pub fn update(&mut self, id: ChatId, decision: &Decision, customer: &Customer, at: Timestamp) {
        let waited = self.remove(id);
        let is_kept = matches!(decision.assign, Some(Assignment::Kept { .. }));
        let mut chat = if is_kept {
            waited.clone().map(|chat| WaitingChat { customer: customer.clone(), ..chat })
        } else {
            WaitingChat::new(id, decision, customer.clone(), at)
        };
        if let (Some(chat), Some(waited)) = (&mut chat, waited) {
            chat.since = waited.since;
            chat.step.raise_priority(waited.step.priority.max(decision.step.priority));
        }
        chat.map(|chat| self.insert(chat));
    }

    /// Adds a chat as it is. One with the same id, for example with an earlier owner of the customer, is replaced and returned.
    pub fn insert(&mut self, chat: WaitingChat) -> Option<WaitingChat> {
        let replaced = self.remove(chat.id);
        let rank = chat.rank();
        self.ranks.insert(chat.id, rank);
        self.chats.insert(rank, chat);
        self.index.add(rank);
        replaced
    }

    /// Removes a chat. The roster still counts it: [`Decision::close`] closes one, and [`update`](Self::update) follows.
    pub fn remove(&mut self, id: ChatId) -> Option<WaitingChat> {
        let rank = self.ranks.remove(&id)?;
        self.index.remove(rank);
        self.chats.remove(&rank)
    }

    /// Sets how urgent a chat is, if it waits.
    pub fn set_priority(&mut self, id: ChatId, priority: Option<Priority>) {
        if let Some(mut chat) = self.remove(id) {
            chat.step.priority = priority;
            self.insert(chat);
        }
    }

    /// Writes the new names of groups into the chats that wait in their queues, after [`Roster::rebase`] has
    /// returned them.
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
    /// member of the group. The decision is the last one about the chat then: a timer of the one before is stale.
    ///
    /// # Errors
    ///
    /// [`TakeError`], if the chat is not waiting, the roster does not have the user, or does not count the chat in its queue.
    /// Then nothing changes.
    pub fn take(
        &mut self,
        id: ChatId,
        user: &str,
        at: Timestamp,
        roster: &mut Roster,
    ) -> Result<Decision, TakeError> {
        let chat = self.get(id).ok_or(TakeError::NotWaiting(id))?;
        let mut decision = chat.decision();
        decision.pass_on(&chat.open_chat(), user, at, roster)?;
        self.remove(id);
        Ok(decision)
    }
}

impl FromIterator<WaitingChat> for WaitingChats {
    fn from_iter<I: IntoIterator<Item = WaitingChat>>(chats: I) -> Self {
        let mut waiting = Self::new();
        chats.into_iter().for_each(|chat| drop(waiting.insert(chat)));
        waiting
    }
}

/// The version of the format that this version of the library writes.
const VERSION: u32 = 1;

/// Chats that wait, as they are stored.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SavedChats<T> {
    #[serde(deserialize_with = "version")]
    version: u32,
    chats: Vec<T>,
}

fn version<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    match u32::deserialize(deserializer)? {
        VERSION => Ok(VERSION),
        other => Err(D::Error::custom(format_args!(
            "the waiting chats have version {other}, but this version of the library reads version {VERSION}"
        ))),
    }
}

impl Serialize for WaitingChats {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        SavedChats { version: VERSION, chats: self.iter().collect() }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for WaitingChats {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut waiting = Self::new();
        for chat in SavedChats::<WaitingChat>::deserialize(deserializer)?.chats {
            if let Some(twice) = waiting.insert(chat) {
                return Err(D::Error::custom(format_args!("the chat {} is there twice", twice.id.0)));
            }
        }
        Ok(waiting)
    }
}
