//! Ours, from the rules as people write them.
//!
//! [`prepare`] is what the peers do: from the plain struct to the place of the rule. [`prepare_whole`] is the whole
//! decision as a host without a live roster asks for it: a situation of its own shape is held against the inbox, the rule
//! found, the assignment made and the decision written.

use std::collections::BTreeMap;

use inbox_rules::engine::program::Scratch;
use inbox_rules::language::vocabulary::Presence;
use inbox_rules::policy::AttributeValue;
use inbox_rules::situation::{Customer, Moment, UserState};
use inbox_rules::text::Source;
use inbox_rules::{Inbox, RuleSet, Situation, dice};

use super::Decide;
use crate::lent::{INBOX, There, lend, when};
use crate::recipe::{Message, Rule};

const NUMBER: &str = "+15550100";

/// The compiled program, asked directly.
pub(super) fn prepare(rules: &[Rule]) -> Option<Decide> {
    // For as long as the program runs, as the peers have theirs. Compiled when it is first asked for: now.
    let set: &'static RuleSet = Box::leak(Box::new(rule_set(rules)));
    let program = set.program(NUMBER)?;
    let mut scratch = Scratch::default();
    Some(Box::new(move |message| {
        let found = lend(message, |case| program.find(case, &There(message), &mut scratch).rule);
        found.map(|place| place as usize)
    }))
}

/// Situation in, decision out. The situation is kept, and filled anew from each message.
pub(super) fn prepare_whole(rules: &[Rule]) -> Option<Decide> {
    let set = rule_set(rules);
    let mut situation = situation();
    let mut dice = dice(0, None);
    Some(Box::new(move |message| {
        fill(&mut situation, message);
        let decision = set.decide(&situation, &mut dice).expect("the situation fits the inbox");
        decision.rule.and_then(|rule| rule.name?.parse().ok())
    }))
}

fn rule_set(rules: &[Rule]) -> RuleSet {
    let (inbox, findings) = Inbox::parse(&Source::new("inbox.toml", INBOX));
    assert!(findings.is_empty(), "{findings:?}");
    RuleSet::parse(&format!("{NUMBER}.rules"), &written(rules), &inbox)
        .unwrap_or_else(|error| panic!("{error}"))
}

/// The rules as text.
fn written(rules: &[Rule]) -> String {
    let rule = |(place, rule)| format!("rule \"{place}\"\nwhen {}:\n    assign nobody\n\n", when(rule));
    rules.iter().enumerate().map(rule).collect()
}

/// What is the same for every message.
fn situation() -> Situation {
    let users = ["alice", "bob"].map(|id| (id.to_owned(), UserState::default()));
    Situation {
        number: Some(NUMBER.to_owned()),
        at: Moment::parse("2026-11-24T18:30:00Z"),
        users: BTreeMap::from(users),
        customer: Customer {
            attributes: BTreeMap::from([("orders".to_owned(), AttributeValue::Number(0.into()))]),
            ..Customer::default()
        },
        ..Situation::default()
    }
}

/// Alice owns whoever has been here before; Bob is there whenever somebody is.
fn fill(situation: &mut Situation, message: &Message) {
    let customer = &mut situation.customer;
    customer.returning = message.returning;
    let owner = customer.owner.get_or_insert_default();
    owner.clear(); // no text counts as no owner
    owner.push_str(if message.returning { "alice" } else { "" });
    customer.country.get_or_insert_default().clone_from(&message.country);
    if let Some(orders) = customer.attributes.get_mut("orders") {
        *orders = AttributeValue::Number(message.orders.into());
    }
    situation.message.text.get_or_insert_default().clone_from(&message.text);
    for (id, online) in [("alice", message.owner_online), ("bob", message.any_online)] {
        if let Some(user) = situation.users.get_mut(id) {
            user.presence = if online { Presence::Online } else { Presence::Offline };
        }
    }
}
