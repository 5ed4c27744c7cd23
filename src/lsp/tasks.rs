//! Requests whose answers take longer: they are worked out on a thread of their own, in their order.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use crossbeam_channel::{Receiver, Sender, never, unbounded};
use gen_lsp_types::{MessageType, ProgressToken};
use lsp_server::{ErrorCode, RequestId};
use serde_json::value::RawValue;

use super::checker::{RootId, panic_message};
use super::outbox::{Outbox, RequestError};
use super::progress::WorkProgress;
use crate::check::Cancellation;

type Work = Box<dyn FnOnce() -> Result<Box<RawValue>, RequestError> + Send>;

/// A request that waits for the thread.
struct QueuedTask {
    id: RequestId,
    cancellation: Cancellation,
    work: Work,
}

/// A request that was worked out.
pub(super) struct TaskResult {
    id: RequestId,
    answer: Result<Box<RawValue>, RequestError>,
}

/// The requests that are being worked out.
pub(super) struct TaskQueue {
    work: Sender<QueuedTask>,
    pub(super) results: Receiver<TaskResult>,
    running: BTreeMap<RequestId, RunningTask>,
}

/// A request that is being worked out.
struct RunningTask {
    method: String,
    /// The state of the folder that it is about, if the answer is of no use once that has changed.
    state: Option<(RootId, u64)>,
    progress: WorkProgress,
    cancellation: Cancellation,
}

impl TaskQueue {
    /// Starts the thread, which ends with the value.
    pub(super) fn start() -> Self {
        let (work, queue) = unbounded::<QueuedTask>();
        let (sender, results) = unbounded();
        let run = move || {
            for QueuedTask { id, cancellation, work } in queue {
                if cancellation.is_cancelled() {
                    continue;
                }
                let answer = catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
                    Err(RequestError::new(ErrorCode::InternalError, panic_message(&*panic)))
                });
                if sender.send(TaskResult { id, answer }).is_err() {
                    return;
                }
            }
        };
        let is_started = thread::Builder::new().name("answers".to_owned()).spawn(run).is_ok();
        Self { work, results: if is_started { results } else { never() }, running: BTreeMap::new() }
    }

    /// Has a request worked out.
    pub(super) fn add(
        &mut self,
        id: RequestId,
        method: &str,
        state: Option<(RootId, u64)>,
        token: Option<ProgressToken>,
        outbox: &Outbox,
        work: impl FnOnce() -> Result<Box<RawValue>, RequestError> + Send + 'static,
    ) {
        let cancellation = Cancellation::default();
        let task = QueuedTask { id: id.clone(), cancellation: cancellation.clone(), work: Box::new(work) };
        if self.work.send(task).is_err() {
            return outbox
                .answer(id, Err(RequestError::new(ErrorCode::InternalError, "no thread can be started")));
        }
        let progress = WorkProgress::start(title(method), token);
        self.running.insert(id, RunningTask { method: method.to_owned(), state, progress, cancellation });
    }

    /// Takes a request back. Returns whether it was being worked out.
    pub(super) fn cancel(&mut self, id: &RequestId, outbox: &Outbox) -> bool {
        let running = self.running.remove(id);
        let was_running = running.is_some();
        if let Some(running) = running {
            running.cancellation.cancel();
            running.progress.end(outbox);
        }
        was_running
    }

    /// Refuses what is about an earlier state of that root: the client will ask again.
    pub(super) fn outdate(&mut self, root: RootId, outbox: &Outbox) {
        let is_outdated = |running: &RunningTask| running.state.is_some_and(|(of, _)| of == root);
        let outdated: Vec<RequestId> = self
            .running
            .iter()
            .filter(|(_, running)| is_outdated(running))
            .map(|(id, _)| id.clone())
            .collect();
        for id in outdated {
            self.cancel(&id, outbox);
            outbox.answer(id, Err(has_changed()));
        }
    }

    /// Answers a request that was worked out, unless it was taken back. `is_current`: the state of a folder is its latest.
    pub(super) fn finish(
        &mut self,
        result: TaskResult,
        is_current: impl Fn(RootId, u64) -> bool,
        outbox: &Outbox,
    ) {
        let TaskResult { id, answer } = result;
        let Some(running) = self.running.remove(&id) else { return };
        running.progress.end(outbox);
        if let Err(RequestError { code: ErrorCode::InternalError, message }) = &answer {
            let message = format!("`{}` has panicked, which is a bug: {message}", running.method);
            outbox.log(MessageType::Error, message);
        }
        let is_current = running.state.is_none_or(|(root, revision)| is_current(root, revision));
        outbox.answer(id, if is_current { answer } else { Err(has_changed()) });
    }

    /// The work that is not done yet.
    pub(super) fn progress(&mut self) -> impl Iterator<Item = &mut WorkProgress> {
        self.running.values_mut().map(|running| &mut running.progress)
    }
}

fn has_changed() -> RequestError {
    RequestError::new(ErrorCode::ContentModified, "the text has changed meanwhile")
}

/// What is done, as people read it.
fn title(method: &str) -> &'static str {
    match method {
        "workspace/executeCommand" => "Running tests",
        "codeAction/resolve" | "textDocument/codeAction" => "Fixing",
        _ => "Looking at the rules",
    }
}
