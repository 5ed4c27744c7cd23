//! The future event list of the simulation: a binary heap, and a queue for the timers that are set in the order in which they are
//! due.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use crate::desk::DeskTimer;
use crate::engine::{ChatId, Later};
use crate::inbox::UserId;
use crate::language::vocabulary::Presence;

/// An event that is due at some time.
#[derive(Debug)]
pub(super) enum ScheduledEvent {
    /// A user comes or goes.
    Presence { user: UserId, presence: Presence },
    /// A user has finished the work on a chat, if the assignment is still the same.
    ServiceEnd { chat: ChatId, assignment: u32 },
    /// The customer writes once more, if the chat is still open.
    FollowUp { chat: ChatId, arrival: u64, nth: usize, message: usize },
    /// A timer of the desk.
    Timer(DeskTimer),
    /// A delayed action of a rule is due, if no user has written in the chat since.
    Later { chat: ChatId, later: Box<Later>, too_late: bool, answers: u32 },
}

/// Events by time. Of those at the same time, the one that was scheduled first comes first.
#[derive(Debug, Default)]
pub(super) struct EventQueue {
    /// The moment, how many events had been scheduled before, and the place in `events`: small, since a heap moves it often.
    heap: BinaryHeap<Reverse<(i64, u64, usize)>>,
    events: Vec<Option<ScheduledEvent>>,
    free: Vec<usize>,
    /// The timers that close chats. There is one for each open chat, so in the heap they would outnumber all else. Nearly all have
    /// the same delay, so each is due no earlier than the one before; one that is due earlier goes into the heap.
    idle: VecDeque<(i64, u64, ChatId)>,
    scheduled: u64,
}

impl EventQueue {
    /// Schedules an event for a moment, in microseconds.
    pub(super) fn schedule(&mut self, at: i64, event: ScheduledEvent) {
        self.scheduled += 1;
        if let ScheduledEvent::Timer(DeskTimer::Idle { chat }) = event
            && self.idle.back().is_none_or(|(last, ..)| *last <= at)
        {
            return self.idle.push_back((at, self.scheduled, chat));
        }
        let place = self.free.pop().unwrap_or(self.events.len());
        match self.events.get_mut(place) {
            Some(slot) => *slot = Some(event),
            None => self.events.push(Some(event)),
        }
        self.heap.push(Reverse((at, self.scheduled, place)));
    }

    /// When the next event is.
    pub(super) fn next_at(&self) -> Option<i64> {
        let idle = self.idle.front().map(|(at, ..)| *at);
        let other = self.heap.peek().map(|Reverse((at, ..))| *at);
        idle.into_iter().chain(other).min()
    }

    /// The next event.
    pub(super) fn next(&mut self) -> Option<(i64, ScheduledEvent)> {
        let other = self.heap.peek().map(|Reverse((at, scheduled, _))| (*at, *scheduled));
        let is_next =
            |(at, scheduled, _): &(i64, u64, ChatId)| other.is_none_or(|other| (*at, *scheduled) < other);
        if self.idle.front().is_some_and(is_next)
            && let Some((at, _, chat)) = self.idle.pop_front()
        {
            return Some((at, ScheduledEvent::Timer(DeskTimer::Idle { chat })));
        }
        let Reverse((at, _, place)) = self.heap.pop()?;
        self.free.push(place);
        Some((at, self.events.get_mut(place)?.take()?))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn chat_of(event: &ScheduledEvent) -> Option<ChatId> {
        match event {
            ScheduledEvent::Timer(DeskTimer::Idle { chat }) | ScheduledEvent::FollowUp { chat, .. } => {
                Some(*chat)
            }
            _ => None,
        }
    }

    proptest! {
        /// Timers that close chats, in order or not, and other events, against a plain list.
        #[test]
        fn events_come_by_time_and_then_as_they_were_scheduled(
            steps in prop::collection::vec((0..6_i64, any::<bool>(), 0..3_usize), 0..80),
        ) {
            let (mut queue, mut plain, mut now) = (EventQueue::default(), Vec::new(), 0);
            for (number, (delay, is_idle, taken)) in (0..).zip(steps) {
                let chat = ChatId(number);
                let event = if is_idle {
                    ScheduledEvent::Timer(DeskTimer::Idle { chat })
                } else {
                    ScheduledEvent::FollowUp { chat, arrival: 0, nth: 0, message: 0 }
                };
                queue.schedule(now + delay, event);
                plain.push((now + delay, chat));
                for _ in 0..taken {
                    let first = plain.iter().min().copied();
                    prop_assert_eq!(queue.next_at(), first.map(|(at, _)| at));
                    let next = queue.next().and_then(|(at, event)| Some((at, chat_of(&event)?)));
                    prop_assert_eq!(next, first);
                    plain.retain(|event| Some(*event) != first);
                    now = first.map_or(now, |(at, _)| at);
                }
            }
        }
    }
}
