//! The thread that writes the store: it runs the machine, and whatever came while it wrote is its next batch.

use std::collections::HashMap;
use std::sync::{Arc, Weak};
use std::thread;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use tokio::runtime::Builder;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{MissedTickBehavior, interval};

use crate::inboxes::{Inboxes, Submission};
use crate::machine::{
    Answer, BatchResult, Command, HostMachine, Input, MAX_BATCH, Ticket, Unavailable, run_batches,
};
use crate::metrics::Metrics;
use crate::settings::KeepSettings;
use crate::store::{OutboxRow, Store};
use crate::whatsapp::SendOutcome;

/// How often what is due is looked for.
const POLL_EVERY: Duration = Duration::from_millis(250);

/// How often what no longer has to be kept is looked for.
const EXPIRE_EVERY: Duration = Duration::from_secs(60);

/// How many timers and numbers are looked at in a poll.
const MAX_DUE: usize = 1000;

/// How many items are taken from the queue before the machine goes on.
const MAX_TAKEN: usize = 4 * MAX_BATCH;

/// A reply that is to be sent. Its lease is durable.
#[derive(Debug)]
pub(super) struct Sending {
    /// The inbox.
    pub inbox: Arc<str>,
    /// The reply.
    pub row: Box<OutboxRow>,
}

/// What has become of an attempt to send a reply.
#[derive(Debug)]
pub(super) struct SendDone {
    /// The inbox.
    pub inbox: Arc<str>,
    /// The WhatsApp number.
    pub number: Arc<str>,
    /// The reply.
    pub id: u64,
    /// What has become of it.
    pub outcome: SendOutcome,
}

/// What the thread needs.
pub(super) struct Writer<S> {
    /// The machine, with all inboxes.
    pub machine: HostMachine,
    /// The store.
    pub store: S,
    /// What comes for the inboxes.
    pub submissions: mpsc::UnboundedReceiver<Submission>,
    /// Where replies go to be sent.
    pub to_send: mpsc::UnboundedSender<Sending>,
    /// What has become of them.
    pub sent: mpsc::UnboundedReceiver<SendDone>,
    /// Who follows the logs.
    pub inboxes: Weak<Inboxes>,
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

impl<S: Store + Send + 'static> Writer<S> {
    /// Starts the thread. It ends when nobody can submit any more, and all that was submitted is answered.
    ///
    /// # Errors
    ///
    /// The system has no thread to give.
    pub(super) fn start(self) -> std::io::Result<thread::JoinHandle<()>> {
        thread::Builder::new().name("writer".to_owned()).spawn(move || {
            let runtime = Builder::new_current_thread().enable_time().build();
            match runtime {
                Ok(runtime) => runtime.block_on(self.run()),
                Err(error) => tracing::error!(%error, "the writer cannot start"),
            }
        })
    }

    async fn run(mut self) {
        #[expect(clippy::disallowed_methods, reason = "the machine is given a clock that only goes forward")]
        let started = Instant::now();
        let mut waiting = Waiting::new();
        let mut arrived = Vec::new();
        let mut next_ticket = 0;
        let mut expire_at = Duration::ZERO;
        let mut poll = interval(POLL_EVERY);
        poll.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                biased;
                _ = poll.tick() => {
                    if *self.stopping.borrow() {
                        self.machine.stop_sending();
                    }
                    self.look_for_what_is_due(started.elapsed());
                    if started.elapsed() >= expire_at {
                        let more = self.expire();
                        expire_at = started.elapsed() + if more { Duration::ZERO } else { EXPIRE_EVERY };
                    }
                }
                Some(done) = self.sent.recv() => {
                    let SendDone { inbox, number, id, outcome } = done;
                    self.machine.handle(Input::Sent(inbox, number, id, outcome), started.elapsed());
                }
                count = self.submissions.recv_many(&mut arrived, MAX_TAKEN) => {
                    if count == 0 {
                        return;
                    }
                }
            }
            for Submission { inbox, item, answer, place } in arrived.drain(..) {
                next_ticket += 1;
                let ticket = Ticket(next_ticket);
                waiting.insert(ticket, (answer, place));
                self.machine.handle(Input::Arrived(inbox, item, Some(ticket)), started.elapsed());
            }
            self.work(&mut waiting, started);
        }
    }

    /// Does what the machine says until there is nothing left to do.
    fn work(&mut self, waiting: &mut Waiting, started: Instant) {
        loop {
            let mut runs = Vec::new();
            while let Some(command) = self.machine.next_command() {
                match command {
                    Command::Run(run) => runs.push(run),
                    Command::Answer(ticket, answer) => {
                        // Whoever waited may have gone.
                        let _ = waiting.remove(&ticket).map(|(sender, _place)| sender.send(answer));
                    }
                    Command::Send(inbox, row) => drop(self.to_send.send(Sending { inbox, row })),
                    Command::Written(inbox, result) => self.written(&inbox, &result),
                }
            }
            if runs.is_empty() {
                return;
            }
            #[expect(clippy::disallowed_methods, reason = "only measured")]
            let began = Instant::now();
            let done = run_batches(&mut self.store, runs);
            self.metrics.commit_seconds.observe(began.elapsed().as_secs_f64());
            for input in done {
                if let Input::BatchDone(inbox, _, Err(error)) = &input {
                    tracing::error!(%inbox, %error, "a batch could not be written");
                }
                self.machine.handle(input, started.elapsed());
            }
        }
    }

    fn look_for_what_is_due(&mut self, now: Duration) {
        self.metrics.set_paused(self.machine.paused_numbers());
        let due = self.store.now().and_then(|moment| {
            let (timers, replies) = (self.store.timers_due(MAX_DUE)?, self.store.replies_due(MAX_DUE)?);
            Ok(Input::Due { now: moment, timers, replies })
        });
        match due {
            Ok(due) => self.machine.handle(due, now),
            Err(error) => tracing::error!(%error, "what is due cannot be read"),
        }
    }

    /// Drops a piece of what no longer has to be kept. Whether there is more.
    fn expire(&mut self) -> bool {
        let KeepSettings { messages, texts, events } = self.keep;
        let expired = self.store.now().and_then(|now| {
            let before =
                |keep| now.saturating_sub(SignedDuration::try_from(keep).unwrap_or(SignedDuration::MAX));
            let before = |keep| before(keep).unwrap_or(Timestamp::MIN);
            let day = before(messages).as_second().div_euclid(86_400);
            let day = i32::try_from(day).unwrap_or(i32::MIN);
            let more = self.store.expire(day, before(texts), before(events))?;
            self.store.sync().map(|()| more)
        });
        expired.unwrap_or_else(|error| {
            tracing::error!(%error, "what is too old cannot be dropped");
            false
        })
    }

    fn written(&self, inbox: &Arc<str>, result: &BatchResult) {
        if let Some(inboxes) = self.inboxes.upgrade()
            && let Some(handle) = inboxes.get(inbox)
        {
            handle.set_last_seq(result.seq);
            if !Arc::ptr_eq(&handle.release(), &result.release) {
                inboxes.set_release(inbox, Arc::clone(&result.release));
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
