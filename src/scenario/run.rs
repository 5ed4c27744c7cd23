//! Runs one test.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::expect;
use super::render::{expected, got};
use super::result::{Mismatch, TestResult};
use crate::engine::{self, Decision, explanation};
use crate::inbox::Inbox;
use crate::policy::{Expect, ExpectKind, Policy, Test};
use crate::roster::dice;
use crate::situation::given;

/// Decides what `test` gives and compares it with what `test` expects.
pub fn run(policy: &Policy, inbox: &Inbox, test: &Test) -> TestResult {
    if test.expects.is_empty() {
        return TestResult::invalid(test.span, "at least one `expect` line", "none");
    }
    let situation = given::situation(&test.given, policy, inbox);
    let decided = engine::explain(policy, inbox, &situation, &mut dice(0, None));
    let decision = match decided {
        Ok(decision) => decision,
        Err(error) => {
            return TestResult::invalid(test.span, "a possible situation", error.to_string());
        }
    };
    let mismatches: Vec<Mismatch> =
        test.expects.iter().filter_map(|line| mismatch(policy, inbox, line, &decision)).collect();
    let why = if mismatches.is_empty() { Vec::new() } else { reasons(test, decision) };
    TestResult { mismatches, why }
}

fn mismatch(policy: &Policy, inbox: &Inbox, line: &Expect, decision: &Decision) -> Option<Mismatch> {
    let hint = if expect::is_by_chance(&line.kind, decision) {
        Some("the choice is random here, so it may be somebody else next time; expect the group".to_owned())
    } else if expect::holds(inbox, &line.kind, decision) {
        return None;
    } else {
        expect::hint(policy, &line.kind, decision)
    };
    let (expected, got) = (expected(inbox, &line.kind), got(&line.kind, decision));
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
