//! A test that expects one user where the choice is random.

use std::sync::Arc;

use crate::check::lint::{Lint, Pass};
use crate::check::workspace::{LintFile, Workspace};
use crate::describe::list;
use crate::diagnostic::{Code, Finding};
use crate::engine::{Assignment, CandidateReason, Decision, decide, explain};
use crate::inbox::Inbox;
use crate::language::vocabulary::Algorithm;
use crate::policy::{Expect, ExpectKind, Policy, Target, Test};
use crate::roster::dice;
use crate::situation::{Situation, given};

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
        Target::Owner | Target::User(_) | Target::Nobody => false,
    })
}

/// The findings about one test.
fn check_test(policy: &Policy, inbox: &Inbox, test: &Test, file: &Arc<str>) -> Vec<Finding> {
    let mut expects =
        test.expects.iter().filter(|expect| matches!(expect.kind, ExpectKind::AssignUser(_))).peekable();
    if expects.peek().is_none() {
        return Vec::new();
    }
    let situation = given::situation(&test.given, policy, inbox);
    let Some(users) = random_choice_in(policy, inbox, &situation) else { return Vec::new() };
    let message = format!("the choice between {users} is random here, so a test cannot expect one of them");
    let finding = |expect: &Expect| {
        Finding::new(LINT.code, file, expect.span, message.clone())
            .help("expect the group, or give a situation in which only one of them can be chosen")
    };
    expects.map(finding).collect()
}

/// The users that the decision chooses between at random, if there is more than one: `alice` and `bob`.
fn random_choice_in(policy: &Policy, inbox: &Inbox, situation: &Situation) -> Option<String> {
    let decision = decide(policy, inbox, situation, &mut dice(0, None)).ok()?;
    let Some(Assignment::User { by: Some(Algorithm::Random | Algorithm::Weighted), .. }) = decision.assign
    else {
        return None;
    };
    let Decision { why, .. } = explain(policy, inbox, situation, &mut dice(0, None)).ok()?;
    let taken = why?.assign.into_iter().find(|tried| tried.taken)?;
    let considered = |candidate: &&CandidateReason| candidate.left_out.is_none();
    let users: Vec<String> =
        taken.candidates.iter().filter(considered).map(|candidate| format!("`{}`", candidate.user)).collect();
    (users.len() > 1).then(|| list(&users))
}
