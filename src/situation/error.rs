//! What is wrong with a situation, and where.

use schemars::JsonSchema;
use serde::Serialize;

use crate::diagnostic;
use crate::diagnostic::debug_as_display;

/// A situation that cannot be decided.
#[derive(Clone, PartialEq, Eq, thiserror::Error, Serialize, JsonSchema)]
#[error("{message}{}", help.as_ref().map(|help| format!("; {help}")).unwrap_or_default())]
#[non_exhaustive]
pub struct SituationError {
    /// What is wrong, in one sentence.
    pub message: String,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// The field, as `customer.owner`; `None` if it is the whole situation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The line of the JSON text, from 1, if it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// The column, from 1, if it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
}

debug_as_display!(SituationError);

impl SituationError {
    /// An error about the field `place`.
    pub fn at(place: impl Into<String>, message: impl Into<String>) -> Self {
        Self { place: Some(place.into()), ..Self::new(message) }
    }

    /// An error about the whole situation.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None, place: None, line: None, column: None }
    }

    /// Adds a sentence on what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Suggests the name that was probably meant.
    #[must_use]
    pub fn nearest<'a>(self, name: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        match diagnostic::nearest(name, known) {
            Some(known) => self.help(format!("did you mean `{known}`?")),
            None => self,
        }
    }
}
