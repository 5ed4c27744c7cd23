//! Why rules are not changed.

use std::io;
use std::sync::Arc;

use inbox_rules::ReloadError;
use inbox_rules::diagnostic::human::{self, Style};
use inbox_rules::diagnostic::json::FindingJson;

use super::status::WaitingRules;

/// Why rules are not changed, compared or tried.
#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    /// No rule file can have that name.
    #[error("no rule file can be called `{0}`")]
    FileName(String),
    /// The digest of the rules that were edited is missing.
    #[error("`base` is missing: the digest of the rules that were edited")]
    NoBase,
    /// The active rules are others than those that were edited, or the folder has been changed meanwhile.
    #[error("the rules have been changed meanwhile")]
    Changed,
    /// A folder takes one file at a time.
    #[error("rules in a folder are changed one file at a time, and this changes {0}")]
    SeveralFiles(usize),
    /// Something is wrong with the rules.
    #[error("{why}")]
    Findings {
        /// The first finding, and how many more there are.
        why: String,
        /// All of them.
        findings: Vec<FindingJson>,
    },
    /// The rules wait until somebody accepts them.
    #[error("the rules decide {} cases differently, and wait until they are accepted", .0.differences)]
    Gate(WaitingRules),
    /// No rules with that digest wait.
    #[error("no rules with the digest `{0}` wait to be accepted")]
    NothingWaits(String),
    /// The rules are still being judged.
    #[error("the rules are still being judged")]
    Busy,
    /// A file cannot be written.
    #[error("`{file}` cannot be written: {source}")]
    Write {
        /// The file.
        file: String,
        /// What the system says.
        source: io::Error,
    },
}

/// Why the rules of an inbox cannot be used when the program starts, and there are no earlier ones.
#[derive(Debug, thiserror::Error)]
#[error("the rules of the inbox `{inbox}` cannot be used: {source}")]
pub struct RulesStartError {
    /// The inbox.
    pub inbox: Arc<str>,
    /// What is wrong.
    pub source: ReloadError,
}

impl RulesError {
    /// The code for it in answers of the API.
    pub fn code(&self) -> &'static str {
        match self {
            Self::FileName(_) | Self::NoBase => "bad-field",
            Self::Changed => "rules-changed",
            Self::SeveralFiles(_) => "one-file",
            Self::Findings { .. } => "findings",
            Self::Gate(_) => "gate",
            Self::NothingWaits(_) => "unknown-digest",
            Self::Busy => "busy",
            Self::Write { .. } => "not-written",
        }
    }
}

impl RulesStartError {
    /// Each finding with the lines that it is about.
    pub fn render(&self, style: Style) -> String {
        match &self.source {
            ReloadError::Refused { outcome } => {
                human::render(&outcome.findings.to_vec(), &outcome.sources(), style)
            }
            _ => String::new(),
        }
    }
}
