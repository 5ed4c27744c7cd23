//! The roster as the log tells it.

use std::sync::Arc;

use super::record::{ChatHolder, LogRecord, LogRecordKind};
use crate::inbox::Inbox;
use crate::language::vocabulary::Algorithm;
use crate::roster::{Event, EventError, RestoreError, Roster, RosterState};

/// A roster that follows a log: after each entry it is the roster of the [`Desk`](super::Desk) that wrote it.
#[derive(Debug, Clone)]
pub struct LogReplay {
    roster: Roster,
}

impl LogReplay {
    /// Before the first entry of the log.
    pub fn new(inbox: &Inbox) -> Self {
        Self { roster: Roster::new(inbox) }
    }

    /// The replay from a snapshot, to go on with the entries after it. The snapshot is [`Roster::save`] of a replay or of a desk,
    /// or [`DeskTables::roster_state`](super::DeskTables::roster_state).
    ///
    /// # Errors
    ///
    /// [`RestoreError`], if the state does not fit the inbox.
    pub fn restore(inbox: &Inbox, state: RosterState) -> Result<Self, RestoreError> {
        let (roster, _) = Roster::restore(inbox, state)?;
        Ok(Self { roster })
    }

    /// The roster.
    pub fn roster(&self) -> &Roster {
        &self.roster
    }

    /// Follows an entry. `inbox` is the one that holds after it, which differs from the one before only for
    /// [`LogRecordKind::Rules`].
    ///
    /// # Errors
    ///
    /// [`EventError`], if the entry does not follow from those before it.
    pub fn apply(&mut self, record: &LogRecord, inbox: &Inbox) -> Result<(), EventError> {
        apply(&mut self.roster, record, inbox)
    }
}

/// The roster after an entry.
pub(super) fn apply(roster: &mut Roster, record: &LogRecord, inbox: &Inbox) -> Result<(), EventError> {
    let at = record.at;
    match &record.kind {
        LogRecordKind::Message { rule: None, .. } => match &record.from {
            Some(ChatHolder::User(user)) => roster.apply(Event::Message { user: Arc::clone(user), at }),
            _ => Ok(()),
        },
        LogRecordKind::Message { .. }
        | LogRecordKind::Customer { .. }
        | LogRecordKind::Renamed { .. }
        | LogRecordKind::Answered { user: None, .. } => Ok(()),
        LogRecordKind::Assigned { user, group, by, .. } => {
            release(roster, record)?;
            let turn = group.clone().filter(|_| *by == Some(Algorithm::InOrder));
            roster.apply(Event::Assigned { user: Arc::clone(user), at, turn })
        }
        LogRecordKind::Waiting { group, .. } => {
            release(roster, record)?;
            match group {
                Some(group) => roster.apply(Event::Queued { group: Arc::clone(group) }),
                None => Ok(()),
            }
        }
        LogRecordKind::Answered { user: Some(user), .. } => {
            roster.apply(Event::Message { user: Arc::clone(user), at })
        }
        LogRecordKind::Closed { .. } => release(roster, record),
        LogRecordKind::Presence { user, presence, .. } => {
            roster.apply(Event::Presence { user: Arc::clone(user), presence: *presence })
        }
        LogRecordKind::Capacity { user, capacity } => {
            roster.apply(Event::Capacity { user: Arc::clone(user), capacity: *capacity })
        }
        LogRecordKind::Rules { .. } => {
            roster.rebase(inbox);
            Ok(())
        }
    }
}

/// The chat leaves whoever has it.
fn release(roster: &mut Roster, record: &LogRecord) -> Result<(), EventError> {
    record.from.as_ref().map_or(Ok(()), |from| roster.apply(from.release()))
}
