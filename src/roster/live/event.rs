//! The events that update a roster.

use std::sync::Arc;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::diagnostic::debug_as_display;
use crate::language::vocabulary::Presence;

/// Something that happens in an inbox and changes its [`Roster`](super::Roster). It names users by their id
/// and groups by their name, so that it can be logged and read again whatever has become of the inbox. A time
/// is always that of the event; no clock is read.
///
/// ```
/// use inbox_rules::{Event, Inbox, Presence, Roster, Source};
///
/// let (inbox, _) = Inbox::parse(&Source::new("inbox.toml", "[users.alice]\n[groups]\nSales = [\"alice\"]"));
/// let mut roster = Roster::new(&inbox);
///
/// roster.apply(Event::Presence { user: "alice".into(), presence: Presence::Online })?;
/// roster.apply(Event::Assigned { user: "alice".into(), at: "2026-11-24T18:30:00Z".parse()?, turn: None })?;
/// assert_eq!(roster.now("alice").unwrap().chats, 1);
/// roster.apply(serde_json::from_str(r#"{ "kind": "closed", "user": "alice" }"#)?)?;
///
/// // An event that does not fit is an error, and changes nothing.
/// let error = roster.apply(Event::Closed { user: "alice".into() }).unwrap_err();
/// assert_eq!(error.to_string(), "`alice` has no open chat");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Event {
    /// The presence of a user changes.
    Presence {
        /// The user.
        user: Arc<str>,
        /// The new presence.
        presence: Presence,
    },
    /// A user gets a chat: they have one more open chat, and a message.
    Assigned {
        /// The user.
        user: Arc<str>,
        /// The time.
        #[schemars(with = "String")]
        at: Timestamp,
        /// The group whose turn moves on, if the user was chosen `by in_order`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        turn: Option<Arc<str>>,
    },
    /// A user's chat is closed.
    Closed {
        /// The user who had it.
        user: Arc<str>,
    },
    /// A message is sent to or by a user. A message that is older than the last one changes nothing.
    Message {
        /// The user.
        user: Arc<str>,
        /// The time.
        #[schemars(with = "String")]
        at: Timestamp,
    },
    /// The capacity of a user is set, or returns to what `inbox.toml` says.
    Capacity {
        /// The user.
        user: Arc<str>,
        /// The maximum number of open chats, at least 1; `None`: as in `inbox.toml`.
        capacity: Option<u32>,
    },
    /// The weight of a user is set, or returns to what `inbox.toml` says.
    Weight {
        /// The user.
        user: Arc<str>,
        /// The weight, at least 1; `None`: as in `inbox.toml`.
        weight: Option<u32>,
    },
    /// A user is added, in no group, until the roster gets [another inbox](super::Roster::rebase). One who
    /// was removed, or is missing from `inbox.toml`, has their presence, chats and last message again.
    Added {
        /// The user's id.
        user: Arc<str>,
        /// The name that people read; `None`: the id.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<Arc<str>>,
        /// The maximum number of open chats, at least 1; `None`: no limit.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        capacity: Option<u32>,
        /// The skills.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        skills: Vec<Arc<str>>,
        /// The weight, at least 1; `None`: 1.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        weight: Option<u32>,
    },
    /// A user is removed from the inbox and its groups, until they are added again or the roster gets another
    /// inbox that has them.
    Removed {
        /// The user.
        user: Arc<str>,
    },
    /// The members of a group change, in this turn order, until the roster gets another inbox. The group
    /// remembers who had the last turn, even if they leave.
    Members {
        /// The group.
        group: Arc<str>,
        /// The members, each once.
        members: Vec<Arc<str>>,
    },
    /// A chat enters a group's queue.
    Queued {
        /// The group.
        group: Arc<str>,
    },
    /// A chat leaves a group's queue.
    Dequeued {
        /// The group.
        group: Arc<str>,
    },
}

/// Why an event does not fit the roster.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EventError {
    /// The inbox does not have the user.
    #[error("the inbox has no user called `{0}`")]
    UnknownUser(Arc<str>),
    /// The inbox does not have the group.
    #[error("the inbox has no group called `{0}`")]
    UnknownGroup(Arc<str>),
    /// The user to add exists already.
    #[error("the inbox already has a user called `{0}`")]
    UserExists(Arc<str>),
    /// The user has no open chat to close.
    #[error("`{0}` has no open chat")]
    NoOpenChat(Arc<str>),
    /// The user has as many chats as can be counted.
    #[error("`{0}` has {max} open chats, the most that can be counted", max = u32::MAX)]
    TooManyChats(Arc<str>),
    /// The group's queue has as many chats as can be counted.
    #[error("{max} chats are waiting in the queue of `{0}`, the most that can be counted", max = u32::MAX)]
    FullQueue(Arc<str>),
    /// The group's queue is empty.
    #[error("no chat is waiting in the queue of `{0}`")]
    EmptyQueue(Arc<str>),
    /// The capacity or the weight of the user would be 0.
    #[error("the capacity and the weight of `{0}` must be at least 1")]
    Zero(Arc<str>),
    /// A user would be in a group twice.
    #[error("`{user}` is listed twice as a member of `{group}`")]
    DuplicateMember {
        /// The user.
        user: Arc<str>,
        /// The group.
        group: Arc<str>,
    },
}

debug_as_display!(EventError);
