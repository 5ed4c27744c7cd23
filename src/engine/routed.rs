//! Messages decided with a roster, against those decided from a situation that says the same.

use std::sync::Arc;

use proptest::prelude::{prop_assert_eq, proptest};
use proptest::test_runner::Config;
use serde_json::{Value as Json, json};

use super::{Assignment, CompiledPolicy, Decision, RuleRef, decide, decide_live, resume, resume_live};
use crate::inbox::{Inbox, UserId};
use crate::policy::Policy;
use crate::roster::{Event, Roster, RosterSnapshot, dice};
use crate::situation::{Customer, Incoming, Message, Situation, validate};
use crate::testing::{config, inbox, policies, policy, situation};
use crate::text::Source;

/// The situation's message, and a roster that is as it says.
fn live<'a>(ready: &CompiledPolicy, inbox: &Inbox, situation: &'a Situation) -> (Incoming<'a>, Roster) {
    let case = validate(situation, inbox, &ready.timezone).unwrap();
    let incoming = Incoming {
        number: situation.number.as_deref().unwrap_or_default(),
        at: case.at,
        message: &situation.message,
        chat: situation.chat.as_ref(),
    };
    (incoming, Roster::of(inbox, &RosterSnapshot::of(inbox, &case)))
}

/// The policy of that text.
fn ready(inbox: &Inbox, text: &str) -> CompiledPolicy {
    CompiledPolicy::from(Arc::new(policy(inbox, text)))
}

/// What a roster decides of the situation, and is afterwards.
fn routed(ready: &CompiledPolicy, inbox: &Inbox, situation: &Situation, seed: u64) -> (Decision, Roster) {
    let (incoming, mut roster) = live(ready, inbox, situation);
    let decision =
        decide_live(ready, inbox, incoming, &situation.customer, &mut roster, &mut dice(seed, None));
    (decision.unwrap(), roster)
}

proptest! {
    #![proptest_config(Config { cases: config().cases.div_ceil(10), ..config() })]

    #[test]
    fn the_same_as_from_a_situation(sample in policies()) {
        let (inbox, text) = (inbox(), sample.text());
        let ready = ready(&inbox, &text);
        for (seed, case) in (0..).zip(sample.cases(1, &text)) {
            let situation = situation(&case);
            let (decision, roster) = routed(&ready, &inbox, &situation, seed);
            let plain = decide(&ready, &inbox, &situation, &mut dice(seed, None)).unwrap();
            prop_assert_eq!(&decision, &plain, "{}\n{}", text, case);
            prop_assert_eq!(changes(&inbox, &ready, &situation, &roster), expected(&plain), "{}\n{}", text, case);
        }
    }

    #[test]
    fn gone_on_with_as_from_a_situation(sample in policies()) {
        let (inbox, text) = (inbox(), sample.text());
        let ready = ready(&inbox, &text);
        for (seed, case) in (0..).zip(sample.cases(1, &text)) {
            let situation = situation(&case);
            // One rule and alternative for each, in turn.
            let (rules, turn) = (ready.rules.len(), usize::try_from(seed).unwrap());
            let (rule, from) = (&ready.rules[turn % rules], turn / rules % 3);
            let (rule, customer) = (RuleRef::of(&ready, rule), &situation.customer);
            let (incoming, mut roster) = live(&ready, &inbox, &situation);
            let dice = || dice(seed, None);
            let decision = resume_live(&ready, &inbox, &rule, from, incoming, customer, &mut roster, &mut dice());
            let plain = resume(&ready, &inbox, &rule, from, &situation, &mut dice()).unwrap();
            prop_assert_eq!(&decision.unwrap(), &plain, "{}\n{}\n{} from {}", text, case, rule, from);
            let expected = plain.iter().flat_map(expected).collect::<Vec<_>>();
            prop_assert_eq!(changes(&inbox, &ready, &situation, &roster), expected, "{}\n{}", text, case);
        }
    }
}

/// How the roster differs from what the situation says: chats of users, chats that wait, turns.
fn changes(inbox: &Inbox, policy: &Policy, situation: &Situation, roster: &Roster) -> Vec<String> {
    let case = validate(situation, inbox, &policy.timezone).unwrap();
    let (before, after) = (RosterSnapshot::of(inbox, &case), roster.snapshot());
    let mut changes = Vec::new();
    for (place, user) in (0..).zip(&inbox.users) {
        let (old, new) = (before.user(UserId(place)), after.user(UserId(place)));
        if old.chats != new.chats {
            assert_eq!((new.chats, new.last_message_at), (old.chats + 1, Some(case.at)));
            changes.push(format!("{} has one more", user.id));
        }
    }
    for group in &inbox.groups {
        let id = inbox.group_id(&group.name).unwrap();
        if before.waiting(id) != after.waiting(id) {
            changes.push(format!("one more waits in {}", group.name));
        }
        if let Some(turn) = after.last_turn(id).filter(|_| before.last_turn(id) != after.last_turn(id)) {
            changes.push(format!("{} had the turn of {}", inbox.user(turn).id, group.name));
        }
    }
    changes
}

fn expected(decision: &Decision) -> Vec<String> {
    match &decision.assign {
        Some(Assignment::User { user, group, by, .. }) => {
            let group = group.as_ref().filter(|_| by.is_some_and(|by| by.word() == "in_order"));
            let turn = group.map(|group| format!("{user} had the turn of {group}"));
            [format!("{user} has one more")].into_iter().chain(turn).collect()
        }
        Some(Assignment::Queue { group: Some(group), .. }) => vec![format!("one more waits in {group}")],
        _ => Vec::new(),
    }
}

const RULES: &str = "\
when returning_customer: assign owner else group \"Sales\" by in_order, reply \"{owner.name or nobody} {user.name}\"
otherwise: assign group \"Sales\" by in_order, reply \"{user.name}\"
";

/// An inbox with a group "Sales" of `members`, and rules that give it chats in turn.
fn store(members: &[&str]) -> (Inbox, CompiledPolicy) {
    let users = members.iter().fold(String::new(), |users, id| users + &format!("[users.{id}]\n"));
    let toml = format!("{users}[groups]\nSales = {members:?}\n");
    let inbox = Inbox::parse(&Source::new("inbox.toml", toml)).0;
    let ready = CompiledPolicy::from(Arc::new(policy(&inbox, RULES)));
    (inbox, ready)
}

fn sent(
    ready: &CompiledPolicy,
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
    decide_live(ready, inbox, incoming, &customer, roster, &mut dice(0, None)).unwrap()
}

fn reply(decision: &Decision) -> &str {
    &decision.replies[0].text
}

#[test]
fn each_message_finds_the_roster_as_the_one_before_left_it() {
    let (inbox, ready) = store(&["ana", "bo"]);
    let mut roster = Roster::new(&inbox);
    let new = json!({});
    let turns = [(); 5].map(|()| reply(&sent(&ready, &inbox, &mut roster, &new, &Json::Null)).to_owned());
    assert_eq!(turns, ["ana", "bo", "ana", "bo", "ana"]);
    let kept = sent(&ready, &inbox, &mut roster, &new, &json!({"user": "ana", "group": "Sales"}));
    assert!(matches!(kept.assign, Some(Assignment::Kept { .. })));
    assert_eq!(reply(&sent(&ready, &inbox, &mut roster, &new, &Json::Null)), "bo");
    let chats = ["ana", "bo"].map(|id| roster.now(inbox.user_id(id).unwrap()).chats);
    assert_eq!(chats, [3, 3], "an open chat is no chat more");
}

#[test]
fn a_chat_that_is_not_answered_goes_on() {
    let (inbox, _) = store(&["ana", "bo"]);
    let rules = "otherwise: assign group \"Sales\" by hand for 5m else group \"Sales\" by least_chats for 5m \
                 else group \"Sales\" by least_chats else nobody, reply \"Hi\"";
    let ready = CompiledPolicy::from(Arc::new(policy(&inbox, rules)));
    let mut roster = Roster::new(&inbox);
    let sales = inbox.group_id("Sales").unwrap();
    let users = ["ana", "bo"].map(|id| inbox.user_id(id).unwrap());
    let first = sent(&ready, &inbox, &mut roster, &json!({}), &Json::Null);
    let rule = first.rule.unwrap();
    let (message, customer) = (Message::default(), Customer::default());
    let incoming = Incoming {
        number: "+15550100",
        at: "2026-01-05T10:05:00Z".parse().unwrap(),
        message: &message,
        chat: None,
    };
    let go_on = |from, roster: &mut Roster| {
        resume_live(&ready, &inbox, &rule, from, incoming, &customer, roster, &mut dice(0, None)).unwrap()
    };
    let counts =
        |roster: &Roster| (users.map(|user| roster.now(user).chats), roster.snapshot().waiting(sales));
    assert_eq!(counts(&roster), ([0, 0], 1));

    let second = go_on(first.resume.unwrap().alternative, &mut roster).unwrap();
    roster.apply(Event::Dequeued { group: sales }).unwrap();
    assert_eq!((counts(&roster), second.replies), (([1, 0], 0), vec![]));
    let third = go_on(second.resume.unwrap().alternative, &mut roster).unwrap();
    roster.apply(Event::Closed { user: users[0] }).unwrap();
    assert_eq!((counts(&roster), third.resume), (([0, 1], 0), None), "not to the one who did not answer");
    assert_eq!(
        (go_on(4, &mut roster), counts(&roster)),
        (None, ([0, 1], 0)),
        "no such alternative, nothing changed"
    );
    let nobody = go_on(3, &mut roster).unwrap();
    roster.apply(Event::Closed { user: users[1] }).unwrap();
    assert_eq!((nobody.assign, counts(&roster)), (Some(Assignment::Nobody), ([0, 0], 0)));
}

#[test]
fn users_who_came_and_went_by_events() {
    let (inbox, ready) = store(&["ana", "bo"]);
    let mut roster = Roster::new(&inbox);
    let cy = Inbox::parse(&Source::new("inbox.toml", "[users.cy]\nname = \"Cy\"\n")).0.users.remove(0);
    roster.apply(Event::Added(Box::new(cy))).unwrap();
    let (sales, cy) = (inbox.group_id("Sales").unwrap(), roster.user("cy").unwrap());
    roster.apply(Event::Members { group: sales, members: vec![cy] }).unwrap();
    let owned = |owner: &str| json!({"returning": true, "owner": owner});
    assert_eq!(reply(&sent(&ready, &inbox, &mut roster, &json!({}), &Json::Null)), "Cy");
    assert_eq!(reply(&sent(&ready, &inbox, &mut roster, &owned("cy"), &Json::Null)), "Cy Cy");
    assert_eq!(reply(&sent(&ready, &inbox, &mut roster, &owned("bo"), &Json::Null)), "bo bo");
    roster.apply(Event::Removed { user: inbox.user_id("bo").unwrap() }).unwrap();
    assert_eq!(reply(&sent(&ready, &inbox, &mut roster, &owned("bo"), &Json::Null)), "nobody Cy");
}
