//! Our engine, with the rules in our language.
//!
//! [`prepare`] does what the other engines do: it finds the index of the rule for a plain struct. [`prepare_whole`] makes
//! the whole decision, as for a host without a live roster: it validates a situation against the inbox, finds the rule,
//! assigns the chat and builds the decision.

use std::collections::BTreeMap;

use inbox_rules::engine::program::Scratch;
use inbox_rules::language::vocabulary::Presence;
use inbox_rules::policy::AttributeValue;
use inbox_rules::situation::{Customer, Moment, UserState};
use inbox_rules::text::Source;
use inbox_rules::{Inbox, RuleSet, Situation, dice};

use super::Decide;
use crate::adapter::{INBOX, MessageRoster, when, with_case};
use crate::recipe::{Message, Rule};

const NUMBER: &str = "+15550100";

/// The compiled program alone.
pub(super) fn prepare(rules: &[Rule]) -> Option<Decide> {
    // The rule set lives until the process ends. `program` compiles the policy on its first call, which is this one.
    let set: &'static RuleSet = Box::leak(Box::new(rule_set(rules)));
    let program = set.program(NUMBER)?;
    let mut scratch = Scratch::default();
    Some(Box::new(move |message| {
        let found = with_case(message, |case| program.find(case, &MessageRoster(message), &mut scratch).rule);
        found.map(|index| index as usize)
    }))
}

/// The whole decision. One situation is reused, and overwritten by each message.
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
    RuleSet::parse(&format!("{NUMBER}.rules"), &rules_text(rules), &inbox)
        .unwrap_or_else(|error| panic!("{error}"))
}

/// The rules in our language.
fn rules_text(rules: &[Rule]) -> String {
    let rule = |(index, rule)| format!("rule \"{index}\"\nwhen {}:\n    assign nobody\n\n", when(rule));
    rules.iter().enumerate().map(rule).collect()
}

/// The part of the situation that is the same for every message.
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

/// Alice owns every returning customer. Bob is online if anybody is.
fn fill(situation: &mut Situation, message: &Message) {
    let customer = &mut situation.customer;
    customer.returning = message.returning;
    let owner = customer.owner.get_or_insert_default();
    owner.clear(); // an empty id means no owner
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
