//! The results of tests, as programs read them.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

use super::result::{Mismatch, TestResult};
use crate::policy::{RuleFile, Test};

/// The results of tests: `{"tests": […], "passed": 13, "failed": 1}`.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct TestReport {
    /// Each test.
    pub tests: Vec<TestOutcome>,
    /// How many passed.
    pub passed: usize,
    /// How many failed.
    pub failed: usize,
}

/// A test and its result.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct TestOutcome {
    /// The name of the test.
    pub name: Arc<str>,
    /// Its file.
    pub file: Arc<str>,
    /// Its line.
    pub line: u32,
    /// Whether every expectation was met.
    pub passed: bool,
    /// Each that was not.
    pub failures: Vec<FailedExpectation>,
    /// The reasons of the decision, in sentences; none if the test passed.
    pub why: Vec<String>,
}

/// An expectation that was not met.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct FailedExpectation {
    /// Its line.
    pub line: u32,
    /// What was expected, as people write it.
    pub expected: String,
    /// What was decided instead.
    pub got: String,
    /// Why it cannot be met, or what was probably meant.
    pub help: Option<String>,
}

impl TestReport {
    /// The report of these tests.
    pub fn new(tests: Vec<TestOutcome>) -> Self {
        let passed = tests.iter().filter(|test| test.passed).count();
        Self { passed, failed: tests.len() - passed, tests }
    }
}

impl TestOutcome {
    /// A test of `file` and its result.
    pub fn new(file: &RuleFile, test: &Test, result: TestResult) -> Self {
        let line = |start| file.lines().line(start);
        let failure = |Mismatch { span, expected, got, hint }| FailedExpectation {
            line: line(span.start),
            expected,
            got,
            help: hint,
        };
        Self {
            name: Arc::clone(&test.name),
            file: Arc::clone(&file.source.name),
            line: line(test.span.start),
            passed: result.passed(),
            failures: result.mismatches.into_iter().map(failure).collect(),
            why: result.why,
        }
    }
}
