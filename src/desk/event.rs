//! What happens in an inbox.

use std::sync::Arc;

use jiff::Timestamp;

use super::record::ChatCause;
use crate::engine::{Later, Timer};
use crate::language::vocabulary::{Algorithm, Presence};
use crate::situation::Message;

/// What happens in an inbox. The chat and the customer that an event is about are those of its [`Facts`](super::Facts).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum DeskEvent {
    /// The customer writes. A host sees to it that each message comes once. If the number has no policy, no rule decides: the
    /// message is logged, and a chat that is open stays where it is.
    Message {
        /// The WhatsApp number that the customer wrote to, in E.164.
        number: Arc<str>,
        /// The message.
        message: Box<Message>,
    },
    /// The timer of an assignment has fired: the time to answer is over.
    Timeout(Timer),
    /// What a rule put off with `after` is due.
    Later {
        /// What is to be done.
        later: Box<Later>,
        /// Whether the message was too old to be answered: then its replies do not go out, as with those sent at once.
        too_late: bool,
    },
    /// The chat may have been without a message for too long.
    Idle,
    /// A user has written in the chat; `None`: somebody whom the inbox does not know.
    Answered(Option<Arc<str>>),
    /// A user takes the chat, which waits.
    Take(Arc<str>),
    /// A person moves the chat.
    Transfer(TransferTarget),
    /// A person closes the chat, or it ends because two customers are one.
    Close(ChatCause),
    /// What is known about the customer has changed, for example their owner. A host says it of each of their open chats.
    CustomerChanged,
    /// A person has changed what is known about the customer. It is only logged; [`CustomerChanged`](Self::CustomerChanged)
    /// says so of their open chats.
    CustomerEdited,
    /// The customer has these names now. It is only logged.
    CustomerRenamed(Vec<Arc<str>>),
    /// A user's presence is set.
    Presence {
        /// The user.
        user: Arc<str>,
        /// The presence.
        presence: Presence,
        /// When the user is offline again, unless it is set once more; `None`: it stays.
        until: Option<Timestamp>,
    },
    /// The time of a user's presence may be over.
    PresenceEnded(Arc<str>),
    /// A user's capacity is set; `None`: as in `inbox.toml`.
    Capacity {
        /// The user.
        user: Arc<str>,
        /// The maximum number of open chats, at least 1.
        capacity: Option<u32>,
    },
    /// The rules or the inbox have changed: the set is another one. It comes before any other event with that set. A desk that was
    /// restored with another inbox needs it too.
    Rules {
        /// The digest of the rules, for the log.
        digest: Arc<str>,
    },
    /// The chat's message is to be decided once more, because [`Effects::afresh`](super::Effects) said so.
    Afresh,
    /// Chats that wait are tried, after the chats that had to be decided afresh.
    Drain,
}

/// Where a person moves a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TransferTarget {
    /// To this user, online or not.
    User(Arc<str>),
    /// To a member of the group other than the user who has it, available or not; by hand, into the queue of the group. A group
    /// without another member is [`DeskError::NoMember`](super::DeskError::NoMember), and the chat stays where it is:
    /// [`Decision::transfer_to_group`](crate::Decision::transfer_to_group).
    Group {
        /// The group.
        group: Arc<str>,
        /// How the member is chosen.
        by: Algorithm,
    },
}
