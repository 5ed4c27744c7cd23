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
use super::outbox::SEND_WITHIN;
use super::send_rate::SendRates;
use crate::store::{DueInbox, DueReplies, InboxHead, OutboxRow, StoreError};
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
    /// What the store says there is to do.
    Due(StoreNews),
    /// An attempt to send a reply has ended, which was leased like this.
    Sent(Arc<str>, Box<OutboxRow>, SendOutcome),
}

/// What the store says there is to do, at the moment `now` by its clock.
#[derive(Debug, Clone)]
pub struct StoreNews {
    /// The moment.
    pub now: Timestamp,
    /// The inboxes with timers.
    pub timers: Vec<DueInbox>,
    /// The numbers with replies.
    pub replies: Vec<DueReplies>,
    /// How far the inboxes are, if other nodes may have written.
    pub heads: Vec<InboxHead>,
    /// How many nodes there are.
    pub nodes: usize,
}

/// Something that is to be done.
pub enum Command {
    /// Tell whoever waits.
    Answer(Ticket, Result<Answer, Unavailable>),
    /// Send a reply. Its lease is durable. If it cannot begin before this moment of the machine's clock, because
    /// the program was stopped meanwhile, another node may have it, and it was [not sent](SendOutcome::NOT_SENT).
    Send(Arc<str>, Box<OutboxRow>, Duration),
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
    /// How many nodes send replies.
    nodes: usize,
    /// Whether replies are taken to be sent.
    is_sending: bool,
    /// The inboxes for which something waits and no batch is being handled, in the order in which that came.
    ready: VecDeque<Arc<str>>,
    commands: VecDeque<Command>,
}

/// An inbox: what waits for it.
struct InboxQueue {
    release: Arc<Release>,
    live: Option<Box<LiveInbox>>,
    waiting: VecDeque<(Item, Option<Ticket>)>,
    /// The batch that is being handled.
    running: Option<RunningBatch>,
    /// Whether it is among those that are ready.
    is_ready: bool,
    timers_due: bool,
    /// Whether replies are being taken to be sent.
    leasing: bool,
}

/// A batch that is being handled.
struct RunningBatch {
    items: Vec<Running>,
    /// When it began.
    began: Duration,
}

/// An item of the batch that is being handled.
struct Running {
    ticket: Option<Ticket>,
    kind: RunningKind,
}

enum RunningKind {
    /// It is done again if the store fails.
    Again(Item),
    /// What is due is polled once more.
    Timers,
    /// Replies may be taken once more.
    Lease,
    Other,
}

impl HostMachine {
    /// A machine without inboxes.
    pub fn new(settings: Arc<InboxSettings>) -> Self {
        Self {
            settings,
            inboxes: BTreeMap::new(),
            rates: SendRates::default(),
            nodes: 1,
            is_sending: true,
            ready: VecDeque::new(),
            commands: VecDeque::new(),
        }
    }

    /// Adds an inbox that has these rules if none are stored. It is loaded with the first poll.
    pub fn add_inbox(&mut self, inbox: Arc<str>, release: Arc<Release>) {
        let queue = InboxQueue {
            release,
            live: None,
            waiting: VecDeque::new(),
            running: None,
            is_ready: false,
            timers_due: true,
            leasing: false,
        };
        self.inboxes.insert(inbox, queue);
    }

    /// These rules are to be active before anything is decided in the inbox, whatever is stored.
    pub fn begin_with(&mut self, inbox: &str, release: Arc<Release>, by: &str) {
        if let Some(queue) = self.inboxes.get_mut(inbox) {
            queue.waiting.push_front((Item::Rules { release, by: by.to_owned() }, None));
        }
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
            Input::Due(news) => self.due(news, now),
            Input::Sent(inbox, row, outcome) => {
                self.rates.sent(&row.number, &outcome, now);
                self.arrived(&inbox, Item::Sent { id: row.id, lease: row.lease, outcome }, None);
            }
        }
    }

    fn due(&mut self, news: StoreNews, now: Duration) {
        let StoreNews { now: moment, timers, replies, heads, nodes } = news;
        self.nodes = nodes;
        for due in timers.into_iter().filter(|due| due.due <= moment) {
            if let Some(queue) = self.inboxes.get_mut(&due.inbox) {
                queue.timers_due = true;
            }
        }
        for head in heads {
            // Any batch follows the rules that are active.
            if let (Some(queue), Some(rules)) = (self.inboxes.get_mut(&head.inbox), head.rules) {
                queue.timers_due |= *rules != *queue.release.digest;
            }
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

    /// The next batch to be handled, which has all that waits for its inbox. It is asked for when it can be
    /// handled, so that more gathers until then.
    pub fn next_batch(&mut self, now: Duration) -> Option<BatchRun> {
        while let Some(inbox) = self.ready.pop_front() {
            let Some(queue) = self.inboxes.get_mut(&inbox) else { continue };
            queue.is_ready = false;
            if let Some(run) = queue.next_batch(&inbox, &self.settings, now) {
                return Some(run);
            }
        }
        None
    }

    /// What is to be done next, besides batches.
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
        // Each node sends its share.
        let share = |per_second| {
            f64::from(per_second) / f64::from(u32::try_from(self.nodes).unwrap_or(u32::MAX).max(1))
        };
        let per_second = |number| {
            share(account(number).map_or(Account::default().per_second, |account| account.per_second))
        };
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

    /// Makes an inbox ready for which something waits, unless a batch of it is being handled.
    fn start(&mut self, inbox: &Arc<str>) {
        let Some(queue) = self.inboxes.get_mut(inbox) else { return };
        if queue.running.is_none() && !queue.is_ready && (queue.timers_due || !queue.waiting.is_empty()) {
            queue.is_ready = true;
            self.ready.push_back(Arc::clone(inbox));
        }
    }

    fn batch_done(
        &mut self,
        inbox: &Arc<str>,
        live: Option<Box<LiveInbox>>,
        result: Result<BatchResult, StoreError>,
        now: Duration,
    ) {
        let Some(queue) = self.inboxes.get_mut(inbox) else { return };
        let Some(RunningBatch { items: running, began }) = queue.running.take() else { return };
        if running.iter().any(|running| matches!(running.kind, RunningKind::Lease)) {
            queue.leasing = false;
        }
        match result {
            Ok(mut result) => {
                queue.release = Arc::clone(&result.release);
                queue.live = live;
                let mut kept = Vec::new();
                for (answer, running) in mem::take(&mut result.answers).into_iter().zip(running) {
                    let is_again =
                        answer.as_ref().is_err_and(|error| !matches!(error, StoreError::Damaged(_)));
                    if is_again && matches!(running.kind, RunningKind::Timers) {
                        queue.timers_due = true;
                    }
                    // What has become of a reply is known only here: without it, the reply would be sent again.
                    let is_again = is_again || (answer.is_err() && running.kind.is_sent());
                    if let (true, RunningKind::Again(item)) = (is_again, running.kind) {
                        kept.push((item, running.ticket));
                        continue;
                    }
                    if let Ok(Answer::Leased(rows)) = answer {
                        for row in rows {
                            self.rates.spend(&row.number, now);
                            let until = began.saturating_add(SEND_WITHIN);
                            self.commands.push_back(Command::Send(Arc::clone(inbox), Box::new(row), until));
                        }
                    } else if let Some(ticket) = running.ticket {
                        let answer = answer.map_err(|error| Unavailable::Store(error.to_string()));
                        self.commands.push_back(Command::Answer(ticket, answer));
                    }
                }
                let must_wait = !kept.is_empty();
                for item in kept.into_iter().rev() {
                    queue.waiting.push_front(item);
                }
                let numbers = mem::take(&mut result.numbers);
                self.commands.push_back(Command::Written(Arc::clone(inbox), Box::new(result)));
                if must_wait {
                    return;
                }
                self.lease(inbox, &numbers, now);
            }
            Err(error) => {
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
                        RunningKind::Lease | RunningKind::Other => {}
                    }
                    if let Some(ticket) = ticket {
                        let failed = Err(Unavailable::Store(error.to_string()));
                        self.commands.push_back(Command::Answer(ticket, failed));
                    }
                }
                for item in kept.into_iter().rev() {
                    queue.waiting.push_front(item);
                }
                // The next item, or the next poll, begins another batch.
                return;
            }
        }
        self.start(inbox);
    }
}

impl InboxQueue {
    /// A batch of what waits; `None`: nothing does.
    fn next_batch(
        &mut self,
        inbox: &Arc<str>,
        settings: &Arc<InboxSettings>,
        began: Duration,
    ) -> Option<BatchRun> {
        if mem::take(&mut self.timers_due) {
            // Timers come first, since what waits for a moment that has passed came earlier, but for rules.
            let rules = self.waiting.front().filter(|(item, _)| matches!(item, Item::Rules { .. }));
            self.waiting.insert(usize::from(rules.is_some()), (Item::Timers, None));
        }
        let count = self.waiting.len().min(MAX_BATCH);
        if count == 0 {
            return None;
        }
        let (mut items, mut running) = (Vec::with_capacity(count), Vec::with_capacity(count));
        for (item, ticket) in self.waiting.drain(..count) {
            running.push(Running { ticket, kind: RunningKind::of(&item) });
            items.push(item);
        }
        self.running = Some(RunningBatch { items: running, began });
        Some(BatchRun {
            inbox: Arc::clone(inbox),
            live: self.live.take(),
            release: Arc::clone(&self.release),
            settings: Arc::clone(settings),
            items,
        })
    }
}

impl RunningKind {
    /// Whether it is what has become of a reply.
    fn is_sent(&self) -> bool {
        matches!(self, Self::Again(Item::Sent { .. }))
    }

    fn of(item: &Item) -> Self {
        match item {
            Item::Rules { release, by } => {
                Self::Again(Item::Rules { release: Arc::clone(release), by: by.clone() })
            }
            Item::Sent { id, lease, outcome } => {
                Self::Again(Item::Sent { id: *id, lease: *lease, outcome: outcome.clone() })
            }
            Item::Timers => Self::Timers,
            Item::Lease(_) => Self::Lease,
            _ => Self::Other,
        }
    }
}
