//! The machine: what waits for each inbox, which batch is next, which replies are to be sent. It does nothing
//! itself, so that a test can drive it under a clock of its own.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::mem;
use std::sync::Arc;
use std::time::Duration;

use inbox_rules::Release;
use jiff::Timestamp;

use super::batch::BatchResult;
use super::item::{Answer, Item};
use super::live_inbox::{Account, InboxSettings, LiveInbox};
use super::send_rate::SendRates;
use crate::store::{DueInbox, DueReplies, OutboxRow, StoreError};
use crate::whatsapp::SendOutcome;

/// How many items a batch has at most.
pub const MAX_BATCH: usize = 256;

/// How many items wait for an inbox at most.
pub const MAX_QUEUE: usize = 8192;

/// Names whoever waits for an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ticket(pub u64);

/// Something that has happened.
pub enum Input {
    /// An item has come for an inbox.
    Arrived(Arc<str>, Item, Option<Ticket>),
    /// A batch has ended: with its live inbox, unless that has to be loaded again, and its result after the
    /// store has made it durable, or with a failure.
    BatchDone(Arc<str>, Option<Box<LiveInbox>>, Result<BatchResult, StoreError>),
    /// These inboxes have timers or replies that are due at `now`, by the store.
    Due {
        /// The moment by the store's clock.
        now: Timestamp,
        /// Timers.
        timers: Vec<DueInbox>,
        /// Replies.
        replies: Vec<DueReplies>,
    },
    /// An attempt to send a reply has ended.
    Sent(Arc<str>, Arc<str>, u64, SendOutcome),
}

/// Something that is to be done.
pub enum Command {
    /// Handle a batch in a transaction.
    Run(BatchRun),
    /// Tell whoever waits.
    Answer(Ticket, Result<Answer, Unavailable>),
    /// Send a reply. Its lease is durable.
    Send(Arc<str>, Box<OutboxRow>),
    /// Tell what a batch has led to, except its answers.
    Written(Arc<str>, Box<BatchResult>),
}

/// A batch to be handled.
pub struct BatchRun {
    /// The inbox.
    pub inbox: Arc<str>,
    /// What is kept of it in memory; `None`: it has to be loaded.
    pub live: Option<Box<LiveInbox>>,
    /// The rules to load it with.
    pub release: Arc<Release>,
    /// How it is handled.
    pub settings: Arc<InboxSettings>,
    /// The items.
    pub items: Vec<Item>,
}

/// Why an item was not done. It can be tried again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unavailable {
    /// There is no such inbox.
    #[error("there is no such inbox")]
    UnknownInbox,
    /// Too much waits for the inbox.
    #[error("too much waits for the inbox")]
    Busy,
    /// The store has failed.
    #[error("{0}")]
    Store(String),
}

/// The machine.
pub struct HostMachine {
    settings: Arc<InboxSettings>,
    inboxes: BTreeMap<Arc<str>, InboxQueue>,
    rates: SendRates,
    /// Whether replies are taken to be sent.
    is_sending: bool,
    commands: VecDeque<Command>,
}

/// An inbox: what waits for it.
struct InboxQueue {
    release: Arc<Release>,
    live: Option<Box<LiveInbox>>,
    waiting: VecDeque<(Item, Option<Ticket>)>,
    /// The tickets of the batch that is being handled; `None`: none is.
    running: Option<Vec<Running>>,
    timers_due: bool,
    /// Whether replies are being taken to be sent.
    leasing: bool,
}

/// An item of the batch that is being handled.
struct Running {
    ticket: Option<Ticket>,
    kind: RunningKind,
}

enum RunningKind {
    /// It is done again if the store fails.
    Again(Item),
    /// What is due is looked for once more.
    Timers,
    Other,
}

impl HostMachine {
    /// A machine without inboxes.
    pub fn new(settings: Arc<InboxSettings>) -> Self {
        let (inboxes, rates, commands) = (BTreeMap::new(), SendRates::default(), VecDeque::new());
        Self { settings, inboxes, rates, is_sending: true, commands }
    }

    /// Adds an inbox with the rules that are current at the start. It is loaded when what is due is first
    /// looked for, and chats that cannot go on under these rules are decided afresh.
    pub fn add_inbox(&mut self, inbox: Arc<str>, release: Arc<Release>) {
        let queue = InboxQueue {
            release,
            live: None,
            waiting: VecDeque::new(),
            running: None,
            timers_due: true,
            leasing: false,
        };
        self.inboxes.insert(inbox, queue);
    }

    /// From now on no reply is begun: the program ends.
    pub fn stop_sending(&mut self) {
        self.is_sending = false;
    }

    /// The numbers from which nothing can be sent at present, with the code of WhatsApp's error.
    pub fn paused_numbers(&self) -> impl Iterator<Item = (&Arc<str>, i64)> {
        self.rates.paused()
    }

    /// Takes what has happened at the moment `now`, a clock that only goes forward.
    /// [`next_command`](Self::next_command) says what is to be done.
    pub fn handle(&mut self, input: Input, now: Duration) {
        match input {
            Input::Arrived(inbox, item, ticket) => self.arrived(&inbox, item, ticket),
            Input::BatchDone(inbox, live, result) => self.batch_done(&inbox, live, result, now),
            Input::Due { now: moment, timers, replies } => {
                for due in timers.into_iter().filter(|due| due.due <= moment) {
                    if let Some(queue) = self.inboxes.get_mut(&due.inbox) {
                        queue.timers_due = true;
                    }
                    self.start(&due.inbox);
                }
                let mut numbers: BTreeMap<Arc<str>, BTreeSet<Arc<str>>> = BTreeMap::new();
                for due in replies.into_iter().filter(|due| due.due <= moment) {
                    numbers.entry(due.inbox).or_default().insert(due.number);
                }
                for (inbox, numbers) in numbers {
                    self.lease(&inbox, &numbers, now);
                }
                self.start_all();
            }
            Input::Sent(inbox, number, id, outcome) => {
                self.rates.sent(&number, &outcome, now);
                self.arrived(&inbox, Item::Sent { id, outcome }, None);
            }
        }
    }

    /// What is to be done next.
    pub fn next_command(&mut self) -> Option<Command> {
        self.commands.pop_front()
    }

    fn arrived(&mut self, inbox: &Arc<str>, item: Item, ticket: Option<Ticket>) {
        let refused = match self.inboxes.get_mut(inbox) {
            None => Unavailable::UnknownInbox,
            // What nobody waits for is the host's own, and not lost.
            Some(queue) if queue.waiting.len() >= MAX_QUEUE && ticket.is_some() => Unavailable::Busy,
            Some(queue) => {
                queue.waiting.push_back((item, ticket));
                self.start(inbox);
                return;
            }
        };
        if let Some(ticket) = ticket {
            self.commands.push_back(Command::Answer(ticket, Err(refused)));
        }
    }

    /// Takes replies from these numbers as far as their rates allow. What is left is due later.
    fn lease(&mut self, inbox: &Arc<str>, numbers: &BTreeSet<Arc<str>>, now: Duration) {
        let may_lease = |queue: &&mut InboxQueue| self.is_sending && !queue.leasing;
        let Some(queue) = self.inboxes.get_mut(inbox).filter(may_lease) else { return };
        let account = |number| self.settings.accounts.of_number(queue.release.set.inbox(), number);
        let per_second =
            |number| account(number).map_or(Account::default().per_second, |account| account.per_second);
        let available = numbers
            .iter()
            .map(|number| (Arc::clone(number), self.rates.available(number, per_second(number), now)));
        let most: BTreeMap<_, _> = available.filter(|(_, most)| *most > 0).collect();
        if !most.is_empty() {
            queue.leasing = true;
            queue.waiting.push_back((Item::Lease(most), None));
            self.start(inbox);
        }
    }

    /// Begins again what failed with the store.
    fn start_all(&mut self) {
        let stalled = self
            .inboxes
            .iter()
            .filter(|(_, queue)| queue.running.is_none() && (queue.timers_due || !queue.waiting.is_empty()));
        for inbox in stalled.map(|(inbox, _)| Arc::clone(inbox)).collect::<Vec<_>>() {
            self.start(&inbox);
        }
    }

    /// Begins the next batch of an inbox, unless one is being handled.
    fn start(&mut self, inbox: &Arc<str>) {
        let Some(queue) = self.inboxes.get_mut(inbox) else { return };
        if queue.running.is_some() {
            return;
        }
        if mem::take(&mut queue.timers_due) {
            // Timers come first: what waits for a moment that has passed came earlier.
            queue.waiting.push_front((Item::Timers, None));
        }
        let count = queue.waiting.len().min(MAX_BATCH);
        if count == 0 {
            return;
        }
        let (mut items, mut running) = (Vec::with_capacity(count), Vec::with_capacity(count));
        for (item, ticket) in queue.waiting.drain(..count) {
            running.push(Running { ticket, kind: RunningKind::of(&item) });
            items.push(item);
        }
        queue.running = Some(running);
        self.commands.push_back(Command::Run(BatchRun {
            inbox: Arc::clone(inbox),
            live: queue.live.take(),
            release: Arc::clone(&queue.release),
            settings: Arc::clone(&self.settings),
            items,
        }));
    }

    fn batch_done(
        &mut self,
        inbox: &Arc<str>,
        live: Option<Box<LiveInbox>>,
        result: Result<BatchResult, StoreError>,
        now: Duration,
    ) {
        let Some(queue) = self.inboxes.get_mut(inbox) else { return };
        let running = queue.running.take().unwrap_or_default();
        match result {
            Ok(mut result) => {
                queue.release = Arc::clone(&result.release);
                queue.live = live;
                for (answer, running) in mem::take(&mut result.answers).into_iter().zip(running) {
                    if let Ok(Answer::Leased(rows)) = answer {
                        queue.leasing = false;
                        for row in rows {
                            self.rates.spend(&row.number, now);
                            self.commands.push_back(Command::Send(Arc::clone(inbox), Box::new(row)));
                        }
                    } else if let Some(ticket) = running.ticket {
                        let answer = answer.map_err(|error| Unavailable::Store(error.to_string()));
                        self.commands.push_back(Command::Answer(ticket, answer));
                    }
                }
                let numbers = mem::take(&mut result.numbers);
                self.commands.push_back(Command::Written(Arc::clone(inbox), Box::new(result)));
                self.lease(inbox, &numbers, now);
            }
            Err(error) => {
                queue.leasing = false;
                // The host's own items are kept in their order; whoever waits tries again.
                let mut kept = Vec::new();
                for Running { ticket, kind } in running {
                    match kind {
                        RunningKind::Again(item) => {
                            kept.push((item, ticket));
                            continue;
                        }
                        // An inbox that is not loaded yet may have no timer to remind of it.
                        RunningKind::Timers => queue.timers_due |= !matches!(error, StoreError::Damaged(_)),
                        RunningKind::Other => {}
                    }
                    if let Some(ticket) = ticket {
                        let failed = Err(Unavailable::Store(error.to_string()));
                        self.commands.push_back(Command::Answer(ticket, failed));
                    }
                }
                for item in kept.into_iter().rev() {
                    queue.waiting.push_front(item);
                }
                // The next item, or the next look at what is due, begins another batch.
                return;
            }
        }
        self.start(inbox);
    }
}

impl RunningKind {
    fn of(item: &Item) -> Self {
        match item {
            Item::Rules { release, by } => {
                Self::Again(Item::Rules { release: Arc::clone(release), by: by.clone() })
            }
            Item::Sent { id, outcome } => Self::Again(Item::Sent { id: *id, outcome: outcome.clone() }),
            Item::Timers => Self::Timers,
            _ => Self::Other,
        }
    }
}
