//! Users start on chats, work on them, and close them.

use std::sync::Arc;

use super::event_queue::ScheduledEvent;
use super::running_chat::ChatLocation;
use super::traffic::ServiceTime;
use super::traffic_run::{NeedsCustomer, TrafficRun};
use super::user_work::UserWork;
use crate::desk::{ChatCause, DeskEvent};
use crate::engine::ChatId;
use crate::inbox::{GroupId, UserId};

impl<'a> TrafficRun<'a> {
    /// Users start what they can start, until nobody can.
    pub(super) fn start_services(&mut self) {
        loop {
            if let Some(user) = self.ready.pop() {
                self.start_next(user);
            } else if let Some(group) = self.to_take.pop() {
                self.ready.extend(self.free_member(group));
            } else {
                return;
            }
        }
    }

    /// The member of a group who has had nothing to start for the longest time.
    fn free_member(&self, group: usize) -> Option<UserId> {
        let group = GroupId(u32::try_from(group).ok()?);
        let members = self.set.inbox().group(group).members.iter().copied();
        let free = members.filter_map(|user| {
            let work = self.users.get(user.0 as usize)?;
            let has_backlog =
                || work.backlog.iter().any(|(chat, assignment)| self.is_current(*chat, *assignment));
            (work.has_free_slot() && !has_backlog()).then_some((work.free_since, user))
        });
        free.min_by_key(|(since, _)| *since).map(|(_, user)| user)
    }

    fn is_current(&self, chat: ChatId, assignment: u32) -> bool {
        self.chats.get(&chat).is_some_and(|running| running.assignment == assignment)
    }

    /// The user starts the next chat, if they can.
    fn start_next(&mut self, user: UserId) {
        let place = user.0 as usize;
        while self.users.get(place).is_some_and(UserWork::has_free_slot) {
            let Some((chat, assignment)) =
                self.users.get_mut(place).and_then(|work| work.backlog.pop_front())
            else {
                return self.take_by_hand(user);
            };
            if self.is_current(chat, assignment) {
                self.start_service(user, chat);
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

    /// The user starts on a chat: they answer at once.
    pub(super) fn start_service(&mut self, user: UserId, chat: ChatId) {
        let now = self.now;
        let group = self.group_of(chat);
        let Some(running) = self.chats.get_mut(&chat) else { return };
        running.in_service = Some(user);
        // Each time that somebody starts on the chat has random numbers of its own.
        self.service.go_to(running.arrival * 64 + u64::from(running.services.min(63)));
        running.services += 1;
        if !running.is_answered {
            running.is_answered = true;
            let wait = now - running.opened_at;
            self.figures.unanswered.remove(now);
            self.figures.count(group, |counts| counts.answer_waits.push(wait));
        }
        let assignment = running.assignment;
        let is_first = running.services == 1;
        let service = self.service.service(self.service_time(Some(user), group));
        if is_first {
            self.figures.offered_work += u128::try_from(service).unwrap_or_default();
        }
        let id = &self.set.inbox().user(user).id;
        self.figures.services += 1;
        self.figures.service_total += u128::try_from(service).unwrap_or_default();
        if let Some(work) = self.users.get_mut(user.0 as usize) {
            work.start_service(now);
        }
        self.events.schedule(now.saturating_add(service), ScheduledEvent::ServiceEnd { chat, assignment });
        self.dispatch(DeskEvent::Answered(Some(Arc::clone(id))), Some(chat), NeedsCustomer::No);
    }

    /// The distribution of the time that a user works on a chat of a group.
    fn service_time(&self, user: Option<UserId>, group: Option<usize>) -> &'a ServiceTime {
        let (inbox, times) = (self.set.inbox(), &self.traffic.service);
        let of_user = user.and_then(|user| times.users.get(&inbox.user(user).id));
        let of_group = || times.groups.get(&inbox.groups.get(group?)?.name);
        of_user.or_else(of_group).unwrap_or(&times.general)
    }

    /// Counts the work of a chat that nobody has started, as if the user who has it had.
    pub(super) fn count_unstarted(&mut self, chat: ChatId) {
        let Some(running) = self.chats.get(&chat).filter(|running| running.services == 0) else { return };
        let user = if let ChatLocation::User(user) = running.location { Some(user) } else { None };
        let time = self.service_time(user, running.group);
        self.service.go_to(running.arrival * 64);
        self.figures.offered_work += u128::try_from(self.service.service(time)).unwrap_or_default();
    }

    pub(super) fn end_service(&mut self, chat: ChatId, assignment: u32) {
        if self.is_current(chat, assignment) {
            self.dispatch(DeskEvent::Close(ChatCause::Api), Some(chat), NeedsCustomer::No);
        }
    }
}
