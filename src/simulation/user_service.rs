//! Users begin with chats, work on them, and close them.

use std::sync::Arc;

use super::event_queue::PlannedEvent;
use super::traffic_run::{NeedsCustomer, TrafficRun};
use super::user_work::UserWork;
use crate::desk::{ChatCause, DeskEvent};
use crate::engine::ChatId;
use crate::inbox::{GroupId, UserId};

impl TrafficRun<'_> {
    /// Users begin with what they can begin with, until nobody can.
    pub(super) fn work(&mut self) {
        loop {
            if let Some(user) = self.ready.pop() {
                self.begin_next(user);
            } else if let Some(group) = self.to_take.pop() {
                self.ready.extend(self.free_member(group));
            } else {
                return;
            }
        }
    }

    /// The member of a group who has had nothing to begin with for the longest time.
    fn free_member(&self, group: usize) -> Option<UserId> {
        let group = GroupId(u32::try_from(group).ok()?);
        let members = self.set.inbox().group(group).members.iter().copied();
        let free = members.filter_map(|user| {
            let work = self.users.get(user.0 as usize)?;
            let has_backlog = || work.backlog.iter().any(|(chat, holding)| self.is_held(*chat, *holding));
            (work.can_begin() && !has_backlog()).then_some((work.free_since, user))
        });
        free.min_by_key(|(since, _)| *since).map(|(_, user)| user)
    }

    fn is_held(&self, chat: ChatId, holding: u32) -> bool {
        self.chats.get(&chat).is_some_and(|running| running.holding == holding)
    }

    /// The user begins with the next chat, if they can.
    fn begin_next(&mut self, user: UserId) {
        let place = user.0 as usize;
        while self.users.get(place).is_some_and(UserWork::can_begin) {
            let Some((chat, holding)) = self.users.get_mut(place).and_then(|work| work.backlog.pop_front())
            else {
                return self.take_by_hand(user);
            };
            if self.is_held(chat, holding) {
                self.begin(user, chat);
            }
        }
    }

    /// The user takes the chat that has waited for the longest time in one of their groups.
    fn take_by_hand(&mut self, user: UserId) {
        let groups = self.groups_of.get(user.0 as usize).into_iter().flatten();
        let oldest = groups.filter_map(|group| self.by_hand.get(*group)?.first()).min().copied();
        if let Some((_, chat)) = oldest {
            let id = Arc::clone(&self.set.inbox().user(user).id);
            // It comes into the user's backlog, and the user is ready.
            self.dispatch(DeskEvent::Take(id), Some(chat), NeedsCustomer::Yes);
        }
    }

    /// The user begins to work on a chat: they answer at once.
    pub(super) fn begin(&mut self, user: UserId, chat: ChatId) {
        let now = self.now;
        let group = self.group_of(chat);
        let Some(running) = self.chats.get_mut(&chat) else { return };
        running.in_service = Some(user);
        // Each time that somebody begins with the chat has random numbers of its own.
        self.service.go_to(running.arrival * 64 + u64::from(running.services.min(63)));
        running.services += 1;
        if !running.is_answered {
            running.is_answered = true;
            let wait = now - running.opened_at;
            self.figures.unanswered.remove(now);
            self.figures.count(group, |counts| counts.answer_waits.push(wait));
        }
        let holding = running.holding;
        let inbox = self.set.inbox();
        let id = &inbox.user(user).id;
        let plan = &self.traffic.service;
        let of_group = || plan.groups.get(&inbox.groups.get(group?)?.name);
        let time = plan.users.get(id).or_else(of_group).unwrap_or(&plan.general);
        let service = self.service.service(time);
        self.figures.services += 1;
        self.figures.service_total += u128::try_from(service).unwrap_or_default();
        if let Some(work) = self.users.get_mut(user.0 as usize) {
            work.begin(now);
        }
        self.events.plan(now.saturating_add(service), PlannedEvent::ServiceEnd { chat, holding });
        self.dispatch(DeskEvent::Answered(Some(Arc::clone(id))), Some(chat), NeedsCustomer::No);
    }

    pub(super) fn end_service(&mut self, chat: ChatId, holding: u32) {
        if self.is_held(chat, holding) {
            self.dispatch(DeskEvent::Close(ChatCause::Api), Some(chat), NeedsCustomer::No);
        }
    }
}
