//! Renders the results of tests.

use std::fmt::Write;
use std::sync::Arc;

use clap::builder::styling::AnsiColor;
use serde::Serialize;

use super::coverage_report::{self, PolicyCoverage};
use super::output;
use crate::diagnostic::junit::{self, TestCase, TestFailure};
use crate::diagnostic::printable;
use crate::scenario::{FailedExpectation, TestOutcome, TestReport};
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

/// The tests that failed, and a summary.
pub(super) fn human(runs: &[TestOutcome]) -> String {
    let mut text = String::new();
    for failed in runs.iter().filter(|run| !run.passed) {
        let head = format!("{} ({}:{})", failed.name, failed.file, failed.line);
        let _ = writeln!(text, "{} {}", output::painted("failed:", AnsiColor::Red), printable(&head));
        let _ = writeln!(text, "{}", output::printable_lines(&details(failed)));
    }
    let passed = runs.iter().filter(|run| run.passed).count();
    let summary = match (passed, runs.len() - passed) {
        (0, 0) => "no tests found".to_owned(),
        (1, 0) => "1 test passed".to_owned(),
        (passed, 0) => format!("{passed} tests passed"),
        (passed, failed) => format!("{passed} passed, {failed} failed"),
    };
    let colour = if passed == runs.len() { AnsiColor::Green } else { AnsiColor::Red };
    format!("{text}{}\n", output::painted(&summary, colour))
}

fn details(failed: &TestOutcome) -> String {
    let mut text = String::new();
    for FailedExpectation { line, expected, got, help } in &failed.failures {
        let _ = writeln!(text, "  line {line}");
        let _ = writeln!(text, "    expected: {expected}");
        let _ = writeln!(text, "    got:      {got}");
        if let Some(help) = help {
            let _ = writeln!(text, "    help:     {help}");
        }
    }
    if !failed.why.is_empty() {
        let _ = writeln!(text, "  why:\n    {}", failed.why.join("\n    "));
    }
    text
}

/// The results, with their coverage if it was requested.
#[derive(Serialize)]
pub(super) struct CoveredReport<'a> {
    #[serde(flatten)]
    report: TestReport,
    #[serde(skip_serializing_if = "Option::is_none")]
    coverage: Option<coverage_report::CoverageReport<'a>>,
}

/// `{"tests": […], "passed": 13, "failed": 1}`, with `"coverage"` if it was requested
pub(super) fn json(tests: Vec<TestOutcome>, coverage: Option<&[PolicyCoverage]>) -> CoveredReport<'_> {
    CoveredReport { report: TestReport::new(tests), coverage: coverage.map(coverage_report::json) }
}

/// One test case for each test.
pub(super) fn junit(runs: &[TestOutcome]) -> String {
    let cases: Vec<TestCase> = runs.iter().map(case).collect();
    junit::suite("rules test", &cases)
}

fn case(run: &TestOutcome) -> TestCase {
    let failures = run.failures.first().map(|failure| TestFailure {
        kind: "failed-test".to_owned(),
        message: format!("expected: {}; got: {}", failure.expected, failure.got),
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
