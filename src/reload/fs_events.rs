//! Events of the file system.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use file_id::{FileId, get_file_id};
use notify::event::{AccessKind, AccessMode, EventKind};
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher as _};

/// Events of folders. Not of files: a file that is replaced takes its watch with it.
pub(super) struct FsEvents {
    watcher: RecommendedWatcher,
    /// The watched folders with their ids: if another folder appears at the same path later, the watch stays with the
    /// first.
    watched: BTreeMap<PathBuf, FileId>,
}

impl FsEvents {
    /// Calls `send` with the paths of each event. `None`: the system has no watches left.
    pub(super) fn new(send: impl Fn(Vec<PathBuf>) + Send + 'static) -> Option<Self> {
        let on_event = move |event: notify::Result<Event>| {
            if let Ok(event) = event
                && may_change_files(event.kind)
            {
                // A queue that overflows gives no paths; the next poll finds what it lost.
                send(event.paths);
            }
        };
        let watcher = notify::recommended_watcher(on_event).ok()?;
        Some(Self { watcher, watched: BTreeMap::new() })
    }

    /// Watches these folders and no others. One that cannot be watched is tried again the next time.
    pub(super) fn watch_only<'a>(&mut self, folders: impl Iterator<Item = &'a Path>) {
        let now: BTreeMap<PathBuf, FileId> =
            folders.filter_map(|folder| Some((folder.to_owned(), get_file_id(folder).ok()?))).collect();
        let stale: Vec<PathBuf> = self
            .watched
            .iter()
            .filter(|(folder, id)| now.get(*folder) != Some(id))
            .map(|(folder, _)| folder.clone())
            .collect();
        for folder in stale {
            // It fails if the folder no longer exists.
            let _ = self.watcher.unwatch(&folder);
            self.watched.remove(&folder);
        }
        for (folder, id) in now {
            if !self.watched.contains_key(&folder)
                && self.watcher.watch(&folder, RecursiveMode::NonRecursive).is_ok()
            {
                self.watched.insert(folder, id);
            }
        }
    }
}

/// Whether files may differ after the event. Reads, our own too, cause events as well.
fn may_change_files(kind: EventKind) -> bool {
    !matches!(kind, EventKind::Access(kind) if kind != AccessKind::Close(AccessMode::Write))
}
