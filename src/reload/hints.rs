//! What the system tells of changes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use file_id::{FileId, get_file_id};
use notify::event::{AccessKind, AccessMode, EventKind};
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher as _};

/// A watch on folders. Folders and not files: a file that is replaced takes its watch with it.
pub(super) struct Hints {
    watcher: RecommendedWatcher,
    /// The folders that are watched, and which they were: another folder may stand at the same path later, and the
    /// watch would stay with the first.
    watched: BTreeMap<PathBuf, FileId>,
}

impl Hints {
    /// `send` is called with the paths to which something has happened. `None`: the system has no watches left.
    pub(super) fn new(send: impl Fn(Vec<PathBuf>) + Send + 'static) -> Option<Self> {
        let tell = move |event: notify::Result<Event>| {
            if let Ok(event) = event
                && tells_of_change(event.kind)
            {
                // A queue that ran over has no paths; what it lost is seen when everything is read the next time.
                send(event.paths);
            }
        };
        let watcher = notify::recommended_watcher(tell).ok()?;
        Some(Self { watcher, watched: BTreeMap::new() })
    }

    /// Watches those folders and no others. One that cannot be watched is tried again the next time.
    pub(super) fn follow<'a>(&mut self, folders: impl Iterator<Item = &'a Path>) {
        let now: BTreeMap<PathBuf, FileId> =
            folders.filter_map(|folder| Some((folder.to_owned(), get_file_id(folder).ok()?))).collect();
        let gone: Vec<PathBuf> = self
            .watched
            .iter()
            .filter(|(folder, id)| now.get(*folder) != Some(id))
            .map(|(folder, _)| folder.clone())
            .collect();
        for folder in gone {
            // It may have gone with its folder.
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

/// Whether something may be different after it. Reading is told of as well, our own too.
fn tells_of_change(kind: EventKind) -> bool {
    !matches!(kind, EventKind::Access(kind) if kind != AccessKind::Close(AccessMode::Write))
}
