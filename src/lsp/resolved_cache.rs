//! A cache of the workspace of a root at one revision. Few requests need resolved names.

use std::sync::{Arc, Mutex, PoisonError};

use crate::check::Workspace;
use crate::policy::Folder;

/// The workspace of a root, with its names resolved, at the revision that was last asked for. Clones share it.
#[derive(Clone)]
pub(super) struct ResolvedCache(Arc<Mutex<CacheEntry>>);

struct CacheEntry {
    revision: u64,
    workspace: Workspace,
}

impl ResolvedCache {
    pub(super) fn new() -> Self {
        let workspace = Workspace::for_faults();
        Self(Arc::new(Mutex::new(CacheEntry { revision: 0, workspace })))
    }

    /// The workspace of `folder`, which is the state of that revision. Only what differs from the last one is resolved.
    pub(super) fn at_revision(&self, folder: &Folder, revision: u64) -> Workspace {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if last.revision != revision {
            last.workspace.update(folder.clone());
            last.revision = revision;
        }
        last.workspace.clone()
    }
}
