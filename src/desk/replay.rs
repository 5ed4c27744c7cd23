//! The roster as the log tells it.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::record::{Record, RecordKind};
use crate::engine::ChatId;
use crate::inbox::Inbox;
use crate::language::vocabulary::Algorithm;
use crate::roster::{Event, EventError, GroupRenamed, RestoreError, Roster, RosterState};

/// A roster that follows a log: after each entry it is the roster of the [`Desk`](super::Desk) that wrote it.
#[derive(Debug, Clone)]
pub struct LogReplay {
    roster: Roster,
    holders: BTreeMap<ChatId, Holder>,
}

/// The state of a [`LogReplay`], which a host can store, for example as JSON, so that the log before it can be dropped.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReplayState {
    roster: RosterState,
    holders: BTreeMap<ChatId, Holder>,
}

/// Who has a chat.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Holder {
    User(Arc<str>),
    Queue(Option<Arc<str>>),
}

impl LogReplay {
    /// Before the first entry of the log.
    pub fn new(inbox: &Inbox) -> Self {
        Self { roster: Roster::new(inbox), holders: BTreeMap::new() }
    }

    /// The state, by names.
    pub fn save(&self) -> ReplayState {
        ReplayState { roster: self.roster.save(), holders: self.holders.clone() }
    }

    /// The replay in this state, to go on with the entries after it.
    ///
    /// # Errors
    ///
    /// [`RestoreError`], if the state does not fit the inbox.
    pub fn restore(inbox: &Inbox, state: ReplayState) -> Result<Self, RestoreError> {
        let (roster, rebased) = Roster::restore(inbox, state.roster)?;
        let mut replay = Self { roster, holders: state.holders };
        replay.rename_groups(&rebased.groups_renamed);
        Ok(replay)
    }

    /// The roster.
    pub fn roster(&self) -> &Roster {
        &self.roster
    }

    /// Follows an entry. `inbox` is the one that holds after it, which differs from the one before only for
    /// [`RecordKind::Rules`].
    ///
    /// # Errors
    ///
    /// [`EventError`], if the entry does not follow from those before it.
    pub fn apply(&mut self, record: &Record, inbox: &Inbox) -> Result<(), EventError> {
        match &record.kind {
            RecordKind::Message { chat: Some(chat), rule: None, .. } => {
                if let Some(Holder::User(user)) = self.holders.get(chat) {
                    // The user may be one whom the inbox no longer has.
                    let _ = self.roster.apply(Event::Message { user: Arc::clone(user), at: record.at });
                }
            }
            RecordKind::Message { .. } | RecordKind::Customer { .. } | RecordKind::Renamed { .. } => {}
            RecordKind::Assigned { chat, user, group, by, .. } => {
                let turn = group.clone().filter(|_| *by == Some(Algorithm::InOrder));
                self.release(*chat);
                self.roster.apply(Event::Assigned { user: Arc::clone(user), at: record.at, turn })?;
                self.holders.insert(*chat, Holder::User(Arc::clone(user)));
            }
            RecordKind::Waiting { chat, group, .. } => {
                self.release(*chat);
                if let Some(group) = group {
                    self.roster.apply(Event::Queued { group: Arc::clone(group) })?;
                }
                self.holders.insert(*chat, Holder::Queue(group.clone()));
            }
            RecordKind::Answered { user: Some(user), .. } => {
                self.roster.apply(Event::Message { user: Arc::clone(user), at: record.at })?;
            }
            RecordKind::Answered { user: None, .. } => {}
            RecordKind::Closed { chat, .. } => self.release(*chat),
            RecordKind::Presence { user, presence, .. } => {
                self.roster.apply(Event::Presence { user: Arc::clone(user), presence: *presence })?;
            }
            RecordKind::Capacity { user, capacity } => {
                self.roster.apply(Event::Capacity { user: Arc::clone(user), capacity: *capacity })?;
            }
            RecordKind::Rules { .. } => {
                let rebased = self.roster.rebase(inbox);
                self.rename_groups(&rebased.groups_renamed);
            }
        }
        Ok(())
    }

    fn rename_groups(&mut self, renamed: &[GroupRenamed]) {
        for renamed in renamed {
            for holder in self.holders.values_mut() {
                if let Holder::Queue(Some(group)) = holder
                    && *group == renamed.from
                {
                    *group = Arc::clone(&renamed.to);
                }
            }
        }
    }

    /// The chat leaves whoever has it.
    fn release(&mut self, chat: ChatId) {
        let event = match self.holders.remove(&chat) {
            Some(Holder::User(user)) => Event::Closed { user },
            Some(Holder::Queue(Some(group))) => Event::Dequeued { group },
            Some(Holder::Queue(None)) | None => return,
        };
        let _ = self.roster.apply(event);
    }
}
