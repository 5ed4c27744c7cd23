//! What a caller may say about a sound set before it becomes current.

use super::changes::Changes;
use super::release::Release;
use crate::compare::{RuleComparison, RuleVersion, compare_rules};
use crate::diagnostic::Findings;
use crate::load::{LoadError, RuleSet};
use crate::policy::Folder;

/// Decides about a sound set before it becomes current.
pub type Gate = dyn FnMut(&Proposal<'_>) -> Admission + Send;

/// Whether a sound set may become current.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Admission {
    /// It may.
    Allow,
    /// It may not, for this reason.
    Deny(String),
    /// Not until somebody [accepts](super::Reloader::accept) it, for this reason.
    Hold(String),
}

/// A sound set that may become current.
#[derive(Debug)]
#[non_exhaustive]
pub struct Proposal<'p> {
    /// The rules that are current, with their texts. Their generation is 0 where there are none yet.
    pub current: &'p Release,
    /// The new rules.
    pub set: &'p RuleSet,
    /// Their texts.
    pub folder: &'p Folder,
    /// `sha256:…` over the names and contents of all files, by which they can be [accepted](super::Reloader::accept).
    pub digest: &'p str,
    /// The files that differ.
    pub changes: &'p Changes,
    /// What was found in the new files; nothing that stops them.
    pub findings: &'p Findings,
}

impl Proposal<'_> {
    /// What the new rules decide differently from the current ones. Once `most` differences have been found, no further
    /// policy is compared.
    ///
    /// # Errors
    ///
    /// As [`compare_rules`], which cannot happen with sound sets.
    pub fn compare(&self, most: usize) -> Result<RuleComparison, LoadError> {
        compare_rules(self.current.version(), RuleVersion { set: self.set, folder: self.folder }, most)
    }
}
