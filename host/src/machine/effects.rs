//! Effects of the desk, written into the store.

use std::collections::BTreeMap;
use std::sync::Arc;

use inbox_rules::desk::{
    ChatChange, ChatRecord, CustomerRecord, DeskError, DeskEvent, DeskTimer, Effects, Facts, LogRecordKind,
    ReplyState, TimerChange,
};
use inbox_rules::{ChatId, Presence};
use jiff::{SignedDuration, Timestamp};
use serde_json::value::to_raw_value;

use super::batch::{Batch, ItemError};
use super::item::{Refused, ReplyAnswer, Routed};
use crate::incoming::SendBy;
use crate::store::{ChatRow, HostTimer, LogRow, OutboxRow, OutboxState, StoreError, TimerRow, UserRow};

/// An event about a customer, with what the store knows about them.
pub(super) struct About {
    /// The customer.
    pub(super) customer: CustomerRecord,
    /// Their open chat with the number.
    pub(super) chat: Option<ChatRow>,
    /// The number.
    pub(super) number: Arc<str>,
    /// How replies go out.
    pub(super) send: SendBy,
    /// The time that replies are late from: the message's own, or when they were due.
    pub(super) reply_from: Timestamp,
    /// The id of the message, if one is decided.
    pub(super) message: Option<String>,
}

impl From<DeskError> for ItemError {
    fn from(error: DeskError) -> Self {
        Self::Refused(match error {
            DeskError::UnknownUser(user) => Refused::UnknownUser(user),
            DeskError::UnknownGroup(group) => Refused::UnknownGroup(group),
            DeskError::NoMember(group) => Refused::NoMember(group),
            DeskError::ChatClosed => Refused::ChatClosed,
            DeskError::ChatTaken(user) => Refused::ChatTaken(user),
            error => Refused::Invalid(error.to_string()),
        })
    }
}

/// Adds a duration to a moment.
pub(super) fn later(at: Timestamp, by: std::time::Duration) -> Timestamp {
    let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
    at.saturating_add(by).unwrap_or(Timestamp::MAX)
}

impl Batch<'_> {
    /// Handles an event about a customer and their chat, and writes what it leads to.
    pub(super) fn handle_about(
        &mut self,
        event: DeskEvent,
        about: &About,
    ) -> Result<Option<Routed>, ItemError> {
        let facts = self.facts(about)?;
        self.handle_with(event, &facts, Some(about))
    }

    /// Handles an event about a user or the rules, and writes what it leads to.
    pub(super) fn handle_event(&mut self, event: DeskEvent) -> Result<Effects, ItemError> {
        let effects = self.live.desk.handle(&self.live.release.set, event, &Facts::default(), self.now)?;
        self.write(&effects, None)?;
        self.tell_owners(&effects)?;
        Ok(effects)
    }

    /// The customer's id, what is known about them, their chat, and what they were sent.
    pub(super) fn facts(&mut self, about: &About) -> Result<Facts, StoreError> {
        Ok(Facts {
            customer_id: Arc::clone(&about.customer.id),
            customer: about.customer.customer(),
            chat: about.chat.as_ref().map(|row| row.chat.clone()),
            sent: self.tx.once(&about.customer.id)?,
        })
    }

    pub(super) fn handle_with(
        &mut self,
        event: DeskEvent,
        facts: &Facts,
        about: Option<&About>,
    ) -> Result<Option<Routed>, ItemError> {
        let effects = self.live.desk.handle(&self.live.release.set, event, facts, self.now)?;
        let routed = self.write(&effects, about)?;
        self.tell_owners(&effects)?;
        Ok(routed)
    }

    /// Writes effects into the store.
    fn write(&mut self, effects: &Effects, about: Option<&About>) -> Result<Option<Routed>, StoreError> {
        let replies = match about {
            Some(about) => self.write_replies(effects, about)?,
            None => Vec::new(),
        };
        let routed = self.write_log(effects, about, replies)?;
        self.write_chats(effects, about)?;
        // A rule has raised the priority of a chat that waits, by `after`.
        let before = about.and_then(|about| about.chat.as_ref()).map(|row| row.chat.last.step.priority);
        let is_raised = |change: &ChatChange| {
            matches!(change, ChatChange::Put(chat)
                if chat.user().is_none() && Some(chat.last.step.priority) != before)
        };
        if effects.records.is_empty() && effects.chats.iter().any(is_raised) {
            self.live.unlogged = self.tx.mark_unlogged()?;
        }
        for change in &effects.timers {
            match change {
                TimerChange::Set(due, timer) => {
                    self.tx.set_timer(&TimerRow { due: *due, timer: HostTimer::Desk(timer.clone()) })?;
                }
                TimerChange::CancelLater(chat) => self.tx.drop_timers_of(*chat, true)?,
                TimerChange::CancelAll(chat) => self.tx.drop_timers_of(*chat, false)?,
                change => debug_assert!(false, "{change:?}"),
            }
        }
        self.write_roster(effects)?;
        Ok(routed)
    }

    /// Queues the replies that go out, and says what became of each.
    fn write_replies(&mut self, effects: &Effects, about: &About) -> Result<Vec<ReplyAnswer>, StoreError> {
        let message =
            effects.records.iter().find(|record| matches!(record.kind, LogRecordKind::Message { .. }));
        let seq = message.map(|record| record.seq);
        let opened = match message.map(|record| &record.kind) {
            Some(LogRecordKind::Message { chat, .. }) => *chat,
            _ => None,
        };
        let chat = opened.or(about.chat.as_ref().map(|row| row.chat.id));
        let goes_out = about.send == SendBy::WhatsApp
            && self.settings.accounts.of_number(self.live.release.set.inbox(), &about.number).is_some();
        let mut answers = Vec::new();
        for queued in &effects.replies {
            let state = match queued.state {
                ReplyState::Waiting if goes_out => OutboxState::Waiting,
                ReplyState::Waiting => OutboxState::Returned,
                ReplyState::Suppressed => OutboxState::Suppressed,
                _ => OutboxState::TooLate,
            };
            if queued.state == ReplyState::Waiting
                && let Some(key) = &queued.reply.once_key
            {
                self.tx.put_once(&about.customer.id, key, self.now)?;
            }
            if state == OutboxState::Waiting {
                self.result.numbers.insert(Arc::clone(&about.number));
            }
            let row = OutboxRow {
                id: 0,
                number: Arc::clone(&about.number),
                customer: Arc::clone(&about.customer.id),
                chat,
                seq,
                caller_id: None,
                recipient: recipient(&about.customer),
                text: queued.reply.text.clone(),
                state,
                due: due(state, self.now),
                lease: None,
                tries: 0,
                wamid: None,
                code: None,
                expires: later(about.reply_from, self.settings.desk.reply_within),
                at: self.now,
            };
            let id = self.tx.add_reply(&row)?;
            answers.push(ReplyAnswer { id: format!("r{id}"), text: row.text, state, code: None });
        }
        Ok(answers)
    }

    /// Adds the entries to the log; that of a message with all that was decided.
    fn write_log(
        &mut self,
        effects: &Effects,
        about: Option<&About>,
        mut replies: Vec<ReplyAnswer>,
    ) -> Result<Option<Routed>, StoreError> {
        let mut answer = None;
        for record in &effects.records {
            let mut routed = None;
            if let (LogRecordKind::Message { customer, chat, .. }, Some(about), Some(decision)) =
                (&record.kind, about, &effects.decision)
            {
                let told = Routed {
                    seq: record.seq,
                    at: record.at,
                    message: about.message.clone(),
                    repeated: false,
                    customer: Arc::clone(customer),
                    chat: decision.open_chat().and(*chat),
                    decision: decision.clone(),
                    replies: std::mem::take(&mut replies),
                };
                routed = Some(to_raw_value(&told).map_err(|error| StoreError::Damaged(error.to_string()))?);
                let rule = decision.rule.as_ref();
                *self.result.decisions.entry(rule.and_then(|rule| rule.name.clone())).or_default() += 1;
                answer = Some(told);
            }
            let row = LogRow { record: record.clone(), routed };
            self.tx.add_log(&row)?;
            self.live.last = Some(row.record);
        }
        Ok(answer)
    }

    /// Writes the chats as they are now, each once.
    fn write_chats(&mut self, effects: &Effects, about: Option<&About>) -> Result<(), StoreError> {
        let mut rows: BTreeMap<ChatId, ChatRow> = BTreeMap::new();
        for change in &effects.chats {
            match change {
                ChatChange::Put(chat) => {
                    let mut row = match rows.remove(&chat.id) {
                        Some(row) => row,
                        None => self.row_of(chat, about)?,
                    };
                    row.chat = Arc::clone(chat);
                    rows.insert(chat.id, row);
                }
                ChatChange::Given { chat, last } => {
                    if let Some(mut row) = self.known_row(&mut rows, *chat)? {
                        let given = Arc::make_mut(&mut row.chat);
                        given.last = inbox_rules::Decision::clone(last);
                        (given.answered_at, given.waiting_since) = (None, None);
                        rows.insert(*chat, row);
                    }
                }
                ChatChange::Closed(chat) => {
                    if let Some(mut row) = self.known_row(&mut rows, *chat)? {
                        row.closed_at = Some(self.now);
                        rows.insert(*chat, row);
                    }
                }
                change => debug_assert!(false, "{change:?}"),
            }
        }
        for (id, mut row) in rows {
            let set = effects.timers.iter().rev().find_map(|change| match change {
                TimerChange::Set(due, DeskTimer::Timeout { chat, .. }) if *chat == id => Some(*due),
                _ => None,
            });
            row.resume_at = match (&row.chat.last.resume, row.closed_at) {
                (Some(_), None) => set.or(row.resume_at),
                _ => None,
            };
            self.tx.put_chat(&row)?;
        }
        Ok(())
    }

    /// The row of a chat that an event is about, or that it has opened.
    fn row_of(&mut self, chat: &Arc<ChatRecord>, about: Option<&About>) -> Result<ChatRow, StoreError> {
        if let Some(row) = about.and_then(|about| about.chat.as_ref()).filter(|row| row.chat.id == chat.id) {
            return Ok(ChatRow { send: about.map_or(row.send, |about| about.send), ..row.clone() });
        }
        if let Some(row) = self.tx.chat(chat.id)? {
            return Ok(row);
        }
        let number = chat.last.number.clone().or(about.map(|about| Arc::clone(&about.number)));
        Ok(ChatRow {
            chat: Arc::clone(chat),
            number: number.unwrap_or_default(),
            send: about.map_or(SendBy::Caller, |about| about.send),
            closed_at: None,
            resume_at: None,
        })
    }

    fn known_row(
        &mut self,
        rows: &mut BTreeMap<ChatId, ChatRow>,
        id: ChatId,
    ) -> Result<Option<ChatRow>, StoreError> {
        match rows.remove(&id) {
            Some(row) => Ok(Some(row)),
            None => self.tx.chat(id),
        }
    }

    /// Writes the figures of users and whose turn it was.
    fn write_roster(&mut self, effects: &Effects) -> Result<(), StoreError> {
        for user in &effects.users {
            if let Some(row) = self.user_row(user) {
                self.tx.put_user(&row)?;
            }
        }
        for (group, user) in &effects.turns {
            self.tx.put_turn(group, user.as_deref())?;
        }
        Ok(())
    }

    /// The figures of a user; `None` if the inbox never had them.
    pub(super) fn user_row(&self, user: &Arc<str>) -> Option<UserRow> {
        let now = self.live.desk.roster().figures(user)?;
        Some(UserRow {
            id: Arc::clone(user),
            presence: now.presence,
            until: self.live.desk.presence_ends(user).filter(|_| now.presence != Presence::Offline),
            chats: now.chats,
            last_at: now.last_message_at,
            capacity: now.capacity,
        })
    }

    /// Writes the new owners, and tells the desk about each other open chat of these customers, which may
    /// change hands in turn.
    fn tell_owners(&mut self, effects: &Effects) -> Result<(), ItemError> {
        let mut owners: Vec<_> = effects.owners.clone().into_iter().collect();
        while let Some((id, owner)) = owners.pop() {
            let Some(mut customer) = self.tx.customer(&id)? else { continue };
            customer.owner = Some(owner);
            self.tx.put_customer(&customer)?;
            for row in self.tx.chats_of_customer(&id)? {
                // The desk knows it already of the chat that was given, which a user has.
                if row.chat.user().is_some() {
                    continue;
                }
                let about = self.about_chat(row, &customer);
                let facts = self.facts(&about)?;
                let (set, now) = (&self.live.release.set, self.now);
                let effects = self.live.desk.handle(set, DeskEvent::CustomerChanged, &facts, now)?;
                self.write(&effects, Some(&about))?;
                owners.extend(effects.owners);
            }
        }
        Ok(())
    }

    /// An event about an open chat.
    pub(super) fn about_chat(&self, row: ChatRow, customer: &CustomerRecord) -> About {
        About {
            customer: customer.clone(),
            number: Arc::clone(&row.number),
            send: row.send,
            chat: Some(row),
            reply_from: self.now,
            message: None,
        }
    }

    /// The open chat with this id, and its customer.
    pub(super) fn about_open_chat(&mut self, id: ChatId) -> Result<Option<About>, StoreError> {
        let Some(row) = self.tx.chat(id)?.filter(|row| row.closed_at.is_none()) else { return Ok(None) };
        let customer = self.tx.customer(&row.chat.customer)?.unwrap_or_else(|| CustomerRecord {
            id: Arc::clone(&row.chat.customer),
            ..CustomerRecord::default()
        });
        Ok(Some(self.about_chat(row, &customer)))
    }
}

/// When a new reply is due. One that is settled never is.
pub(super) fn due(state: OutboxState, now: Timestamp) -> Timestamp {
    if state == OutboxState::Waiting { now } else { Timestamp::MAX }
}

/// The address of a reply: the phone number if there is one, else another id.
pub(super) fn recipient(customer: &CustomerRecord) -> Arc<str> {
    let phone = customer.names.iter().find(|name| name.starts_with('+'));
    phone.or(customer.names.first()).cloned().unwrap_or_default()
}
