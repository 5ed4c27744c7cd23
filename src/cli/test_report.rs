//! Renders the results of tests.

use std::fmt::Write;
use std::sync::Arc;

use clap::builder::styling::AnsiColor;
use serde::Serialize;

use super::coverage_report::{self, PolicyCoverage};
use super::output;
use crate::diagnostic::junit::{self, TestCase, TestFailure};
use crate::diagnostic::printable;
use crate::policy::{RuleFile, Test};
use crate::scenario::{Mismatch, TestResult};
use crate::text::quoted;

/// The file of a test, and its name.
pub(super) type TestName = (Arc<str>, Arc<str>);

/// The tests that a run before had and this one has no more: `2 tests are gone: "a" (rules/default.rules), …`
pub(super) fn lost(names: &[&TestName]) -> String {
    const SHOWN: usize = 5;
    let shown = names.iter().take(SHOWN).map(|(file, name)| printable(&format!("{} ({file})", quoted(name))));
    let more = if names.len() > SHOWN { ", …" } else { "" };
    let count = if names.len() == 1 { "1 test is".to_owned() } else { format!("{} tests are", names.len()) };
    format!("{count} gone: {}{more}\n", shown.collect::<Vec<_>>().join(", "))
}

/// A test that was run, and its result.
pub(super) struct TestRun {
    file: Arc<str>,
    line: u32,
    name: Arc<str>,
    /// Each mismatch with its line.
    mismatches: Vec<(u32, Mismatch)>,
    why: Vec<String>,
}

impl TestRun {
    /// A test of `file` and its result.
    pub(super) fn new(file: &RuleFile, test: &Test, result: TestResult) -> Self {
        let TestResult { mismatches, why } = result;
        Self {
            file: Arc::clone(&file.source.name),
            line: file.lines().line(test.span.start),
            name: Arc::clone(&test.name),
            mismatches: mismatches
                .into_iter()
                .map(|mismatch| (file.lines().line(mismatch.span.start), mismatch))
                .collect(),
            why,
        }
    }

    /// The file of the test, and its name.
    pub(super) fn name(&self) -> TestName {
        (Arc::clone(&self.file), Arc::clone(&self.name))
    }

    /// Whether all its expectations were met.
    pub(super) fn passed(&self) -> bool {
        self.mismatches.is_empty()
    }
}

/// The tests that failed, and a summary.
pub(super) fn human(runs: &[TestRun]) -> String {
    let mut text = String::new();
    for failed in runs.iter().filter(|run| !run.passed()) {
        let head = format!("{} ({}:{})", failed.name, failed.file, failed.line);
        let _ = writeln!(text, "{} {}", output::painted("failed:", AnsiColor::Red), printable(&head));
        let _ = writeln!(text, "{}", output::printable_lines(&details(failed)));
    }
    let passed = runs.iter().filter(|run| run.passed()).count();
    let summary = match (passed, runs.len() - passed) {
        (0, 0) => "no tests found".to_owned(),
        (1, 0) => "1 test passed".to_owned(),
        (passed, 0) => format!("{passed} tests passed"),
        (passed, failed) => format!("{passed} passed, {failed} failed"),
    };
    let colour = if passed == runs.len() { AnsiColor::Green } else { AnsiColor::Red };
    format!("{text}{}\n", output::painted(&summary, colour))
}

fn details(failed: &TestRun) -> String {
    let mut text = String::new();
    for (line, Mismatch { expected, got, hint, .. }) in &failed.mismatches {
        let _ = writeln!(text, "  line {line}");
        let _ = writeln!(text, "    expected: {expected}");
        let _ = writeln!(text, "    got:      {got}");
        if let Some(hint) = hint {
            let _ = writeln!(text, "    help:     {hint}");
        }
    }
    if !failed.why.is_empty() {
        let _ = writeln!(text, "  why:\n    {}", failed.why.join("\n    "));
    }
    text
}

#[derive(Serialize)]
pub(super) struct TestReport<'a> {
    tests: Vec<TestJson<'a>>,
    passed: usize,
    failed: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    coverage: Option<coverage_report::CoverageReport<'a>>,
}

#[derive(Serialize)]
struct TestJson<'a> {
    name: &'a str,
    file: &'a str,
    line: u32,
    passed: bool,
    failures: Vec<MismatchJson<'a>>,
    why: &'a [String],
}

#[derive(Serialize)]
struct MismatchJson<'a> {
    line: u32,
    expected: &'a str,
    got: &'a str,
    help: Option<&'a str>,
}

/// `{"tests": […], "passed": 13, "failed": 1}`, with `"coverage"` if it was requested
pub(super) fn json<'a>(runs: &'a [TestRun], coverage: Option<&'a [PolicyCoverage]>) -> TestReport<'a> {
    let tests: Vec<_> = runs.iter().map(test_json).collect();
    let passed = tests.iter().filter(|test| test.passed).count();
    TestReport { passed, failed: tests.len() - passed, tests, coverage: coverage.map(coverage_report::json) }
}

fn test_json(run: &TestRun) -> TestJson<'_> {
    let failures = run.mismatches.iter().map(|(line, Mismatch { expected, got, hint, .. })| MismatchJson {
        line: *line,
        expected,
        got,
        help: hint.as_deref(),
    });
    TestJson {
        name: &run.name,
        file: &run.file,
        line: run.line,
        passed: run.passed(),
        failures: failures.collect(),
        why: &run.why,
    }
}

/// One test case for each test.
pub(super) fn junit(runs: &[TestRun]) -> String {
    let cases: Vec<TestCase> = runs.iter().map(case).collect();
    junit::suite("rules test", &cases)
}

fn case(run: &TestRun) -> TestCase {
    let failures = run.mismatches.first().map(|(_, mismatch)| TestFailure {
        kind: "failed-test".to_owned(),
        message: format!("expected: {}; got: {}", mismatch.expected, mismatch.got),
        details: format!("{}:{}\n{}", run.file, run.line, details(run)),
    });
    TestCase {
        class: run.file.to_string(),
        name: run.name.to_string(),
        failures: failures.into_iter().collect(),
        notes: Vec::new(),
    }
}
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_that_are_gone() {
        let names: Vec<TestName> = (1..8).map(|n| ("a.rules".into(), format!("t{n}").into())).collect();
        let names: Vec<&TestName> = names.iter().collect();
        assert_eq!(lost(&names[..1]), "1 test is gone: \"t1\" (a.rules)\n");
        let all = "7 tests are gone: \"t1\" (a.rules), \"t2\" (a.rules), \"t3\" (a.rules), \"t4\" (a.rules), \"t5\" (a.rules), …\n";
        assert_eq!(lost(&names), all);
    }
}
