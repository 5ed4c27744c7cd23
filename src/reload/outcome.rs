//! What came of a change.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::diagnostic::{Finding, Level, Sources};
use crate::load::LoadError;

/// What came of a change of the folder.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// When it was judged.
    pub at: Timestamp,
    /// How long that took: from the second of the two readings that agreed until the new set was current.
    pub took: Duration,
    /// `sha256-sum:…` over the names and contents of all files. Where they cannot be read: of what was last read.
    pub digest: String,
    /// Whether what stands in the folder is current.
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

/// Whether what stands in the folder is current.
#[derive(Debug, Clone)]
pub enum Verdict {
    /// It is. The generation is another than before, unless it was current already.
    Taken,
    /// The set from before stays.
    Kept(Refusal),
}

/// Why what stands in the folder does not become current.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Refusal {
    /// It is not there, cannot be read, or has no inbox.
    #[error(transparent)]
    Unreadable(Arc<LoadError>),
    /// Some rules have no meaning until they are mended.
    #[error("there are faults in the rules")]
    Faults,
    /// There are findings at error level; [`Settings::allow_errors`](super::Settings::allow_errors) takes them.
    #[error("there are errors in the rules")]
    Errors,
    /// There is no policy, but there was one; [`Settings::allow_empty`](super::Settings::allow_empty) takes that.
    #[error("there is no policy any more")]
    Empty,
    /// The files have been changing all the time.
    #[error("the files have not come to rest")]
    Restless,
    /// Checking has panicked, which is a mistake of this program.
    #[error("checking failed by a mistake of the program: {0}")]
    Panicked(String),
}

/// Why a folder cannot be followed.
#[derive(Debug, thiserror::Error)]
pub enum ReloadError {
    /// There are no sound rules to begin with; [`Settings::begin_empty`](super::Settings::begin_empty) waits for them.
    #[error("{}", told(outcome))]
    Refused {
        /// What is wrong with them.
        outcome: Box<Outcome>,
    },
    /// The system has no thread for it.
    #[error("no thread can be started: {0}")]
    Thread(#[from] std::io::Error),
}

impl Outcome {
    /// Whether what stands in the folder is current.
    pub fn is_taken(&self) -> bool {
        matches!(self.verdict, Verdict::Taken)
    }

    /// Why it is not.
    pub fn refusal(&self) -> Option<&Refusal> {
        match &self.verdict {
            Verdict::Taken => None,
            Verdict::Kept(refusal) => Some(refusal),
        }
    }
}

/// "there are faults in the rules; the first: no group is called `Slaes`"
fn told(outcome: &Outcome) -> String {
    let refusal = outcome.refusal().map_or_else(String::new, ToString::to_string);
    let mut errors = outcome.findings.iter().filter(|finding| finding.level == Level::Error);
    match (outcome.refusal(), errors.next()) {
        (Some(Refusal::Faults | Refusal::Errors), Some(first)) => {
            format!("{refusal}; the first: {}", first.message)
        }
        _ => refusal,
    }
}
