//! The state of the watch of a folder.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;

use super::clock::timestamp;
use super::outcome::Outcome;

/// The state of the watch of a folder.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Health {
    /// Whether the folder is followed. If not, its thread has ended, which is a bug.
    pub alive: bool,
    /// When the folder was last read; `None`: never.
    pub last_read: Option<Timestamp>,
    /// Since when the folder is being read or its rules are being judged. `None`: nothing is being done. A network drive
    /// that does not answer shows here.
    pub busy_since: Option<Timestamp>,
    /// The last outcome.
    pub last_outcome: Arc<Outcome>,
}

/// What is being done with a folder, for its [`Health`].
#[derive(Debug, Default)]
pub(super) struct Activity(Mutex<Times>);

#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Times {
    pub(super) last_read: Option<Timestamp>,
    pub(super) busy_since: Option<Timestamp>,
    /// How many things are being done.
    busy: usize,
}

impl Activity {
    /// Runs `work`, for as long as which the folder is busy. Others may do the same meanwhile.
    pub(super) fn during<T>(&self, work: impl FnOnce() -> T) -> T {
        self.change(|times| {
            times.busy += 1;
            times.busy_since.get_or_insert_with(timestamp);
        });
        let busy = Busy(self);
        let result = work();
        drop(busy);
        result
    }

    pub(super) fn has_read(&self) {
        self.change(|times| times.last_read = Some(timestamp()));
    }

    pub(super) fn times(&self) -> Times {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut Times)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

/// Ends being busy, after a panic as well.
struct Busy<'a>(&'a Activity);

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.change(|times| {
            times.busy -= 1;
            times.busy_since = times.busy_since.filter(|_| times.busy > 0);
        });
    }
}
