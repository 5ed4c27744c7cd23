//! The handling of one event.

use std::borrow::Cow;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::chat::ChatRecord;
use super::effect::{ChatChange, DeskTimer, Effects, TimerChange};
use super::error::DeskError;
use super::facts::Facts;
use super::record::{ChatCause, ChatHolder, LogRecord, LogRecordKind};
use super::state::{Desk, WaitingCustomer};
use crate::engine::{Assignment, ChatId, Decision};
use crate::language::vocabulary::Algorithm;
use crate::load::RuleSet;
use crate::situation::Customer;

/// The handling of one event: what it starts from, and what it has led to so far.
pub(super) struct EventContext<'a> {
    pub(super) desk: &'a mut Desk,
    pub(super) set: &'a RuleSet,
    pub(super) facts: &'a Facts,
    pub(super) now: Timestamp,
    pub(super) effects: Effects,
}

impl<'a> EventContext<'a> {
    /// The open chat of the event.
    pub(super) fn chat(&self) -> Result<&'a ChatRecord, DeskError> {
        self.facts.chat.as_deref().ok_or(DeskError::ChatClosed)
    }

    /// The customer as the rules see them.
    pub(super) fn customer(&self) -> Cow<'a, Customer> {
        let mut customer = self.facts.customer.known_to(self.set.inbox());
        // A customer who was imported with an owner or a date has been here before.
        if !customer.returning && (customer.owner.is_some() || customer.last_message_at.is_some()) {
            customer.to_mut().returning = true;
        }
        customer
    }

    /// Whether the inbox has the user.
    pub(super) fn check_user(&self, user: &Arc<str>) -> Result<(), DeskError> {
        let now = self.desk.roster.now(user);
        now.map(drop).ok_or_else(|| DeskError::UnknownUser(Arc::clone(user)))
    }

    /// Adds an entry to the log. What it says of the chat's holders changes their figures.
    pub(super) fn record(&mut self, kind: LogRecordKind, from: Option<ChatHolder>) {
        let changed = match &kind {
            LogRecordKind::Assigned { user, group, by, .. } => {
                if let (Some(Algorithm::InOrder), Some(group)) = (by, group) {
                    self.effects.turns.insert(Arc::clone(group), Some(Arc::clone(user)));
                }
                Some(user)
            }
            LogRecordKind::Answered { user, .. } => user.as_ref(),
            LogRecordKind::Presence { user, .. } | LogRecordKind::Capacity { user, .. } => Some(user),
            _ => None,
        };
        let before = match &from {
            Some(ChatHolder::User(user)) => Some(user),
            Some(ChatHolder::Queue(_)) | None => None,
        };
        self.effects.users.extend(changed.into_iter().chain(before).cloned());
        self.desk.seq += 1;
        self.effects.records.push(LogRecord { seq: self.desk.seq, at: self.now, kind, from });
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
                let kind = LogRecordKind::Waiting { chat: chat.id, group: group.clone(), cause };
                self.record(kind, released(&chat.last));
                self.set_timeout(chat.id, &chat.last);
            }
            _ => return self.closed(chat.id, cause, released(&chat.last)),
        }
        self.effects.chats.push(ChatChange::Put(Arc::new(chat)));
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
        let kind = LogRecordKind::Assigned { chat, user: Arc::clone(&user), group, by, cause };
        self.record(kind, released(decision));
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

    /// Closes the chat, and gives others to whoever has room now.
    pub(super) fn close(&mut self, chat: &ChatRecord, cause: ChatCause) -> Result<(), DeskError> {
        // The user or the group may be one that no inbox has had.
        let holder = chat.holder().filter(|holder| self.desk.roster.apply(holder.release()).is_ok());
        self.closed(chat.id, cause, holder);
        self.drain()
    }

    /// The chat is closed, and nobody has it.
    fn closed(&mut self, id: ChatId, cause: ChatCause, from: Option<ChatHolder>) {
        self.record(LogRecordKind::Closed { chat: id, cause }, from);
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

/// Who has lost the chat by the decision.
fn released(decision: &Decision) -> Option<ChatHolder> {
    ChatHolder::released_by(decision.routed.as_ref()?.released.as_deref()?)
}
