//! Runs one test.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::expect;
use super::render::{expected, got};
use super::result::{Mismatch, TestResult};
use crate::describe::{duration_literal, string_literal};
use crate::engine::{self, Assignment, Decision, explanation};
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
    let (mut mismatches, mut why_later) = (Vec::new(), Vec::new());
    for line in &test.expects {
        let Some(after) = line.after else {
            mismatches.extend(mismatch(policy, inbox, line, &own).map(|(mismatch, _)| mismatch));
            continue;
        };
        match decided(line.after) {
            Ok(outcomes) => {
                if let Some((mismatch, failing)) = mismatch(policy, inbox, line, &outcomes) {
                    mismatches.push(mismatch);
                    let time = duration_literal(after);
                    // What is as at the moment of the message is not said twice.
                    let said = own.first().map(explanation).unwrap_or_default();
                    let new = explanation(failing).into_iter().filter(|sentence| !said.contains(sentence));
                    why_later.extend(new.map(|sentence| format!("After {time}: {sentence}")));
                }
            }
            Err(error) => return impossible(error),
        }
    }
    let decision = own.into_iter().next().filter(|_| !mismatches.is_empty());
    let mut why = decision.map(|decision| reasons(test, decision)).unwrap_or_default();
    why.extend(why_later);
    TestResult { mismatches, why }
}

/// The mismatch and an outcome that shows it, unless every outcome meets the expectation.
fn mismatch<'d>(
    policy: &Policy,
    inbox: &Inbox,
    line: &Expect,
    outcomes: &'d [Decision],
) -> Option<(Mismatch, &'d Decision)> {
    let holds = |decision: &&Decision| expect::holds(policy, inbox, &line.kind, decision);
    let failing = outcomes.iter().find(|decision| !holds(decision))?;
    let hint = if outcomes.iter().any(|decision| holds(&decision)) {
        Some(by_chance(outcomes))
    } else {
        expect::hint(policy, &line.kind, failing)
    };
    let (expected, got) = (expected(inbox, line), got(&line.kind, failing));
    Some((Mismatch { span: line.span, expected, got, hint }, failing))
}

/// What to expect where the dice choose.
fn by_chance(outcomes: &[Decision]) -> String {
    let chosen = outcomes.iter().filter_map(|decision| match &decision.assign {
        Some(Assignment::User { user, .. }) => Some(string_literal(user)),
        _ => None,
    });
    let users: BTreeSet<String> = chosen.collect();
    let users = Vec::from_iter(users).join(", ");
    format!("the choice is random here; expect the group, or `assign user any [{users}]`")
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
