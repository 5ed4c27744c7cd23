//! A run: what happens when.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use inbox_rules::ChatId;
use jiff::{SignedDuration, Timestamp};

use super::backend::Backend;
use super::faulty_store::FaultyStore;
use super::graph::Graph;
use super::host::{BatchOutcome, Host, per_second};
use super::random::Random;
use super::rule_sets::{USERS, VERSIONS, numbers, release};
use super::traffic::{INBOXES, Request, Traffic};
use super::webhook::{SignedBody, signed_body};
use crate::machine::{Answer, BatchRun, Item, Ticket, Unavailable};
use crate::store::OutboxRow;
use crate::whatsapp::{SendOutcome, StatusUpdate};

/// How long something goes wrong in a run, in milliseconds.
pub(super) const TROUBLE: u64 = 900_000;

/// How long a run goes on after that without faults.
const CALM: u64 = 1_500_000;

/// How often the host asks the store what is due.
pub(super) const TICK: u64 = 250;

/// How long a webhook waits for its answer.
const WEBHOOK_TIMEOUT: u64 = 4_000;

/// Something that happens.
pub(super) enum Happening {
    /// A webhook or a call arrives, for the n-th time.
    Arrives(u64),
    /// A webhook has waited for its answer for too long.
    TimesOut(u64, u32),
    /// The host looks what is due.
    Tick(u64),
    /// Items come for inboxes of a host that had stopped.
    Given(u64, Vec<(Arc<str>, Item, Option<Ticket>)>),
    /// A thread of the host handles batches.
    Write(u64, Vec<BatchRun>),
    /// Batches have ended.
    Done(u64, Vec<BatchOutcome>),
    /// A reply goes to the Graph API, before a moment of the host's clock.
    Sends(u64, Arc<str>, Box<OutboxRow>, Duration),
    /// The Graph API answers.
    Answers(u64, Arc<str>, Box<OutboxRow>, SendOutcome),
    /// A new webhook comes into being.
    Webhook,
    /// Somebody makes a call.
    Call,
    /// A host is killed.
    Kill,
    /// A host is started.
    Start,
    /// A host stops, and goes on later.
    Freeze,
    /// The rules of an inbox change.
    Reload,
    /// The store begins to fail, or stops.
    Weather,
    /// All users of an inbox come and go.
    PresenceStorm,
    /// Users write in many chats.
    WriteStorm,
    /// More comes for an inbox at once than its queue holds.
    Flood,
}

/// A webhook, or a call, until it is answered.
pub(super) struct Delivery {
    pub(super) elements: Vec<(Arc<str>, Request)>,
    /// The webhook, if it comes as bytes.
    body: Option<SignedBody>,
    /// Whether it is sent again until it is answered.
    is_webhook: bool,
    attempt: u32,
    /// The tickets of the attempt that are not answered.
    pub(super) waiting: BTreeSet<u64>,
    failed: bool,
    pub(super) acknowledged: Option<u64>,
}

/// Who waits for an answer.
pub(super) struct Waiter {
    pub(super) delivery: u64,
    /// The host.
    pub(super) start: u64,
    pub(super) inbox: Arc<str>,
    pub(super) since: u64,
}

/// A run.
pub(super) struct World {
    pub(super) seed: u64,
    pub(super) now: u64,
    pub(super) store: FaultyStore,
    /// How many hosts there are, unless some are down.
    pub(super) nodes: u64,
    /// The hosts that run, by their start.
    pub(super) hosts: BTreeMap<u64, Host>,
    /// How often a host has been started.
    pub(super) starts: u64,
    pub(super) graph: Graph,
    pub(super) deliveries: BTreeMap<u64, Delivery>,
    pub(super) waiters: BTreeMap<u64, Waiter>,
    pub(super) versions: BTreeMap<Arc<str>, usize>,
    pub(super) is_calm: bool,
    /// Since when nothing has gone wrong.
    pub(super) healthy_since: u64,
    /// The last entry of each log after which the desk in memory of a host was compared with the store.
    pub(super) compared: BTreeMap<(u64, Arc<str>), u64>,
    /// When the replies of each number went out since the last start, and from which host.
    pub(super) sends: BTreeMap<Arc<str>, Vec<(u64, u64)>>,
    /// When each number of a host was told to send more slowly since the start.
    pub(super) slowed: BTreeMap<(u64, Arc<str>), Vec<u64>>,
    /// The replies whose answer is in the store.
    pub(super) recorded: BTreeSet<u64>,
    pub(super) wrong: Vec<String>,
    pub(super) random: Random,
    traffic: Traffic,
    queue: BTreeMap<(u64, u64), Happening>,
    happened: u64,
    tickets: u64,
    /// The chats that programs know.
    chats: Vec<ChatId>,
}

impl World {
    pub(super) fn new(seed: u64, backend: Backend) -> Self {
        // Only one process at a time has SQLite.
        let is_shared = !matches!(backend, Backend::Sqlite(_));
        let nodes = if is_shared { [1, 2, 3, 1, 2, 3, 3][(seed % 7) as usize] } else { 1 };
        let store = FaultyStore::new(backend, Random::new(seed, "store"));
        Self {
            seed,
            now: 0,
            store,
            nodes,
            hosts: BTreeMap::new(),
            starts: 0,
            graph: Graph::default(),
            deliveries: BTreeMap::new(),
            waiters: BTreeMap::new(),
            versions: INBOXES.iter().map(|inbox| (Arc::from(*inbox), 0)).collect(),
            is_calm: false,
            healthy_since: 0,
            compared: BTreeMap::new(),
            sends: BTreeMap::new(),
            slowed: BTreeMap::new(),
            recorded: BTreeSet::new(),
            wrong: Vec::new(),
            random: Random::new(seed, "world"),
            traffic: Traffic::new(Random::new(seed, "traffic")),
            queue: BTreeMap::new(),
            happened: 0,
            tickets: 0,
            chats: Vec::new(),
        }
    }

    /// The moment by the store's clock.
    pub(super) fn moment(&self) -> Timestamp {
        let start: Timestamp = "2026-11-24T09:00:00Z".parse().unwrap();
        start + SignedDuration::from_millis(i64::try_from(self.now).unwrap())
    }

    pub(super) fn later(&mut self, after: u64, happening: Happening) {
        self.happened += 1;
        self.queue.insert((self.now + after, self.happened), happening);
    }

    /// Something has gone wrong, and is over after so many milliseconds.
    pub(super) fn trouble(&mut self, over_after: u64) {
        self.healthy_since = self.healthy_since.max(self.now + over_after);
    }

    pub(super) fn soon(&mut self, range: std::ops::Range<u64>, happening: Happening) {
        let after = self.random.within(range);
        self.later(after, happening);
    }

    /// Runs to the end. [`wrong`](Self::wrong) says what is wrong then.
    pub(super) fn run(&mut self) {
        self.plan();
        while let Some(((at, _), happening)) = self.queue.pop_first() {
            if at > TROUBLE + CALM || !self.wrong.is_empty() {
                break;
            }
            self.now = at;
            let moment = self.moment();
            self.store.backend.set_now(moment);
            self.calm_down();
            self.happen(happening);
        }
        if self.wrong.is_empty() {
            self.check_end();
        }
    }

    /// What happens anyway.
    fn plan(&mut self) {
        for _ in 0..self.nodes {
            self.later(0, Happening::Start);
        }
        for inbox in INBOXES {
            for user in ["bo", "cy", "ana"] {
                let change = self.traffic.user_change();
                self.request(vec![(inbox.into(), Request::User(user.into(), change))], false, 100);
            }
        }
        let often = |random: &mut Random, most: u64| random.within(0..most + 1);
        for (most, happening) in [
            (60, (|| Happening::Webhook) as fn() -> Happening),
            (60, || Happening::Call),
            (4, || Happening::Kill),
            (if self.nodes > 1 { 5 } else { 0 }, || Happening::Freeze),
            (5, || Happening::Reload),
            (4, || Happening::Weather),
            (2, || Happening::PresenceStorm),
            (if per_second(self.seed) < 80 { 2 } else { 0 }, || Happening::WriteStorm),
            (u64::from(self.seed % 40 == 3), || Happening::Flood),
        ] {
            for _ in 0..often(&mut self.random, most) {
                self.soon(1_000..TROUBLE, happening());
            }
        }
    }

    /// After some time nothing goes wrong any more.
    fn calm_down(&mut self) {
        if self.is_calm || self.now < TROUBLE {
            return;
        }
        self.is_calm = true;
        (self.store.faults, self.store.broken) = (0, None);
        self.trouble(0);
        for _ in 0..self.nodes {
            self.start();
        }
    }

    fn happen(&mut self, happening: Happening) {
        if let Some(until) = happening.of_host().and_then(|start| self.frozen(start)) {
            return self.later(until - self.now, happening);
        }
        match happening {
            Happening::Arrives(delivery) => self.arrives(delivery),
            Happening::TimesOut(delivery, attempt) => self.times_out(delivery, attempt),
            Happening::Tick(start) => self.tick(start),
            Happening::Given(start, given) => self.give(start, given),
            Happening::Write(start, runs) => self.write(start, runs),
            Happening::Done(start, outcomes) => self.done(start, outcomes),
            Happening::Sends(start, inbox, row, until) => self.sends(start, inbox, row, until),
            Happening::Answers(start, inbox, row, outcome) => self.graph_answers(start, inbox, row, outcome),
            Happening::Webhook => {
                let elements = self.traffic.webhook(self.moment());
                let after = self.random.within(1..3_000);
                self.request(elements, true, after);
            }
            Happening::Call => {
                let call = self.traffic.call(self.moment(), &self.chats);
                self.request(vec![call], false, 1);
            }
            Happening::Kill => self.kill(),
            Happening::Start => self.start(),
            Happening::Freeze if self.is_calm => {}
            Happening::Freeze => {
                if let Some(start) = self.any_host() {
                    self.freeze(start);
                }
            }
            Happening::Reload => {
                let inbox: Arc<str> = (*self.random.one_of(&INBOXES)).into();
                let version = usize::try_from(self.random.within(0..VERSIONS as u64)).unwrap();
                self.versions.insert(Arc::clone(&inbox), version);
                if let Some(start) = self.any_host() {
                    let rules = Item::Rules { release: release(&inbox, version), by: "folder".to_owned() };
                    self.give(start, vec![(inbox, rules, None)]);
                }
            }
            Happening::Weather if self.is_calm => {}
            Happening::Weather => {
                self.store.faults = *self.random.one_of(&[0, 5, 20, 60]);
                let broken = self.random.happens(300).then(|| (*self.random.one_of(&INBOXES)).into());
                self.store.broken = broken;
                self.trouble(0);
                if self.random.happens(400) {
                    let inbox = *self.random.one_of(&INBOXES);
                    let number = numbers(inbox)[0].clone();
                    let until = self.now + self.random.within(1_000..200_000);
                    self.graph.paused.insert(number, until);
                }
                let faulty = self.random.within(5_000..90_000);
                if self.store.faults > 0 || self.store.broken.is_some() {
                    self.later(faulty, Happening::Weather);
                }
            }
            Happening::PresenceStorm => {
                let inbox: Arc<str> = (*self.random.one_of(&INBOXES)).into();
                for _ in 0..40 {
                    let user = (*self.random.one_of(&USERS)).into();
                    let change = self.traffic.user_change();
                    let after = self.random.within(1..2_000);
                    self.request(vec![(Arc::clone(&inbox), Request::User(user, change))], false, after);
                }
            }
            Happening::WriteStorm => {
                for _ in 0..120 {
                    let call = self.traffic.write(&self.chats);
                    let after = self.random.within(1..5_000);
                    self.request(vec![call], false, after);
                }
            }
            Happening::Flood => {
                let inbox: Arc<str> = (*self.random.one_of(&INBOXES)).into();
                for _ in 0..10 {
                    let elements = self.traffic.flood(&inbox, self.moment());
                    self.request(elements, true, 1);
                }
            }
        }
    }

    /// A webhook or a call is made.
    fn request(&mut self, elements: Vec<(Arc<str>, Request)>, is_webhook: bool, after: u64) {
        let id = self.deliveries.len() as u64;
        let is_bytes = is_webhook && self.seed.is_multiple_of(3) && elements.len() < 100;
        let body = is_bytes.then(|| signed_body(&elements, self.moment(), &mut self.random));
        if body.as_ref().is_some_and(|body| body.tampered().items().is_some()) {
            self.wrong.push("a webhook with a wrong signature is taken".to_owned());
        }
        let delivery = Delivery {
            elements,
            body,
            is_webhook,
            attempt: 0,
            waiting: BTreeSet::new(),
            failed: false,
            acknowledged: None,
        };
        self.deliveries.insert(id, delivery);
        self.later(after, Happening::Arrives(id));
        if is_webhook && self.random.happens(80) {
            // The same once more, whether or not it was answered.
            self.soon(after..after + 120_000, Happening::Arrives(id));
        }
    }

    fn arrives(&mut self, id: u64) {
        let is_lost = !self.is_calm && self.random.happens(40);
        let Some(start) = self.any_host().filter(|_| !is_lost) else { return self.again(id) };
        let Some(delivery) = self.deliveries.get_mut(&id) else { return };
        for ticket in std::mem::take(&mut delivery.waiting) {
            self.waiters.remove(&ticket);
        }
        delivery.attempt += 1;
        delivery.failed = false;
        let (attempt, is_webhook) = (delivery.attempt, delivery.is_webhook);
        let items = match &delivery.body {
            Some(body) => body.items().unwrap_or_default(),
            None => {
                let items = delivery.elements.iter();
                items.map(|(inbox, request)| (Arc::clone(inbox), request.item())).collect()
            }
        };
        let mut given = Vec::new();
        for (inbox, item) in items {
            self.tickets += 1;
            let ticket = self.tickets;
            delivery.waiting.insert(ticket);
            let waiter = Waiter { delivery: id, start, inbox: Arc::clone(&inbox), since: self.now };
            self.waiters.insert(ticket, waiter);
            given.push((inbox, item, Some(Ticket(ticket))));
        }
        let is_flood = given.len() > 100;
        self.give(start, given);
        if is_flood {
            self.check_queues();
        }
        if is_webhook {
            self.later(WEBHOOK_TIMEOUT, Happening::TimesOut(id, attempt));
        }
    }

    /// It is sent again some time.
    pub(super) fn again(&mut self, id: u64) {
        self.soon(500..20_000, Happening::Arrives(id));
    }

    fn times_out(&mut self, id: u64, attempt: u32) {
        let Some(delivery) = self.deliveries.get_mut(&id) else { return };
        if delivery.attempt == attempt && !delivery.waiting.is_empty() {
            for ticket in std::mem::take(&mut delivery.waiting) {
                self.waiters.remove(&ticket);
            }
            self.again(id);
        }
    }

    /// The host answers.
    pub(super) fn answered(&mut self, ticket: u64, answer: &Result<Answer, Unavailable>) {
        let Some(waiter) = self.waiters.remove(&ticket) else { return };
        let Some(delivery) = self.deliveries.get_mut(&waiter.delivery) else { return };
        delivery.waiting.remove(&ticket);
        delivery.failed |= answer.is_err();
        let is_over = delivery.waiting.is_empty();
        if is_over && !delivery.failed {
            delivery.acknowledged.get_or_insert(self.now);
        }
        let failed = delivery.failed;
        if let Ok(Answer::Routed(routed)) = answer
            && let Some(chat) = routed.chat
            && !self.chats.contains(&chat)
        {
            self.chats.push(chat);
        }
        self.check_answer(&waiter, answer);
        // The answer may be lost on its way.
        if is_over && (failed || !self.is_calm && self.random.happens(30)) {
            self.again(waiter.delivery);
        }
    }

    /// WhatsApp tells what became of a reply.
    pub(super) fn statuses(&mut self, inbox: &Arc<str>, statuses: Vec<(u64, StatusUpdate)>) {
        for (after, status) in statuses {
            self.request(vec![(Arc::clone(inbox), Request::Status(Box::new(status)))], true, after);
        }
    }
}

impl Happening {
    /// The host that it happens in.
    fn of_host(&self) -> Option<u64> {
        match self {
            Self::Tick(start)
            | Self::Given(start, _)
            | Self::Write(start, _)
            | Self::Done(start, _)
            | Self::Sends(start, ..)
            | Self::Answers(start, ..) => Some(*start),
            _ => None,
        }
    }
}
