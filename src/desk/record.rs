//! The log of an inbox.

use std::sync::Arc;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::engine::{ChatId, RuleRef};
use crate::language::vocabulary::{Algorithm, Presence};
use crate::roster::Event;

/// An entry in the log of an inbox. [`LogReplay`](super::LogReplay) makes the roster again from the log.
///
/// Its JSON without `from` is that of the events of a host's API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "LogEvent")]
pub struct LogRecord {
    /// Its position: 1, 2, 3 …
    pub seq: u64,
    /// The moment.
    #[schemars(with = "String")]
    pub at: Timestamp,
    /// What happened.
    #[serde(flatten)]
    pub kind: LogRecordKind,
    /// Who had the chat before, if it was open and the roster counted it there. A host stores it, so that the log can be followed
    /// without the open chats.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(skip)]
    pub from: Option<ChatHolder>,
}

/// Who has a chat, as far as a roster counts it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChatHolder {
    /// A user.
    User(Arc<str>),
    /// The queue of a group.
    Queue(Arc<str>),
}

impl ChatHolder {
    /// Who has lost a chat by this event.
    pub(super) fn released_by(event: &Event) -> Option<Self> {
        match event {
            Event::Closed { user } => Some(Self::User(Arc::clone(user))),
            Event::Dequeued { group } => Some(Self::Queue(Arc::clone(group))),
            _ => None,
        }
    }

    /// The event by which it loses a chat.
    pub(super) fn release(&self) -> Event {
        match self {
            Self::User(user) => Event::Closed { user: Arc::clone(user) },
            Self::Queue(group) => Event::Dequeued { group: Arc::clone(group) },
        }
    }
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum LogRecordKind {
    /// A message was decided.
    Message {
        /// The id of the message.
        message: Option<Arc<str>>,
        /// The customer's id.
        customer: Arc<str>,
        /// The WhatsApp number.
        number: Arc<str>,
        /// The chat that is open then, or was; `null` if none was opened.
        #[schemars(with = "Option<u64>")]
        chat: Option<ChatId>,
        /// The rule that decided; `null` if none did. In an open chat only a `move` rule that moved or closed it.
        rule: Option<RuleRef>,
    },
    /// A user has the chat now.
    Assigned {
        /// The chat.
        #[schemars(with = "u64")]
        chat: ChatId,
        /// The user.
        user: Arc<str>,
        /// The group that they were chosen from.
        group: Option<Arc<str>>,
        /// How they were chosen.
        by: Option<Algorithm>,
        /// Why.
        cause: ChatCause,
    },
    /// Nobody has the chat now: it waits.
    Waiting {
        /// The chat.
        #[schemars(with = "u64")]
        chat: ChatId,
        /// The group in whose queue it waits.
        group: Option<Arc<str>>,
        /// Why.
        cause: ChatCause,
    },
    /// A user has written in the chat.
    Answered {
        /// The chat.
        #[schemars(with = "u64")]
        chat: ChatId,
        /// The user; `null`: somebody whom the inbox does not know.
        user: Option<Arc<str>>,
    },
    /// The chat was closed.
    Closed {
        /// The chat.
        #[schemars(with = "u64")]
        chat: ChatId,
        /// Why.
        cause: ChatCause,
    },
    /// A user's presence was set.
    Presence {
        /// The user.
        user: Arc<str>,
        /// The presence.
        presence: Presence,
        /// When the user is offline again; `null`: it stays.
        #[schemars(with = "Option<String>")]
        until: Option<Timestamp>,
    },
    /// A user's capacity was set.
    Capacity {
        /// The user.
        user: Arc<str>,
        /// The maximum number of open chats; `null`: as in `inbox.toml`.
        capacity: Option<u32>,
    },
    /// What is known about a customer was changed by hand.
    Customer {
        /// The customer's id.
        customer: Arc<str>,
    },
    /// A customer's names were changed.
    Renamed {
        /// The customer's id.
        customer: Arc<str>,
        /// The names now.
        names: Vec<Arc<str>>,
    },
    /// The rules or the inbox changed.
    Rules {
        /// The digest of the rules.
        digest: Arc<str>,
    },
}

/// Why a chat has gone to a user or a queue, or was closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ChatCause {
    /// The decision of the message that opened it.
    Decision,
    /// It waited, and somebody could take it.
    Queue,
    /// Nobody answered in time.
    Timeout,
    /// The rules or the inbox changed.
    Afresh,
    /// A `move` rule.
    Moved,
    /// A user took it.
    Taken,
    /// A person moved it.
    Transferred,
    /// No message came for too long.
    Idle,
    /// A person closed it.
    Api,
    /// Two customers are one, and both had a chat with the number.
    Merged,
}
