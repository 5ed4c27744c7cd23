//! What is written above rules and tests: that a test can be run, how many tests reach a rule.

use std::collections::BTreeMap;

use crate::check::Workspace;
use crate::policy::Test;
use crate::scenario::tests_of_rules;
use crate::text::Span;

/// A line above a part of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeLens {
    /// What it is about.
    pub span: Span,
    /// What it says.
    pub title: String,
    /// What happens when it is chosen.
    pub action: LensAction,
}

/// What happens when a lens is chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LensAction {
    /// Nothing: it only says something.
    None,
    /// The tests of these names are run.
    RunTests(Vec<String>),
}

/// The lenses of the file called `file`. There are none while it has no meaning.
///
/// The policy is compiled, and each test is decided once.
pub fn code_lenses(workspace: &Workspace, file: &str) -> Vec<CodeLens> {
    let (folder, resolved) = (workspace.folder(), workspace.resolved());
    let Some(result) = resolved.file(file).filter(|result| resolved.has_meaning(result)) else {
        return Vec::new();
    };
    if !folder.is_policy(file) {
        return Vec::new();
    }
    let policy = &result.resolved.policy;
    let run = |test: &Test| CodeLens {
        span: test.span,
        title: "run test".to_owned(),
        action: LensAction::RunTests(vec![test.name.to_string()]),
    };
    let mut lenses: Vec<CodeLens> = policy.tests.iter().map(run).collect();
    // A policy without tests need not be told so at each rule.
    if !policy.tests.is_empty() {
        let mut tests: BTreeMap<usize, Vec<String>> = tests_of_rules(policy, &folder.inbox)
            .into_iter()
            .map(|(rule, tests)| (rule, tests.into_iter().map(|test| test.name.to_string()).collect()))
            .collect();
        lenses.extend(policy.rules.iter().enumerate().map(|(index, rule)| {
            let tests = tests.remove(&index).unwrap_or_default();
            CodeLens { span: rule.span, title: title(tests.len()), action: action(tests) }
        }));
    }
    lenses.sort_by_key(|lens| lens.span);
    lenses
}

fn title(tests: usize) -> String {
    match tests {
        0 => "never tested".to_owned(),
        1 => "1 test".to_owned(),
        count => format!("{count} tests"),
    }
}

fn action(tests: Vec<String>) -> LensAction {
    if tests.is_empty() { LensAction::None } else { LensAction::RunTests(tests) }
}
