//! What an event leads to: what a host stores and carries out.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::chat::ChatRecord;
use super::record::LogRecord;
use crate::engine::{ChatId, Decision, SentReply, Timer};
use crate::roster::GroupRenamed;

/// What an event leads to. A host stores it in one transaction, with the event, before it carries anything out.
///
/// A host that keeps [`DeskTables`](super::DeskTables) reads the rows of [`users`](Self::users) with
/// [`Roster::figures`](crate::Roster::figures) and [`Desk::presence_ends`](super::Desk::presence_ends).
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Effects {
    /// The entries of the log, in order.
    pub records: Vec<LogRecord>,
    /// The decision of a message.
    pub decision: Option<Decision>,
    /// The changes of chats, in order.
    pub chats: Vec<ChatChange>,
    /// The customers who have an owner now, by id, with the user. A host stores it, and says
    /// [`CustomerChanged`](super::DeskEvent::CustomerChanged) of each other open chat of these customers.
    pub owners: BTreeMap<Arc<str>, Arc<str>>,
    /// The users whose figures may have changed: presence, chats, last message, capacity. Among them may be users whom the inbox no
    /// longer has.
    pub users: BTreeSet<Arc<str>>,
    /// The groups whose turn has moved, with the user who had it last; `None`: the group has no turn any more, because it has
    /// another name.
    pub turns: BTreeMap<Arc<str>, Option<Arc<str>>>,
    /// The replies to the customer, in order. A host keeps, for each that is not suppressed and has a
    /// [`once_key`](SentReply::once_key), when it was sent.
    pub replies: Vec<DeskReply>,
    /// The changes of timers, in order.
    pub timers: Vec<TimerChange>,
    /// The chats to decide [afresh](super::DeskEvent::Afresh) now. A host adds the chats of `users_gone` and those in the queues of
    /// `groups_gone`, and begins with the oldest.
    pub afresh: Vec<ChatId>,
    /// The users whom the inbox no longer has, but who have chats.
    pub users_gone: Vec<Arc<str>>,
    /// The groups that the inbox no longer has, but in whose queues chats wait.
    pub groups_gone: Vec<Arc<str>>,
    /// The groups that have another name. A host writes it into its open chats.
    pub groups_renamed: Vec<GroupRenamed>,
}

/// The change of a chat.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum ChatChange {
    /// The chat is like this now.
    Put(Arc<ChatRecord>),
    /// A chat that waited was given to a user: this is the last decision about it, and it has not been answered.
    Given {
        /// The chat.
        chat: ChatId,
        /// The decision.
        last: Box<Decision>,
    },
    /// The chat is closed.
    Closed(ChatId),
}

/// A reply, and whether it goes out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskReply {
    /// The reply.
    pub reply: SentReply,
    /// Whether it goes out.
    pub state: ReplyState,
}

/// Whether a reply goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ReplyState {
    /// It is to be sent.
    Waiting,
    /// The customer has had it within the time of `once per`.
    Suppressed,
    /// The message was too old to be answered.
    TooLate,
}

/// The change of a timer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TimerChange {
    /// It fires at this moment.
    Set(Timestamp, DeskTimer),
    /// What was put off with `after` for this chat is not to be done, because a user has written.
    CancelLater(ChatId),
    /// No timer of this chat is to fire.
    CancelAll(ChatId),
}

/// A timer. A chat has one of each kind at most, except what is put off, and a user has one: the next takes the place of the one
/// before. One that fires although it should not changes nothing, except what is put off: a host drops it as
/// [`TimerChange`] says, and when it has fired.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum DeskTimer {
    /// [`DeskEvent::Timeout`](super::DeskEvent::Timeout).
    Timeout {
        /// The chat.
        chat: ChatId,
        /// The timer of the assignment.
        timer: Timer,
    },
    /// [`DeskEvent::Later`](super::DeskEvent::Later).
    Later {
        /// The chat.
        chat: ChatId,
        /// The `seq` of the message whose decision it belongs to.
        seq: u64,
        /// The position in [`Decision::later`].
        index: usize,
        /// Whether the message was too old to be answered.
        too_late: bool,
    },
    /// [`DeskEvent::Idle`](super::DeskEvent::Idle).
    Idle {
        /// The chat.
        chat: ChatId,
    },
    /// [`DeskEvent::PresenceEnded`](super::DeskEvent::PresenceEnded).
    Presence {
        /// The user.
        user: Arc<str>,
    },
}
