//! A roster and its situation decide alike; a roster of another inbox is refused; who is gone gets no chat.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::{prop_assert_eq, proptest};
use proptest::test_runner::Config;
use rand::seq::IndexedRandom;
use rand::{Rng, RngExt};
use serde_json::{Value as Json, json};

use super::live::{cases, compiled, resumed, store, without_roster};
use crate::engine::{Assignment, CompiledPolicy, Decision, RouteError, decide, decide_live, explain};
use crate::inbox::Inbox;
use crate::language::vocabulary::Presence;
use crate::roster::{Event, Roster, dice};
use crate::situation::{Customer, Incoming, Message, OpenChat, Situation};
use crate::testing::{config, inbox, policies_with_moves, situation};

proptest! {
    #![proptest_config(Config { cases: config().cases.div_ceil(10), ..config() })]

    /// Also where capacities and weights are set, and where last messages lie after the message.
    #[test]
    fn the_situation_of_a_roster_is_decided_as_by_the_roster(sample in policies_with_moves(), seed: u64) {
        let (inbox, text) = (inbox(), sample.text());
        let policy = compiled(&inbox, &text);
        let random = &mut dice(seed, None);
        for (seed, case) in cases(&sample, &text) {
            let given = situation(&case);
            let late = Situation { at: Some(Timestamp::MAX.into()), ..given.clone() };
            let (_, now) = late.validate(&inbox, &policy.timezone).unwrap();
            let mut roster = Roster::of(&inbox, &now);
            let at = given.at.unwrap().instant(&policy.timezone);
            for _ in 0..random.random_range(0..12) {
                let _ = roster.apply(event(random, at));
            }
            let (customer, message) = (&given.customer, &given.message);
            let number = given.number.as_deref().unwrap_or_default();
            let incoming = Incoming { number, at, message, chat: given.chat.as_ref() };
            let kept = serde_json::to_string(&roster.situation(&incoming, customer)).unwrap();
            let kept = Situation::from_json(&kept).unwrap();
            let decision =
                decide_live(&policy, &inbox, incoming, customer, &mut roster, &mut dice(seed, None)).unwrap();
            let plain = decide(&policy, &inbox, &kept, &mut dice(seed, None)).unwrap();
            prop_assert_eq!(without_roster(&decision), plain.clone(), "{}\n{:?}", text, kept);
            let explained = explain(&policy, &inbox, &kept, &mut dice(seed, None)).unwrap();
            prop_assert_eq!(Decision { why: None, ..explained }, plain);
        }
    }
}

/// An event of one of the users or groups of the sample inbox, around `at`.
fn event(random: &mut impl Rng, at: Timestamp) -> Event {
    let user: Arc<str> = (*["alice", "bob", "carol"].choose(random).unwrap()).into();
    let group: Arc<str> = (*["Sales", "Support", "Two"].choose(random).unwrap()).into();
    let at = at.saturating_add(SignedDuration::from_secs(random.random_range(-3..4))).unwrap();
    match random.random_range(0..10) {
        0..2 => Event::Presence { user, presence: *Presence::ALL.choose(random).unwrap() },
        2..4 => Event::Message { user, at },
        4 => Event::Assigned { user, at, turn: Some(group) },
        5 => Event::Closed { user },
        6..8 => {
            Event::Capacity { user, capacity: *[None, Some(1), Some(2), Some(9)].choose(random).unwrap() }
        }
        8 => Event::Weight { user, weight: *[None, Some(1), Some(7)].choose(random).unwrap() },
        _ => Event::Queued { group },
    }
}

fn at() -> Timestamp {
    "2026-01-05T10:00:00Z".parse().unwrap()
}

/// Routes a message of `customer`.
fn routed(
    (inbox, policy): &(Inbox, CompiledPolicy),
    roster: &mut Roster,
    customer: &Json,
    chat: Option<&OpenChat>,
) -> Result<Decision, RouteError> {
    let customer: Customer = serde_json::from_value(customer.clone()).unwrap();
    let message = Message::default();
    let incoming = Incoming { number: "+15550100", at: at(), message: &message, chat };
    decide_live(policy, inbox, incoming, &customer, roster, &mut dice(0, None))
}

/// Decides by `rules` after Ana has been removed by an event: whom the chat is assigned to.
fn assigned(rules: &str, customer: &Json) -> String {
    let (inbox, _) = store(&["ana", "bo"]);
    let policy = compiled(&inbox, rules);
    let mut roster = Roster::new(&inbox);
    roster.apply(Event::Removed { user: "ana".into() }).unwrap();
    match routed(&(inbox, policy), &mut roster, customer, None).unwrap().assign.unwrap() {
        Assignment::User { user, .. } => user.to_string(),
        Assignment::Queue { group, reason, .. } => {
            assert_eq!(group.as_deref().and_then(|group| roster.waiting_in(group)).unwrap_or(1), 1);
            format!("{}: {reason}", group.as_deref().unwrap_or("no queue"))
        }
        other => format!("{other:?}"),
    }
}

#[test]
fn a_removed_user_gets_no_chat() {
    let new = json!({});
    let owned = json!({"returning": true, "owner": "ana"});
    let check = |rules: &str, customer: &Json, expected: &str| {
        assert_eq!(assigned(&format!("otherwise: assign {rules}"), customer), expected, "{rules}");
    };
    check("user \"ana\" else user \"bo\"", &new, "bo");
    check("user \"ana\" among online", &new, "no queue: ana is no longer in the inbox");
    check("user \"ana\"", &new, "no queue: ana is no longer in the inbox");
    check("user \"ana\" else group \"Sales\" by hand", &new, "Sales: members of Sales take chats by hand");
    check("owner else user \"bo\"", &owned, "bo");
    check("owner", &owned, "no queue: the customer's owner `ana` is no longer in the inbox");
    check("group \"Sales\" by in_order", &new, "bo");
    check("group \"Sales\" except user \"ana\" by in_order", &new, "bo");
    check("group \"Sales\" except user \"bo\" by in_order", &new, "Sales: there is no other member of Sales");
    check("group \"Sales\" except owner by in_order", &owned, "bo");
}

#[test]
fn a_roster_of_another_inbox_is_refused() {
    let (old, new) = (store(&["ana", "bo"]), store(&["bo", "ana"]));
    let mut roster = Roster::new(&old.0);
    let first = routed(&old, &mut roster, &json!({}), None).unwrap();
    let before = roster.save();
    let refused = routed(&new, &mut roster, &json!({}), None).unwrap_err();
    assert_eq!(refused, RouteError::OtherInbox);
    assert_eq!(
        refused.to_string(),
        "the roster is of another inbox than the rules; call `Roster::rebase(set.inbox())` first"
    );
    let rules = compiled(&new.0, "otherwise: assign group \"Sales\" by in_order for 5m else user \"ana\"");
    let earlier = Decision {
        resume: Some(serde_json::from_value(json!({"after_seconds": 300, "alternative": 1})).unwrap()),
        ..first
    };
    let again = |roster: &mut Roster| {
        let customer = Customer::default();
        let rule = Some(crate::policy::RuleRef::of(&rules, &rules.rules[0]));
        let earlier = Decision { rule, policy: Arc::clone(&rules.digest), ..earlier.clone() };
        resumed(&rules, &new.0, &earlier, at(), &customer, roster, 0)
    };
    assert_eq!(again(&mut roster), Err(RouteError::OtherInbox));
    assert_eq!(roster.save(), before, "an error changes nothing");
    assert!(roster.rebase(&new.0).is_empty());
    assert!(again(&mut roster).is_ok());
    assert!(routed(&new, &mut roster, &json!({}), None).is_ok());
}

/// A chat that moves leaves the user or the queue that has it, also one that the inbox no longer has.
#[test]
fn a_chat_of_who_is_gone_moves() {
    let inbox_of = |toml| crate::testing::inbox_of(toml);
    let old = inbox_of("[users]\nana = {}\nbo = {}\n[groups]\nSales = [\"ana\", \"bo\"]\nShop = [\"ana\"]");
    let new = inbox_of("[users]\nbo = {}\n[groups]\nSales = [\"bo\"]");
    let policy = compiled(&new, "move when chat_open: assign user \"bo\"\notherwise: assign nobody");
    let mut roster = Roster::new(&old);
    for _ in 0..2 {
        roster.apply(Event::Assigned { user: "ana".into(), at: at(), turn: None }).unwrap();
        roster.apply(Event::Queued { group: "Shop".into() }).unwrap();
    }
    let rebased = serde_json::to_value(roster.rebase(&new)).unwrap();
    assert_eq!(rebased["users_gone"], json!([{"user": "ana", "chats": 2}]));
    assert_eq!(rebased["groups_gone"], json!([{"group": "Shop", "waiting": 2}]));
    let open = |user: Option<&str>, group: &str| OpenChat {
        user: user.map(str::to_owned),
        group: Some(group.to_owned()),
        ..OpenChat::default()
    };
    let new = (new, policy);
    for chat in [open(Some("ana"), "Sales"), open(None, "Shop")] {
        let decision = routed(&new, &mut roster, &json!({}), Some(&chat)).unwrap();
        assert!(decision.moved.is_some());
    }
    assert_eq!(roster.now("bo").unwrap().chats, 2);
    let rebased = serde_json::to_value(roster.rebase(&old)).unwrap();
    assert_eq!(rebased["users_back"], json!([{"user": "ana", "chats": 1}]));
    assert_eq!(rebased["groups_back"], json!([{"group": "Shop", "waiting": 1}]));
    assert_eq!((roster.now("ana").unwrap().chats, roster.waiting_in("Shop")), (1, Some(1)));
}
