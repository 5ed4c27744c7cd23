//! A name for a test: the rules that act, and the customer.

use crate::describe::{customer, list};
use crate::engine::{Assignment, Decision};
use crate::inbox::Inbox;
use crate::policy::{Given, Policy};

/// As `welcome: a new customer while Alice is online`.
pub(super) fn test_name(policy: &Policy, inbox: &Inbox, given: &Given, decision: &Decision) -> String {
    let customer = customer(inbox, given);
    match acting(policy, decision) {
        rules if rules.is_empty() => customer,
        rules => format!("{}: {customer}", list(&rules)),
    }
}

/// The names of the rules that act; a rule without a name is left out.
fn acting(policy: &Policy, decision: &Decision) -> Vec<String> {
    let deciding = match &decision.rule {
        None if matches!(decision.assign, Some(Assignment::Kept { .. })) => Some("kept".to_owned()),
        None => Some("no rule".to_owned()),
        Some(rule) => rule.name.as_ref().map(ToString::to_string).or_else(|| {
            let mut rules = policy.rules.iter();
            let otherwise = rules.any(|other| other.line == rule.line && other.when.is_none());
            otherwise.then(|| "otherwise".to_owned())
        }),
    };
    let also = decision.also.iter().filter_map(|rule| rule.name.as_ref().map(ToString::to_string));
    deciding.into_iter().chain(also).collect()
}
