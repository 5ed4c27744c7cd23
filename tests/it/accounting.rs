//! A host with random traffic against a plain account of its chats: the roster counts each open chat once, where its last
//! decision left it, whatever fires twice, comes late, is edited or restarted.

use std::collections::BTreeMap;

use inbox_rules::{
    Assignment, ChatId, Customer, Decision, Event, Inbox, Incoming, Message, Presence, Priority, Roster,
    RouteError, RuleSet, Source, Timer, WaitingChats, dice,
};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use rand::seq::IndexedRandom;
use rand::{Rng, RngExt};
use serde_json::Value as Json;

const NUMBER: &str = "+15550100";
const USERS: [&str; 5] = ["ana", "bo", "cy", "dan", "eve"];
const GROUPS: [&str; 3] = ["Sales", "Support", "Help"];

/// One is without Bo, one has renamed Support, and one is without it and has the users in another order.
const INBOXES: [&str; 4] = [
    "[users]\nana = { capacity = 2 }\nbo = {}\ncy = { capacity = 1 }\ndan = {}\n\
     [groups]\nSales = [\"ana\", \"bo\", \"cy\"]\nSupport = [\"cy\", \"dan\"]",
    "[users]\nana = { capacity = 2 }\ncy = { capacity = 1 }\ndan = {}\n\
     [groups]\nSales = [\"ana\", \"cy\"]\nSupport = [\"cy\", \"dan\"]",
    "[users]\nana = { capacity = 3 }\nbo = {}\ncy = { capacity = 1 }\ndan = {}\n\
     [groups]\nSales = [\"ana\", \"bo\", \"cy\"]\nHelp = [\"dan\", \"cy\"]",
    "[users]\ndan = {}\ncy = {}\nbo = {}\n[groups]\nSales = [\"bo\", \"cy\"]",
];

const WORDS: [&str; 5] = ["hello", "urgent", "move", "help", "close"];

/// Rules that name whom the inbox has.
fn rules(random: &mut impl Rng, inbox: &Inbox) -> RuleSet {
    let targets = |random: &mut dyn Rng| {
        let mut targets = String::new();
        for place in 0..random.random_range(1..4) {
            let between = if random.random() { " for 5m" } else { "" };
            if place > 0 {
                targets += &format!("{between} else ");
            }
            let by =
                ["in_order", "least_chats", "random", "most_waiting", "weighted"].choose(random).unwrap();
            let among = ["among online", "among available"].choose(random).unwrap();
            let group = &inbox.groups.choose(random).unwrap().name;
            let user = &inbox.users.choose(random).unwrap().id;
            targets += &match random.random_range(0..12) {
                0 => format!("owner {among}"),
                1 => format!("user \"{user}\""),
                2 => format!("group \"{group}\" by hand"),
                3 => format!("group \"{group}\" except owner by {by} {among}"),
                _ => format!("group \"{group}\" by {by} {among}"),
            };
        }
        targets
    };
    let rules = format!(
        "also when message is \"help\": priority high\n\
         move when message is \"move\": assign {}, priority low\n\
         move when message is \"close\": assign nobody\n\
         when message is \"urgent\": assign {}, priority urgent\n\
         otherwise: assign {}",
        targets(random),
        targets(random),
        targets(random)
    );
    RuleSet::parse("default.rules", &rules, inbox).unwrap()
}

fn inbox(place: usize) -> Inbox {
    let (inbox, findings) = Inbox::parse(&Source::new("inbox.toml", INBOXES[place]));
    assert!(findings.is_empty(), "{findings:?}");
    inbox
}

/// A chat, and what is expected of it.
#[derive(Debug, Clone)]
struct Chat {
    customer: Customer,
    message: Message,
    last: Decision,
    priority: Option<Priority>,
    /// Since when nobody has had it.
    since: Option<Timestamp>,
}

struct Host {
    set: RuleSet,
    roster: Roster,
    waiting: WaitingChats,
    chats: BTreeMap<ChatId, Chat>,
    /// All timers that were ever set.
    timers: Vec<(ChatId, Timer)>,
    opened: u64,
    messages: u64,
    at: Timestamp,
}

impl Host {
    fn new(random: &mut impl Rng) -> Self {
        let set = rules(random, &inbox(0));
        Self {
            roster: Roster::new(set.inbox()),
            set,
            waiting: WaitingChats::new(),
            chats: BTreeMap::new(),
            timers: Vec::new(),
            opened: 0,
            messages: 0,
            at: Timestamp::UNIX_EPOCH,
        }
    }

    /// A random chat that is open.
    fn any(&self, random: &mut impl Rng) -> Option<ChatId> {
        let ids: Vec<_> = self.chats.keys().copied().collect();
        ids.choose(random).copied()
    }

    /// A message of a customer, in an open chat or not.
    fn message(&mut self, random: &mut impl Rng) {
        self.messages += 1;
        let id = self.any(random).filter(|_| random.random_range(0..3) > 0);
        let owner = random.random::<bool>().then(|| (*USERS.choose(random).unwrap()).to_owned());
        let customer = Customer { returning: true, owner, ..Customer::default() };
        let text = Some((*WORDS.choose(random).unwrap()).to_owned());
        let message = Message { id: Some(format!("m{}", self.messages)), text, ..Message::default() };
        let open = id.and_then(|id| self.chats[&id].last.open_chat());
        let incoming = Incoming { number: NUMBER, at: self.at, message: &message, chat: open.as_ref() };
        let mut dice = dice(0, message.id.as_deref());
        let next = self.set.route(&incoming, &customer, &mut self.roster, &mut dice).unwrap();
        let id = id.unwrap_or_else(|| {
            self.opened += 1;
            ChatId(self.opened)
        });
        let set = next.priority;
        match (self.chats.get_mut(&id), &next.assign) {
            (Some(chat), Some(Assignment::Kept { .. })) => {
                chat.last.step.raise_priority(set);
                chat.customer = customer;
                // Either decision will do.
                let last = if random.random() { &next } else { &chat.last };
                self.waiting.update(id, last, &chat.customer, self.at);
                chat.priority = chat.priority.max(set);
            }
            (before, _) => {
                let (priority, since) = before.map_or((None, None), |chat| (chat.priority, chat.since));
                self.keep(id, Chat { customer, message, last: next, priority: priority.max(set), since });
            }
        }
    }

    fn keep(&mut self, id: ChatId, mut chat: Chat) {
        self.waiting.update(id, &chat.last, &chat.customer, self.at);
        self.timers.extend(chat.last.timer().map(|timer| (id, timer)));
        chat.priority = chat.priority.max(chat.last.priority);
        match chat.last.open_chat() {
            Some(open) => {
                chat.since = open.user.is_none().then(|| chat.since.unwrap_or(self.at));
                self.chats.insert(id, chat);
            }
            None => drop(self.chats.remove(&id)),
        }
    }

    /// One of the timers that run fires, or one that was ever set.
    fn timeout(&mut self, random: &mut impl Rng) {
        let running = |(id, chat): (&ChatId, &Chat)| Some((*id, chat.last.timer()?));
        let running: Vec<_> = self.chats.iter().filter_map(running).collect();
        let timers = if random.random() { &running } else { &self.timers };
        let Some((id, timer)) = timers.choose(random).cloned() else { return };
        let Some(mut chat) = self.chats.get(&id).cloned() else { return };
        let is_current = chat.last.timer().is_some_and(|current| current == timer);
        let before = (chat.last.clone(), self.roster.save());
        let Self { set, roster, .. } = self;
        let (last, customer) = (&mut chat.last, &chat.customer);
        if random.random_range(0..3) == 0 {
            let given = set.reroute_to_user(last, &timer, self.at, customer, roster, 0);
            match &given {
                Ok(true) => assert!(last.open_chat().unwrap().user.is_some()),
                _ => assert_eq!((&*last, roster.save()), (&before.0, before.1)),
            }
            assert_eq!(given == Err(RouteError::StaleTimer), !is_current);
            return self.keep(id, chat);
        }
        match set.reroute(last, &timer, self.at, customer, roster, 0) {
            Ok(()) => {
                assert!(is_current && last.step.number > before.0.step.number);
                self.keep(id, chat);
            }
            Err(error) => {
                assert_eq!((&*last, roster.save()), (&before.0, before.1));
                assert_eq!(error == RouteError::StaleTimer, !is_current);
                if is_current {
                    assert!(matches!(error, RouteError::PolicyChanged { .. }), "{error}");
                    self.afresh(id);
                }
            }
        }
    }

    fn afresh(&mut self, id: ChatId) {
        let Some(mut chat) = self.chats.get(&id).cloned() else { return };
        let open = chat.last.open_chat();
        let incoming = Incoming { number: NUMBER, at: self.at, message: &chat.message, chat: open.as_ref() };
        self.set.route_afresh(&mut chat.last, &incoming, &chat.customer, &mut self.roster, 0).unwrap();
        self.keep(id, chat);
    }

    fn drain(&mut self) {
        let given = self.set.drain(&mut self.roster, &mut self.waiting, self.at, 0).unwrap();
        for (id, decision) in given {
            let mut chat = self.chats[&id].clone();
            assert!(chat.last.open_chat().unwrap().user.is_none() && self.waiting.get(id).is_none());
            assert!(
                decision.open_chat().unwrap().user.is_some() && chat.last.step.number < decision.step.number
            );
            chat.last = decision;
            self.keep(id, chat);
        }
        assert_eq!(self.set.drain(&mut self.roster, &mut self.waiting, self.at, 0), Ok(Vec::new()));
    }

    fn take(&mut self, random: &mut impl Rng) {
        let (Some(id), user) = (self.any(random), *USERS.choose(random).unwrap()) else { return };
        let before = self.roster.save();
        match self.waiting.take(id, user, self.at, &mut self.roster) {
            Ok(taken) => {
                let chat = Chat { last: taken, ..self.chats[&id].clone() };
                self.keep(id, chat);
            }
            Err(_) => assert_eq!(self.roster.save(), before),
        }
    }

    /// A chat is closed, or passed on to a user.
    fn by_hand(&mut self, random: &mut impl Rng) {
        let Some(id) = self.any(random) else { return };
        let (mut chat, user) = (self.chats[&id].clone(), *USERS.choose(random).unwrap());
        if random.random() {
            chat.last.close(self.at, &mut self.roster).unwrap();
        } else {
            let before = self.roster.save();
            let result = chat.last.transfer(user, self.at, &mut self.roster);
            assert!(result.is_ok() || before == self.roster.save());
        }
        self.keep(id, chat);
    }

    /// Users come, go, are removed and added; some of the events do not fit, and change nothing.
    fn event(&mut self, random: &mut impl Rng) {
        let user: std::sync::Arc<str> = (*USERS.choose(random).unwrap()).into();
        let event = match random.random_range(0..14) {
            0..10 => Event::Presence { user, presence: *Presence::ALL.choose(random).unwrap() },
            10 => Event::Capacity { user, capacity: Some(random.random_range(1..4)) },
            11 => Event::Removed { user },
            12 => Event::Added { user, name: None, capacity: Some(2), skills: vec![], weight: None },
            _ => {
                let members = USERS.iter().filter(|user| self.roster.now(user).is_some() && random.random());
                let members = members.map(|user| (*user).into()).collect();
                Event::Members { group: (*GROUPS.choose(random).unwrap()).into(), members }
            }
        };
        let _ = self.roster.apply(event);
    }

    /// Other rules, and perhaps another inbox. A careful host decides afresh what cannot go on.
    fn change_rules(&mut self, random: &mut impl Rng) {
        let other = if random.random() { inbox(random.random_range(0..4)) } else { self.set.inbox().clone() };
        self.set = rules(random, &other);
        let rebased = self.roster.rebase(self.set.inbox());
        self.waiting.rename_groups(&rebased.groups_renamed);
        self.chats.values_mut().for_each(|chat| chat.last.rename_groups(&rebased.groups_renamed));
        if random.random() {
            for (id, why) in self.set.outdated(&self.roster, &mut self.waiting).unwrap() {
                assert!(matches!(why, RouteError::PolicyChanged { .. }), "{why}");
                self.afresh(id);
            }
        }
    }

    fn restart(&mut self) {
        let (roster, waiting) =
            (serde_json::to_string(&self.roster.save()), serde_json::to_string(&self.waiting));
        let roster = serde_json::from_str(&roster.unwrap()).unwrap();
        self.roster = Roster::restore(self.set.inbox(), roster).unwrap().0;
        self.waiting = serde_json::from_str(&waiting.unwrap()).unwrap();
        for chat in self.chats.values_mut() {
            let last = serde_json::to_string(&chat.last).unwrap();
            assert_eq!(serde_json::from_str::<Decision>(&last).unwrap(), chat.last);
        }
    }

    /// The roster's counts, and those of the open chats.
    fn check(&self, what: &str) {
        let saved = serde_json::to_value(self.roster.save()).unwrap();
        let open: Vec<_> = self.chats.values().map(|chat| chat.last.open_chat().unwrap()).collect();
        let count = |list: &str, name: &str, field: &str| {
            saved[list][name].get(field).and_then(Json::as_u64).unwrap_or(0)
        };
        for user in USERS {
            let chats = open.iter().filter(|chat| chat.user.as_deref() == Some(user)).count();
            assert_eq!(count("users", user, "chats"), chats as u64, "{user}: {what}");
        }
        for name in GROUPS {
            let queue = open.iter().filter(|chat| chat.user.is_none() && chat.group.as_deref() == Some(name));
            assert_eq!(count("groups", name, "waiting"), queue.count() as u64, "{name}: {what}");
        }
        for (id, chat) in &self.chats {
            let waits = self.waiting.get(*id);
            assert_eq!(chat.last.step.priority, chat.priority, "{what}");
            assert_eq!(
                waits.map(|chat| (chat.since, chat.step.priority)),
                chat.since.map(|since| (since, chat.priority)),
                "{what}"
            );
        }
        assert_eq!(self.waiting.len(), open.iter().filter(|chat| chat.user.is_none()).count(), "{what}");
    }
}

/// A stored text with some of its characters lost or replaced.
fn damaged(random: &mut impl Rng, text: &str) -> String {
    let mut text: Vec<char> = text.chars().collect();
    for _ in 0..random.random_range(1..3) {
        let at = random.random_range(0..text.len());
        match random.random_range(0..3) {
            0 => drop(text.remove(at)),
            1 => text[at] = *['0', '9', '"', '-', 'a', '}'].choose(random).unwrap(),
            _ => text.insert(at, *['0', '9', '4', 'x'].choose(random).unwrap()),
        }
    }
    text.into_iter().collect()
}

/// Whatever is read again can be used, and no error changes the roster.
fn use_damaged(random: &mut impl Rng, host: &Host) {
    let at = *[Timestamp::MIN, host.at, Timestamp::MAX].choose(random).unwrap();
    let customer = Customer::default();
    for chat in host.chats.values() {
        let stored = damaged(random, &serde_json::to_string(&chat.last).unwrap());
        let Ok(mut last) = serde_json::from_str::<Decision>(&stored) else { continue };
        let mut roster = host.roster.clone();
        if let Some(timer) = last.timer() {
            let result = host.set.reroute(&mut last, &timer, at, &customer, &mut roster, 0);
            assert!(result.is_ok() || roster.save() == host.roster.save());
        }
        let before = roster.save();
        let incoming = Incoming { number: NUMBER, at, message: &chat.message, chat: None };
        let result = host.set.route_afresh(&mut last, &incoming, &customer, &mut roster, 0);
        assert!(result.is_ok() || roster.save() == before);
        let mut waiting = host.waiting.clone();
        waiting.update(ChatId(0), &last, &customer, at);
        host.set.drain(&mut roster, &mut waiting, at, 0).unwrap();
    }
    let stored = damaged(random, &serde_json::to_string(&host.waiting).unwrap());
    if let Ok(mut waiting) = serde_json::from_str::<WaitingChats>(&stored) {
        let mut roster = host.roster.clone();
        host.set.outdated(&roster, &mut waiting).unwrap();
        host.set.drain(&mut roster, &mut waiting, at, 0).unwrap();
        let first = waiting.iter().next().map_or(ChatId(0), |chat| chat.id);
        waiting.take(first, "ana", at, &mut roster).ok();
    }
}

fn run(seed: u64, steps: u64) {
    let random = &mut dice(seed, None);
    let mut host = Host::new(random);
    for step in 0..steps {
        host.at += SignedDuration::from_secs(random.random_range(0..200));
        let what = random.random_range(0..24);
        match what {
            0..7 => host.message(random),
            7..11 => host.timeout(random),
            11..14 => host.drain(),
            14 => host.take(random),
            15 => host.by_hand(random),
            16..23 => host.event(random),
            23 if random.random() => host.change_rules(random),
            _ => host.restart(),
        }
        host.check(&format!("step {step} of seed {seed}: {what}"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases.div_ceil(4), ..ProptestConfig::default() })]

    #[test]
    fn damage_stops_nothing_else(seed: u64) {
        let random = &mut dice(seed, None);
        let mut host = Host::new(random);
        for _ in 0..30 {
            host.at += SignedDuration::from_secs(60);
            host.message(random);
            host.event(random);
            host.drain();
            use_damaged(random, &host);
        }
    }

    // `PROPTEST_CASES=400000` runs about ten million steps.
    #[test]
    fn each_open_chat_is_counted_once(seed: u64, steps in 1..200_u64) {
        run(seed, steps);
    }
}
