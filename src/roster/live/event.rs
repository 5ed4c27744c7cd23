//! What happens in an inbox.

use jiff::Timestamp;

use crate::inbox::{GroupId, User, UserId};
use crate::language::vocabulary::Presence;

/// What happens in an inbox. Its time is the time of the event, never that of a clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A user comes or goes.
    Presence {
        /// Who.
        user: UserId,
        /// As what.
        presence: Presence,
    },
    /// A user is given a chat: they have one more open, and a message.
    Assigned {
        /// Who.
        user: UserId,
        /// When.
        at: Timestamp,
        /// The group whose turn it was, if they were chosen `by in_order`: it moves on.
        turn: Option<GroupId>,
    },
    /// A chat of a user is closed.
    Closed {
        /// Who had it.
        user: UserId,
    },
    /// A message goes to or from a user. One that is told late, after a later one, changes nothing.
    Message {
        /// Who.
        user: UserId,
        /// When.
        at: Timestamp,
    },
    /// A user should have at most so many chats open from now on.
    Capacity {
        /// Who.
        user: UserId,
        /// How many, at least 1; `None`: as many as come.
        capacity: Option<u32>,
    },
    /// A user has another share under `by weighted` from now on.
    Weight {
        /// Who.
        user: UserId,
        /// The share, at least 1.
        weight: u32,
    },
    /// There is a new user, offline and in no group. [`Roster::user`](super::Roster::user) tells their id from then on; it is the id
    /// from before if the same user was removed.
    Added(Box<User>),
    /// A user is gone: in no group, offline, without chats. No other user ever has their [`UserId`].
    Removed {
        /// Who.
        user: UserId,
    },
    /// A group has these members from now on, in this turn order. Who had the last turn is still known, if they come back as well.
    Members {
        /// Which.
        group: GroupId,
        /// Each once.
        members: Vec<UserId>,
    },
    /// One more chat waits in a group's queue.
    Queued {
        /// Which.
        group: GroupId,
    },
    /// A chat leaves a group's queue, to a user or for good.
    Dequeued {
        /// Which.
        group: GroupId,
    },
}

/// Why an event does not fit the roster. It has changed nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EventError {
    /// There is no such user, or no longer.
    #[error("the inbox has no such user")]
    UnknownUser(UserId),
    /// There is no such group.
    #[error("the inbox has no such group")]
    UnknownGroup(GroupId),
    /// The user to be added is there.
    #[error("the inbox has this user already")]
    UserExists(UserId),
    /// The user has no open chat that could be closed.
    #[error("the user has no open chat")]
    NoOpenChat(UserId),
    /// No chat waits in the group.
    #[error("no chat waits in the group's queue")]
    EmptyQueue(GroupId),
    /// A capacity or weight of 0.
    #[error("capacities and weights are at least 1")]
    Zero,
    /// A user stands in a group twice.
    #[error("a user stands once in a group")]
    DuplicateMember(UserId),
}
