//! Chats that wait are given to users as a plain list of them would be: by trying every one in order.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::{Just, Strategy, any, prop_oneof, proptest};
use proptest::sample::select;
use serde_json::json;

use crate::engine::{Assignment, ChatId, Decision, RouteError, Step, WaitingChat, WaitingChats, decide};
use crate::inbox::Inbox;
use crate::language::vocabulary::{Algorithm, Presence, Priority};
use crate::load::{ResolvedFolder, RuleSet};
use crate::roster::{Event, Roster, RosterState, dice, dice_of_step};
use crate::situation::{Customer, Incoming, Message, OpenChat, ResumeRequest, Situation, UserState};
use crate::testing::{config, folder, inbox_of};

const INBOX: &str = r#"
[users.ana]
capacity = 2
skills = ["en", "fr"]
[users.bo]
capacity = 1
[users.cy]
skills = ["fr"]
weight = 3
[users.di]
capacity = 1
[attributes]
plan = "text"
[groups]
Sales = ["ana", "bo", "cy"]
Support = ["bo", "di"]
"#;
const USERS: [&str; 4] = ["ana", "bo", "cy", "di"];
const MEMBERS: &[&[&str]] =
    &[&["ana", "bo", "cy"], &["bo", "di"], &["di", "cy", "ana"], &["cy"], &[], &["bo", "ana", "di", "cy"]];
const NUMBERS: [&str; 2] = ["+15550100", "+15550101"];
const TARGETS: &[&str] = &[
    "owner",
    "owner among online",
    "owner among available",
    "user \"ana\" among available",
    "user \"bo\" among online",
    "group \"Sales\" by least_chats among available",
    "group \"Sales\" by random among available",
    "group \"Sales\" by random among online",
    "group \"Sales\" with skill \"fr\" by least_chats among available",
    "group \"Sales\" with skill customer.plan by most_waiting among online",
    "group \"Sales\" with skill any [\"en\", \"de\"] by weighted among available",
    "group \"Sales\" except owner by in_order among available",
    "group \"Support\" by in_order among available",
    "group \"Support\" except owner and user \"bo\" by least_load among online",
    "group \"Support\" by most_waiting",
    "group \"Support\" by hand",
];

/// What happens in the inbox. A place is taken modulo the number of what there is.
#[derive(Debug, Clone)]
enum Happening {
    Message { number: usize, tag: usize, owner: Option<usize>, plan: Option<&'static str> },
    Presence { user: usize, presence: Presence },
    Closed { user: usize },
    Capacity { user: usize, capacity: u32 },
    Members { group: &'static str, members: usize },
    Timeout { place: usize },
    Taken { place: usize, user: usize },
    Priority { place: usize, priority: Priority },
    Rules { set: usize },
    Drain,
}

fn happenings() -> impl Strategy<Value = Vec<Happening>> {
    let user = || 0..USERS.len();
    let place = || any::<usize>();
    let owner = proptest::option::of(user());
    let plan = proptest::option::of(select(&["fr", "de", "en"][..]));
    let message = (0..2_usize, 0..3_usize, owner, plan);
    let presence = select(Presence::ALL);
    let one = prop_oneof![
        8 => message.prop_map(|(number, tag, owner, plan)| Happening::Message { number, tag, owner, plan }),
        4 => (user(), presence).prop_map(|(user, presence)| Happening::Presence { user, presence }),
        3 => user().prop_map(|user| Happening::Closed { user }),
        1 => (user(), 1..4_u32).prop_map(|(user, capacity)| Happening::Capacity { user, capacity }),
        1 => (select(&["Sales", "Support"][..]), 0..MEMBERS.len())
            .prop_map(|(group, members)| Happening::Members { group, members }),
        3 => place().prop_map(|place| Happening::Timeout { place }),
        1 => (place(), user()).prop_map(|(place, user)| Happening::Taken { place, user }),
        1 => (place(), select(Priority::ALL)).prop_map(|(place, priority)| Happening::Priority { place, priority }),
        1 => (0..2_usize).prop_map(|set| Happening::Rules { set }),
        6 => Just(Happening::Drain),
    ];
    proptest::collection::vec(one, 1..60)
}

/// A policy of three rules, each with some of the targets; `true`: for a minute.
fn policies() -> impl Strategy<Value = String> {
    let targets = proptest::collection::vec((select(TARGETS), any::<bool>()), 1..5);
    proptest::collection::vec(targets, 3).prop_map(|rules| {
        let when = ["when customer has tag \"t0\"", "when customer has tag \"t1\"", "otherwise"];
        let rules = rules.into_iter().zip(when).map(|(targets, when)| {
            let last = targets.len() - 1;
            let targets = targets.iter().enumerate().map(|(place, (target, waits))| {
                if *waits && place < last { format!("{target} for 1m") } else { (*target).to_owned() }
            });
            format!("{when}: assign {}\n", targets.collect::<Vec<_>>().join(" else "))
        });
        rules.collect()
    })
}

/// Two sets of rules, of one inbox or of two that are alike.
fn sets(first: [&str; 2], second: [&str; 2], has_one_inbox: bool) -> [RuleSet; 2] {
    let folder_of = |rules: [&str; 2]| {
        folder(&[("inbox.toml", INBOX), ("+15550100.rules", rules[0]), ("+15550101.rules", rules[1])])
    };
    let (first, mut second) = (folder_of(first), folder_of(second));
    if has_one_inbox {
        second.inbox = Arc::clone(&first.inbox);
    }
    [first, second].map(|folder| RuleSet::from_resolved(&ResolvedFolder::new(folder)).unwrap())
}

/// A host, and the inbox as the plain engine knows it.
struct Host {
    sets: [RuleSet; 2],
    set: usize,
    inbox: Inbox,
    roster: Roster,
    waiting: WaitingChats,
    /// The open chats, with the last decision about each.
    chats: BTreeMap<ChatId, (Decision, Customer)>,
    at: Timestamp,
    messages: u64,
}

impl Host {
    fn new(sets: [RuleSet; 2]) -> Self {
        let inbox = inbox_of(INBOX);
        let roster = Roster::new(sets[0].inbox());
        let at = "2026-01-05T10:00:00Z".parse().unwrap();
        Self {
            sets,
            set: 0,
            inbox,
            roster,
            waiting: WaitingChats::new(),
            chats: BTreeMap::new(),
            at,
            messages: 0,
        }
    }

    fn handle(&mut self, happening: &Happening) {
        self.at += SignedDuration::from_secs(20);
        let set = &self.sets[self.set];
        match happening {
            Happening::Message { number, tag, owner, plan } => {
                self.messages += 1;
                let id = ChatId(self.messages);
                let customer = json!({
                    "returning": true, "owner": owner.map(|owner| USERS[owner]),
                    "tags": [format!("t{tag}")], "attributes": { "plan": plan }
                });
                let customer: Customer = serde_json::from_value(customer).unwrap();
                let message = Message { id: Some(format!("m{}", id.0)), ..Message::default() };
                let incoming =
                    Incoming { number: NUMBERS[*number], at: self.at, message: &message, chat: None };
                let mut dice = dice(7, message.id.as_deref());
                let decision = set.route(&incoming, &customer, &mut self.roster, &mut dice).unwrap();
                self.follow(id, decision, customer);
            }
            Happening::Presence { user, presence } => {
                let user = USERS[*user].into();
                self.roster.apply(Event::Presence { user, presence: *presence }).unwrap();
            }
            Happening::Closed { user } => {
                let user: Arc<str> = USERS[*user].into();
                let has = |decision: &Decision| {
                    decision.open_chat().is_some_and(|chat| chat.user.as_deref() == Some(&*user))
                };
                match self.chats.iter().find(|(_, (last, _))| has(last)).map(|(id, _)| *id) {
                    Some(id) => {
                        self.chats.remove(&id);
                        self.roster.apply(Event::Closed { user }).unwrap();
                    }
                    None => drop(self.roster.apply(Event::Closed { user }).unwrap_err()),
                }
            }
            Happening::Capacity { user: place, capacity } => {
                let (user, capacity) = (USERS[*place].into(), Some(*capacity));
                self.roster.apply(Event::Capacity { user, capacity }).unwrap();
                self.inbox.users[*place].capacity = capacity;
            }
            Happening::Members { group, members } => {
                let members = MEMBERS[*members];
                let place = self.inbox.group_id(group).unwrap().0 as usize;
                self.inbox.groups[place].members =
                    members.iter().map(|id| self.inbox.user_id(id).unwrap()).collect();
                let members = members.iter().map(|id| Arc::from(*id)).collect();
                self.roster.apply(Event::Members { group: (*group).into(), members }).unwrap();
            }
            Happening::Timeout { place } => {
                let unanswered: Vec<_> =
                    self.chats.iter().filter(|(_, (last, _))| last.timer().is_some()).collect();
                if !unanswered.is_empty() {
                    let (id, (mut last, customer)) = {
                        let (id, chat) = unanswered[place % unanswered.len()];
                        (*id, chat.clone())
                    };
                    let (set, timer) = (&self.sets[self.set], last.timer().unwrap());
                    match set.reroute(&mut last, &timer, self.at, &customer, &mut self.roster, 7) {
                        Err(RouteError::PolicyChanged { .. }) => self.decide_afresh(&mut last, &customer),
                        result => result.unwrap(),
                    }
                    self.follow(id, last, customer);
                }
            }
            Happening::Taken { place, user } => {
                if !self.waiting.is_empty() {
                    let id = self.waiting.iter().nth(place % self.waiting.len()).unwrap().id;
                    let taken = self.waiting.take(id, USERS[*user], self.at, &mut self.roster).unwrap();
                    let customer = self.chats[&id].1.clone();
                    self.follow(id, taken, customer);
                }
            }
            Happening::Priority { place, priority } => {
                if !self.waiting.is_empty() {
                    let id = self.waiting.iter().nth(place % self.waiting.len()).unwrap().id;
                    self.waiting.set_priority(id, Some(*priority));
                }
            }
            Happening::Rules { set } => self.set = *set,
            Happening::Drain => self.drain(),
        }
    }

    /// Decides the message of an earlier decision once more.
    fn decide_afresh(&mut self, last: &mut Decision, customer: &Customer) {
        let message = Message { id: last.message.as_ref().map(ToString::to_string), ..Message::default() };
        let (chat, number) = (last.open_chat().unwrap(), last.number.clone().unwrap());
        let incoming = Incoming { number: &number, at: self.at, message: &message, chat: Some(&chat) };
        let set = &self.sets[self.set];
        set.route_afresh(last, &incoming, customer, &mut self.roster, 7).unwrap();
    }

    /// Keeps what a decision leaves to be done.
    fn follow(&mut self, id: ChatId, decision: Decision, customer: Customer) {
        self.waiting.update(id, &decision, &customer, self.at);
        self.chats.insert(id, (decision, customer));
    }

    /// Drains, and compares with what the plain list gives.
    fn drain(&mut self) {
        let set = &self.sets[self.set];
        let plain = Plain::of(self);
        let (expected, now, outdated) = plain.drain(self);
        let mut copy = self.roster.clone();
        let restored = self.drained_after_restore();
        let given = set.drain(&mut self.roster, &mut self.waiting, self.at, 7).unwrap();
        assert_eq!(restored, (given.clone(), self.roster.save()));
        let decided = given.iter().map(|(id, decision)| (*id, Decision { routed: None, ..decision.clone() }));
        assert_eq!(decided.collect::<Vec<_>>(), expected);
        assert_eq!(Plain::of(self).0, now);
        let events = given.iter().flat_map(|(_, decision)| decision.events());
        events.for_each(|event| copy.apply(event).unwrap());
        assert_eq!(copy.snapshot(), self.roster.snapshot());
        let listed = set.outdated(&self.roster, &mut self.waiting).unwrap();
        assert_eq!(listed.into_iter().map(|(id, _)| id).collect::<Vec<_>>(), outdated);
        assert_eq!(set.drain(&mut self.roster, &mut self.waiting, self.at, 7).unwrap(), [], "nobody is left");
        for (id, decision) in given {
            let customer = self.chats[&id].1.clone();
            self.follow(id, decision, customer);
        }
    }
}

impl Host {
    /// The roster counts the chats as their last decisions say, and those wait that nobody has.
    fn check_counts(&self) {
        let open: Vec<_> = self.chats.values().filter_map(|(last, _)| last.open_chat()).collect();
        for user in USERS {
            let chats = open.iter().filter(|chat| chat.user.as_deref() == Some(user)).count();
            assert_eq!(self.roster.now(user).unwrap().chats as usize, chats, "{user}");
        }
        for name in ["Sales", "Support"] {
            let queue = open.iter().filter(|chat| chat.user.is_none() && chat.group.as_deref() == Some(name));
            assert_eq!(self.roster.waiting_in(name).unwrap() as usize, queue.count(), "{name}");
        }
        assert_eq!(open.iter().filter(|chat| chat.user.is_none()).count(), self.waiting.len());
    }

    /// What a drain gives after a restart: the roster and the chats that wait are read again.
    fn drained_after_restore(&self) -> (Vec<(ChatId, Decision)>, RosterState) {
        let set = &self.sets[self.set];
        let roster = serde_json::to_string(&self.roster.save()).unwrap();
        let waiting = serde_json::to_string(&self.waiting).unwrap();
        let mut waiting: WaitingChats = serde_json::from_str(&waiting).unwrap();
        assert!(waiting.iter().eq(self.waiting.iter()));
        let (mut roster, _) = Roster::restore(set.inbox(), serde_json::from_str(&roster).unwrap()).unwrap();
        (set.drain(&mut roster, &mut waiting, self.at, 7).unwrap(), roster.save())
    }
}

/// Users, queues and turns, as a situation says them.
struct Plain(Situation);

impl Plain {
    fn of(host: &Host) -> Self {
        let (inbox, now) = (&host.inbox, host.roster.snapshot());
        let mut situation = Situation { at: Some(host.at.into()), ..Situation::default() };
        for (place, user) in (0..).zip(&inbox.users) {
            let now = now.user(crate::inbox::UserId(place));
            let last_message_at = now.last_message_at.map(Into::into);
            let state = UserState {
                presence: now.presence,
                chats: now.chats,
                last_message_at,
                ..UserState::default()
            };
            situation.users.insert(user.id.to_string(), state);
        }
        for group in &inbox.groups {
            let id = inbox.group_id(&group.name).unwrap();
            situation.waiting.insert(group.name.to_string(), now.waiting(id));
            if let Some(last) = now.last_turn(id) {
                situation.turns.insert(group.name.to_string(), inbox.user(last).id.to_string());
            }
        }
        Self(situation)
    }

    /// Tries every chat in order. Returns what is given, the state after it, and the chats that are outdated.
    fn drain(mut self, host: &Host) -> (Vec<(ChatId, Decision)>, Situation, Vec<ChatId>) {
        let (mut given, mut outdated) = (Vec::new(), Vec::new());
        let mut chats: Vec<&WaitingChat> = host.waiting.iter().collect();
        chats.sort_by_key(|chat| (chat.step.priority.map_or(2, urgency), chat.since, chat.id));
        for chat in chats {
            let policy = host.sets[host.set].policy(&chat.number).unwrap();
            if policy.digest != chat.policy {
                outdated.push(chat.id);
                continue;
            }
            let assign = chat.rule.find(policy).unwrap().assign.as_ref().unwrap();
            if assign.alternatives[chat.last_alternative]
                .group()
                .is_some_and(|group| group.by == Algorithm::Hand)
            {
                continue;
            }
            let without = self.offer(host, chat, &chat.step.had);
            if let Some(decision) = without.or_else(|| self.offer(host, chat, &[])) {
                self.apply(chat, &decision, host.at);
                given.push((chat.id, decision));
            }
        }
        (given, self.0, outdated)
    }

    /// The decision for one chat, if it gives the chat to a user.
    fn offer(&self, host: &Host, chat: &WaitingChat, had: &[Arc<str>]) -> Option<Decision> {
        let group = chat.group.as_ref().map(ToString::to_string);
        let rule = chat.rule.clone();
        let left_out = had.iter().map(ToString::to_string).collect();
        let resume = ResumeRequest { rule, alternative: chat.step.from_alternative, had: left_out };
        let situation = Situation {
            number: Some(chat.number.to_string()),
            message: Message { id: chat.message.as_ref().map(ToString::to_string), ..Message::default() },
            customer: chat.customer.clone(),
            chat: Some(OpenChat { group, ..OpenChat::default() }),
            resume: Some(resume),
            ..self.0.clone()
        };
        let step = chat.step.number + 1;
        let policy = host.sets[host.set].policy(&chat.number).unwrap();
        let mut dice = dice_of_step(7, chat.message.as_deref(), step);
        let mut decision = decide(policy, &host.inbox, &situation, &mut dice).unwrap();
        let Some(Assignment::User { user, .. }) = &decision.assign else { return None };
        if let Some(resume) = &mut decision.resume {
            resume.had.clone_from(&chat.step.had);
            resume.had.extend(Some(Arc::clone(user)).filter(|user| !chat.step.had.contains(user)));
        }
        let Step { from_alternative, had, priority, .. } = chat.step.clone();
        let step = Step { number: step, from_alternative, had, priority, ..Step::default() };
        Some(Decision { step, ..decision })
    }

    fn apply(&mut self, chat: &WaitingChat, decision: &Decision, at: Timestamp) {
        let Some(Assignment::User { user, group, by, .. }) = &decision.assign else { return };
        if let Some(waiting) = chat.group.as_deref().and_then(|group| self.0.waiting.get_mut(group)) {
            *waiting -= 1;
        }
        let state = self.0.users.get_mut(&**user).unwrap();
        state.chats += 1;
        state.last_message_at = Some(at.into());
        if let Some(group) = group.as_ref().filter(|_| *by == Some(Algorithm::InOrder)) {
            self.0.turns.insert(group.to_string(), user.to_string());
        }
    }
}

/// The most urgent first.
fn urgency(priority: Priority) -> usize {
    Priority::ALL.iter().rev().position(|one| *one == priority).unwrap()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn chats_go_to_whom_a_plain_list_gives_them(
        policies in [policies(), policies(), policies()],
        happenings in happenings(),
        has_one_inbox: bool,
    ) {
        let [first, second, edited] = &policies;
        let mut host = Host::new(sets([first, second], [first, edited], has_one_inbox));
        for happening in &happenings {
            host.handle(happening);
            host.check_counts();
        }
        host.drain();
    }
}
