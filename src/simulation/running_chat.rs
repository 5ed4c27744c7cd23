//! An open chat of a simulation.

use std::sync::Arc;

use crate::desk::ChatRecord;
use crate::inbox::UserId;

/// A chat that is open.
pub(super) struct RunningChat {
    /// What the desk stores of it; `None` only while it is opened.
    pub(super) record: Option<Arc<ChatRecord>>,
    pub(super) customer: usize,
    pub(super) number: usize,
    /// The arrival that opened it.
    pub(super) arrival: u64,
    pub(super) opened_at: i64,
    pub(super) location: ChatLocation,
    /// Since when.
    pub(super) located_since: i64,
    /// The group in whose queue it is, or through which its user has it.
    pub(super) group: Option<usize>,
    /// The number of the current assignment, from 1; work scheduled for an earlier one is void.
    pub(super) assignment: u32,
    /// The user who works on it.
    pub(super) in_service: Option<UserId>,
    /// How often somebody has started on it.
    pub(super) services: u32,
    /// How often a user has written, after which nothing is done that was put off before.
    pub(super) answers: u32,
    pub(super) is_assigned: bool,
    pub(super) is_answered: bool,
}

/// Where a chat is: with nobody, with a user, or in a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ChatLocation {
    /// Nobody, and it is in no queue.
    Nobody,
    User(UserId),
    /// The queue of the group with that index.
    Queue(usize),
}
