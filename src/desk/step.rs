//! The handling of one event.

use std::borrow::Cow;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::chat::ChatRecord;
use super::effect::{ChatChange, DeskTimer, Effects, TimerChange};
use super::error::DeskError;
use super::facts::Facts;
use super::record::{ChatCause, Record, RecordKind};
use super::state::{Desk, WaitingCustomer};
use crate::engine::{Assignment, ChatId, Decision};
use crate::load::RuleSet;
use crate::roster::Event;
use crate::situation::Customer;

/// The handling of one event: what it starts from, and what it has led to so far.
pub(super) struct DeskStep<'a> {
    pub(super) desk: &'a mut Desk,
    pub(super) set: &'a RuleSet,
    pub(super) facts: &'a Facts,
    pub(super) now: Timestamp,
    pub(super) effects: Effects,
}

impl DeskStep<'_> {
    /// The open chat of the event.
    pub(super) fn chat(&self) -> Result<ChatRecord, DeskError> {
        self.facts.chat.clone().ok_or(DeskError::ChatClosed)
    }

    /// The customer as the rules see them.
    pub(super) fn customer(&self) -> Customer {
        let mut customer = Cow::into_owned(self.facts.customer.known_to(self.set.inbox()));
        // A customer who was imported with an owner or a date has been here before.
        customer.returning |= customer.owner.is_some() || customer.last_message_at.is_some();
        customer
    }

    /// Adds an entry to the log.
    pub(super) fn record(&mut self, kind: RecordKind) {
        self.desk.seq += 1;
        self.effects.records.push(Record { seq: self.desk.seq, at: self.now, kind });
    }

    /// Follows the decision that is the last one about the chat now.
    pub(super) fn follow(&mut self, mut chat: ChatRecord, cause: ChatCause) {
        let customer = self.customer();
        self.desk.waiting.update(chat.id, &chat.last, &customer, self.now);
        chat.answered_at = None;
        match &chat.last.assign {
            Some(Assignment::User { .. }) => {
                chat.waiting_since = None;
                self.desk.waiting_customers.remove(&chat.id);
                let owner = WaitingCustomer::of(self.facts);
                self.given(chat.id, &chat.last, Some(owner), cause);
            }
            Some(Assignment::Queue { group, .. }) => {
                let waiting = self.desk.waiting.get(chat.id);
                chat.waiting_since = waiting.map(|chat| chat.since).or(chat.waiting_since).or(Some(self.now));
                if waiting.is_some() {
                    self.desk.waiting_customers.insert(chat.id, WaitingCustomer::of(self.facts));
                } else {
                    self.desk.waiting_customers.remove(&chat.id);
                }
                self.record(RecordKind::Waiting { chat: chat.id, group: group.clone(), cause });
                self.set_timeout(chat.id, &chat.last);
            }
            _ => return self.closed(chat.id, cause),
        }
        self.effects.chats.push(ChatChange::Put(Box::new(chat)));
    }

    /// A user has the chat now: for the log, its timer, and the customer's owner.
    pub(super) fn given(
        &mut self,
        chat: ChatId,
        decision: &Decision,
        customer: Option<WaitingCustomer>,
        cause: ChatCause,
    ) {
        let Some(Assignment::User { user, group, by, .. }) = &decision.assign else { return };
        let (user, group, by) = (Arc::clone(user), group.clone(), *by);
        self.record(RecordKind::Assigned { chat, user: Arc::clone(&user), group, by, cause });
        self.set_timeout(chat, decision);
        let inbox = self.set.inbox();
        let owns = inbox.user_id(&user).is_none_or(|id| inbox.user(id).owns);
        let has_owner = |owner: &Arc<str>| self.desk.roster.now(owner).is_some();
        if let Some(customer) =
            customer.filter(|customer| owns && !customer.owner.as_ref().is_some_and(has_owner))
        {
            // A drain may give several chats of the customer, to one user each.
            self.effects.owners.entry(customer.id).or_insert(user);
        }
    }

    /// Sets the timer of the assignment, if it goes on. Members who take chats by hand may have a time limit too.
    fn set_timeout(&mut self, chat: ChatId, decision: &Decision) {
        if let Some(timer) = decision.timer() {
            self.effects.timers.push(TimerChange::Set(timer.due, DeskTimer::Timeout { chat, timer }));
        }
    }

    /// Takes the chat away from the user or the queue that has it.
    pub(super) fn release(&mut self, chat: &ChatRecord) {
        let event = match (chat.user(), chat.group()) {
            (Some(user), _) => Event::Closed { user: Arc::clone(user) },
            (None, Some(group)) => Event::Dequeued { group: Arc::clone(group) },
            (None, None) => return,
        };
        // The user or the group may be one that no inbox has had.
        let _ = self.desk.roster.apply(event);
    }

    /// The chat is closed, and nobody has it.
    pub(super) fn closed(&mut self, id: ChatId, cause: ChatCause) {
        self.record(RecordKind::Closed { chat: id, cause });
        self.desk.waiting.remove(id);
        self.desk.waiting_customers.remove(&id);
        self.effects.timers.push(TimerChange::CancelAll(id));
        self.effects.chats.push(ChatChange::Closed(id));
    }

    /// Sets the timer that closes the chat.
    pub(super) fn set_idle_timer(&mut self, chat: ChatId, due: Timestamp) {
        self.effects.timers.push(TimerChange::Set(due, DeskTimer::Idle { chat }));
    }

    /// When the chat is closed if nobody writes in it.
    pub(super) fn closes_at(&self, last_at: Timestamp) -> Timestamp {
        let after = SignedDuration::try_from(self.desk.settings.close_after).unwrap_or(SignedDuration::MAX);
        last_at.saturating_add(after).unwrap_or(Timestamp::MAX)
    }

    /// Gives the chats that wait to those who can take them now.
    pub(super) fn drain(&mut self) -> Result<(), DeskError> {
        let Desk { roster, waiting, settings, .. } = &mut *self.desk;
        for (id, last) in self.set.drain(roster, waiting, self.now, settings.seed)? {
            let customer = self.desk.waiting_customers.remove(&id);
            self.given(id, &last, customer, ChatCause::Queue);
            self.effects.chats.push(ChatChange::Given { chat: id, last: Box::new(last) });
        }
        Ok(())
    }
}
