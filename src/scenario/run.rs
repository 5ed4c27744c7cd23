//! Runs one test.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::expect;
use super::render::{expected, got};
use super::result::{Mismatch, TestResult};
use crate::engine::{self, Decision, explanation};
use crate::inbox::Inbox;
use crate::policy::{Expect, ExpectKind, Policy, Test};
use crate::situation::{SituationError, given};

/// Decides what `test` gives and compares it with what `test` expects.
pub fn run(policy: &Policy, inbox: &Inbox, test: &Test) -> TestResult {
    if test.expects.is_empty() {
        return TestResult::invalid(test.span, "at least one `expect` line", "none");
    }
    let situation = given::situation(&test.given, policy, inbox);
    let decided = |after| engine::outcomes(policy, inbox, &situation, after);
    let impossible =
        |error: SituationError| TestResult::invalid(test.span, "a possible situation", error.to_string());
    let own = match decided(None) {
        Ok(outcomes) => outcomes,
        Err(error) => return impossible(error),
    };
    let mut mismatches = Vec::new();
    for line in &test.expects {
        if line.after.is_none() {
            mismatches.extend(mismatch(policy, inbox, line, &own));
            continue;
        }
        match decided(line.after) {
            Ok(outcomes) => mismatches.extend(mismatch(policy, inbox, line, &outcomes)),
            Err(error) => return impossible(error),
        }
    }
    let decision = own.into_iter().next().filter(|_| !mismatches.is_empty());
    let why = decision.map(|decision| reasons(test, decision)).unwrap_or_default();
    TestResult { mismatches, why }
}

/// The mismatch, unless every outcome meets the expectation.
fn mismatch(policy: &Policy, inbox: &Inbox, line: &Expect, outcomes: &[Decision]) -> Option<Mismatch> {
    let holds = |decision: &&Decision| expect::holds(inbox, &line.kind, decision);
    let failing = outcomes.iter().find(|decision| !holds(decision))?;
    let hint = if outcomes.iter().any(|decision| holds(&decision)) {
        Some("the choice is random here, so it may be somebody else next time; expect the group".to_owned())
    } else {
        expect::hint(policy, &line.kind, failing)
    };
    let (expected, got) = (expected(inbox, line), got(&line.kind, failing));
    Some(Mismatch { span: line.span, expected, got, hint })
}

/// The reasons of the decision. Of the rules that did not hold, only those that were expected are among them, unless
/// none held.
fn reasons(test: &Test, mut decision: Decision) -> Vec<String> {
    let expected: BTreeSet<&Arc<str>> = test.expects.iter().filter_map(rule_name).collect();
    let decided = decision.rule.is_some();
    if let Some(why) = &mut decision.why {
        let is_expected = |name: &Option<Arc<str>>| name.as_ref().is_some_and(|name| expected.contains(name));
        why.rules.retain(|rule| rule.held || !decided || is_expected(&rule.rule.name));
    }
    explanation(&decision)
}

fn rule_name(line: &Expect) -> Option<&Arc<str>> {
    match &line.kind {
        ExpectKind::Rule(name) => Some(name),
        _ => None,
    }
}
