//! The result of a test.

use crate::text::Span;

/// The result of a test, which passed if there are no mismatches.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TestResult {
    /// Each expectation that was not met, in the order of the test.
    pub mismatches: Vec<Mismatch>,
    /// The reasons of the decision, in sentences; none if the test passed.
    pub why: Vec<String>,
}

/// An expectation that was not met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// The `expect` line, or the test's name if the test itself is invalid.
    pub span: Span,
    /// What was expected, as people write it.
    pub expected: String,
    /// What was decided instead.
    pub got: String,
    /// Why it cannot be met, or what was probably meant.
    pub hint: Option<String>,
}

impl TestResult {
    /// Whether every expectation was met.
    pub fn passed(&self) -> bool {
        self.mismatches.is_empty()
    }

    /// The result of a test that is itself invalid.
    pub(super) fn invalid(span: Span, expected: &str, got: impl Into<String>) -> Self {
        let mismatch = Mismatch { span, expected: expected.to_owned(), got: got.into(), hint: None };
        Self { mismatches: vec![mismatch], why: Vec::new() }
    }
}
