//! What is to happen, by the virtual clock.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::desk::DeskTimer;
use crate::engine::{ChatId, Later};
use crate::inbox::UserId;
use crate::language::vocabulary::Presence;

/// What is to happen.
#[derive(Debug)]
pub(super) enum PlannedEvent {
    /// A user comes or goes.
    Presence { user: UserId, presence: Presence },
    /// A user has finished the work on a chat, if the chat is still held as then.
    ServiceEnd { chat: ChatId, holding: u32 },
    /// The customer writes once more, if the chat is still open.
    FollowUp { chat: ChatId, arrival: u64, nth: usize, message: usize },
    /// A timer of the desk.
    Timer(DeskTimer),
    /// What a rule put off is due, if no user has written in the chat since.
    Later { chat: ChatId, later: Box<Later>, too_late: bool, answers: u32 },
}

/// Events by time. Of those at the same time, the one that was planned first comes first.
#[derive(Debug, Default)]
pub(super) struct EventQueue {
    /// The moment, how many events had been planned before, and the place in `events`: small, since a heap moves it often.
    heap: BinaryHeap<Reverse<(i64, u64, usize)>>,
    events: Vec<Option<PlannedEvent>>,
    free: Vec<usize>,
    planned: u64,
}

impl EventQueue {
    /// Plans an event for a moment, in microseconds.
    pub(super) fn plan(&mut self, at: i64, event: PlannedEvent) {
        self.planned += 1;
        let place = self.free.pop().unwrap_or(self.events.len());
        match self.events.get_mut(place) {
            Some(slot) => *slot = Some(event),
            None => self.events.push(Some(event)),
        }
        self.heap.push(Reverse((at, self.planned, place)));
    }

    /// When the next event is.
    pub(super) fn next_at(&self) -> Option<i64> {
        self.heap.peek().map(|Reverse((at, ..))| *at)
    }

    /// The next event.
    pub(super) fn next(&mut self) -> Option<(i64, PlannedEvent)> {
        let Reverse((at, _, place)) = self.heap.pop()?;
        self.free.push(place);
        Some((at, self.events.get_mut(place)?.take()?))
    }
}
