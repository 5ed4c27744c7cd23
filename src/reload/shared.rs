//! What a reloader and the threads that work for it share.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arc_swap::ArcSwap;

use super::folder_state::FolderState;
use super::health::Activity;
use super::outcome::{Outcome, Refusal};
use super::panics::catch_panic;
use super::publisher::Publisher;
use super::reload_thread::ReloadThread;
use super::reporter::Reporter;
use super::start_thread::start_thread;

/// What a reloader and the threads that work for it share.
pub(super) struct Shared {
    pub(super) publisher: Mutex<Publisher>,
    pub(super) last: ArcSwap<Outcome>,
    pub(super) reporter: Arc<Reporter>,
    pub(super) activity: Arc<Activity>,
    pub(super) thread: ReloadThread,
    tasks: Mutex<Tasks>,
}

/// What is to be done about a folder, in order.
#[derive(Default)]
struct Tasks {
    waiting: VecDeque<Task>,
    is_running: bool,
}

/// What is to be done about a folder that has changed.
pub(super) enum Task {
    Publish(FolderState),
    Refuse(Refusal),
}

impl Shared {
    pub(super) fn new(
        publisher: Publisher,
        first: Arc<Outcome>,
        reporter: Reporter,
        activity: Arc<Activity>,
        thread: ReloadThread,
    ) -> Self {
        Self {
            publisher: publisher.into(),
            last: ArcSwap::new(first),
            reporter: Arc::new(reporter),
            activity,
            thread,
            tasks: Mutex::default(),
        }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Publisher> {
        self.publisher.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does that after what has begun, on a thread that runs only while there is something to do: other folders do not wait
    /// for the proofs about this one. Where no thread can be started, it is done at once. Of two states of the folder that
    /// wait, the later replaces the earlier.
    pub(super) fn begin(self: &Arc<Self>, task: Task) {
        let mut tasks = self.tasks();
        if matches!(task, Task::Publish(_)) {
            tasks.waiting.retain(|waiting| !matches!(waiting, Task::Publish(_)));
        }
        tasks.waiting.push_back(task);
        if std::mem::replace(&mut tasks.is_running, true) {
            return;
        }
        drop(tasks);
        let shared = Arc::clone(self);
        if start_thread("rules-judge", move || shared.work()).is_err() {
            self.work();
        }
    }

    /// Does all that waits.
    fn work(&self) {
        while let Some(task) = self.next_task() {
            self.report(|publisher| {
                Some(match task {
                    Task::Publish(state) => publisher.publish_state(&state),
                    Task::Refuse(refusal) => publisher.refuse(refusal),
                })
            });
        }
    }

    fn next_task(&self) -> Option<Task> {
        let mut tasks = self.tasks();
        let next = tasks.waiting.pop_front();
        tasks.is_running = next.is_some();
        next
    }

    fn tasks(&self) -> MutexGuard<'_, Tasks> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets what waits.
    pub(super) fn stop(&self) {
        self.tasks().waiting.clear();
        self.reporter.stop();
    }

    /// Keeps and reports the outcome of what `change` does, if it does anything.
    pub(super) fn report(
        &self,
        change: impl FnOnce(&mut Publisher) -> Option<Outcome>,
    ) -> Option<Arc<Outcome>> {
        let mut publisher = self.lock();
        let before = publisher.release();
        let outcome = catch_panic(|| self.activity.during(|| change(&mut publisher)));
        let outcome = outcome.unwrap_or_else(|message| Some(publisher.refuse(Refusal::Panicked(message))));
        let outcome = Arc::new(outcome?);
        // While the publisher is locked, so that outcomes keep their order.
        self.last.store(Arc::clone(&outcome));
        self.reporter.enqueue(Arc::clone(&outcome));
        drop(publisher);
        self.reporter.start();
        if before.generation < outcome.generation {
            self.thread.retire(before);
        }
        Some(outcome)
    }
}

/// Short: the files of a folder are long.
impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("last", &self.last).finish_non_exhaustive()
    }
}
