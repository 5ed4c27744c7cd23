//! The future event list of the simulation (a binary heap).

use std::cmp::Reverse;
use std::collections::BinaryHeap;

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
    scheduled: u64,
}

impl EventQueue {
    /// Schedules an event for a moment, in microseconds.
    pub(super) fn schedule(&mut self, at: i64, event: ScheduledEvent) {
        self.scheduled += 1;
        let place = self.free.pop().unwrap_or(self.events.len());
        match self.events.get_mut(place) {
            Some(slot) => *slot = Some(event),
            None => self.events.push(Some(event)),
        }
        self.heap.push(Reverse((at, self.scheduled, place)));
    }

    /// When the next event is.
    pub(super) fn next_at(&self) -> Option<i64> {
        self.heap.peek().map(|Reverse((at, ..))| *at)
    }

    /// The next event.
    pub(super) fn next(&mut self) -> Option<(i64, ScheduledEvent)> {
        let Reverse((at, _, place)) = self.heap.pop()?;
        self.free.push(place);
        Some((at, self.events.get_mut(place)?.take()?))
    }
}
