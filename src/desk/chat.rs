//! An open chat.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::record::ChatHolder;
use crate::engine::{Assignment, ChatId, Decision};
use crate::situation::{Message, OpenChat};

/// An open chat of a customer with a number. There is at most one for each.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChatRecord {
    /// The `seq` of the record that opened it.
    pub id: ChatId,
    /// The customer's id.
    pub customer: Arc<str>,
    /// The message that led to its assignment. It is decided once more when the rules change.
    pub message: Message,
    /// The last decision about it: who has it or in which queue it waits, how urgent it is, and how its assignment goes on.
    pub last: Decision,
    /// The tags of all decisions about it, each once.
    pub tags: Vec<Arc<str>>,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When the customer or a user last wrote in it.
    pub last_at: Timestamp,
    /// When a user wrote in it, since it was last given to one or began to wait.
    pub answered_at: Option<Timestamp>,
    /// Since when nobody has had it; `None` while a user has it.
    pub waiting_since: Option<Timestamp>,
}

impl ChatRecord {
    /// The id of the user who has it; `None` while it waits.
    pub fn user(&self) -> Option<&Arc<str>> {
        match self.last.assign.as_ref()? {
            Assignment::User { user, .. } => Some(user),
            Assignment::Kept { user, .. } => user.as_ref(),
            _ => None,
        }
    }

    /// The group that it was assigned through, or in whose queue it waits.
    pub fn group(&self) -> Option<&Arc<str>> {
        match self.last.assign.as_ref()? {
            Assignment::User { group, .. }
            | Assignment::Queue { group, .. }
            | Assignment::Kept { group, .. } => group.as_ref(),
            Assignment::Nobody => None,
        }
    }

    /// The user who has it, or the queue in which it waits.
    pub(super) fn holder(&self) -> Option<ChatHolder> {
        let queue = || self.group().cloned().map(ChatHolder::Queue);
        self.user().cloned().map(ChatHolder::User).or_else(queue)
    }

    /// The chat as a situation says it.
    pub fn open_chat(&self) -> OpenChat {
        OpenChat {
            tags: self.tags.iter().map(ToString::to_string).collect(),
            answered: self.answered_at.is_some(),
            opened_at: Some(self.opened_at.into()),
            waiting_since: self.waiting_since.map(Into::into),
            ..self.last.open_chat().unwrap_or_default()
        }
    }

    /// Adds the tags that it does not carry yet.
    pub(super) fn add_tags(&mut self, tags: &[Arc<str>]) {
        for tag in tags {
            if !self.tags.contains(tag) {
                self.tags.push(Arc::clone(tag));
            }
        }
    }
}
