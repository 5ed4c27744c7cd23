//! A host with one inbox.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use inbox_rules::{Folder, Message, Publisher, Release, Settings};
use jiff::{SignedDuration, Timestamp};

use crate::incoming::{NewMessage, Profile, SendBy};
use crate::machine::{
    Accounts, Answer, BatchResult, ChatAction, Command, HostMachine, InboxSettings, Input, Item, Routed,
    StoreNews, Ticket, Unavailable, UserChange, run_batches,
};
use crate::store::{ChatRow, OutboxRow, SqliteReader, SqliteStore, Store, StoreError, StoreReader};
use crate::whatsapp::SendOutcome;

pub(super) const NUMBER: &str = "+15550100";

pub(super) const INBOX: &str = "
[numbers.\"+15550100\"]
phone_number_id = \"106\"
[numbers.\"+15550101\"]
phone_number_id = \"107\"
[users.alice]
[users.bob]
[groups]
Sales = [\"alice\", \"bob\"]
[attributes]
plan = [\"gold\", \"free\"]
";

/// A host with one inbox, and what it sends.
pub(super) struct TestHost {
    pub(super) store: SqliteStore,
    machine: HostMachine,
    /// The other node.
    other: Option<HostMachine>,
    /// The rules that another node has brought, and who has.
    pub(super) followed: Vec<(String, Arc<str>)>,
    clock: Arc<Mutex<Timestamp>>,
    /// The replies that are being sent.
    pub(super) sending: Vec<OutboxRow>,
    answers: Vec<(Ticket, Result<Answer, Unavailable>)>,
    tickets: u64,
    settings: Arc<InboxSettings>,
    inbox: Arc<str>,
    started: Timestamp,
}

/// Rules with their texts, as they become active.
pub(super) fn release(inbox: &str, rules: &str) -> Arc<Release> {
    let mut publisher = Publisher::new(Settings::default());
    let folder = Folder::from_texts([("inbox.toml", inbox), ("default.rules", rules)]);
    let outcome = publisher.publish(&folder);
    assert!(outcome.is_accepted(), "{:?}", outcome.refusal());
    publisher.release()
}

fn news(now: Timestamp) -> StoreNews {
    StoreNews { now, timers: Vec::new(), replies: Vec::new(), heads: Vec::new(), nodes: 1 }
}

impl TestHost {
    /// A host whose inbox has these rules. Its numbers have a WhatsApp account.
    pub(super) fn new(rules: &str) -> Self {
        static STORES: AtomicU64 = AtomicU64::new(0);
        let started: Timestamp = "2026-11-24T12:00:00Z".parse().unwrap();
        let clock = Arc::new(Mutex::new(started));
        let name = format!("machine-{}", STORES.fetch_add(1, Ordering::Relaxed));
        let at = Arc::clone(&clock);
        let store = SqliteStore::in_memory(&name, Box::new(move || *at.lock().unwrap())).unwrap();
        let accounts = Accounts { others: Some(Arc::default()), ..Accounts::default() };
        let settings = Arc::new(InboxSettings { accounts, ..InboxSettings::default() });
        let inbox: Arc<str> = "main".into();
        let mut machine = HostMachine::new(Arc::clone(&settings));
        machine.add_inbox(Arc::clone(&inbox), release(INBOX, rules));
        Self {
            store,
            machine,
            other: None,
            followed: Vec::new(),
            clock,
            sending: Vec::new(),
            answers: Vec::new(),
            tickets: 0,
            settings,
            inbox,
            started,
        }
    }

    /// The machine is lost, and another goes on with the store.
    pub(super) fn restart(&mut self, inbox: &str, rules: &str) {
        self.machine = HostMachine::new(Arc::clone(&self.settings));
        self.machine.add_inbox(Arc::clone(&self.inbox), release(inbox, rules));
        self.machine.begin_with(&self.inbox, release(inbox, rules), "folder");
        self.sending.clear();
    }

    /// From now on the other node works. It has these rules when it begins.
    pub(super) fn switch(&mut self, rules: &str) {
        let new = || {
            let mut machine = HostMachine::new(Arc::clone(&self.settings));
            machine.add_inbox(Arc::clone(&self.inbox), release(INBOX, rules));
            machine
        };
        let other = self.other.take().unwrap_or_else(new);
        self.other = Some(std::mem::replace(&mut self.machine, other));
    }

    pub(super) fn now(&self) -> Timestamp {
        *self.clock.lock().unwrap()
    }

    fn uptime(&self) -> Duration {
        self.now().duration_since(self.started).try_into().unwrap_or_default()
    }

    /// Time passes, a quarter of a second after the other.
    pub(super) fn wait(&mut self, seconds: i64) {
        for _ in 0..seconds * 4 {
            let now = self.now().checked_add(SignedDuration::from_millis(250)).unwrap();
            *self.clock.lock().unwrap() = now;
            self.poll();
        }
    }

    /// Much time passes at once.
    pub(super) fn jump(&mut self, seconds: i64) {
        let now = self.now().checked_add(SignedDuration::from_secs(seconds)).unwrap();
        *self.clock.lock().unwrap() = now;
        self.poll();
    }

    /// What is due is looked for, and then the store fails.
    pub(super) fn fail(&mut self) {
        self.machine.handle(Input::Due(news(self.now())), self.uptime());
        while let Some(run) = self.machine.next_batch(self.uptime()) {
            let failed = Err(StoreError::Away("a test".to_owned()));
            self.machine.handle(Input::BatchDone(run.inbox, None, failed), self.uptime());
        }
    }

    /// The reply that has been sent for the longest has this outcome, and the items of the next batch cannot be handled.
    pub(super) fn sent_and_damaged(&mut self, outcome: SendOutcome) {
        let sent = Input::Sent(Arc::clone(&self.inbox), Box::new(self.sending.remove(0)), outcome);
        self.machine.handle(sent, self.uptime());
        while let Some(run) = self.machine.next_batch(self.uptime()) {
            let damaged = |_| Err(StoreError::Damaged("a test".to_owned()));
            let answers = run.items.iter().map(damaged).collect();
            let result = BatchResult { answers, release: run.release, ..BatchResult::default() };
            self.machine.handle(Input::BatchDone(run.inbox, None, Ok(result)), self.uptime());
        }
    }

    fn poll(&mut self) {
        let (timers, replies) = (self.store.timers_due(100).unwrap(), self.store.replies_due(100).unwrap());
        let due = Input::Due(StoreNews { timers, replies, ..news(self.now()) });
        self.machine.handle(due, self.uptime());
        self.work();
    }

    fn work(&mut self) {
        loop {
            while let Some(command) = self.machine.next_command() {
                match command {
                    Command::Answer(ticket, answer) => self.answers.push((ticket, answer)),
                    Command::Send(_, row, _) => self.sending.push(*row),
                    Command::Written(_, result) => self
                        .followed
                        .extend(result.followed.map(|followed| (result.release.digest.clone(), followed.by))),
                }
            }
            let runs: Vec<_> = std::iter::from_fn(|| self.machine.next_batch(self.uptime())).collect();
            if runs.is_empty() {
                return;
            }
            for input in run_batches(&mut self.store, runs) {
                self.machine.handle(input, self.uptime());
            }
        }
    }

    /// What becomes of several items that come at once.
    pub(super) fn submit_all(&mut self, items: impl IntoIterator<Item = Item>) -> Vec<Answer> {
        let first = self.tickets;
        for item in items {
            self.tickets += 1;
            let input = Input::Arrived(Arc::clone(&self.inbox), item, Some(Ticket(self.tickets)));
            self.machine.handle(input, self.uptime());
        }
        self.work();
        let mut answers = std::mem::take(&mut self.answers);
        answers.sort_by_key(|(ticket, _)| ticket.0);
        assert_eq!(answers.len() as u64, self.tickets - first);
        answers.into_iter().map(|(_, answer)| answer.unwrap()).collect()
    }

    pub(super) fn submit(&mut self, item: Item) -> Answer {
        self.submit_all([item]).remove(0)
    }

    /// A customer writes.
    pub(super) fn write(&mut self, id: &str, names: &[&str], text: &str) -> Routed {
        let new = self.message(id, names, text);
        match self.submit(Item::Message(Box::new(new))) {
            Answer::Routed(routed) => *routed,
            answer => panic!("{answer:?}"),
        }
    }

    pub(super) fn message(&self, id: &str, names: &[&str], text: &str) -> NewMessage {
        NewMessage {
            number: NUMBER.into(),
            names: names.iter().map(|name| Arc::from(*name)).collect(),
            profile: Profile::default(),
            message: Message { id: Some(id.to_owned()), text: Some(text.to_owned()), ..Message::default() },
            sent_at: Some(self.now()),
            held: false,
            send: SendBy::WhatsApp,
        }
    }

    pub(super) fn act(&mut self, routed: &Routed, action: ChatAction) -> Answer {
        self.submit(Item::Chat(routed.chat.unwrap(), action))
    }

    pub(super) fn set_presence(&mut self, user: &str, presence: &str, for_seconds: Option<u32>) {
        let presence = Some(serde_json::from_value(presence.into()).unwrap());
        let change = UserChange { presence, for_seconds, capacity: None };
        let answer = self.submit(Item::User(user.into(), change));
        assert!(matches!(answer, Answer::User(_)), "{answer:?}");
    }

    /// The first reply that is being sent comes to this.
    pub(super) fn sent(&mut self, outcome: SendOutcome) -> OutboxRow {
        let row = self.sending.remove(0);
        let input = Input::Sent(Arc::clone(&self.inbox), Box::new(row.clone()), outcome);
        self.machine.handle(input, self.uptime());
        self.work();
        row
    }

    pub(super) fn reader(&self) -> SqliteReader {
        self.store.reader().unwrap()
    }

    pub(super) fn chat(&self, routed: &Routed) -> ChatRow {
        self.reader().chat("main", routed.chat.unwrap()).unwrap().unwrap()
    }

    /// Who has the chat; `waits` and `closed` if nobody does.
    pub(super) fn holder(&self, routed: &Routed) -> String {
        let row = self.chat(routed);
        match (row.closed_at, row.chat.user()) {
            (Some(_), _) => "closed".to_owned(),
            (None, Some(user)) => user.to_string(),
            (None, None) => "waits".to_owned(),
        }
    }
}
