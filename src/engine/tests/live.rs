//! Messages decided with a roster, against those decided from a situation that says the same.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use proptest::prelude::{prop_assert, prop_assert_eq, proptest};
use proptest::test_runner::Config;
use serde_json::{Value as Json, json};

use crate::engine::{
    Assignment, CompiledPolicy, ContinueContext, Decision, IfNobody, Resume, RouteError, RuleRef, Step,
    decide, decide_afresh, decide_live, resume_live,
};
use crate::inbox::{GroupId, Inbox, UserId};
use crate::policy::{AttributeValue, Policy};
use crate::roster::{Event, Roster, dice, dice_of_step};
use crate::situation::{Customer, Incoming, Message, OpenChat, ResumeRequest, RosterSnapshot, Situation};
use crate::testing::{RandomPolicy, config, inbox, policies_with_moves, policy, situation};
use crate::text::Source;

/// The situation's message, and a roster that is as it says.
pub(super) fn live<'a>(policy: &Policy, inbox: &Inbox, situation: &'a Situation) -> (Incoming<'a>, Roster) {
    let (case, now) = situation.validate(inbox, &policy.timezone).unwrap();
    let incoming = Incoming {
        number: situation.number.as_deref().unwrap_or_default(),
        at: case.at,
        message: &situation.message,
        chat: situation.chat.as_ref(),
    };
    (incoming, Roster::of(inbox, &now))
}

/// Some of the situations that the policy can tell apart.
pub(super) fn cases(sample: &RandomPolicy, text: &str) -> impl Iterator<Item = (u64, Json)> {
    let cases = sample.cases(1, text);
    let step = cases.len().div_ceil(64);
    (0..).zip(cases.into_iter().step_by(step))
}

/// Goes on with the assignment of an earlier decision, as its rule says.
pub(super) fn resumed(
    policy: &CompiledPolicy,
    inbox: &Inbox,
    earlier: &Decision,
    at: Timestamp,
    customer: &Customer,
    roster: &mut Roster,
    seed: u64,
) -> Result<Decision, RouteError> {
    let cx = ContinueContext { policy, inbox, at, seed };
    resume_live(&cx, earlier, customer, IfNobody::Wait, roster).map(Option::unwrap)
}

/// The policy of that text.
pub(super) fn compiled(inbox: &Inbox, text: &str) -> CompiledPolicy {
    CompiledPolicy::from(Arc::new(policy(inbox, text)))
}

proptest! {
    #![proptest_config(Config { cases: config().cases.div_ceil(10), ..config() })]

    #[test]
    fn a_message_is_decided_as_from_a_situation(sample in policies_with_moves()) {
        let (inbox, text) = (inbox(), sample.text());
        let policy = compiled(&inbox, &text);
        for (seed, case) in cases(&sample, &text) {
            let situation = situation(&case);
            let (incoming, mut roster) = live(&policy, &inbox, &situation);
            let dice = || dice(seed, None);
            let decision =
                decide_live(&policy, &inbox, incoming, &situation.customer, &mut roster, &mut dice()).unwrap();
            let plain = decide(&policy, &inbox, &situation, &mut dice()).unwrap();
            prop_assert_eq!(without_roster(&decision), plain.clone(), "{}\n{}", text, case);
            let (_, before) = live(&policy, &inbox, &situation);
            prop_assert_eq!(after(before, &decision), roster.snapshot(), "{}\n{}", text, case);
            let changes = changes(&inbox, &policy, &situation, &roster);
            prop_assert_eq!(changes, expected(&inbox, &policy, &situation, &plain), "{}\n{}", text, case);
        }
    }

    #[test]
    fn an_assignment_is_resumed_as_from_a_situation(sample in policies_with_moves()) {
        let (inbox, text) = (inbox(), sample.text());
        let policy = compiled(&inbox, &text);
        for (seed, case) in cases(&sample, &text) {
            let situation = situation(&case);
            // One rule and alternative for each, in turn.
            let (rules, turn) = (policy.rules.len(), usize::try_from(seed).unwrap());
            let (rule, from) = (RuleRef::of(&policy, &policy.rules[turn % rules]), turn / rules % 3);
            let (incoming, mut roster) = live(&policy, &inbox, &situation);
            let (assign, chat, mut expected) = holder(&inbox, &roster.snapshot());
            let had = ["alice", "zoe"].map(str::to_owned)[..turn % 3].to_vec();
            let had_ids = had.iter().map(|id| Arc::from(&**id)).collect();
            let dice = || dice(seed, None);
            let earlier = Decision {
                rule: Some(rule.clone()),
                assign: Some(assign),
                resume: Some(Resume { after_seconds: 60, alternative: from, had: had_ids }),
                ..decide(&policy, &inbox, &situation, &mut dice()).unwrap()
            };
            let customer = &situation.customer;
            let before = roster.save();
            let decision = resumed(&policy, &inbox, &earlier, incoming.at, customer, &mut roster, seed);
            let resume = Some(ResumeRequest { rule: rule.clone(), alternative: from, had });
            let resumed = Situation { resume, chat: Some(chat), ..situation.clone() };
            let mut dice = dice_of_step(seed, situation.message.id.as_deref(), 1);
            let plain = decide(&policy, &inbox, &resumed, &mut dice).ok();
            let is_counted = !expected.is_empty();
            if !is_counted {
                let error = decision.as_ref().unwrap_err().to_string();
                let refusal = if plain.is_some() { "has no open chat" } else { "is to be decided afresh" };
                prop_assert!(error.ends_with(refusal), "{}", error);
                prop_assert_eq!(roster.save(), before);
                continue;
            }
            prop_assert_eq!(decision.as_ref().ok().map(without_roster), plain.clone(), "{}\n{}", text, case);
            if let Ok(decision) = &decision {
                let (_, before) = live(&policy, &inbox, &situation);
                prop_assert_eq!(after(before, decision), roster.snapshot(), "{}\n{}", text, case);
                prop_assert_eq!((decision.step.number, decision.step.from_alternative), (1, from));
            }
            match plain {
                Some(plain) => for (what, change) in given(plain.assign.as_ref()) {
                    *expected.entry(what).or_default() += change;
                },
                None => expected.clear(),
            }
            expected.retain(|_, change| *change != 0);
            let changes = changes(&inbox, &policy, &situation, &roster);
            prop_assert_eq!(changes, expected, "{}\n{}", text, case);
        }
    }
}

/// What a situation decides as well: all but the step, and what changed in the roster.
pub(super) fn without_roster(decision: &Decision) -> Decision {
    Decision { step: Step::default(), routed: None, ..decision.clone() }
}

/// What becomes of a roster by the events of a decision, each of which fits it.
fn after(mut roster: Roster, decision: &Decision) -> RosterSnapshot {
    decision.events().into_iter().for_each(|event| roster.apply(event).unwrap());
    roster.snapshot()
}

/// How counts in the roster change: chats of users, chats that are waiting, turns.
type Changes = BTreeMap<String, i64>;

fn changes(inbox: &Inbox, policy: &Policy, situation: &Situation, roster: &Roster) -> Changes {
    let (case, before) = situation.validate(inbox, &policy.timezone).unwrap();
    let after = roster.snapshot();
    let mut changes = Changes::new();
    for (place, user) in (0..).zip(&inbox.users) {
        let (old, new) = (before.user(UserId(place)), after.user(UserId(place)));
        changes.insert(user.id.to_string(), i64::from(new.chats) - i64::from(old.chats));
        if new.chats > old.chats {
            assert_eq!(new.last_message_at, Some(case.at));
        }
    }
    for group in &inbox.groups {
        let id = inbox.group_id(&group.name).unwrap();
        let more = i64::from(after.waiting(id)) - i64::from(before.waiting(id));
        changes.insert(format!("queue of {}", group.name), more);
        if let Some(turn) = after.last_turn(id).filter(|_| before.last_turn(id) != after.last_turn(id)) {
            changes.insert(format!("turn of {} in {}", inbox.user(turn).id, group.name), 1);
        }
    }
    changes.retain(|_, change| *change != 0);
    changes
}

/// What a decision changes: a chat that moves leaves its user or its queue.
fn expected(inbox: &Inbox, policy: &Policy, situation: &Situation, decision: &Decision) -> Changes {
    let mut changes = given(decision.assign.as_ref());
    if let (Some(_), Some(chat)) = (&decision.moved, &situation.chat) {
        let (_, now) = situation.validate(inbox, &policy.timezone).unwrap();
        let user = chat.user.as_deref().and_then(|user| inbox.user_id(user));
        let queue = chat.group.as_deref().filter(|_| chat.user.is_none());
        let queue = queue.and_then(|queue| inbox.group_id(queue));
        if let Some(user) = user.filter(|user| now.user(*user).chats > 0) {
            *changes.entry(inbox.user(user).id.to_string()).or_default() -= 1;
        } else if let Some(queue) = queue.filter(|queue| now.waiting(*queue) > 0) {
            *changes.entry(format!("queue of {}", inbox.group(queue).name)).or_default() -= 1;
        }
    }
    changes.retain(|_, change| *change != 0);
    changes
}

/// What an assignment adds to the roster.
fn given(assign: Option<&Assignment>) -> Changes {
    match assign {
        Some(Assignment::User { user, group, by, .. }) => {
            let group = group.as_ref().filter(|_| by.is_some_and(|by| by.word() == "in_order"));
            let turn = group.map(|group| (format!("turn of {user} in {group}"), 1));
            [(user.to_string(), 1)].into_iter().chain(turn).collect()
        }
        Some(Assignment::Queue { group: Some(group), .. }) => [(format!("queue of {group}"), 1)].into(),
        _ => Changes::new(),
    }
}

/// An earlier assignment that fits the roster, the chat that it opened, and what taking the chat away changes: from a user
/// with an open chat, else from a queue in which one is waiting, else from a user who has none any more.
fn holder(inbox: &Inbox, now: &RosterSnapshot) -> (Assignment, OpenChat, Changes) {
    let user = |id: &str| Assignment::User { user: id.into(), group: None, by: None, alternative: 0 };
    let with = |id: &str| OpenChat { user: Some(id.to_owned()), ..OpenChat::default() };
    let busy = (0..).zip(&inbox.users).find(|(place, _)| now.user(UserId(*place)).chats > 0);
    if let Some((_, busy)) = busy {
        return (user(&busy.id), with(&busy.id), [(busy.id.to_string(), -1)].into());
    }
    let waiting = |name: &str| now.waiting(inbox.group_id(name).unwrap()) > 0;
    match inbox.groups.iter().find(|group| waiting(&group.name)) {
        Some(group) => {
            let queue = format!("queue of {}", group.name);
            let chat = OpenChat { group: Some(group.name.to_string()), ..OpenChat::default() };
            let group = Some((&*group.name).into());
            let reason = String::new();
            let assignment = Assignment::Queue { user: (), group, by: None, alternative: 0, reason };
            (assignment, chat, [(queue, -1)].into())
        }
        None => (user("alice"), with("alice"), Changes::new()),
    }
}

const RULES: &str = "\
when returning_customer: assign owner else group \"Sales\" by in_order, reply \"{owner.name or nobody} {user.name}\"
otherwise: assign group \"Sales\" by in_order, reply \"{user.name}\"
";

/// An inbox with a group "Sales" of `members`, and rules that give it chats in turn.
pub(super) fn store(members: &[&str]) -> (Inbox, CompiledPolicy) {
    let users = members.iter().fold(String::new(), |users, id| users + &format!("[users.{id}]\n"));
    let toml = format!("{users}[groups]\nSales = {members:?}\n");
    let inbox = Inbox::parse(&Source::new("inbox.toml", toml)).0;
    let policy = compiled(&inbox, RULES);
    (inbox, policy)
}

fn sent(
    policy: &CompiledPolicy,
    inbox: &Inbox,
    roster: &mut Roster,
    customer: &Json,
    chat: &Json,
) -> Decision {
    let customer: Customer = serde_json::from_value(customer.clone()).unwrap();
    let chat = serde_json::from_value(chat.clone()).unwrap();
    let message = Message { text: Some("hello".to_owned()), ..Message::default() };
    let at = "2026-01-05T10:00:00Z".parse().unwrap();
    let incoming = Incoming { number: "+15550100", at, message: &message, chat: Option::as_ref(&chat) };
    decide_live(policy, inbox, incoming, &customer, roster, &mut dice(0, None)).unwrap()
}

fn reply(decision: &Decision) -> &str {
    &decision.replies[0].text
}

#[test]
fn each_message_finds_the_roster_as_the_one_before_left_it() {
    let (inbox, policy) = store(&["ana", "bo"]);
    let mut roster = Roster::new(&inbox);
    let new = json!({});
    let turns = [(); 5].map(|()| reply(&sent(&policy, &inbox, &mut roster, &new, &Json::Null)).to_owned());
    assert_eq!(turns, ["ana", "bo", "ana", "bo", "ana"]);
    let kept = sent(&policy, &inbox, &mut roster, &new, &json!({"user": "ana", "group": "Sales"}));
    assert!(matches!(kept.assign, Some(Assignment::Kept { .. })));
    assert_eq!(reply(&sent(&policy, &inbox, &mut roster, &new, &Json::Null)), "bo");
    let chats = ["ana", "bo"].map(|id| roster.now(id).unwrap().chats);
    assert_eq!(chats, [3, 3], "an open chat is no chat more");
}

#[test]
fn a_chat_that_is_not_answered_goes_to_the_next_alternative() {
    let (inbox, _) = store(&["ana", "bo"]);
    let rules = "otherwise: assign group \"Sales\" by hand for 5m else group \"Sales\" by least_chats for 5m \
                 else group \"Sales\" by least_chats for 5m else nobody, reply \"Hi\"";
    let policy = compiled(&inbox, rules);
    let mut roster = Roster::new(&inbox);
    let counts = |roster: &Roster| {
        (["ana", "bo"].map(|user| roster.now(user).unwrap().chats), roster.waiting_in("Sales").unwrap())
    };
    let at = "2026-01-05T10:05:00Z".parse().unwrap();
    let next = |earlier: &Decision, roster: &mut Roster| {
        resumed(&policy, &inbox, earlier, at, &Customer::default(), roster, 0)
    };
    let first = sent(&policy, &inbox, &mut roster, &json!({}), &Json::Null);
    assert_eq!(counts(&roster), ([0, 0], 1));
    let second = next(&first, &mut roster).unwrap();
    assert_eq!((counts(&roster), &second.replies), (([1, 0], 0), &vec![]));
    assert_eq!((&second.number, &second.message), (&first.number, &first.message));
    let third = next(&second, &mut roster).unwrap();
    assert_eq!(counts(&roster), ([0, 1], 0), "not to the user who did not answer");
    let fourth = next(&third, &mut roster).unwrap();
    assert_eq!((&fourth.assign, &fourth.resume), (&Some(Assignment::Nobody), &None));
    assert_eq!(counts(&roster), ([0, 0], 0));
    assert!(next(&fourth, &mut roster).is_err(), "there is nothing to resume");
}

#[test]
fn a_chat_that_nobody_else_can_take_waits() {
    let (inbox, _) = store(&["ana"]);
    let rules = "otherwise: assign user \"ana\" for 5m else group \"Sales\" by in_order";
    let policy = compiled(&inbox, rules);
    let mut roster = Roster::new(&inbox);
    let at = "2026-01-05T10:05:00Z".parse().unwrap();
    let first = sent(&policy, &inbox, &mut roster, &json!({}), &Json::Null);
    let mut next = |earlier: &Decision, customer: &Customer| {
        let decision = resumed(&policy, &inbox, earlier, at, customer, &mut roster, 0);
        (decision, roster.now("ana").unwrap().chats)
    };
    let unknown = [("plan".to_owned(), AttributeValue::Flag(true))].into();
    let wrong = Customer { attributes: unknown, ..Customer::default() };
    assert!(matches!(next(&first, &wrong), (Err(_), 1)), "an error changes nothing");
    let gone = Decision {
        resume: Some(Resume { after_seconds: 1, alternative: 2, had: Vec::new() }),
        ..first.clone()
    };
    assert!(
        matches!(next(&gone, &Customer::default()), (Err(RouteError::PolicyChanged { .. }), 1)),
        "nor does a missing alternative"
    );
    let (decision, chats) = next(&first, &Customer::default());
    let Some(Assignment::Queue { group, reason, .. }) = decision.unwrap().assign else { panic!() };
    assert_eq!((group.as_deref(), &*reason), (Some("Sales"), "there is no other member of Sales"));
    assert_eq!((chats, roster.snapshot().waiting(GroupId(0))), (0, 1), "and its user has it no longer");
}

#[test]
fn an_assignment_goes_on_only_under_the_same_texts() {
    let (inbox, _) = store(&["ana", "bo"]);
    let rules = "rule \"vip\" when new_customer: assign user \"ana\" for 5m else user \"bo\"\n\
                 otherwise: assign user \"ana\" for 5m else user \"bo\"";
    let policy = compiled(&inbox, rules);
    let edited = compiled(&inbox, &format!("also when has_owner: tag \"owned\"\n{rules}"));
    let renamed =
        CompiledPolicy::from(Arc::new(Policy { file: "default.rules".into(), ..Policy::clone(&policy) }));
    let at = "2026-01-05T10:05:00Z".parse().unwrap();
    for customer in [json!({}), json!({"returning": true})] {
        let mut roster = Roster::new(&inbox);
        let first = sent(&policy, &inbox, &mut roster, &customer, &Json::Null);
        let customer: Customer = serde_json::from_value(customer).unwrap();
        let before = roster.snapshot();
        let refused = resumed(&edited, &inbox, &first, at, &customer, &mut roster, 0).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "the policy of `+15550100` has changed since the assignment began, so the message is to be decided afresh"
        );
        assert_eq!(roster.snapshot(), before);
        let next = resumed(&renamed, &inbox, &first, at, &customer, &mut roster, 0).unwrap();
        assert!(matches!(next.assign, Some(Assignment::User { user, .. }) if *user == *"bo"));
    }
    // A situation says what to resume by the name of the rule, wherever that is now.
    let resume = json!({"rule": {"name": "vip", "file": "a.rules", "line": 1}, "alternative": 1});
    let situation = situation(&json!({"resume": resume}));
    assert_eq!(decide(&edited, &inbox, &situation, &mut dice(0, None)).unwrap().rule.unwrap().line, 2);
}

#[test]
fn each_step_draws_afresh() {
    let (inbox, _) = store(&["ana", "bo", "cy"]);
    let by_random = "group \"Sales\" by random for 5m";
    let policy = compiled(&inbox, &format!("otherwise: assign {by_random} else {by_random} else nobody"));
    let at = "2026-01-05T10:05:00Z".parse().unwrap();
    let mut pairs = BTreeMap::<_, u32>::new();
    for id in 0..6_000 {
        let (mut roster, customer) = (Roster::new(&inbox), Customer::default());
        let message = Message { id: Some(format!("m{id}")), ..Message::default() };
        let incoming = Incoming { number: "+15550100", at, message: &message, chat: None };
        let mut dice = dice(0, message.id.as_deref());
        let first = decide_live(&policy, &inbox, incoming, &customer, &mut roster, &mut dice).unwrap();
        let second = resumed(&policy, &inbox, &first, at, &customer, &mut roster, 0).unwrap();
        let user = |decision: Decision| match decision.assign {
            Some(Assignment::User { user, .. }) => user,
            other => panic!("{other:?}"),
        };
        *pairs.entry((user(first), user(second))).or_default() += 1;
    }
    assert_eq!(pairs.len(), 6, "each pair of different users");
    // Six standard deviations around the mean of 1,000.
    assert!(pairs.values().all(|count| (827..1173).contains(count)), "{pairs:?}");
}

#[test]
fn a_message_that_is_decided_afresh_leaves_where_it_was() {
    let (inbox, _) = store(&["ana", "bo"]);
    let rules = "move rule \"m\" when chat has tag \"t\": assign user \"bo\" for 5m else user \"ana\"\n\
                 when new_customer: assign user \"ana\" for 5m else group \"Sales\" by hand\n\
                 when customer has tag \"gone\": assign nobody";
    let policy = compiled(&inbox, rules);
    let at = "2026-01-05T10:05:00Z".parse().unwrap();
    let check = |customer: Json, moved: bool, expected: Json, counts: [u32; 3]| {
        let mut roster = Roster::new(&inbox);
        let given = Event::Assigned { user: "ana".into(), at, turn: None };
        roster.apply(given).unwrap();
        let mut copy = roster.clone();
        let chat = json!({"user": "ana", "group": "Sales", "tags": ["t"]});
        let chat: OpenChat = serde_json::from_value(chat).unwrap();
        let message = Message { id: Some("A1".to_owned()), ..Message::default() };
        let incoming = Incoming { number: "+15550100", at, message: &message, chat: Some(&chat) };
        let customer = serde_json::from_value(customer).unwrap();
        let last = Step { number: 2, moved, ..Step::default() };
        let decision = decide_afresh(&policy, &inbox, incoming, &customer, &last, &mut roster, 0).unwrap();
        assert_eq!(serde_json::to_value(&decision).unwrap()["assign"]["to"], expected);
        assert_eq!((decision.step.number, decision.step.moved), (3, moved));
        decision.events().into_iter().for_each(|event| copy.apply(event).unwrap());
        assert_eq!(copy.snapshot(), roster.snapshot());
        let chats = |id: &str| roster.now(id).unwrap().chats;
        assert_eq!([chats("ana"), chats("bo"), roster.waiting_in("Sales").unwrap()], counts);
    };
    check(json!({}), false, json!("user"), [1, 0, 0]);
    check(json!({"returning": true, "tags": ["gone"]}), false, json!("nobody"), [0, 0, 0]);
    check(json!({"returning": true}), false, Json::Null, [0, 0, 0]);
    check(json!({}), true, json!("user"), [0, 1, 0]);
}

#[test]
fn users_who_came_and_went_by_events() {
    let (inbox, policy) = store(&["ana", "bo"]);
    let mut roster = Roster::new(&inbox);
    let (user, name) = ("cy".into(), Some("Cy".into()));
    roster.apply(Event::Added { user, name, capacity: None, skills: Vec::new(), weight: None }).unwrap();
    roster.apply(Event::Members { group: "Sales".into(), members: vec!["cy".into()] }).unwrap();
    let owned = |owner: &str| json!({"returning": true, "owner": owner});
    assert_eq!(reply(&sent(&policy, &inbox, &mut roster, &json!({}), &Json::Null)), "Cy");
    assert_eq!(reply(&sent(&policy, &inbox, &mut roster, &owned("cy"), &Json::Null)), "Cy Cy");
    assert_eq!(reply(&sent(&policy, &inbox, &mut roster, &owned("bo"), &Json::Null)), "bo bo");
    roster.apply(Event::Removed { user: "bo".into() }).unwrap();
    assert_eq!(reply(&sent(&policy, &inbox, &mut roster, &owned("bo"), &Json::Null)), "nobody Cy");
}
