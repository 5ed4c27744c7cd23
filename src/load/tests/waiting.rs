//! Chats that wait: their order, whom they go to, and how they are taken by hand.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value as Json, json};

use crate::engine::{Assignment, ChatId, Decision, RouteError, TakeError, Timer, WaitingChat, WaitingChats};
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
        self.waiting.update(ChatId(id), &decision, &customer, at(0));
        decision
    }

    /// The time of an earlier decision is over.
    fn timeout(&mut self, id: u64, earlier: &Decision) -> Decision {
        let (customer, mut last) = (Customer::default(), earlier.clone());
        let timer = earlier.timer().unwrap();
        self.set.reroute(&mut last, &timer, at(5), &customer, &mut self.roster, 0).unwrap();
        self.waiting.update(ChatId(id), &last, &customer, at(5));
        last
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
        chat.step.priority = priority;
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
    let take =
        |id: u64, user: &str, host: &mut Host| host.waiting.take(ChatId(id), user, at(7), &mut host.roster);
    let unknown = take(1, "cy", &mut host).unwrap_err();
    assert_eq!(unknown, TakeError::Event(EventError::UnknownUser("cy".into())));
    assert_eq!((host.waiting.len(), host.chats()), (2, [0, 0, 2]), "nothing changes");
    let mut copy = host.roster.clone();
    let taken = take(1, "bo", &mut host).unwrap();
    taken.events().into_iter().for_each(|event| copy.apply(event).unwrap());
    assert_eq!((copy.save(), user(&taken), taken.step.number), (host.roster.save(), "bo", 1));
    assert_eq!((host.waiting.len(), host.chats()), (1, [0, 1, 1]));
    assert_eq!(host.roster.now("bo").unwrap().last_message_at, Some(at(7)));
    let gone = take(1, "ana", &mut host).unwrap_err();
    assert_eq!((gone.to_string().as_str(), host.chats()), ("the chat 1 is not waiting", [0, 1, 1]));
}

#[test]
fn a_chat_whose_policy_has_changed_is_listed() {
    let mut host = Host::new("otherwise: assign group \"Sales\" by in_order among online, reply \"Hi\"");
    let first = host.message(1, json!({}), None);
    let edited = "otherwise: assign group \"Sales\" by in_order among online, reply \"Hello\"";
    host.set = RuleSet::parse("default.rules", edited, host.set.inbox()).unwrap();
    host.message(2, json!({}), None);
    host.comes("ana");
    assert_eq!(host.drain(), "2 to ana");
    assert_eq!(outdated(&mut host), [(1, true)]);

    let chat = host.waiting.remove(ChatId(1)).unwrap();
    let open = chat.open_chat();
    let message = Message { id: Some("m1".to_owned()), ..Message::default() };
    let incoming = Incoming { number: &chat.number, at: at(11), message: &message, chat: Some(&open) };
    let afresh = |last: &mut Decision, host: &mut Host| {
        host.set.route_afresh(last, &incoming, &chat.customer, &mut host.roster, 0)
    };
    let mut last = first.clone();
    afresh(&mut last, &mut host).unwrap();
    assert_eq!((user(&last), last.step.number, host.chats()), ("ana", 1, [2, 0, 0]));
    let twice = afresh(&mut first.clone(), &mut host).unwrap_err();
    assert_eq!(twice, RouteError::Event(EventError::EmptyQueue("Sales".into())));
    assert_eq!(host.chats(), [2, 0, 0], "the chat is not given twice");
}

/// The chats that are outdated, and whether their messages are to be decided afresh.
fn outdated(host: &mut Host) -> Vec<(u64, bool)> {
    let outdated = host.set.outdated(&host.roster, &mut host.waiting).unwrap();
    let chats = outdated.iter().map(|(id, why)| (id.0, matches!(why, RouteError::PolicyChanged { .. })));
    chats.collect()
}

#[test]
fn a_customer_who_no_longer_fits_is_listed_with_the_reason() {
    let mut host = Host::new("otherwise: assign group \"Sales\" by in_order among online");
    host.message(1, json!({}), None);
    let chat = host.waiting.get(ChatId(1)).unwrap().clone();
    let customer = serde_json::from_value(json!({"attributes": {"plan": "gold"}})).unwrap();
    let replaced = host.waiting.insert(WaitingChat { customer, ..chat.clone() });
    assert_eq!(replaced, Some(chat));
    host.comes("ana");
    assert_eq!(host.drain(), "");
    let why = |host: &mut Host| host.set.outdated(&host.roster, &mut host.waiting).unwrap()[0].1.to_string();
    assert_eq!(why(&mut host), "the inbox has no attribute called `plan`");
    // The policy has changed too, but the message would be refused.
    let edited = "otherwise: assign group \"Sales\" by in_order among online, reply \"Hi\"";
    host.set = RuleSet::parse("default.rules", edited, host.set.inbox()).unwrap();
    assert_eq!(outdated(&mut host), [(1, false)]);
    host.set = RuleSet::parse("+15550199.rules", edited, host.set.inbox()).unwrap();
    assert_eq!(
        why(&mut host),
        "`+15550100` has no policy: there is neither `+15550100.rules` nor `default.rules`"
    );
    // Without the attribute, it goes on.
    host.set = RuleSet::parse("default.rules", edited, host.set.inbox()).unwrap();
    let mut chat = host.waiting.get(ChatId(1)).unwrap().clone();
    chat.customer.attributes.clear();
    host.waiting.insert(chat);
    assert_eq!(outdated(&mut host), [(1, true)]);
}

/// An owner who was away when the chats were indexed, and is back, gets their chats; and the chats of others are not held up.
#[test]
fn a_user_who_is_removed_and_added_between_two_drains() {
    let rules = "when customer has tag \"o\": assign owner among online\n\
                 otherwise: assign group \"Shop\" except owner by in_order among online";
    let added =
        || Event::Added { user: "bo".into(), name: None, capacity: None, skills: vec![], weight: None };
    let shop = |members: &[&str]| Event::Members {
        group: "Shop".into(),
        members: members.iter().map(|member| (*member).into()).collect(),
    };
    let owned = |tag: &str| json!({"returning": true, "owner": "bo", "tags": [tag]});
    let mut host = Host::new(rules);
    host.apply(Event::Removed { user: "bo".into() });
    host.message(1, owned("o"), None);
    host.message(2, owned(""), None);
    host.message(3, json!({}), None);
    assert_eq!(host.drain(), "", "the chats are indexed without bo");
    for event in [added(), shop(&["bo"])] {
        host.apply(event);
    }
    host.comes("bo");
    assert_eq!(host.drain(), "1 to bo, 3 to bo");

    // A copy of the roster that has gone another way is not taken for it.
    let mut copy = host.roster.clone();
    let dan = |user: &str| Event::Added {
        user: user.into(),
        name: None,
        capacity: None,
        skills: vec![],
        weight: None,
    };
    host.apply(dan("dan"));
    host.message(4, json!({"returning": true, "owner": "eve", "tags": ["o"]}), None);
    assert_eq!(host.drain(), "");
    for event in [dan("eve"), Event::Queued { group: "Shop".into() }] {
        copy.apply(event).unwrap();
    }
    host.roster = copy;
    host.comes("eve");
    assert_eq!(host.drain(), "4 to eve");
}

/// Also where later decisions set none, or a lower one, and whichever way the chat goes on.
#[test]
fn a_chat_keeps_its_highest_priority() {
    let urgent = "when customer has tag \"u\": assign user \"ana\" for 5m else group \"Sales\" by in_order among online, priority urgent\n";
    let rules = format!(
        "move when message is \"out\": assign group \"Shop\" by in_order among online else group \"Shop\" by hand, priority low\n{urgent}\
         otherwise: assign group \"Sales\" by in_order among online"
    );
    let priority = |host: &Host| host.waiting.iter().next().unwrap().step.priority;
    let mut host = Host::new(&rules);
    let first = host.message(1, json!({"tags": ["u"]}), None);
    let mut last = host.timeout(1, &first);
    assert_eq!((last.priority, last.step.priority), (None, Some(Priority::Urgent)));
    assert_eq!(priority(&host), Some(Priority::Urgent));
    host.message(2, json!({}), None);

    // It is urgent after a move, which wants it to be low.
    let open = last.open_chat().unwrap();
    let message = Message { id: Some("m3".into()), text: Some("out".into()), ..Message::default() };
    let incoming = Incoming { number: "+15550100", at: at(6), message: &message, chat: Some(&open) };
    let customer = Customer::default();
    last = host.set.route(&incoming, &customer, &mut host.roster, &mut dice(0, Some("m3"))).unwrap();
    assert_eq!((last.priority, last.step.priority), (Some(Priority::Low), Some(Priority::Urgent)));
    host.waiting.update(ChatId(1), &last, &customer, at(6));
    assert_eq!(priority(&host), Some(Priority::Urgent));

    // And when it is decided afresh.
    let edited = format!("{rules}, reply \"Hi\"");
    host.set = RuleSet::parse("default.rules", &edited, host.set.inbox()).unwrap();
    let open = last.open_chat().unwrap();
    let incoming = Incoming { chat: Some(&open), ..incoming };
    host.set.route_afresh(&mut last, &incoming, &customer, &mut host.roster, 0).unwrap();
    host.waiting.update(ChatId(1), &last, &customer, at(7));
    assert_eq!(priority(&host), Some(Priority::Urgent));

    // And when it is taken.
    let taken = host.waiting.take(ChatId(1), "bo", at(8), &mut host.roster).unwrap();
    assert_eq!(taken.step.priority, Some(Priority::Urgent));
    assert_eq!(taken.open_chat().unwrap().priority, Some(Priority::Urgent));
}

#[test]
fn a_chat_that_goes_on_waiting_keeps_its_place() {
    let rules = "also when message is \"help\": priority high\n\
                 otherwise: assign group \"Sales\" by hand for 5m else group \"Sales\" by in_order among online";
    let mut host = Host::new(rules);
    let first = host.message(1, json!({}), None);
    let since = |host: &Host| host.waiting.get(ChatId(1)).unwrap().since;
    let mut last = host.timeout(1, &first);
    assert_eq!(since(&host), at(0), "it waits for others now, but it has waited all the time");

    // A comment is added to the rules.
    host.set = RuleSet::parse("default.rules", &format!("# hours\n{rules}"), host.set.inbox()).unwrap();
    assert_eq!(outdated(&mut host), [(1, true)]);
    let open = last.open_chat().unwrap();
    let message = Message { id: Some("m1".to_owned()), ..Message::default() };
    let incoming = Incoming { number: "+15550100", at: at(20), message: &message, chat: Some(&open) };
    let customer = Customer::default();
    host.set.route_afresh(&mut last, &incoming, &customer, &mut host.roster, 0).unwrap();
    host.waiting.update(ChatId(1), &last, &customer, at(20));
    assert_eq!((since(&host), outdated(&mut host)), (at(0), vec![]));

    // Its customer asks for help meanwhile, and has an owner now.
    let help = Message { id: Some("m2".into()), text: Some("help".into()), ..Message::default() };
    let open = last.open_chat().unwrap();
    let incoming = Incoming { number: "+15550100", at: at(21), message: &help, chat: Some(&open) };
    let customer = Customer { owner: Some("bo".into()), returning: true, ..Customer::default() };
    let kept = host.set.route(&incoming, &customer, &mut host.roster, &mut dice(0, Some("m2"))).unwrap();
    host.waiting.update(ChatId(1), &kept, &customer, at(21));
    let chat = host.waiting.get(ChatId(1)).unwrap();
    assert_eq!((chat.since, chat.step.priority), (at(0), Some(Priority::High)));
    assert_eq!((chat.customer.owner.as_deref(), chat.message.as_deref()), (Some("bo"), Some("m1")));

    // Somebody has it, and it waits again.
    host.comes("ana");
    let timer = last.timer().unwrap();
    host.set.reroute(&mut last, &timer, at(25), &customer, &mut host.roster, 0).unwrap();
    host.waiting.update(ChatId(1), &last, &customer, at(25));
    assert_eq!((user(&last), host.waiting.len()), ("ana", 0));
}

#[test]
fn a_timer_goes_on_with_the_assignment_once() {
    let target = "group \"Sales\" by in_order for 5m";
    let mut host = Host::new(&format!("otherwise: assign {target} else {target} else {target} else nobody"));
    let customer = Customer::default();
    let (one, two) = (host.message(1, json!({}), None), host.message(2, json!({}), None));
    assert_eq!((user(&one), user(&two), host.chats()), ("ana", "bo", [1, 1, 0]));
    let (mut last, timer) = (one.clone(), one.timer().unwrap());
    assert_eq!(timer.due, at(5));
    let mut fires = |last: &mut Decision, timer: &Timer| {
        let result = host.set.reroute(last, timer, at(5), &customer, &mut host.roster, 0);
        (result, host.chats())
    };
    assert_eq!(fires(&mut last, &timer), (Ok(()), [0, 2, 0]));
    let next = last.clone();
    assert_eq!(fires(&mut last, &timer), (Err(RouteError::StaleTimer), [0, 2, 0]));
    assert_eq!(last, next, "an error changes nothing");
    // Whoever kept the earlier decision is refused by the roster.
    let gone = RouteError::Event(EventError::NoOpenChat("ana".into()));
    assert_eq!(fires(&mut one.clone(), &timer), (Err(gone), [0, 2, 0]));
    // A timer of another message, and one that is read again.
    assert_eq!(fires(&mut last, &two.timer().unwrap()).0, Err(RouteError::StaleTimer));
    let stored = serde_json::to_string(&last.timer().unwrap()).unwrap();
    let mut answered = Decision { resume: None, ..last.clone() };
    assert_eq!(fires(&mut answered, &last.timer().unwrap()).0, Err(RouteError::StaleTimer));
    assert_eq!(fires(&mut last, &serde_json::from_str(&stored).unwrap()), (Ok(()), [0, 1, 0]));
    assert_eq!((user(&last), last.timer(), last.open_chat()), ("nobody", None, None));
}

#[test]
fn a_timer_of_a_chat_that_was_taken_or_drained_is_stale() {
    let rules = "otherwise: assign group \"Sales\" by hand for 5m else group \"Sales\" by in_order among online for 5m \
                 else group \"Sales\" by in_order among online";
    let mut host = Host::new(rules);
    let first = host.message(1, json!({}), None);
    let mut taken = host.waiting.take(ChatId(1), "bo", at(1), &mut host.roster).unwrap();
    let stale = Err(RouteError::StaleTimer);
    let timer = first.timer().unwrap();
    let customer = Customer::default();
    assert_eq!(host.set.reroute(&mut taken, &timer, at(5), &customer, &mut host.roster, 0), stale);
    assert_eq!((user(&taken), host.chats()), ("bo", [0, 1, 0]));

    let first = host.message(2, json!({}), None);
    let second = host.timeout(2, &first);
    host.comes("ana");
    let (_, mut given) = host.set.drain(&mut host.roster, &mut host.waiting, at(6), 0).unwrap().remove(0);
    assert!(given.timer().is_some() && given.timer() != second.timer());
    assert_eq!(host.set.reroute(&mut given, &timer, at(7), &customer, &mut host.roster, 0), stale);
}

#[test]
fn a_chat_is_passed_on_and_closed_by_hand() {
    let mut host =
        Host::new("otherwise: assign group \"Sales\" by in_order for 5m else user \"ana\", priority high");
    let mut last = host.message(1, json!({}), None);
    let timer = last.timer().unwrap();
    let before = (last.clone(), host.roster.save());
    let unknown = last.transfer("zoe", at(1), &mut host.roster).unwrap_err();
    assert_eq!(unknown.to_string(), "the inbox has no user called `zoe`");
    assert_eq!((&last, host.roster.save()), (&before.0, before.1));

    let mut copy = host.roster.clone();
    last.transfer("bo", at(1), &mut host.roster).unwrap();
    assert_eq!((user(&last), host.chats()), ("bo", [0, 1, 0]));
    assert_eq!((last.step.number, last.step.priority), (1, Some(Priority::High)));
    last.events().into_iter().for_each(|event| copy.apply(event).unwrap());
    assert_eq!(copy.save(), host.roster.save());
    let customer = Customer::default();
    let stale = host.set.reroute(&mut last, &timer, at(5), &customer, &mut host.roster, 0);
    assert_eq!(stale, Err(RouteError::StaleTimer));

    // To the same user: nothing changes but the moment.
    last.transfer("bo", at(2), &mut host.roster).unwrap();
    assert_eq!((host.chats(), last.step.number), ([0, 1, 0], 2));
    let mut gone = last.clone();
    last.close(at(3), &mut host.roster).unwrap();
    assert_eq!((host.chats(), last.open_chat()), ([0, 0, 0], None));
    assert_eq!(last.close(at(3), &mut host.roster), Err(RouteError::NoChat));
    assert_eq!(last.transfer("bo", at(3), &mut host.roster), Err(RouteError::NoChat));
    let error = RouteError::Event(EventError::NoOpenChat("bo".into()));
    assert_eq!(gone.close(at(3), &mut host.roster), Err(error.clone()));
    assert_eq!(gone.transfer("ana", at(3), &mut host.roster), Err(error));
    assert_eq!(host.chats(), [0, 0, 0]);
}

#[test]
fn a_chat_stays_where_it_is_if_nobody_can_take_it() {
    let check = |target: &str| {
        let mut host = Host::new(&format!("otherwise: assign user \"ana\" for 5m else {target}"));
        let mut last = host.message(1, json!({}), None);
        let (timer, customer) = (last.timer().unwrap(), Customer::default());
        let before = (last.clone(), host.roster.save());
        let again = |host: &mut Host, last: &mut Decision| {
            host.set.reroute_to_user(last, &timer, at(5), &customer, &mut host.roster, 0)
        };
        assert_eq!(again(&mut host, &mut last), Ok(false), "{target}");
        assert_eq!((last.clone(), host.roster.save()), before, "nothing changes");
        host.comes("bo");
        let is_given = again(&mut host, &mut last).unwrap();
        (is_given, user(&last).to_owned(), host.chats())
    };
    assert_eq!(check("group \"Sales\" by in_order among online"), (true, "bo".to_owned(), [0, 1, 0]));
    assert_eq!(check("group \"Sales\" by hand"), (false, "ana".to_owned(), [1, 0, 0]));
    assert_eq!(check("nobody"), (false, "ana".to_owned(), [1, 0, 0]));
}

#[test]
fn chats_are_read_as_they_were_written_or_refused() {
    let mut host = Host::new("otherwise: assign group \"Sales\" by hand, priority high");
    (1..=2).for_each(|id| drop(host.message(id, json!({"tags": ["t"]}), None)));
    let json = serde_json::to_string(&host.waiting).unwrap();
    let read = |json: &str| serde_json::from_str::<WaitingChats>(json);
    assert!(read(&json).unwrap().iter().eq(host.waiting.iter()));
    let refused = |from: &str, to: &str| {
        assert!(json.contains(from), "{json}");
        read(&json.replacen(from, to, 1)).unwrap_err().to_string()
    };
    insta::assert_snapshot!(refused("\"version\":1", "\"version\":2"), @"the waiting chats have version 2, but this version of the library reads version 1 at line 1 column 12");
    insta::assert_snapshot!(refused("\"id\":2", "\"id\":1"), @"the chat 1 is there twice");
    insta::assert_snapshot!(refused("\"since\"", "\"sinc\""), @"unknown field `sinc`, expected one of `id`, `number`, `message`, `customer`, `rule`, `policy`, `group`, `last_alternative`, `step`, `since` at line 1 column 330");
    insta::assert_snapshot!(refused("\"priority\"", "\"prority\""), @"unknown field `prority`, expected one of `number`, `from_alternative`, `had`, `moved`, `priority` at line 1 column 314");
    insta::assert_snapshot!(refused("\"tags\"", "\"tag\""), @"unknown field `tag`, expected one of `id`, `phone`, `name`, `returning`, `owner`, `tags`, `country`, `language`, `attributes`, `last_message_at` at line 1 column 83");
    insta::assert_snapshot!(refused("\"chats\"", "\"chat\""), @"unknown field `chat`, expected `version` or `chats` at line 1 column 19");
    insta::assert_snapshot!(refused("\"high\"", "\"hig\""), @"unknown variant `hig`, expected one of `low`, `normal`, `high`, `urgent` at line 1 column 322");

    // One that is made from stored fields, some of which do not fit the rules.
    let stored = |alternative: usize| {
        let chat = host.waiting.get(ChatId(1)).unwrap();
        let fields = json!({
            "id": 7, "number": "+15550100", "message": "m1", "customer": {}, "rule": chat.rule, "policy": chat.policy,
            "group": "Sales", "last_alternative": alternative, "since": "2026-11-24T18:30:00Z"
        });
        serde_json::from_value::<WaitingChat>(fields).unwrap()
    };
    let mut waiting: WaitingChats = [stored(0)].into_iter().collect();
    assert_eq!(host.set.outdated(&host.roster, &mut waiting).unwrap(), []);
    waiting.insert(stored(1));
    assert_eq!(
        host.set.outdated(&host.roster, &mut waiting).unwrap().len(),
        1,
        "the rule has one alternative"
    );
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
