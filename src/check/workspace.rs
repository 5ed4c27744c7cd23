//! A folder with all of its findings, kept so that a change costs only what it changes.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use crate::cancellation::Cancellation;
use crate::diagnostic::{Finding, Findings};
use crate::inbox::Inbox;
use crate::load::{ResolvedFile, ResolvedFolder};
use crate::policy::{Folder, RuleFile};
use crate::prove::Proofs;

/// A folder with all of its findings, each at its level. When the folder changes, only the files that changed, and
/// those that use them, are checked again. A clone shares with the original what takes memory.
#[derive(Debug, Clone, Default)]
pub struct Workspace {
    pub(super) resolved: ResolvedFolder,
    pub(super) findings: Findings,
    pub(super) scope: LintScope,
    /// Only lints without proofs run for now.
    pub(super) puts_proofs_off: bool,
    /// The files whose proofs are put off.
    pub(super) unproved: BTreeSet<Arc<str>>,
    /// Ends the proofs that are being made.
    pub(super) cancellation: Cancellation,
}

/// Which lints run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum LintScope {
    #[default]
    All,
    /// None: only faults are found.
    Faults,
    /// Those without proofs.
    WithoutProofs,
    /// All, but while there are faults, only those without proofs.
    ProofsLast,
}

/// A rule file while lints run on it.
pub(super) struct LintFile<'w> {
    pub(super) name: Arc<str>,
    /// With its syntax tree.
    pub(super) file: Arc<RuleFile>,
    pub(super) result: &'w ResolvedFile,
    /// The proofs about this file and its copies, once a lint has needed them.
    pub(super) proofs: Arc<OnceLock<Proofs>>,
}

impl Workspace {
    /// The folder.
    pub fn folder(&self) -> &Folder {
        self.resolved.folder()
    }

    /// The folder with its files resolved.
    pub fn resolved(&self) -> &ResolvedFolder {
        &self.resolved
    }

    /// Every finding, by file and place.
    pub fn findings(&self) -> Vec<Finding> {
        self.findings.to_vec()
    }

    /// Every finding, to be kept.
    pub fn kept_findings(&self) -> &Findings {
        &self.findings
    }

    /// The inbox, if it is known and has no fault: otherwise what seems to be missing may only be misspelt there.
    pub(super) fn sound_inbox(&self) -> Option<&Inbox> {
        let inbox = &self.folder().inbox;
        (!inbox.is_inferred && !self.resolved.is_inbox_faulty()).then_some(inbox)
    }

    /// Whether the file has a meaning: there is no fault in it, in those it takes names from, or in the inbox.
    pub(super) fn has_meaning(&self, file: &LintFile<'_>) -> bool {
        self.resolved.has_meaning(file.result)
    }

    /// The files of those names that exist, those of the same text next to each other.
    pub(super) fn existing(&self, names: BTreeSet<Arc<str>>) -> Vec<Arc<str>> {
        let files = &self.folder().files;
        let mut names: Vec<Arc<str>> = names.into_iter().filter(|name| files.contains(name)).collect();
        names.sort_by_cached_key(|name| (files.get(name).and_then(|file| file.digest), Arc::clone(name)));
        names
    }
}
