//! Events of the file system.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};

use file_id::{FileId, get_file_id};
use notify::event::{AccessKind, AccessMode, EventKind};
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher as _};

/// Events of folders, for several owners. Not of files: a file that is replaced takes its watch with it.
pub(super) struct FsEvents {
    /// `None` only while it is dropped.
    watcher: Option<RecommendedWatcher>,
    /// Held by the thread of the watcher. It may not have been started, and then every call, `drop` included, panics.
    thread: Weak<()>,
    /// The watched folders of each owner with their ids: if another folder appears at the same path later, the watch stays
    /// with the first.
    watched: BTreeMap<usize, BTreeMap<PathBuf, FileId>>,
    /// How many owners watch a folder.
    owners: BTreeMap<PathBuf, usize>,
}

impl FsEvents {
    /// Calls `send` with the paths of each event. `None`: the system has no watches left, or its thread cannot be
    /// started.
    pub(super) fn new(send: impl Fn(Vec<PathBuf>) + Send + 'static) -> Option<Self> {
        let held = Arc::new(());
        let thread = Arc::downgrade(&held);
        let on_event = move |event: notify::Result<Event>| {
            // So that this function owns it.
            let _: &Arc<()> = &held;
            if let Ok(event) = event
                && may_change_files(event.kind)
            {
                // A queue that overflows gives no paths; the next poll finds what it lost.
                send(event.paths);
            }
        };
        let watcher = Some(notify::recommended_watcher(on_event).ok()?);
        let events = Self { watcher, thread, watched: BTreeMap::new(), owners: BTreeMap::new() };
        events.is_alive().then_some(events)
    }

    fn is_alive(&self) -> bool {
        self.thread.strong_count() > 0
    }

    fn live_watcher(&mut self) -> Option<&mut RecommendedWatcher> {
        if self.is_alive() { self.watcher.as_mut() } else { None }
    }

    /// Watches these folders for `owner`, and no others. One that cannot be watched is tried again the next time.
    pub(super) fn watch_only<'a>(&mut self, owner: usize, folders: impl Iterator<Item = &'a Path>) {
        let now: BTreeMap<PathBuf, FileId> =
            folders.filter_map(|folder| Some((folder.to_owned(), get_file_id(folder).ok()?))).collect();
        let mut watched = self.watched.remove(&owner).unwrap_or_default();
        watched.retain(|folder, id| {
            let is_same = now.get(folder) == Some(id);
            if !is_same {
                self.unwatch(folder);
            }
            is_same
        });
        for (folder, id) in now {
            if !watched.contains_key(&folder) && self.watch(&folder) {
                watched.insert(folder, id);
            }
        }
        if !watched.is_empty() {
            self.watched.insert(owner, watched);
        }
    }

    fn watch(&mut self, folder: &Path) -> bool {
        let watcher = self.live_watcher();
        let is_watched =
            watcher.is_some_and(|watcher| watcher.watch(folder, RecursiveMode::NonRecursive).is_ok());
        if is_watched {
            *self.owners.entry(folder.to_owned()).or_default() += 1;
        }
        is_watched
    }

    fn unwatch(&mut self, folder: &Path) {
        let Some(owners) = self.owners.get_mut(folder) else { return };
        *owners -= 1;
        if *owners == 0 {
            self.owners.remove(folder);
            // It fails if the folder no longer exists.
            let _ = self.live_watcher().map(|watcher| watcher.unwatch(folder));
        }
    }
}

impl Drop for FsEvents {
    fn drop(&mut self) {
        if !self.is_alive() {
            std::mem::forget(self.watcher.take());
        }
    }
}

/// Whether files may differ after the event. Reads, our own too, cause events as well.
fn may_change_files(kind: EventKind) -> bool {
    !matches!(kind, EventKind::Access(kind) if kind != AccessKind::Close(AccessMode::Write))
}
