//! The thread that runs the machine. Whatever comes for an inbox while a batch of it is written is its next
//! batch.

use std::collections::HashMap;
use std::sync::{Arc, Weak};
use std::thread;
use std::time::{Duration, Instant};

use tokio::runtime::Builder;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{MissedTickBehavior, interval};

use super::store_threads::{Job, JobDone, StoreThreads};
use crate::inboxes::{Inboxes, Submission, WaitingChange};
use crate::machine::{
    Answer, BatchResult, Command, FollowedRules, HostMachine, Input, MAX_BATCH, StoreNews, Ticket,
    Unavailable,
};
use crate::metrics::Metrics;
use crate::rules::InboxRules;
use crate::settings::KeepSettings;
use crate::store::{OutboxRow, Store, StoreError};
use crate::whatsapp::SendOutcome;

/// How often the store is polled for what is due.
const POLL_EVERY: Duration = Duration::from_millis(250);

/// How often what no longer has to be kept is dropped.
const EXPIRE_EVERY: Duration = Duration::from_secs(60);

/// How many items are taken from the queue before the machine goes on.
const MAX_TAKEN: usize = 4 * MAX_BATCH;

/// A reply that is to be sent. Its lease is durable.
#[derive(Debug)]
pub(super) struct Sending {
    /// The inbox.
    pub inbox: Arc<str>,
    /// The reply.
    pub row: Box<OutboxRow>,
    /// It begins before this moment, or not at all.
    pub until: Instant,
}

/// What has become of an attempt to send a reply.
#[derive(Debug)]
pub(super) struct SendDone {
    /// The inbox.
    pub inbox: Arc<str>,
    /// The reply.
    pub row: Box<OutboxRow>,
    /// What has become of it.
    pub outcome: SendOutcome,
}

/// What the thread needs.
pub(super) struct Writer {
    /// The machine, with all inboxes.
    pub machine: HostMachine,
    /// The stores, all of the same database. One writes the batches of all inboxes together; of several, the last
    /// one polls what there is to do.
    pub stores: Vec<Box<dyn Store + Send>>,
    /// What this node is called among those of the database.
    pub node: u64,
    /// What comes for the inboxes.
    pub submissions: mpsc::UnboundedReceiver<Submission>,
    /// Changes to the sessions of the page.
    pub sessions: mpsc::Receiver<WaitingChange>,
    /// Where replies go to be sent.
    pub to_send: mpsc::UnboundedSender<Sending>,
    /// What has become of them.
    pub sent: mpsc::UnboundedReceiver<SendDone>,
    /// Who follows the logs.
    pub inboxes: Weak<Inboxes>,
    /// Who tells about the rules.
    pub rules: HashMap<Arc<str>, Weak<InboxRules>>,
    /// Why the last batch of an inbox could not be written.
    pub failures: HashMap<Arc<str>, String>,
    /// What is counted.
    pub metrics: Arc<Metrics>,
    /// For how long things are kept.
    pub keep: KeepSettings,
    /// Whether the program ends, so that no more replies are begun.
    pub stopping: watch::Receiver<bool>,
}

/// Whoever waits for an answer, and their place in the queue.
type Waiting =
    HashMap<Ticket, (oneshot::Sender<Result<Answer, Unavailable>>, tokio::sync::OwnedSemaphorePermit)>;

impl Writer {
    /// Starts the thread. It ends when nobody can submit any more, and all that was submitted is answered.
    ///
    /// # Errors
    ///
    /// The system has no thread to give.
    pub(super) fn start(mut self) -> std::io::Result<thread::JoinHandle<()>> {
        let threads = StoreThreads::start(std::mem::take(&mut self.stores), &self.metrics)?;
        thread::Builder::new().name("writer".to_owned()).spawn(move || {
            let runtime = Builder::new_current_thread().enable_time().build();
            match runtime {
                Ok(runtime) => runtime.block_on(self.run(threads)),
                Err(error) => tracing::error!(%error, "the writer cannot start"),
            }
        })
    }

    async fn run(mut self, mut threads: StoreThreads) {
        #[expect(clippy::disallowed_methods, reason = "the machine is given a clock that only goes forward")]
        let started = Instant::now();
        let mut waiting = Waiting::new();
        let (mut arrived, mut changes) = (Vec::new(), Vec::new());
        let mut next_ticket = 0;
        let (mut is_poll_due, mut expire_at, mut has_expired) = (false, Duration::ZERO, false);
        let (mut is_closed, mut is_away) = (false, false);
        let mut poll = interval(POLL_EVERY);
        poll.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                biased;
                _ = poll.tick() => {
                    if *self.stopping.borrow() {
                        self.machine.stop_sending();
                    }
                    self.metrics.set_paused(self.machine.paused_numbers());
                    is_poll_due = true;
                }
                Some(done) = threads.done() => match done {
                    JobDone::Sessions | JobDone::Left => {}
                    JobDone::Batches(ended) => self.ended(ended, started.elapsed()),
                    JobDone::Polled(polled) => {
                        // A poll may take long: batches come between it and the next.
                        is_poll_due = false;
                        poll.reset();
                        // Once, not four times a second.
                        match (&polled, is_away) {
                            (Err(error), false) => tracing::error!(%error, "what is due cannot be read"),
                            (Ok(_), true) => tracing::info!("what is due can be read again"),
                            _ => {}
                        }
                        is_away = polled.is_err();
                        if let Ok(news) = polled {
                            self.polled(news, started.elapsed());
                        }
                    }
                    JobDone::Expired(Ok(true)) => (expire_at, has_expired) = (Duration::ZERO, true),
                    JobDone::Expired(Ok(false)) => {}
                    JobDone::Expired(Err(error)) => {
                        tracing::error!(%error, "what is too old cannot be dropped");
                    }
                },
                Some(change) = self.sessions.recv(), if changes.len() < MAX_BATCH => changes.push(change),
                Some(done) = self.sent.recv() => {
                    let SendDone { inbox, row, outcome } = done;
                    self.machine.handle(Input::Sent(inbox, row, outcome), started.elapsed());
                }
                // What comes while nothing can be written gathers in the channel.
                count = self.submissions.recv_many(&mut arrived, MAX_TAKEN), if threads.can_handle() && !is_closed => {
                    is_closed = count == 0;
                }
            }
            for Submission { inbox, item, answer, place } in arrived.drain(..) {
                next_ticket += 1;
                let ticket = Ticket(next_ticket);
                waiting.insert(ticket, (answer, place));
                self.machine.handle(Input::Arrived(inbox, item, Some(ticket)), started.elapsed());
            }
            self.carry_out(&mut waiting, started);
            if !changes.is_empty()
                && let Err(Job::Sessions(kept)) = threads.give(Job::Sessions(std::mem::take(&mut changes)))
            {
                changes = kept;
            }
            if is_closed {
                // Polls that take longer than the time between two would let it never end.
                is_poll_due = false;
                expire_at = Duration::MAX;
            }
            if is_poll_due && threads.give(Job::Poll(self.node)).is_ok() {
                is_poll_due = false;
            }
            self.begin_batches(&mut threads, started);
            // Batches come between two pieces of what is dropped.
            let is_turn_of_batches = std::mem::take(&mut has_expired) && !self.submissions.is_empty();
            if started.elapsed() >= expire_at
                && !is_turn_of_batches
                && threads.give(Job::Expire(self.keep.clone())).is_ok()
            {
                expire_at = started.elapsed() + EXPIRE_EVERY;
            }
            if is_closed && threads.is_idle() {
                break;
            }
        }
        // Otherwise the other nodes send less for some seconds, and so does this one if it is started again.
        if threads.give(Job::Leave(self.node)).is_ok() {
            let _ = threads.done().await;
        }
    }

    /// Does what the machine says.
    fn carry_out(&mut self, waiting: &mut Waiting, started: Instant) {
        while let Some(command) = self.machine.next_command() {
            match command {
                Command::Answer(ticket, answer) => {
                    // Whoever waited may have gone.
                    let _ = waiting.remove(&ticket).map(|(sender, _place)| sender.send(answer));
                }
                Command::Send(inbox, row, until) => {
                    drop(self.to_send.send(Sending { inbox, row, until: started + until }));
                }
                Command::Written(inbox, result) => self.written(&inbox, &result),
            }
        }
    }

    /// Gives batches to the threads that have nothing to do: to the only one all of them.
    fn begin_batches(&mut self, threads: &mut StoreThreads, started: Instant) {
        while threads.can_handle() {
            let most = if threads.is_alone() { usize::MAX } else { 1 };
            let runs = std::iter::from_fn(|| self.machine.next_batch(started.elapsed())).take(most);
            let runs: Vec<_> = runs.collect();
            if runs.is_empty() {
                return;
            }
            if let Err(Job::Batches(runs)) = threads.give(Job::Batches(runs)) {
                let failed = || Err(StoreError::Away("a thread has ended, which is a bug".to_owned()));
                self.ended(
                    runs.into_iter().map(|run| Input::BatchDone(run.inbox, None, failed())).collect(),
                    started.elapsed(),
                );
            }
        }
    }

    fn ended(&mut self, ended: Vec<Input>, now: Duration) {
        for input in ended {
            if let Input::BatchDone(inbox, _, result) = &input {
                self.log_failure(inbox, result.as_ref().err());
            }
            self.machine.handle(input, now);
        }
    }

    /// Logs why a batch of the inbox could not be written: once, and not each time that it is tried again.
    fn log_failure(&mut self, inbox: &Arc<str>, error: Option<&StoreError>) {
        match error.map(ToString::to_string) {
            Some(error) if self.failures.get(inbox) != Some(&error) => {
                tracing::error!(%inbox, %error, "a batch could not be written");
                self.failures.insert(Arc::clone(inbox), error);
            }
            Some(_) => {}
            None => {
                if self.failures.remove(inbox).is_some() {
                    tracing::info!(%inbox, "batches can be written again");
                }
            }
        }
    }

    fn polled(&mut self, news: StoreNews, now: Duration) {
        if let Some(inboxes) = self.inboxes.upgrade() {
            for head in &news.heads {
                if let Some(handle) = inboxes.get(&head.inbox) {
                    handle.set_last_seq(head.seq);
                }
            }
        }
        self.machine.handle(Input::Due(news), now);
    }

    fn written(&self, inbox: &Arc<str>, result: &BatchResult) {
        if let Some(inboxes) = self.inboxes.upgrade()
            && let Some(handle) = inboxes.get(inbox)
        {
            // 0: no item is done.
            if result.seq > 0 {
                handle.set_last_seq(result.seq);
            }
            if !Arc::ptr_eq(&handle.release(), &result.release) {
                inboxes.set_release(inbox, Arc::clone(&result.release));
            }
        }
        if let Some(rules) = self.rules.get(inbox).and_then(Weak::upgrade) {
            let digest = &result.release.digest;
            if let Some(FollowedRules { since, by }) = &result.followed {
                tracing::info!(%inbox, digest, %by, "another node has brought other rules");
                rules.follow(&result.release, *since, by);
            } else {
                rules.decides(digest);
            }
        }
        for (rule, count) in &result.decisions {
            self.metrics.count_decisions(inbox, rule.as_ref(), *count);
        }
        for (why, count) in &result.ignored {
            self.metrics.count_ignored(why, *count);
        }
    }
}
