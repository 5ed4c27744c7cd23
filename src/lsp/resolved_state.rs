//! The files of a root with their names resolved, which few requests need.

use std::sync::{Arc, Mutex, PoisonError};

use crate::check::Workspace;
use crate::policy::Folder;

/// The files of a root with their names resolved, as they were when this was last needed. Clones share it.
#[derive(Clone)]
pub(super) struct ResolvedState(Arc<Mutex<AtRevision>>);

struct AtRevision {
    revision: u64,
    workspace: Workspace,
}

impl ResolvedState {
    pub(super) fn new() -> Self {
        let workspace = Workspace::for_faults();
        Self(Arc::new(Mutex::new(AtRevision { revision: 0, workspace })))
    }

    /// Those of `folder`, which is the state of that revision: only what differs from the last one is resolved.
    pub(super) fn of(&self, folder: &Folder, revision: u64) -> Workspace {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if last.revision != revision {
            last.workspace.update(folder.clone());
            last.revision = revision;
        }
        last.workspace.clone()
    }
}
