//! The events that update a roster.

use jiff::Timestamp;

use crate::inbox::{GroupId, User, UserId};
use crate::language::vocabulary::Presence;

/// Something that happens in an inbox and changes its [`Roster`](super::Roster). A time is always that of the event; no clock is
/// read.
///
/// ```
/// use inbox_rules::{Event, Inbox, Presence, Roster, Source};
///
/// let (inbox, _) = Inbox::parse(&Source::new("inbox.toml", "[users.alice]\n[groups]\nSales = [\"alice\"]"));
/// let mut roster = Roster::new(&inbox);
/// let user = roster.user("alice").unwrap();
///
/// roster.apply(Event::Presence { user, presence: Presence::Online })?;
/// roster.apply(Event::Assigned { user, at: "2026-11-24T18:30:00Z".parse()?, turn: None })?;
/// assert_eq!(roster.now(user).chats, 1);
/// roster.apply(Event::Closed { user })?;
///
/// // An event that does not fit is an error, and changes nothing.
/// assert_eq!(roster.apply(Event::Closed { user }).unwrap_err().to_string(), "the user has no open chat");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// The presence of a user changes.
    Presence {
        /// The user.
        user: UserId,
        /// The new presence.
        presence: Presence,
    },
    /// A user gets a chat: they have one more open chat, and a message.
    Assigned {
        /// The user.
        user: UserId,
        /// The time.
        at: Timestamp,
        /// The group whose turn moves on, if the user was chosen `by in_order`.
        turn: Option<GroupId>,
    },
    /// A user's chat is closed.
    Closed {
        /// The user who had it.
        user: UserId,
    },
    /// A message is sent to or by a user. A message that is older than the last one changes nothing.
    Message {
        /// The user.
        user: UserId,
        /// The time.
        at: Timestamp,
    },
    /// The capacity of a user changes.
    Capacity {
        /// The user.
        user: UserId,
        /// The maximum number of open chats, at least 1; `None`: no limit.
        capacity: Option<u32>,
    },
    /// The weight of a user changes.
    Weight {
        /// The user.
        user: UserId,
        /// The new weight, at least 1.
        weight: u32,
    },
    /// A user is added, offline and in no group. Then [`Roster::user`](super::Roster::user) returns their [`UserId`]. A user who was
    /// removed before gets the same one again.
    Added(Box<User>),
    /// A user is removed from the inbox and its groups. Their [`UserId`] is not given to another user.
    Removed {
        /// The user.
        user: UserId,
    },
    /// The members of a group change, in this turn order. The group remembers who had the last turn, even if they leave.
    Members {
        /// The group.
        group: GroupId,
        /// The members, each once.
        members: Vec<UserId>,
    },
    /// A chat enters a group's queue.
    Queued {
        /// The group.
        group: GroupId,
    },
    /// A chat leaves a group's queue.
    Dequeued {
        /// The group.
        group: GroupId,
    },
}

/// Why an event does not fit the roster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EventError {
    /// The user does not exist or was removed.
    #[error("the inbox has no such user")]
    UnknownUser(UserId),
    /// The group does not exist.
    #[error("the inbox has no such group")]
    UnknownGroup(GroupId),
    /// The user to add exists already.
    #[error("the inbox already has this user")]
    UserExists(UserId),
    /// The user has no open chat to close.
    #[error("the user has no open chat")]
    NoOpenChat(UserId),
    /// The group's queue is empty.
    #[error("the group's queue is empty")]
    EmptyQueue(GroupId),
    /// A capacity or a weight is 0.
    #[error("a capacity or a weight is at least 1")]
    Zero,
    /// A user would be in a group twice.
    #[error("a user can be in a group only once")]
    DuplicateMember(UserId),
}
