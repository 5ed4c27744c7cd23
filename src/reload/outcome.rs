//! The outcome of a change.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::diagnostic::{Finding, Sources};
use crate::load::LoadError;

/// The outcome of a change of the folder.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Outcome {
    /// When the change was checked.
    pub at: Timestamp,
    /// How long that took: from the second of two equal readings until the new set was current.
    pub took: Duration,
    /// `sha256-sum:…` over the names and contents of all files. If they cannot be read: of what was last read.
    pub digest: String,
    /// Whether the rules in the folder are current.
    pub verdict: Verdict,
    /// How often the current set has changed, the first included.
    pub generation: u64,
    /// Everything that was found in the files, at any level.
    pub findings: Vec<Finding>,
    /// The texts that the findings point into.
    pub sources: Sources,
    /// The files that were checked, by their names inside the folder: those that changed, and those that use them.
    pub checked: Vec<Arc<str>>,
}

/// Whether the rules in the folder are current.
#[derive(Debug, Clone)]
pub enum Verdict {
    /// They are. The generation has gone up by one, unless they were current already.
    Accepted,
    /// The previous set stays.
    Rejected(Refusal),
}

/// Why the rules in the folder do not become current.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The folder does not exist, cannot be read, or has no inbox.
    #[error(transparent)]
    Unreadable(Arc<LoadError>),
    /// Some rules have no meaning until they are fixed; the first fault, and how many more there are.
    #[error("{0}")]
    Faults(String),
    /// There are findings at error level, and [`Settings::allow_errors`](super::Settings::allow_errors) is off; the first,
    /// and how many more there are.
    #[error("{0}")]
    Errors(String),
    /// The folder has no policy, the current set has, and [`Settings::allow_empty`](super::Settings::allow_empty) is off.
    #[error("there are no policies left")]
    Empty,
    /// The files keep changing.
    #[error("the files keep changing")]
    Unstable,
    /// The check has panicked, which is a bug.
    #[error("the check has panicked, which is a bug: {0}")]
    Panicked(String),
}

/// Why a folder cannot be watched. `Debug` prints the same sentence as `Display`, so that `main` may return it.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum ReloadError {
    /// The first rules were rejected, and [`Settings::begin_empty`](super::Settings::begin_empty) is off.
    #[error("{}", outcome.refusal().map_or_else(String::new, ToString::to_string))]
    Refused {
        /// What is wrong with them.
        outcome: Box<Outcome>,
    },
    /// The system cannot start a thread.
    #[error("no thread can be started: {0}")]
    Thread(#[from] std::io::Error),
}

impl Outcome {
    /// Whether the rules in the folder are current.
    pub fn is_accepted(&self) -> bool {
        matches!(self.verdict, Verdict::Accepted)
    }

    /// Why they are not.
    pub fn refusal(&self) -> Option<&Refusal> {
        match &self.verdict {
            Verdict::Accepted => None,
            Verdict::Rejected(refusal) => Some(refusal),
        }
    }
}

impl fmt::Debug for ReloadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
