//! The host of a run: the machine, and what carries out its commands.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use inbox_rules::desk::DeskSettings;

use super::rule_sets::release;
use super::world::{Happening, TICK, World};
use crate::machine::{
    Account, Accounts, BatchRun, Command, HostMachine, InboxSettings, Input, Item, Ticket, run_batches,
};
use crate::store::{Store, StoreError};
use crate::whatsapp::SendOutcome;

/// What has become of a batch, and which replies it knows to be sent.
pub(super) type BatchOutcome = (Input, Vec<u64>);

/// The host of a run.
pub(super) struct Host {
    machine: HostMachine,
    /// The batches that wait for the writer.
    runs: Vec<BatchRun>,
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

impl Host {
    pub(super) fn new(seed: u64, versions: &BTreeMap<Arc<str>, usize>) -> Self {
        let mut machine = HostMachine::new(Arc::new(settings(seed)));
        for (inbox, version) in versions {
            machine.add_inbox(Arc::clone(inbox), release(inbox, *version));
        }
        Self { machine, runs: Vec::new() }
    }
}

impl World {
    /// An item comes for an inbox.
    pub(super) fn give(&mut self, inbox: Arc<str>, item: Item, ticket: Option<Ticket>) {
        self.input(Input::Arrived(inbox, item, ticket));
    }

    fn input(&mut self, input: Input) {
        let now = Duration::from_millis(self.now);
        let Some(host) = &mut self.host else { return };
        host.machine.handle(input, now);
        while let Some(command) = self.host.as_mut().and_then(|host| host.machine.next_command()) {
            self.command(command);
        }
    }

    fn command(&mut self, command: Command) {
        match command {
            Command::Run(run) => {
                let Some(host) = &mut self.host else { return };
                host.runs.push(run);
                if host.runs.len() == 1 {
                    self.later(3, Happening::Write(self.starts));
                }
            }
            Command::Answer(ticket, answer) => self.answered(ticket.0, &answer),
            Command::Send(inbox, row) => {
                self.check_rate(&row.number);
                let after = 10 + row.id % 90;
                self.later(after, Happening::Sends(self.starts, inbox, row));
            }
            Command::Written(..) => {}
        }
    }

    /// The host looks what is due.
    pub(super) fn tick(&mut self, start: u64) {
        if start != self.starts || self.host.is_none() {
            return;
        }
        let failed = *self.store.failed.borrow();
        let due = self.store.now().and_then(|now| {
            let timers = self.store.timers_due(1000)?;
            Ok((now, timers, self.store.replies_due(1000)?))
        });
        let mut next = TICK;
        if let Ok((now, timers, replies)) = due {
            self.check_delays(&timers);
            if self.is_calm && self.now > self.healthy_since + 5_000 {
                // A look at which nothing is due changes nothing, unless a batch has failed before.
                let first = timers.iter().map(|due| due.due).chain(replies.iter().map(|due| due.due)).min();
                let wait = first.map_or(0, |first| first.duration_since(now).as_millis());
                next = u64::try_from(wait).unwrap_or(0).clamp(TICK, 5_000);
            }
            self.input(Input::Due { now, timers, replies });
        }
        if *self.store.failed.borrow() > failed {
            self.trouble(0);
        }
        self.later(next, Happening::Tick(start));
    }

    /// The writer handles what waits, and makes it durable at once.
    pub(super) fn write(&mut self, start: u64) {
        if start != self.starts {
            return;
        }
        let Some(runs) = self.host.as_mut().map(|host| std::mem::take(&mut host.runs)) else { return };
        let failed = *self.store.failed.borrow();
        let sent = |run: &BatchRun| -> Vec<u64> {
            let sent = run.items.iter().filter_map(|item| match item {
                Item::Sent { id, outcome: SendOutcome::Sent { .. } } => Some(*id),
                _ => None,
            });
            sent.collect()
        };
        let recorded: Vec<_> = runs.iter().map(sent).collect();
        let ended = run_batches(&mut self.store, runs);
        self.check_live(&ended);
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
    pub(super) fn done(&mut self, outcomes: Vec<BatchOutcome>) {
        for (ended, recorded) in outcomes {
            match &ended {
                Input::BatchDone(_, _, Ok(_)) => self.recorded.extend(recorded),
                Input::BatchDone(inbox, _, Err(StoreError::Damaged(error))) => {
                    self.wrong.push(format!("a batch of `{inbox}` fails: {error}"));
                }
                _ => {}
            }
            self.input(ended);
        }
    }

    /// The Graph API answers, if the host that asked is still there.
    pub(super) fn graph_answers(
        &mut self,
        start: u64,
        inbox: Arc<str>,
        number: Arc<str>,
        id: u64,
        outcome: SendOutcome,
    ) {
        if start == self.starts {
            if let SendOutcome::Again { slower: true, .. } = outcome {
                self.slowed.entry(Arc::clone(&number)).or_default().push(self.now);
            }
            self.input(Input::Sent(inbox, number, id, outcome));
        }
    }
}
