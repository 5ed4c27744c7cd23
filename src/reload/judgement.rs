//! Whether rules may become current.

use std::collections::BTreeSet;
use std::fmt;
use std::path::PathBuf;
use std::slice;
use std::sync::Arc;

use super::changes::{Changes, loss};
use super::digest::FolderDigest;
use super::outcome::Refusal;
use super::panics::catch_panic;
use super::release::Release;
use super::settings::Settings;
use crate::check::Workspace;
use crate::diagnostic::{Findings, Sources};
use crate::load::{LoadError, RuleSet, first_of, sources_of};
use crate::policy::Folder;

/// What judging rules gives.
#[non_exhaustive]
pub struct Judgement {
    /// The rules, or why they cannot become current. The [gate](super::Proposal) is not asked.
    pub result: Result<RuleSet, Refusal>,
    /// `sha256:…` over the names and contents of all files.
    pub digest: String,
    /// The files that differ from those of the current rules.
    pub changes: Changes,
    /// Everything that was found in the files, at any level. While there are faults, changed files are not proved.
    pub findings: Findings,
    /// The files.
    pub folder: Folder,
    /// The files that were checked, by their names inside the folder: those that changed, and those that use them.
    pub checked: Vec<Arc<str>>,
}

/// Which checks the caller has answered already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Confirmation {
    None,
    /// Policies, users or groups may be gone; the gate is still asked.
    Removal,
    /// The gate has held the rules as well.
    Gate,
}

/// Judges one state of a folder after another. A clone costs little.
#[derive(Clone)]
pub(super) struct Judge {
    settings: Settings,
    /// Where the folder is, for errors.
    pub(super) path: PathBuf,
    /// The last state, sound or not.
    workspace: Workspace,
    pub(super) digest: FolderDigest,
}

impl Judge {
    pub(super) fn new(settings: Settings) -> Self {
        let workspace = empty_workspace(&settings);
        Self { settings, path: PathBuf::from("."), workspace, digest: FolderDigest::default() }
    }

    /// Judges the next state, as if it were to replace `current`.
    pub(super) fn judge(&mut self, current: &Release, folder: &Folder, confirmed: Confirmation) -> Judgement {
        if current.generation > 0 {
            self.workspace.leave_a_thread();
        }
        let changes = Changes::between(&current.folder, folder);
        let mut checked = BTreeSet::new();
        let result = catch_panic(|| {
            self.digest.update(folder);
            checked = self.workspace.update(folder.clone());
            let set = self.rule_set(current)?;
            let may_lose = confirmed != Confirmation::None || current.generation == 0 || self.is_empty();
            let most_removed = if may_lose { 1.0 } else { self.settings.most_removed };
            match loss(current, (&set, folder), &changes, most_removed) {
                Some(loss) => Err(Refusal::Removed(loss)),
                None => Ok(set),
            }
        });
        let result = result.unwrap_or_else(|message| {
            // The workspace may be inconsistent after a panic.
            self.workspace = empty_workspace(&self.settings);
            self.digest = FolderDigest::of(folder);
            Err(Refusal::Panicked(message))
        });
        Judgement {
            result,
            digest: self.digest.to_string(),
            changes,
            findings: self.workspace.kept_findings().clone(),
            folder: folder.clone(),
            checked: checked.into_iter().collect(),
        }
    }

    /// The set of the rules in the workspace.
    fn rule_set(&self, current: &Release) -> Result<RuleSet, Refusal> {
        let folder = self.workspace.folder();
        let had_rules = current.set.policies().next().is_some();
        if self.is_empty() && had_rules && !self.settings.allow_empty {
            return Err(Refusal::Empty);
        }
        if folder.inbox_source.is_none() && folder.findings.is_empty() {
            if self.is_empty() && self.settings.allow_empty {
                return Ok(RuleSet::default());
            }
            return Err(Refusal::Unreadable(Arc::new(LoadError::NoInbox { path: self.path.clone() })));
        }
        let set = RuleSet::from_resolved(self.workspace.resolved());
        let set = set.map_err(|error| Refusal::Faults(error.to_string()))?;
        let mut errors = self.workspace.kept_findings().errors().peekable();
        if let Some(first) = errors.peek().filter(|_| !self.settings.allow_errors) {
            let sources = sources_of(slice::from_ref(*first), folder);
            return Err(Refusal::Errors(first_of(errors, &sources)));
        }
        Ok(set)
    }

    /// Whether the workspace has no policies.
    fn is_empty(&self) -> bool {
        self.workspace.resolved().policies().is_empty()
    }
}

impl Judgement {
    /// The texts that the findings point into. This takes longer the more findings there are, so call it only to show them.
    pub fn sources(&self) -> Sources {
        sources_of(self.findings.iter(), &self.folder)
    }
}

/// Short: the rules of many numbers, and what was found in them, are long.
impl fmt::Debug for Judgement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Judgement")
            .field("refusal", &self.result.as_ref().err())
            .field("digest", &self.digest)
            .field("changes", &self.changes)
            .finish_non_exhaustive()
    }
}

fn empty_workspace(settings: &Settings) -> Workspace {
    if settings.faults_alone { Workspace::for_faults() } else { Workspace::proving_last() }
}
