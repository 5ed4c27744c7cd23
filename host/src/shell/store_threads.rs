//! The threads that work on the store, each with a store of its own: batches of different inboxes run at the
//! same time, and none waits for another's network.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, mpsc as std_mpsc};
use std::thread;
use std::time::Instant;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::mpsc;

use crate::inboxes::{SessionChange, WaitingChange};
use crate::machine::{BatchRun, Input, StoreNews, run_batches};
use crate::metrics::Metrics;
use crate::settings::KeepSettings;
use crate::store::{Store, StoreError};

/// How many timers and numbers a poll reads.
const MAX_DUE: usize = 1000;

/// Work on the store.
pub(super) enum Job {
    /// Batches, of which one thread makes all durable at once.
    Batches(Vec<BatchRun>),
    /// Changes to the sessions of the page.
    Sessions(Vec<WaitingChange>),
    /// To poll what there is to do, as this node.
    Poll(u64),
    /// To drop a piece of what no longer has to be kept.
    Expire(KeepSettings),
    /// To note that this node ends.
    Leave(u64),
}

/// What has come of it.
pub(super) enum JobDone {
    /// The batches have ended.
    Batches(Vec<Input>),
    /// The sessions are written.
    Sessions,
    /// What there is to do.
    Polled(Result<StoreNews, StoreError>),
    /// Whether there is more to drop.
    Expired(Result<bool, StoreError>),
    /// The node is no longer counted, or will not be for long.
    Left,
}

/// Threads, each with a store. The last one polls what there is to do, and handles batches only if it is alone.
pub(super) struct StoreThreads {
    threads: Vec<std_mpsc::Sender<Job>>,
    /// Those that have nothing to do.
    idle: Vec<usize>,
    done: mpsc::UnboundedReceiver<(usize, JobDone)>,
}

impl StoreThreads {
    /// Starts a thread for each store. They end with what is given here.
    ///
    /// # Errors
    ///
    /// The system has no thread to give.
    pub(super) fn start(stores: Vec<Box<dyn Store + Send>>, metrics: &Arc<Metrics>) -> std::io::Result<Self> {
        let (sender, done) = mpsc::unbounded_channel();
        let mut threads = Vec::new();
        for (index, store) in stores.into_iter().enumerate() {
            let (jobs, todo) = std_mpsc::channel();
            let (done, metrics) = (sender.clone(), Arc::clone(metrics));
            thread::Builder::new()
                .name("store".to_owned())
                .spawn(move || work(index, store, &todo, &done, &metrics))?;
            threads.push(jobs);
        }
        Ok(Self { idle: (0..threads.len()).collect(), threads, done })
    }

    /// Whether batches can be handled now.
    pub(super) fn can_handle(&self) -> bool {
        self.idle.iter().any(|index| self.handles(*index))
    }

    /// Whether one thread handles all batches.
    pub(super) fn is_alone(&self) -> bool {
        self.threads.len() == 1
    }

    /// Whether all have nothing to do.
    pub(super) fn is_idle(&self) -> bool {
        self.idle.len() == self.threads.len()
    }

    fn handles(&self, index: usize) -> bool {
        self.is_alone() || index + 1 < self.threads.len()
    }

    /// Gives a thread a job that can do it and has nothing else to do. If there is none, the job comes back.
    pub(super) fn give(&mut self, job: Job) -> Result<(), Job> {
        let is_batch = matches!(job, Job::Batches(_));
        let can = |index: usize| if is_batch { self.handles(index) } else { index + 1 == self.threads.len() };
        let Some(position) = self.idle.iter().rposition(|index| can(*index)) else { return Err(job) };
        let index = self.idle.remove(position);
        match self.threads.get(index) {
            // It has ended: the others go on.
            Some(thread) => thread.send(job).map_err(|error| error.0),
            None => Err(job),
        }
    }

    /// What has come of the next job that ends.
    pub(super) async fn done(&mut self) -> Option<JobDone> {
        let (index, done) = self.done.recv().await?;
        self.idle.push(index);
        Some(done)
    }
}

fn work(
    index: usize,
    mut store: Box<dyn Store + Send>,
    jobs: &std_mpsc::Receiver<Job>,
    done: &mpsc::UnboundedSender<(usize, JobDone)>,
    metrics: &Metrics,
) {
    while let Ok(job) = jobs.recv() {
        let came = carry_out(&mut *store, job, metrics);
        if done.send((index, came)).is_err() {
            return;
        }
    }
}

/// Does a job. A panic is a bug, and must neither end the thread nor let an inbox wait for ever.
fn carry_out(store: &mut dyn Store, job: Job, metrics: &Metrics) -> JobDone {
    let bug = || StoreError::Unknown("a thread has panicked, which is a bug".to_owned());
    match job {
        Job::Batches(runs) => {
            let inboxes: Vec<_> = runs.iter().map(|run| Arc::clone(&run.inbox)).collect();
            #[expect(clippy::disallowed_methods, reason = "only measured")]
            let began = Instant::now();
            let ended = catch_unwind(AssertUnwindSafe(|| run_batches(store, runs)));
            metrics.commit_seconds.observe(began.elapsed().as_secs_f64());
            let failed = |inbox| Input::BatchDone(inbox, None, Err(bug()));
            JobDone::Batches(ended.unwrap_or_else(|_| inboxes.into_iter().map(failed).collect()))
        }
        Job::Sessions(changes) => {
            // Whoever waits for one that is lost learns it.
            let _ = catch_unwind(AssertUnwindSafe(|| write_sessions(store, changes)));
            JobDone::Sessions
        }
        Job::Poll(node) => {
            let polled = catch_unwind(AssertUnwindSafe(|| poll(store, node)));
            JobDone::Polled(polled.unwrap_or_else(|_| Err(bug())))
        }
        Job::Expire(keep) => {
            let expired = catch_unwind(AssertUnwindSafe(|| expire(store, &keep)));
            JobDone::Expired(expired.unwrap_or_else(|_| Err(bug())))
        }
        Job::Leave(node) => {
            // After some seconds it is not counted anyway.
            let _ = catch_unwind(AssertUnwindSafe(|| store.leave(node)));
            JobDone::Left
        }
    }
}

/// Writes changes to the sessions of the page, each on its own, and tells whoever waits.
fn write_sessions(store: &mut dyn Store, changes: Vec<WaitingChange>) {
    for WaitingChange { change, done } in changes {
        let written = match &change {
            SessionChange::Put(row) => store.put_session(row),
            SessionChange::Delete(hash) => store.delete_session(hash),
            SessionChange::Retain(tokens) => store.retain_sessions(tokens),
        };
        // Whoever waited may have gone.
        let _ = done.send(written.and_then(|()| store.sync()));
    }
}

fn poll(store: &mut dyn Store, node: u64) -> Result<StoreNews, StoreError> {
    Ok(StoreNews {
        now: store.now()?,
        timers: store.timers_due(MAX_DUE)?,
        replies: store.replies_due(MAX_DUE)?,
        heads: store.heads()?,
        nodes: store.count_nodes(node)?,
    })
}

/// Drops a piece of what no longer has to be kept. Whether there is more.
fn expire(store: &mut dyn Store, keep: &KeepSettings) -> Result<bool, StoreError> {
    let now = store.now()?;
    let before = |keep| now.saturating_sub(SignedDuration::try_from(keep).unwrap_or(SignedDuration::MAX));
    let before = |keep| before(keep).unwrap_or(Timestamp::MIN);
    let day = before(keep.messages).as_second().div_euclid(86_400);
    let day = i32::try_from(day).unwrap_or(i32::MIN);
    let more = store.expire(day, before(keep.texts), before(keep.events))?;
    store.sync().map(|()| more)
}
