//! Chats that wait: their order, whom they go to, and how they are taken by hand.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value as Json, json};

use crate::engine::{Assignment, ChatId, Decision, RouteError, TakeError, WaitingChat, WaitingChats};
use crate::language::vocabulary::{Presence, Priority};
use crate::load::RuleSet;
use crate::roster::{Event, EventError, Roster, dice};
use crate::situation::{Customer, Incoming, Message, OpenChat};
use crate::testing::inbox_of;

const INBOX: &str =
    "[users]\nana = {}\nbo = { capacity = 1 }\n[groups]\nSales = [\"ana\", \"bo\"]\nShop = [\"bo\"]\n";

struct Host {
    set: RuleSet,
    roster: Roster,
    waiting: WaitingChats,
}

fn at(minute: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minute)
}

impl Host {
    fn new(rules: &str) -> Self {
        let inbox = inbox_of(INBOX);
        let set = RuleSet::parse("default.rules", rules, &inbox).unwrap();
        Self { set, roster: Roster::new(&inbox), waiting: WaitingChats::new() }
    }

    fn apply(&mut self, event: Event) {
        self.roster.apply(event).unwrap();
    }

    fn comes(&mut self, user: &str) {
        self.apply(Event::Presence { user: user.into(), presence: Presence::Online });
    }

    fn leaves(&mut self, user: &str) {
        self.apply(Event::Presence { user: user.into(), presence: Presence::Offline });
    }

    /// A message of a customer, which may find an open chat.
    fn message(&mut self, id: u64, customer: Json, chat: Option<&OpenChat>) -> Decision {
        let customer: Customer = serde_json::from_value(customer).unwrap();
        let message = Message { id: Some(format!("m{id}")), ..Message::default() };
        let incoming = Incoming { number: "+15550100", at: at(0), message: &message, chat };
        let mut dice = dice(0, message.id.as_deref());
        let decision = self.set.route(&incoming, &customer, &mut self.roster, &mut dice).unwrap();
        self.keep(id, &decision, customer, 0);
        decision
    }

    fn keep(&mut self, id: u64, decision: &Decision, customer: Customer, minute: i64) {
        self.waiting.remove(ChatId(id));
        if let Some(chat) = WaitingChat::new(ChatId(id), decision, customer, at(minute)) {
            self.waiting.insert(chat);
        }
    }

    /// The time of an earlier decision is over.
    fn timeout(&mut self, id: u64, earlier: &Decision) -> Decision {
        let customer = Customer::default();
        let next = self.set.reroute(earlier, at(5), &customer, &mut self.roster, 0).unwrap().unwrap();
        self.keep(id, &next, customer, 5);
        next
    }

    /// Who is given which chat.
    fn drain(&mut self) -> String {
        let given = self.set.drain(&mut self.roster, &mut self.waiting, at(10), 0).unwrap();
        let words = given.iter().map(|(id, decision)| format!("{} to {}", id.0, user(decision)));
        words.collect::<Vec<_>>().join(", ")
    }

    fn chats(&self) -> [u32; 3] {
        let chats = |user| self.roster.now(user).unwrap().chats;
        [chats("ana"), chats("bo"), self.roster.waiting_in("Sales").unwrap()]
    }
}

fn user(decision: &Decision) -> &str {
    match &decision.assign {
        Some(Assignment::User { user, .. }) => user,
        _ => "nobody",
    }
}

#[test]
fn the_most_urgent_come_first_then_the_oldest() {
    let mut host = Host::new("otherwise: assign group \"Sales\" by in_order among online");
    let decision = host.message(1, json!({}), None);
    for (id, priority, minute) in [
        (5, None, 3),
        (4, Some(Priority::Low), 1),
        (3, Some(Priority::Normal), 2),
        (2, Some(Priority::Urgent), 9),
        (7, None, 2),
    ] {
        let mut chat = WaitingChat::new(ChatId(id), &decision, Customer::default(), at(minute)).unwrap();
        chat.priority = priority;
        host.waiting.insert(chat);
    }
    host.waiting.set_priority(ChatId(1), Some(Priority::Low));
    let order: Vec<_> = host.waiting.iter().map(|chat| (chat.id.0, chat.age(at(10)) / 60)).collect();
    assert_eq!(order, [(2, 1), (3, 8), (7, 8), (5, 7), (1, 10), (4, 9)]);
    host.comes("ana");
    assert_eq!(host.drain(), "2 to ana, 3 to ana, 7 to ana, 5 to ana, 1 to ana, 4 to ana");
    assert!(host.waiting.is_empty());
}

#[test]
fn a_full_user_gets_no_more() {
    let mut host = Host::new("otherwise: assign group \"Shop\" by random among available");
    (1..=3).for_each(|id| drop(host.message(id, json!({}), None)));
    host.comes("ana");
    assert_eq!(host.drain(), "", "ana is not in the group");
    host.comes("bo");
    assert_eq!(host.drain(), "1 to bo");
    assert_eq!(host.drain(), "");
    host.apply(Event::Capacity { user: "bo".into(), capacity: Some(2) });
    assert_eq!((host.drain().as_str(), host.waiting.len()), ("2 to bo", 1));
}

#[test]
fn who_had_the_chat_gets_it_only_if_nobody_else_does() {
    let rules = "otherwise: assign group \"Sales\" by least_chats among online for 5m \
                 else group \"Sales\" by least_chats among online";
    let check = |comes: &[&str], expected: &str| {
        let mut host = Host::new(rules);
        host.comes("ana");
        let first = host.message(1, json!({}), None);
        assert_eq!(user(&first), "ana");
        host.leaves("ana");
        assert_eq!(user(&host.timeout(1, &first)), "nobody");
        assert_eq!((host.drain().as_str(), host.chats()), ("", [0, 0, 1]), "nothing changes");
        for user in comes {
            host.comes(user);
        }
        assert_eq!(host.drain(), expected);
    };
    check(&["ana", "bo"], "1 to bo");
    check(&["ana"], "1 to ana");
}

#[test]
fn a_chat_that_waits_by_hand_is_not_given() {
    let mut host = Host::new(
        "otherwise: assign user \"ana\" among online else group \"Sales\" by hand for 5m else user \"bo\" among online",
    );
    let first = host.message(1, json!({}), None);
    host.comes("ana");
    host.comes("bo");
    assert_eq!((host.drain().as_str(), host.chats()), ("", [0, 0, 1]), "a member of Sales takes it");
    host.leaves("bo");
    assert_eq!(user(&host.timeout(1, &first)), "nobody");
    assert_eq!(
        (host.drain().as_str(), host.chats()),
        ("", [0, 0, 1]),
        "it waits for bo now, in the same queue"
    );
    host.comes("bo");
    assert_eq!((host.drain().as_str(), host.chats()), ("1 to bo", [0, 1, 0]));
}

#[test]
fn a_moved_chat_is_given_to_nobody_who_is_offline() {
    let mut host = Host::new(
        "move when chat with \"ana\": assign group \"Shop\" by hand for 5m else group \"Sales\" by in_order\n\
         otherwise: assign user \"ana\"",
    );
    host.message(1, json!({}), None);
    let chat = OpenChat { user: Some("ana".to_owned()), ..OpenChat::default() };
    let moved = host.message(1, json!({}), Some(&chat));
    assert!(moved.step.moved && host.waiting.get(ChatId(1)).unwrap().step.moved);
    assert_eq!(user(&host.timeout(1, &moved)), "nobody");
    assert_eq!(host.drain(), "");
    host.comes("ana");
    assert_eq!(host.drain(), "1 to ana", "she had it, but nobody else is there");
}

#[test]
fn a_chat_is_taken_by_hand() {
    let mut host = Host::new("otherwise: assign group \"Sales\" by hand");
    (1..=2).for_each(|id| drop(host.message(id, json!({}), None)));
    let take = |id: u64, user: &str, host: &mut Host| {
        host.waiting.take(ChatId(id), user, at(7), &mut host.roster).map(|chat| chat.id)
    };
    let unknown = take(1, "cy", &mut host).unwrap_err();
    assert_eq!(unknown, TakeError::Event(EventError::UnknownUser("cy".into())));
    assert_eq!((host.waiting.len(), host.chats()), (2, [0, 0, 2]), "nothing changes");
    assert_eq!(take(1, "bo", &mut host), Ok(ChatId(1)));
    assert_eq!((host.waiting.len(), host.chats()), (1, [0, 1, 1]));
    assert_eq!(host.roster.now("bo").unwrap().last_message_at, Some(at(7)));
    let gone = take(1, "ana", &mut host).unwrap_err();
    assert_eq!((gone.to_string().as_str(), host.chats()), ("the chat 1 is not waiting", [0, 1, 1]));
}

#[test]
fn a_chat_whose_policy_has_changed_is_told() {
    let mut host = Host::new("otherwise: assign group \"Sales\" by in_order among online, reply \"Hi\"");
    host.message(1, json!({}), None);
    let edited = "otherwise: assign group \"Sales\" by in_order among online, reply \"Hello\"";
    host.set = RuleSet::parse("default.rules", edited, host.set.inbox()).unwrap();
    host.message(2, json!({}), None);
    host.comes("ana");
    assert_eq!(host.drain(), "2 to ana");
    assert_eq!(host.set.outdated(&host.roster, &mut host.waiting).unwrap(), [ChatId(1)]);

    let chat = host.waiting.remove(ChatId(1)).unwrap();
    let open = OpenChat { group: chat.group.as_deref().map(str::to_owned), ..OpenChat::default() };
    let message = Message { id: Some("m1".to_owned()), ..Message::default() };
    let incoming = Incoming { number: &chat.number, at: at(11), message: &message, chat: Some(&open) };
    let afresh = host.set.route_afresh(&incoming, &chat.customer, &chat.step, &mut host.roster, 0).unwrap();
    assert_eq!((user(&afresh), afresh.step.number, host.chats()), ("ana", 1, [2, 0, 0]));
}

#[test]
fn a_customer_who_no_longer_fits_is_told() {
    let mut host = Host::new("otherwise: assign group \"Sales\" by in_order among online");
    host.message(1, json!({}), None);
    let chat = host.waiting.get(ChatId(1)).unwrap().clone();
    let customer = serde_json::from_value(json!({"attributes": {"plan": "gold"}})).unwrap();
    let replaced = host.waiting.insert(WaitingChat { customer, ..chat.clone() });
    assert_eq!(replaced, Some(chat));
    host.comes("ana");
    assert_eq!(host.drain(), "");
    assert_eq!(host.set.outdated(&host.roster, &mut host.waiting).unwrap(), [ChatId(1)]);
}

#[test]
fn an_owner_or_a_skill_may_come_by_an_event() {
    let mut host = Host::new(
        "otherwise: assign owner among online else group \"Shop\" with skill \"fr\" by in_order among online",
    );
    host.message(1, json!({"returning": true, "owner": "cy"}), None);
    host.message(2, json!({}), None);
    host.comes("bo");
    assert_eq!(host.drain(), "");
    let add = |user: &str, skills: &[&str]| {
        let skills = skills.iter().map(|skill| (*skill).into()).collect();
        Event::Added { user: user.into(), name: None, capacity: None, skills, weight: None }
    };
    host.apply(add("cy", &[]));
    host.comes("cy");
    assert_eq!(host.drain(), "1 to cy");
    host.apply(Event::Removed { user: "bo".into() });
    host.apply(add("bo", &["fr"]));
    host.apply(Event::Members { group: "Shop".into(), members: vec!["bo".into()] });
    host.comes("bo");
    assert_eq!(host.drain(), "2 to bo");
}

#[test]
fn another_inbox_is_refused_and_a_renamed_group_is_followed() {
    let mut host = Host::new("otherwise: assign group \"Sales\" by hand");
    host.message(1, json!({}), None);
    let renamed = inbox_of(&INBOX.replace("Sales", "Shopping"));
    let rules = "otherwise: assign group \"Shopping\" by hand";
    host.set = RuleSet::parse("default.rules", rules, &renamed).unwrap();
    let refused = host.set.drain(&mut host.roster, &mut host.waiting, at(10), 0).unwrap_err();
    assert_eq!(refused, RouteError::OtherInbox);
    assert_eq!(host.set.outdated(&host.roster, &mut host.waiting), Err(RouteError::OtherInbox));

    let rebased = host.roster.rebase(host.set.inbox());
    host.waiting.rename_groups(&rebased.groups_renamed);
    assert_eq!(host.roster.waiting_in("Shopping"), Some(1));
    host.waiting.take(ChatId(1), "ana", at(10), &mut host.roster).unwrap();
    assert_eq!(host.roster.waiting_in("Shopping"), Some(0));
}
