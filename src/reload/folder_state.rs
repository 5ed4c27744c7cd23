//! The state of a folder, and how much of it a change makes stale.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use crate::load::{LoadError, Location, Snapshot, Trust, is_rule_file, reread, reread_all};
use crate::policy::INBOX;

/// The state of a folder at one time.
#[derive(Debug, Clone, Default)]
pub(super) struct FolderState {
    /// Its contents when it could last be read.
    pub(super) snapshot: Snapshot,
    /// Why it cannot be read now.
    pub(super) error: Option<Arc<LoadError>>,
}

/// How much of a folder to read again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum RereadScope {
    /// Files of a folder without links, by their names inside it.
    Files(BTreeSet<String>),
    /// All of it.
    Everything,
}

impl FolderState {
    /// The state of a folder now, which shares with `self` what has not changed.
    pub(super) fn refresh(&self, location: &Location, scope: &RereadScope, trust: Trust<'_>) -> Self {
        let result = match scope {
            RereadScope::Files(names) if self.has_no_links() => reread(location, names, &self.snapshot),
            _ => reread_all(location, &self.snapshot, trust),
        };
        match result {
            Ok(snapshot) => Self { snapshot, error: None },
            Err(error) => Self { snapshot: self.snapshot.clone(), error: Some(Arc::new(error)) },
        }
    }

    /// The files whose bytes differ, by name; an empty name stands for the folder itself.
    pub(super) fn differences(&self, other: &Self) -> BTreeSet<Arc<str>> {
        let error = |state: &Self| state.error.as_ref().map(ToString::to_string);
        let (a, b) = (&self.snapshot.folder, &other.snapshot.folder);
        let mut names: BTreeSet<Arc<str>> =
            a.files.changes(&b.files).map(|(name, _)| Arc::clone(name)).collect();
        if a.inbox_source != b.inbox_source || a.findings != b.findings || a.ignored_files != b.ignored_files
        {
            names.insert(INBOX.into());
        }
        if error(self) != error(other) {
            names.insert("".into());
        }
        names
    }

    pub(super) fn has_no_links(&self) -> bool {
        self.snapshot.has_no_links && self.error.is_none()
    }

    /// What to read again at `root`, the folder of this state, after an event at `path`. `None`: nothing, as it is not
    /// the path of a rule file.
    pub(super) fn scope_of(&self, root: &Path, path: &Path) -> Option<RereadScope> {
        let inner = path.strip_prefix(root).ok()?;
        if !self.has_no_links() || inner == Path::new("") {
            return Some(RereadScope::Everything);
        }
        let parts: Option<Vec<&str>> = inner.iter().map(|part| part.to_str()).collect();
        let parts = parts?;
        if parts.iter().any(|part| part.starts_with('.')) {
            return None;
        }
        let name = parts.join("/");
        let is_folder = |inner: &Path| self.snapshot.folders.iter().any(|folder| folder.ends_with(inner));
        let is_policy_file = || self.snapshot.folder.inbox.policy_files.contains(&*name);
        let is_relevant = is_rule_file(&name) || name == INBOX || is_policy_file();
        match path.symlink_metadata() {
            Ok(metadata) if metadata.is_file() && !is_relevant => None,
            Ok(metadata) if metadata.is_file() && inner.parent().is_some_and(is_folder) => {
                Some(RereadScope::Files(BTreeSet::from([name])))
            }
            Err(_) if is_relevant => Some(RereadScope::Files(BTreeSet::from([name]))),
            Err(_) if !is_folder(inner) => None,
            _ => Some(RereadScope::Everything),
        }
    }
}

impl RereadScope {
    /// Both together.
    pub(super) fn union(self, other: Self) -> Self {
        match (self, other) {
            (Self::Files(mut names), Self::Files(more)) => {
                names.extend(more);
                Self::Files(names)
            }
            _ => Self::Everything,
        }
    }
}
