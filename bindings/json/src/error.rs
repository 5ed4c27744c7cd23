//! Why a call failed, in the same words for every language.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use inbox_rules::diagnostic::Sources;
use inbox_rules::diagnostic::json::{self, FindingJson};
use inbox_rules::{Finding, LoadError, ReloadError, SituationError};
use schemars::JsonSchema;
use serde::Serialize;

/// Why a call failed.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "Error")]
pub struct CallError {
    /// What failed.
    pub kind: ErrorKind,
    /// The whole sentence: what is wrong, where, and what to do.
    pub message: String,
    /// The field of the situation, such as `customer.owner`; `null` if the error is not about one field.
    pub place: Option<String>,
    /// The line in the text of the situation, from 1, if it is known.
    pub line: Option<usize>,
    /// The column, from 1, if it is known.
    pub column: Option<usize>,
    /// The faults of rules that cannot be used.
    pub findings: Vec<FindingJson>,
}

/// What failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    /// An argument is missing, or is not text.
    Argument,
    /// The rules could not be loaded.
    Load,
    /// A situation cannot be decided.
    Situation,
    /// An internal error, such as a panic. Please report it.
    Internal,
}

impl CallError {
    /// An error without a place.
    pub fn new(kind: ErrorKind, message: String) -> Self {
        Self { kind, message, place: None, line: None, column: None, findings: Vec::new() }
    }

    pub(crate) fn internal(message: &str) -> Self {
        Self::new(ErrorKind::Internal, format!("internal error, please report it: {message}"))
    }

    fn load(message: String, findings: &[Finding], sources: &Sources) -> Self {
        let findings = json::report(findings, sources, 0).findings;
        Self { findings, ..Self::new(ErrorKind::Load, message) }
    }

    /// The error as JSON.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl From<SituationError> for CallError {
    fn from(error: SituationError) -> Self {
        let place = match (&error.place, error.line, error.column) {
            (Some(place), ..) => format!(" (at `{place}`)"),
            (None, Some(line), Some(column)) => format!(" (at line {line}, column {column})"),
            _ => String::new(),
        };
        let SituationError { line, column, .. } = error;
        let message = format!("{error}{place}");
        Self { place: error.place, line, column, ..Self::new(ErrorKind::Situation, message) }
    }
}

impl From<LoadError> for CallError {
    fn from(error: LoadError) -> Self {
        let message = error.to_string();
        match error {
            LoadError::Faults { findings, sources } => Self::load(message, &findings, &sources),
            _ => Self::load(message, &[], &Sources::default()),
        }
    }
}

impl From<ReloadError> for CallError {
    fn from(error: ReloadError) -> Self {
        let message = error.to_string();
        match error {
            ReloadError::Refused { outcome } => {
                Self::load(message, &outcome.findings.to_vec(), &outcome.sources())
            }
            _ => Self::load(message, &[], &Sources::default()),
        }
    }
}

/// Makes a panic an error, so that it never reaches another language.
///
/// # Errors
///
/// What `call` returns, and [`ErrorKind::Internal`] if it panics.
pub fn catch_panic<T>(call: impl FnOnce() -> Result<T, CallError>) -> Result<T, CallError> {
    catch_unwind(AssertUnwindSafe(call))
        .unwrap_or_else(|panic| Err(CallError::internal(&message_of(&*panic))))
}

fn message_of(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_error() {
        let error = catch_panic::<()>(|| panic!("no {}", "way")).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Internal);
        assert_eq!(error.message, "internal error, please report it: no way");
    }

    #[test]
    fn the_sentence_ends_with_the_place() {
        let error =
            SituationError::at("customer.owner", "no user is called `alcie`").help("did you mean `alice`?");
        let error = CallError::from(error);
        assert_eq!(error.message, "no user is called `alcie`; did you mean `alice`? (at `customer.owner`)");
        assert_eq!(error.place.as_deref(), Some("customer.owner"));
    }
}
