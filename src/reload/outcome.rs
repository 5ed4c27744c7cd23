//! The outcome of a change.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::changes::Changes;
use super::release::Release;
use crate::diagnostic::debug_as_display;
use crate::diagnostic::{Findings, Sources};
use crate::load::{LoadError, sources_of};
use crate::policy::Folder;

/// The outcome of a change of the rules.
#[derive(Clone)]
#[non_exhaustive]
pub struct Outcome {
    /// When the change was judged.
    pub at: Timestamp,
    /// How long that took: from the second of two equal readings until the new set was current.
    pub took: Duration,
    /// `sha256:…` over the names and contents of all files. If they cannot be read: of what was last read.
    pub digest: String,
    /// Whether the rules are current.
    pub verdict: Verdict,
    /// How often the current set has changed, the first included.
    pub generation: u64,
    /// The rules that are current now, with their texts.
    pub release: Arc<Release>,
    /// The files that differ between the judged rules and those that were current before.
    pub changes: Changes,
    /// Everything that was found in the files, at any level. While there are faults, changed files are not proved.
    pub findings: Findings,
    /// The judged rules; empty if the files cannot be read.
    pub folder: Folder,
    /// The files that were checked, by their names inside the folder: those that changed, and those that use them.
    pub checked: Vec<Arc<str>>,
}

/// Whether new rules are current.
#[derive(Debug, Clone)]
pub enum Verdict {
    /// They are. The generation has gone up by one, unless they were current already.
    Accepted,
    /// The previous set stays.
    Rejected(Refusal),
}

/// Why rules do not become current. `Debug` prints the same sentence as `Display`.
#[derive(Clone, thiserror::Error)]
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
    /// More is gone than [`Settings::most_removed`](super::Settings::most_removed) allows: a save may have been cut off. The
    /// rules wait until they are [accepted](super::Reloader::accept), or change again.
    #[error("{0}")]
    Removed(String),
    /// The gate refuses them, for this reason.
    #[error("{0}")]
    Denied(String),
    /// The gate holds them back, for this reason, until they are [accepted](super::Reloader::accept), or change again.
    #[error("{0}")]
    Held(String),
    /// These files keep changing.
    #[error("{}", unstable(.0))]
    Unstable(Vec<Arc<str>>),
    /// Reading the files or checking them has panicked, which is a bug.
    #[error("the check has panicked, which is a bug: {0}")]
    Panicked(String),
    /// The gate has panicked.
    #[error("the gate has panicked: {0}")]
    GatePanicked(String),
}

/// Why a folder cannot be followed. `Debug` prints the same sentence as `Display`, so that `main` may return it.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum ReloadError {
    /// The first rules were rejected, and [`Settings::begin_empty`](super::Settings::begin_empty) is off.
    #[error("{}", outcome.refusal().map_or_else(String::new, ToString::to_string))]
    Refused {
        /// What is wrong with them.
        outcome: Box<Outcome>,
    },
    /// The system cannot start the thread that follows the folder.
    #[error("no thread can be started: {0}")]
    Thread(#[from] std::io::Error),
}

debug_as_display!(Refusal, ReloadError);

impl Outcome {
    /// Whether the rules are current.
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

    /// The texts that the findings point into. This takes longer the more findings there are, so call it only to show them.
    pub fn sources(&self) -> Sources {
        sources_of(self.findings.iter(), &self.folder)
    }

    /// Whether the rules wait until they are [accepted](super::Reloader::accept).
    pub fn is_waiting(&self) -> bool {
        matches!(self.refusal(), Some(Refusal::Removed(_) | Refusal::Held(_)))
    }
}

/// Short: the rules of many numbers, and what was found in them, are long.
impl fmt::Debug for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outcome")
            .field("at", &self.at)
            .field("verdict", &self.verdict)
            .field("digest", &self.digest)
            .field("generation", &self.generation)
            .field("changes", &self.changes)
            .finish_non_exhaustive()
    }
}

fn unstable(files: &[Arc<str>]) -> String {
    match files {
        [file] if !file.is_empty() => format!("`{file}` keeps changing"),
        [file, others @ ..] if !file.is_empty() => {
            let files = if others.len() == 1 { "file" } else { "files" };
            format!("`{file}` and {} more {files} keep changing", others.len())
        }
        _ => "the files keep changing".to_owned(),
    }
}
