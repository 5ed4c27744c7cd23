//! A test that expects one user where the choice is random.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::check::lint::{Lint, Pass};
use crate::check::workspace::{LintFile, Workspace};
use crate::describe::list;
use crate::diagnostic::{Code, Finding};
use crate::engine::{Assignment, Decision, outcomes};
use crate::inbox::Inbox;
use crate::language::vocabulary::Algorithm;
use crate::policy::{Expect, ExpectKind, Policy, Target, Test};
use crate::situation::given;
use crate::text::quoted;

pub(in crate::check) const LINT: Lint =
    Lint { code: Code::TestByChance, page: include_str!("test_by_chance.md"), pass: Pass::File(check) };

fn check(workspace: &Workspace, file: &LintFile<'_>, findings: &mut Vec<Finding>) {
    let policy = &file.result.resolved.policy;
    if !has_random_choice(policy) || !workspace.has_meaning(file) {
        return;
    }
    for test in policy.tests.iter() {
        findings.extend(check_test(policy, &workspace.folder().inbox, test, &file.file.source.name));
    }
}

/// Whether any rule of the policy chooses at random. Most do not, and then no decision has to be made.
fn has_random_choice(policy: &Policy) -> bool {
    let assigns = policy.rules.iter().filter_map(|rule| rule.assign.as_ref());
    assigns.flat_map(|assign| &assign.alternatives).any(|alternative| match &alternative.target {
        Target::Group(target) => matches!(target.by, Algorithm::Random | Algorithm::Weighted),
        Target::Owner { .. } | Target::User { .. } | Target::Nobody => false,
    })
}

/// The findings about one test.
fn check_test(policy: &Policy, inbox: &Inbox, test: &Test, file: &Arc<str>) -> Vec<Finding> {
    let situation = given::situation(&test.given, policy, inbox);
    let finding = |expect: &Expect| {
        let ExpectKind::AssignUser(expected) = &expect.kind else { return None };
        let outcomes = outcomes(policy, inbox, &situation, expect.after).ok()?;
        let users: BTreeSet<&str> = outcomes.iter().filter_map(user).collect();
        let is_expected = |user: &&str| expected.iter().any(|id| *inbox.user(*id).id == **user);
        if users.len() < 2 || users.iter().all(is_expected) {
            return None;
        }
        let ids: Vec<String> = users.iter().map(|user| format!("`{user}`")).collect();
        let any: Vec<String> = users.iter().map(|user| quoted(user)).collect();
        let message =
            format!("the choice between {} is random here, so a test cannot expect one of them", list(&ids));
        let help = format!(
            "expect the group, or all of them: `assign user any [{}]`; or give a situation in which only one can be chosen",
            any.join(", ")
        );
        Some(Finding::new(LINT.code, file, expect.span, message).help(help))
    };
    test.expects.iter().filter_map(finding).collect()
}

fn user(decision: &Decision) -> Option<&str> {
    match &decision.assign {
        Some(Assignment::User { user, .. }) => Some(user),
        _ => None,
    }
}
