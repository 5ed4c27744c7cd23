//! How the outcome of tests is shown.

use std::fmt::Write;
use std::sync::Arc;

use clap::builder::styling::AnsiColor;
use serde::Serialize;

use super::coverage::{self, Covered};
use super::output;
use crate::diagnostic::junit::{self, Case, Failure};
use crate::diagnostic::printable;
use crate::policy::{RuleFile, Test};
use crate::scenario::{Miss, Outcome};

/// A test that was run.
pub(super) struct Tested {
    file: Arc<str>,
    line: u32,
    name: Arc<str>,
    /// Each with its line.
    missed: Vec<(u32, Miss)>,
    why: Vec<String>,
}

impl Tested {
    /// The test of `file` with that outcome.
    pub(super) fn new(file: &RuleFile, test: &Test, outcome: Outcome) -> Self {
        let Outcome { misses, why } = outcome;
        Self {
            file: Arc::clone(&file.source.name),
            line: file.lines().line(test.span.start),
            name: Arc::clone(&test.name),
            missed: misses.into_iter().map(|miss| (file.lines().line(miss.span.start), miss)).collect(),
            why,
        }
    }

    /// Whether every expectation was met.
    pub(super) fn passed(&self) -> bool {
        self.missed.is_empty()
    }
}

/// Those that failed, and how many did.
pub(super) fn human(tested: &[Tested]) -> String {
    let mut text = String::new();
    for failed in tested.iter().filter(|tested| !tested.passed()) {
        let head = format!("{} ({}:{})", failed.name, failed.file, failed.line);
        let _ = writeln!(text, "{} {}", output::painted("failed:", AnsiColor::Red), printable(&head));
        let _ = writeln!(text, "{}", output::printable_lines(&details(failed)));
    }
    let passed = tested.iter().filter(|tested| tested.passed()).count();
    let summary = match (passed, tested.len() - passed) {
        (0, 0) => "no tests found".to_owned(),
        (1, 0) => "1 test passed".to_owned(),
        (passed, 0) => format!("{passed} tests passed"),
        (passed, failed) => format!("{passed} passed, {failed} failed"),
    };
    let colour = if passed == tested.len() { AnsiColor::Green } else { AnsiColor::Red };
    format!("{text}{}\n", output::painted(&summary, colour))
}

fn details(failed: &Tested) -> String {
    let mut text = String::new();
    for (line, Miss { expected, got, hint, .. }) in &failed.missed {
        let _ = writeln!(text, "  line {line}");
        let _ = writeln!(text, "    expected  {expected}");
        let _ = writeln!(text, "    got       {got}");
        if let Some(hint) = hint {
            let _ = writeln!(text, "    help      {hint}");
        }
    }
    if !failed.why.is_empty() {
        let _ = writeln!(text, "  why\n    {}", failed.why.join("\n    "));
    }
    text
}

#[derive(Serialize)]
pub(super) struct Report<'a> {
    tests: Vec<TestJson<'a>>,
    passed: usize,
    failed: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    coverage: Option<coverage::Report<'a>>,
}

#[derive(Serialize)]
struct TestJson<'a> {
    name: &'a str,
    file: &'a str,
    line: u32,
    passed: bool,
    failures: Vec<MissJson<'a>>,
    why: &'a [String],
}

#[derive(Serialize)]
struct MissJson<'a> {
    line: u32,
    expected: &'a str,
    got: &'a str,
    help: Option<&'a str>,
}

/// `{"tests": […], "passed": 13, "failed": 1}`, with `"coverage"` where it was asked for
pub(super) fn json<'a>(tested: &'a [Tested], covered: Option<&'a [Covered]>) -> Report<'a> {
    let tests: Vec<_> = tested.iter().map(test_json).collect();
    let passed = tests.iter().filter(|test| test.passed).count();
    Report { passed, failed: tests.len() - passed, tests, coverage: covered.map(coverage::json) }
}

fn test_json(tested: &Tested) -> TestJson<'_> {
    let failures = tested.missed.iter().map(|(line, Miss { expected, got, hint, .. })| MissJson {
        line: *line,
        expected,
        got,
        help: hint.as_deref(),
    });
    TestJson {
        name: &tested.name,
        file: &tested.file,
        line: tested.line,
        passed: tested.passed(),
        failures: failures.collect(),
        why: &tested.why,
    }
}

/// One case a test.
pub(super) fn junit(tested: &[Tested]) -> String {
    let cases: Vec<Case> = tested.iter().map(case).collect();
    junit::suite("rules test", &cases)
}

fn case(tested: &Tested) -> Case {
    let failures = tested.missed.first().map(|(_, miss)| Failure {
        kind: "failed-test".to_owned(),
        message: format!("expected {}, got {}", miss.expected, miss.got),
        details: format!("{}:{}\n{}", tested.file, tested.line, details(tested)),
    });
    Case {
        class: tested.file.to_string(),
        name: tested.name.to_string(),
        failures: failures.into_iter().collect(),
        notes: Vec::new(),
    }
}
