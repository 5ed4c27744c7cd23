//! What the desk's effects do to the chats of a simulation: who has them, when they are closed, and what is counted of it.

use std::sync::Arc;

use super::event_queue::ScheduledEvent;
use super::running_chat::ChatLocation;
use super::traffic_run::{NeedsCustomer, TrafficRun};
use crate::desk::{
    ChatCause, ChatChange, ChatRecord, DeskEvent, DeskTimer, Effects, LogRecord, LogRecordKind, ReplyState,
    TimerChange,
};
use crate::engine::{Assignment, ChatId, Decision};
use crate::inbox::UserId;
use crate::language::vocabulary::Algorithm;

impl TrafficRun<'_> {
    /// Does what follows from an event.
    pub(super) fn apply(&mut self, effects: Effects, chat: Option<ChatId>, customer: usize) {
        let Effects { records, decision, chats, owners, replies, timers, .. } = effects;
        let now = self.moment();
        let mut group = chat.and_then(|chat| self.group_of(chat));
        for change in chats {
            match change {
                ChatChange::Put(record) => {
                    if let Some(running) = self.chats.get_mut(&record.id) {
                        running.record = Some(record);
                    }
                }
                ChatChange::Given { chat, last } => {
                    let record = self.chats.get_mut(&chat).and_then(|running| running.record.as_mut());
                    if let Some(record) = record.map(Arc::make_mut) {
                        record.last = *last;
                        record.answered_at = None;
                        record.waiting_since = None;
                    }
                }
                ChatChange::Closed(_) => {}
            }
        }
        for (id, user) in owners {
            let index = id.strip_prefix('c').and_then(|index| index.parse().ok()).unwrap_or(usize::MAX);
            if let Some(state) = self.population.state_mut(index) {
                state.owner = Some(user);
            }
            self.tell_other_chats(index, chat);
        }
        for record in records {
            self.log(record);
        }
        for change in timers {
            self.change_timer(change, decision.as_ref());
        }
        group = chat.and_then(|chat| self.group_of(chat)).or(group);
        self.figures.count_replies(group, &replies);
        let sent = replies.iter().filter(|reply| reply.state == ReplyState::Waiting);
        for key in sent.filter_map(|reply| reply.reply.once_key.clone()) {
            if let Some(state) = self.population.state_mut(customer) {
                state.sent.insert(key, now);
            }
        }
    }

    /// The customer has an owner now: their chats with other numbers may go to the owner.
    fn tell_other_chats(&mut self, customer: usize, except: Option<ChatId>) {
        for number in 0..self.numbers.len() {
            let chat = self.open.get(&(customer, number)).copied().filter(|chat| Some(*chat) != except);
            if chat.is_some() {
                self.dispatch(DeskEvent::CustomerChanged, chat, NeedsCustomer::Yes);
            }
        }
    }

    fn change_timer(&mut self, change: TimerChange, decision: Option<&Decision>) {
        match change {
            TimerChange::Set(due, DeskTimer::Later { chat, index, too_late, .. }) => {
                let later = decision.and_then(|decision| decision.later.get(index));
                if let Some((later, running)) = later.zip(self.chats.get(&chat)) {
                    let (later, answers) = (Box::new(later.clone()), running.answers);
                    let event = ScheduledEvent::Later { chat, later, too_late, answers };
                    self.events.schedule(due.as_microsecond(), event);
                }
            }
            TimerChange::Set(due, timer) => {
                self.events.schedule(due.as_microsecond(), ScheduledEvent::Timer(timer));
            }
            TimerChange::CancelLater(chat) => {
                if let Some(running) = self.chats.get_mut(&chat) {
                    running.answers += 1;
                }
            }
            // A chat that is closed is not there any more.
            TimerChange::CancelAll(_) => {}
        }
    }

    fn log(&mut self, record: LogRecord) {
        let inbox = self.set.inbox();
        match record.kind {
            LogRecordKind::Assigned { chat, user, group, cause, .. } => {
                let Some(user) = inbox.user_id(&user) else { return };
                let through = group.and_then(|group| inbox.group_id(&group)).map(|id| id.0 as usize);
                self.count_timeout(chat, cause);
                self.move_to(chat, ChatLocation::User(user), through);
                self.count_assigned(chat, user, through);
            }
            LogRecordKind::Waiting { chat, group, cause } => {
                let queue = group.and_then(|group| inbox.group_id(&group)).map(|id| id.0 as usize);
                self.count_timeout(chat, cause);
                self.move_to(chat, queue.map_or(ChatLocation::Nobody, ChatLocation::Queue), queue);
            }
            LogRecordKind::Closed { chat, cause } => {
                self.count_timeout(chat, cause);
                self.close(chat);
            }
            _ => {}
        }
    }

    fn count_timeout(&mut self, chat: ChatId, cause: ChatCause) {
        if cause == ChatCause::Timeout {
            let group = self.group_of(chat);
            self.figures.count(group, |counts| counts.timeouts += 1);
        }
    }

    fn count_assigned(&mut self, chat: ChatId, user: UserId, through: Option<usize>) {
        let now = self.now;
        if let Some(work) = self.users.get_mut(user.0 as usize) {
            work.assigned += 1;
        }
        self.figures.count(through, |counts| counts.assigned += 1);
        let place = through.unwrap_or(self.figures.assigned_in_group.len() - 1);
        if let Some(assigned) = self.figures.assigned_in_group.get_mut(place) {
            *assigned.entry(user.0).or_default() += 1;
        }
        let Some(running) = self.chats.get_mut(&chat).filter(|running| !running.is_assigned) else { return };
        running.is_assigned = true;
        let wait = now - running.opened_at;
        self.figures.count(through, |counts| counts.assignment_waits.push(wait));
    }

    /// The group in whose queue the chat is, or through which its user has it.
    pub(super) fn group_of(&self, chat: ChatId) -> Option<usize> {
        self.chats.get(&chat)?.group
    }

    /// The chat goes to a user, into a queue, or to nobody.
    fn move_to(&mut self, chat: ChatId, location: ChatLocation, group: Option<usize>) {
        self.leave(chat);
        let now = self.now;
        let Some(running) = self.chats.get_mut(&chat) else { return };
        running.location = location;
        running.located_since = now;
        running.group = group;
        running.assignment += 1;
        match location {
            ChatLocation::User(user) => {
                if let Some(work) = self.users.get_mut(user.0 as usize) {
                    work.backlog.push_back((chat, running.assignment));
                }
                self.ready.push(user);
            }
            ChatLocation::Queue(group) => {
                self.figures.overall.queue.add(now);
                if let Some(counts) = self.figures.groups.get_mut(group) {
                    counts.queue.add(now);
                }
                let is_by_hand = |record: &ChatRecord| {
                    matches!(record.last.assign, Some(Assignment::Queue { by: Some(Algorithm::Hand), .. }))
                };
                if running.record.as_deref().is_some_and(is_by_hand)
                    && let Some(waiting) = self.by_hand.get_mut(group)
                {
                    waiting.insert((now, chat));
                    self.to_take.push(group);
                }
            }
            ChatLocation::Nobody => {}
        }
    }

    /// The chat leaves whoever has it.
    fn leave(&mut self, chat: ChatId) {
        let now = self.now;
        let Some(running) = self.chats.get_mut(&chat) else { return };
        if let Some(user) = running.in_service.take() {
            if let Some(work) = self.users.get_mut(user.0 as usize) {
                work.end_service(now);
            }
            self.ready.push(user);
        }
        if let ChatLocation::Queue(group) = std::mem::replace(&mut running.location, ChatLocation::Nobody) {
            self.figures.overall.queue.remove(now);
            if let Some(counts) = self.figures.groups.get_mut(group) {
                counts.queue.remove(now);
            }
            if let Some(waiting) = self.by_hand.get_mut(group) {
                waiting.remove(&(running.located_since, chat));
            }
        }
    }

    fn close(&mut self, chat: ChatId) {
        let group = self.group_of(chat);
        self.count_unstarted(chat);
        self.leave(chat);
        let Some(running) = self.chats.remove(&chat) else { return };
        self.open.remove(&(running.customer, running.number));
        if running.is_answered {
            self.figures.chats.closed_answered += 1;
        } else {
            self.figures.chats.closed_unanswered += 1;
            self.figures.unanswered.remove(self.now);
            self.figures.count(group, |counts| counts.unanswered += 1);
        }
    }
}
