//! Calls the caller's function with each outcome, apart from the thread that follows the folder.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};

use super::outcome::Outcome;
use super::panics::{catch_panic, drop_quietly};
use super::start_thread::start_thread;

/// How many outcomes wait for a function that is slow. Of more, the oldest are not reported.
const MAX_WAITING: usize = 100;

/// The caller's function.
pub(super) type Callback = Box<dyn FnMut(&Outcome) + Send>;

/// Calls the caller's function with each outcome. A thread runs only while there is something to report, so that folders
/// at rest need none.
#[derive(Default)]
pub(super) struct Reporter {
    state: Mutex<State>,
    has_ended: Condvar,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Arc<Outcome>>,
    /// `None` while it runs, and after the end.
    callback: Option<Callback>,
    /// The thread on which it runs.
    runs_on: Option<ThreadId>,
    is_stopped: bool,
}

impl Reporter {
    pub(super) fn new(callback: Callback) -> Self {
        let state = State { callback: Some(callback), ..State::default() };
        Self { state: Mutex::new(state), has_ended: Condvar::new() }
    }

    /// Takes an outcome that is to be reported after those that wait.
    pub(super) fn enqueue(&self, outcome: Arc<Outcome>) {
        let mut state = self.lock();
        if state.is_stopped {
            return;
        }
        if state.waiting.len() == MAX_WAITING {
            state.waiting.pop_front();
        }
        state.waiting.push_back(outcome);
    }

    /// Reports all that waits, soon. The caller holds no lock: where no thread can be started, it reports by itself.
    pub(super) fn start(self: &Arc<Self>) {
        let Some(callback) = self.lock().callback.take() else { return };
        // It is there for the new thread and, if that cannot be started, for this one.
        let callback = Arc::new(Mutex::new(Some(callback)));
        let deliver = {
            let (reporter, callback) = (Arc::clone(self), Arc::clone(&callback));
            move || reporter.deliver(&callback)
        };
        if start_thread("rules-report", deliver).is_err() {
            self.deliver(&callback);
        }
    }

    /// Reports all that waits.
    fn deliver(&self, callback: &Mutex<Option<Callback>>) {
        let Some(mut callback) = callback.lock().unwrap_or_else(PoisonError::into_inner).take() else {
            return;
        };
        let mut state = self.lock();
        state.runs_on = Some(thread::current().id());
        while let Some(outcome) = state.waiting.pop_front() {
            drop(state);
            // The panic hook has printed it.
            let _ = catch_panic(|| callback(&outcome));
            drop(outcome);
            state = self.lock();
        }
        if state.is_stopped {
            drop(state);
            drop_quietly(callback);
            state = self.lock();
        } else {
            state.callback = Some(callback);
        }
        state.runs_on = None;
        drop(state);
        self.has_ended.notify_all();
    }

    /// Begins no further call.
    pub(super) fn stop(&self) {
        let mut state = self.lock();
        state.is_stopped = true;
        state.waiting.clear();
        let callback = state.callback.take();
        drop(state);
        drop_quietly(callback);
    }

    /// Waits until no call runs, unless it is the one that this is called from.
    pub(super) fn wait(&self) {
        let mut state = self.lock();
        while state.runs_on.is_some_and(|thread| thread != thread::current().id()) {
            state = self.has_ended.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Reporter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reporter").finish_non_exhaustive()
    }
}
