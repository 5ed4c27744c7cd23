//! The hosts of a run: the machines, and what carries out their commands.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use inbox_rules::desk::DeskSettings;

use super::rule_sets::release;
use super::world::{Happening, TICK, TROUBLE, World};
use crate::machine::{
    Account, Accounts, BatchRun, Command, HostMachine, InboxSettings, Input, Item, StoreNews, Ticket,
    run_batches,
};
use crate::store::{OutboxRow, Store, StoreError};
use crate::whatsapp::SendOutcome;

/// What has become of a batch, and which replies it knows to be sent.
pub(super) type BatchOutcome = (Input, Vec<u64>);

/// A host of a run.
pub(super) struct Host {
    machine: HostMachine,
    /// How many threads of the store have nothing to do.
    idle: u64,
    /// It does nothing before this moment.
    pub(super) frozen_until: u64,
}

/// The settings of a run.
pub(super) fn settings(seed: u64) -> InboxSettings {
    let mut desk = DeskSettings::default();
    desk.seed = seed;
    desk.close_after = Duration::from_secs(600);
    if seed % 4 == 1 {
        // Else no reply is waited for as long as WhatsApp would take it.
        desk.reply_within = Duration::from_secs(48 * 3600);
    }
    let account = Account { per_second: per_second(seed), ..Account::default() };
    let accounts = Accounts { others: Some(Arc::new(account)), ..Accounts::default() };
    InboxSettings { desk, accounts, ..InboxSettings::default() }
}

/// How many replies a number sends in a second.
pub(super) fn per_second(seed: u64) -> u32 {
    if seed % 16 == 2 { 2 } else { 80 }
}

/// The machine's clock of the host that was started as the n-th: each has begun at another time.
fn clock(start: u64, now: u64) -> Duration {
    Duration::from_millis(now + start * 86_400_000)
}

impl Host {
    fn new(seed: u64, versions: &BTreeMap<Arc<str>, usize>, is_alone: bool) -> Self {
        let mut machine = HostMachine::new(Arc::new(settings(seed)));
        for (inbox, version) in versions {
            machine.add_inbox(Arc::clone(inbox), release(inbox, *version));
            if is_alone {
                machine.begin_with(inbox, release(inbox, *version), "folder");
            }
        }
        Self { machine, idle: if is_alone { 1 } else { 4 }, frozen_until: 0 }
    }
}

impl World {
    /// A host is started, unless all run.
    pub(super) fn start(&mut self) {
        if self.hosts.len() as u64 == self.nodes {
            return;
        }
        self.starts += 1;
        self.sends.clear();
        self.slowed.clear();
        let host = Host::new(self.seed, &self.versions, self.nodes == 1);
        self.hosts.insert(self.starts, host);
        self.trouble(0);
        self.later(0, Happening::Tick(self.starts));
    }

    /// A host is killed.
    pub(super) fn kill(&mut self) {
        let Some(start) = self.any_host() else { return };
        if self.is_calm {
            return;
        }
        self.hosts.remove(&start);
        self.store.backend.lose();
        let lost = self.waiters.extract_if(.., |_, waiter| waiter.start == start);
        let lost: Vec<_> = lost.map(|(ticket, waiter)| (ticket, waiter.delivery)).collect();
        for (ticket, id) in lost {
            if let Some(delivery) = self.deliveries.get_mut(&id)
                && delivery.waiting.remove(&ticket)
            {
                delivery.waiting.clear();
                self.again(id);
            }
        }
        self.note_stop();
        self.soon(100..40_000, Happening::Start);
    }

    /// A host stops, and goes on later as if nothing had been.
    pub(super) fn freeze(&mut self, start: u64) {
        let most = *self.random.one_of(&[2_000, 20_000, 200_000]);
        let until = (self.now + self.random.within(500..most)).min(TROUBLE);
        if let Some(host) = self.hosts.get_mut(&start) {
            host.frozen_until = until.max(host.frozen_until);
        }
        self.note_stop();
    }

    /// If no host does anything, nothing is done in time until one goes on.
    fn note_stop(&mut self) {
        let first = self.hosts.values().map(|host| host.frozen_until).min();
        if let Some(first) = first.filter(|first| *first > self.now) {
            self.trouble(first - self.now);
        }
    }

    /// One of the hosts that run.
    pub(super) fn any_host(&mut self) -> Option<u64> {
        let starts: Vec<u64> = self.hosts.keys().copied().collect();
        if starts.is_empty() { None } else { Some(*self.random.one_of(&starts)) }
    }

    /// Until when the host does nothing, if it is one that has stopped.
    pub(super) fn frozen(&self, start: u64) -> Option<u64> {
        self.hosts.get(&start).map(|host| host.frozen_until).filter(|until| *until > self.now)
    }

    /// Items come for inboxes of a host, which it takes when it goes on.
    pub(super) fn give(&mut self, start: u64, given: Vec<(Arc<str>, Item, Option<Ticket>)>) {
        if let Some(until) = self.frozen(start) {
            return self.later(until - self.now, Happening::Given(start, given));
        }
        for (inbox, item, ticket) in given {
            self.input(start, Input::Arrived(inbox, item, ticket));
        }
    }

    fn input(&mut self, start: u64, input: Input) {
        let clock = clock(start, self.now);
        let Some(host) = self.hosts.get_mut(&start) else { return };
        host.machine.handle(input, clock);
        while let Some(command) = self.hosts.get_mut(&start).and_then(|host| host.machine.next_command()) {
            self.command(start, command);
        }
        self.begin_batches(start);
    }

    fn command(&mut self, start: u64, command: Command) {
        match command {
            Command::Answer(ticket, answer) => self.answered(ticket.0, &answer),
            Command::Send(inbox, row, until) => {
                self.check_rate(start, &row.number);
                let after = 10 + row.id % 90;
                self.later(after, Happening::Sends(start, inbox, row, until));
            }
            Command::Written(..) => {}
        }
    }

    /// Batches go to the threads that have nothing to do: to the only one of a host that is alone, all of them.
    fn begin_batches(&mut self, start: u64) {
        let clock = clock(start, self.now);
        let most = if self.nodes == 1 { usize::MAX } else { 1 };
        while let Some(host) = self.hosts.get_mut(&start).filter(|host| host.idle > 0) {
            let runs: Vec<_> = std::iter::from_fn(|| host.machine.next_batch(clock)).take(most).collect();
            if runs.is_empty() {
                return;
            }
            host.idle -= 1;
            self.later(3, Happening::Write(start, runs));
        }
    }

    /// The host looks what is due.
    pub(super) fn tick(&mut self, start: u64) {
        if !self.hosts.contains_key(&start) {
            return;
        }
        let failed = *self.store.failed.borrow();
        let news = self.look(start);
        let mut next = TICK;
        if let Ok(news) = news {
            self.check_delays(&news.timers);
            if self.is_calm && self.now > self.healthy_since + 5_000 {
                // A look at which nothing is due changes nothing, unless a batch has failed before.
                let replies = news.replies.iter().map(|due| due.due);
                let first = news.timers.iter().map(|due| due.due).chain(replies).min();
                let wait = first.map_or(0, |first| first.duration_since(news.now).as_millis());
                next = u64::try_from(wait).unwrap_or(0).clamp(TICK, 5_000);
            }
            self.input(start, Input::Due(news));
        }
        if *self.store.failed.borrow() > failed {
            self.trouble(0);
        }
        self.later(next, Happening::Tick(start));
    }

    fn look(&mut self, start: u64) -> Result<StoreNews, StoreError> {
        Ok(StoreNews {
            now: self.store.now()?,
            timers: self.store.timers_due(1000)?,
            replies: self.store.replies_due(1000)?,
            heads: self.store.heads()?,
            nodes: self.store.count_nodes(start)?,
        })
    }

    /// A thread of the host handles batches, and makes them durable at once.
    pub(super) fn write(&mut self, start: u64, runs: Vec<BatchRun>) {
        if !self.hosts.contains_key(&start) {
            return;
        }
        let failed = *self.store.failed.borrow();
        let sent = |run: &BatchRun| -> Vec<u64> {
            let sent = run.items.iter().filter_map(|item| match item {
                Item::Sent { id, outcome: SendOutcome::Sent { .. }, .. } => Some(*id),
                _ => None,
            });
            sent.collect()
        };
        let recorded: Vec<_> = runs.iter().map(sent).collect();
        let ended = if !self.is_calm && self.nodes > 1 && self.random.happens(4) {
            // It stops in its transaction, which is taken away from it.
            self.freeze(start);
            let away = || Err(StoreError::Away("the transaction was taken away".to_owned()));
            runs.into_iter().map(|run| Input::BatchDone(run.inbox, None, away())).collect()
        } else {
            run_batches(&mut self.store, runs)
        };
        self.check_live(start, &ended);
        let outcomes = ended.into_iter().zip(recorded).collect();
        let mut after = 5;
        if *self.store.failed.borrow() > failed {
            // What fails is slow, too.
            after = 5 + (self.now * 7919) % 3_000;
            self.trouble(after);
        }
        self.later(after, Happening::Done(start, outcomes));
    }

    /// Batches have ended.
    pub(super) fn done(&mut self, start: u64, outcomes: Vec<BatchOutcome>) {
        let Some(host) = self.hosts.get_mut(&start) else { return };
        host.idle += 1;
        for (ended, recorded) in outcomes {
            match &ended {
                Input::BatchDone(_, _, Ok(_)) => self.recorded.extend(recorded),
                Input::BatchDone(inbox, _, Err(StoreError::Damaged(error))) => {
                    self.wrong.push(format!("a batch of `{inbox}` fails: {error}"));
                }
                _ => {}
            }
            self.input(start, ended);
        }
    }

    /// A reply goes to the Graph API.
    pub(super) fn sends(&mut self, start: u64, inbox: Arc<str>, row: Box<OutboxRow>, until: Duration) {
        if clock(start, self.now) > until {
            return self.input(start, Input::Sent(inbox, row, SendOutcome::NOT_SENT));
        }
        if !self.is_calm && self.random.happens(30) {
            // The request is lost on its way.
            return self.later(20_000, Happening::Answers(start, inbox, row, SendOutcome::Unknown));
        }
        let before = self.graph.taken.get(&row.id).map_or(0, Vec::len);
        let reaction = self.graph.send(&row, self.now, self.is_calm, &mut self.random);
        if self.graph.taken.get(&row.id).map_or(0, Vec::len) > before {
            self.check_taken(&inbox, &row);
        }
        self.statuses(&inbox, reaction.statuses);
        let (after, outcome) = reaction.outcome;
        self.later(after, Happening::Answers(start, inbox, row, outcome));
    }

    /// The Graph API answers, if the host that asked is still there.
    pub(super) fn graph_answers(
        &mut self,
        start: u64,
        inbox: Arc<str>,
        row: Box<OutboxRow>,
        outcome: SendOutcome,
    ) {
        if self.hosts.contains_key(&start) {
            if let SendOutcome::Again { slower: true, .. } = outcome {
                self.slowed.entry((start, Arc::clone(&row.number))).or_default().push(self.now);
            }
            self.input(start, Input::Sent(inbox, row, outcome));
        }
    }
}
