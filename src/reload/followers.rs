//! Follows several folders on one thread.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::Instant;

use super::clock::now;
use super::debounce::SettleResult;
use super::follower::Follower;
use super::fs_events::FsEvents;
use super::panics::catch_panic;

/// Follows several folders on the thread that calls [`next`](Self::next).
pub(crate) struct Followers {
    by_id: BTreeMap<usize, Follower>,
    /// `None`: none are wanted yet, or the system gives none.
    events: Option<FsEvents>,
    signals: Receiver<Signal>,
    sender: Sender<Signal>,
    /// Until when no folder is searched without a reason.
    quiet_until: Instant,
}

/// What happened.
pub(crate) enum WatchEvent {
    /// The folder has changed and come to rest.
    Changed(usize),
    /// The folder has kept changing for longer than [`Settings::patience`](super::Settings::patience).
    Unstable(usize, Vec<Arc<str>>),
    /// Reading the folder has panicked, with this message.
    Panicked(usize, String),
    /// Somebody has [woken](Waker::wake) the thread, or the time is over.
    Woken,
}

impl WatchEvent {
    /// The number of the folder; `None` if it is about none.
    pub(crate) fn id(&self) -> Option<usize> {
        match self {
            Self::Changed(id) | Self::Unstable(id, _) | Self::Panicked(id, _) => Some(*id),
            Self::Woken => None,
        }
    }
}

enum Signal {
    /// The file system reports events at these paths.
    Events(Vec<PathBuf>),
    Wake,
}

/// Wakes the thread that waits for the next event.
#[derive(Debug, Clone)]
pub(super) struct Waker(Sender<Signal>);

impl Waker {
    pub(super) fn wake(&self) {
        // If nobody waits any longer, nobody needs to be woken.
        let _ = self.0.send(Signal::Wake);
    }
}

impl Followers {
    pub(crate) fn new() -> Self {
        let (sender, signals) = mpsc::channel();
        Self { by_id: BTreeMap::new(), events: None, signals, sender, quiet_until: now() }
    }

    pub(super) fn waker(&self) -> Waker {
        Waker(self.sender.clone())
    }

    /// Follows one more folder. Its events bear this number.
    pub(crate) fn insert(&mut self, id: usize, mut follower: Follower) {
        // Before its folders are watched, some of its files may have changed without an event.
        follower.search();
        if follower.wants_events() && self.events.is_none() {
            let sender = self.sender.clone();
            self.events = FsEvents::new(move |paths| {
                let _ = sender.send(Signal::Events(paths));
            });
        }
        self.by_id.insert(id, follower);
        self.watch_folders(id);
    }

    /// Follows the folder no longer.
    pub(super) fn remove(&mut self, id: usize) {
        self.by_id.remove(&id);
        if let Some(events) = &mut self.events {
            events.watch_only(id, std::iter::empty());
        }
    }

    pub(super) fn get(&self, id: usize) -> Option<&Follower> {
        self.by_id.get(&id)
    }

    /// Waits for an event, until that moment if one is given.
    pub(crate) fn next(&mut self, until: Option<Instant>) -> WatchEvent {
        loop {
            let now = now();
            let due = self.by_id.iter().map(|(id, follower)| (follower.due(self.quiet_until), *id)).min();
            if let Some((at, id)) = due
                && at <= now
                && let Some(event) = self.read(id, now)
            {
                return event;
            }
            if until.is_some_and(|until| until <= now) {
                return WatchEvent::Woken;
            }
            let next = due.map(|(at, _)| at).into_iter().chain(until).min();
            // Even where something is due, for a moment of zero length, so that events are not kept waiting.
            let signal = match next {
                Some(next) => self.signals.recv_timeout(next.saturating_duration_since(now)),
                None => self.signals.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            let mut signal = signal.ok();
            while let Some(current) = signal {
                match current {
                    Signal::Events(paths) => self.record_events(&paths),
                    Signal::Wake => return WatchEvent::Woken,
                }
                signal = self.signals.try_recv().ok();
            }
        }
    }

    fn record_events(&mut self, paths: &[PathBuf]) {
        for follower in self.by_id.values_mut().filter(|follower| follower.wants_events()) {
            follower.record_events(paths);
        }
    }

    /// Reads what is due in that folder.
    fn read(&mut self, id: usize, now: Instant) -> Option<WatchEvent> {
        let follower = self.by_id.get_mut(&id)?;
        let activity = Arc::clone(&follower.activity);
        let quiet_until = self.quiet_until;
        let read = catch_panic(|| activity.during(|| follower.read(now, quiet_until)));
        let event = match read {
            Ok(rest) => rest.map(|rest| match rest {
                SettleResult::Changed => WatchEvent::Changed(id),
                SettleResult::KeepsChanging(files) => WatchEvent::Unstable(id, files),
            }),
            Err(message) => {
                follower.recover();
                Some(WatchEvent::Panicked(id, message))
            }
        };
        if let Some(time) = follower.quiet_time() {
            self.quiet_until = super::clock::now() + time;
            self.watch_folders(id);
        }
        event
    }

    fn watch_folders(&mut self, id: usize) {
        if let (Some(events), Some(follower)) = (&mut self.events, self.by_id.get(&id))
            && follower.wants_events()
        {
            events.watch_only(id, follower.folders());
        }
    }
}
