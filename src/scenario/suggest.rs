//! Writes the tests that a policy lacks.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::fmt::Write;

use super::coverage::covered_and_coverable;
use super::expect::is_by_chance;
use super::render::expected_kind;
use super::test_name::test_name;
use crate::describe::{given_lines, string_literal};
use crate::engine::{Assignment, CoverageItem, Decision, explain};
use crate::inbox::Inbox;
use crate::policy::{ExpectKind, Policy, Test};
use crate::prove::Example;
use crate::roster::dice;

/// `test` blocks that, together with `tests`, cover everything that can be covered of `policy`, whose inbox is known.
/// They all pass.
pub fn suggest<'t>(policy: &Policy, inbox: &Inbox, tests: impl IntoIterator<Item = &'t Test>) -> Vec<String> {
    let (covered, witnesses) = covered_and_coverable(policy, inbox, tests);
    let new =
        witnesses.witnesses.iter().map(|witness| witness.covers.difference(&covered).copied().collect());
    let mut names: BTreeSet<String> = policy.tests.iter().map(|test| test.name.to_string()).collect();
    let chosen = greedy_cover(new.collect()).into_iter().filter_map(|index| witnesses.witnesses.get(index));
    chosen.filter_map(|witness| block(policy, inbox, &witness.example, &mut names)).collect()
}

/// A few of the sets that together contain every element: always the one with the most new elements (the greedy set
/// cover of Johnson, 1974).
fn greedy_cover(mut sets: Vec<BTreeSet<CoverageItem>>) -> BTreeSet<usize> {
    let mut chosen = BTreeSet::new();
    loop {
        let largest = sets.iter().enumerate().max_by_key(|(index, set)| (set.len(), Reverse(*index)));
        let Some((index, set)) = largest.filter(|(_, set)| !set.is_empty()) else { return chosen };
        chosen.insert(index);
        let shown = set.clone();
        for set in &mut sets {
            set.retain(|one| !shown.contains(one));
        }
    }
}

fn block(policy: &Policy, inbox: &Inbox, example: &Example, names: &mut BTreeSet<String>) -> Option<String> {
    let decision = explain(policy, inbox, &example.situation, &mut dice(0, None)).ok()?;
    let name = unused(names, test_name(policy, inbox, &example.given, &decision));
    let mut lines = given_lines(inbox, &example.given);
    let expects = expects(inbox, &decision);
    lines.extend(expects.iter().map(|kind| format!("expect {}", expected_kind(inbox, kind))));
    let mut block = format!("test {}:\n", string_literal(&name));
    for line in lines {
        let _ = writeln!(block, "    {line}");
    }
    Some(block)
}

/// The parts of the decision that do not depend on chance.
fn expects(inbox: &Inbox, decision: &Decision) -> Vec<ExpectKind> {
    let mut expects = Vec::new();
    match &decision.rule {
        Some(rule) => expects.extend(rule.name.clone().map(ExpectKind::Rule)),
        // `expect kept` says so.
        None if matches!(decision.assign, Some(Assignment::Kept { .. })) => {}
        None => expects.push(ExpectKind::NoRule),
    }
    let group = |name: Option<&str>| name.and_then(|name| inbox.group_id(name));
    match &decision.assign {
        Some(Assignment::User { user, group: through, .. }) => {
            let user = inbox.user_id(user).map(|user| ExpectKind::AssignUser([user].into()));
            let through = group(through.as_deref()).map(ExpectKind::AssignGroup);
            expects.extend(user.filter(|user| !is_by_chance(user, decision)).or(through));
        }
        Some(Assignment::Queue { group: of, .. }) => {
            expects.push(ExpectKind::Waiting);
            expects.extend(group(of.as_deref()).map(ExpectKind::AssignGroup));
        }
        Some(Assignment::Nobody) => expects.push(ExpectKind::AssignNobody),
        Some(Assignment::Kept { .. }) => expects.push(ExpectKind::Kept),
        None => {}
    }
    expects.extend(decision.also.iter().filter_map(|rule| rule.name.clone()).map(ExpectKind::AlsoRule));
    expects
}

/// `name`, with a number if another test has it.
fn unused(names: &mut BTreeSet<String>, name: String) -> String {
    let numbered = (2..).map(|number| format!("{name} ({number})"));
    let unused = std::iter::once(name.clone()).chain(numbered).find(|name| !names.contains(name));
    let unused = unused.unwrap_or(name);
    names.insert(unused.clone());
    unused
}
