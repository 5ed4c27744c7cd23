//! Waits until the files of a folder have changed and are stable again.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use super::folder_state::{FolderState, RereadScope};
use super::fs_events::FsEvents;
use super::settings::Settings;
use crate::load::Location;

/// Reading everything takes at most one part in so many of the time.
const POLL_SHARE: u32 = 10;

/// Watches a folder, or a file with the files that it uses.
pub(crate) struct Watcher {
    poller: Poller,
    state: FolderState,
    signals: Receiver<Signal>,
    sender: Sender<Signal>,
    /// [`WatchEvent::Unstable`] was returned, and the files have not been stable since.
    is_unstable: bool,
}

/// What happened to a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WatchEvent {
    /// It has changed and is stable again.
    Changed,
    /// It has kept changing for longer than [`Settings::patience`].
    Unstable,
}

/// Stops a [`Watcher`].
#[derive(Debug, Clone)]
pub(crate) struct StopHandle(Sender<Signal>);

impl StopHandle {
    pub(super) fn stop(&self) {
        // If the watcher is gone, it has stopped.
        let _ = self.0.send(Signal::Stop);
    }
}

#[derive(Debug)]
enum Signal {
    /// The file system reports events at these paths.
    Events(Vec<PathBuf>),
    Stop,
}

/// Reads the folder, all of it at regular intervals.
struct Poller {
    location: Location,
    /// The absolute path of the folder.
    root: PathBuf,
    settings: Settings,
    events: Option<FsEvents>,
    /// When everything is due to be read.
    next_poll: Instant,
}

impl Watcher {
    /// Watches `path`, once two readings of it agree.
    pub(crate) fn new(path: &Path, settings: Settings) -> Self {
        let (sender, signals) = mpsc::channel();
        let event_sender = sender.clone();
        let events = settings.notifications.then(|| {
            FsEvents::new(move |paths| {
                let _ = event_sender.send(Signal::Events(paths));
            })
        });
        let mut poller = Poller {
            location: Location::absolute(path),
            root: root_of(path),
            settings,
            events: events.flatten(),
            next_poll: now(),
        };
        let state = poller.refresh(&FolderState::default(), &RereadScope::Everything);
        let mut watcher = Self { poller, state, signals, sender, is_unstable: false };
        watcher.stabilise();
        watcher
    }

    /// A handle that ends [`next`](Self::next) from another thread.
    pub(super) fn stop_handle(&self) -> StopHandle {
        StopHandle(self.sender.clone())
    }

    /// The state of the folder.
    pub(super) fn state(&self) -> &FolderState {
        &self.state
    }

    /// Reads until two readings agree, for as long as patience lasts.
    fn stabilise(&mut self) {
        let began = now();
        while began.elapsed() < self.poller.settings.patience {
            std::thread::sleep(self.poller.settings.settle);
            let next = self.poller.refresh(&self.state, &RereadScope::Everything);
            let is_same = next.is_same(&self.state);
            self.state = next;
            if is_same {
                break;
            }
        }
    }

    /// Waits for an event. `None`: the watcher was [stopped](Self::stop_handle).
    pub(crate) fn next(&mut self) -> Option<WatchEvent> {
        loop {
            let mut scope = self.wait()?;
            let began = now();
            let mut first = self.poller.refresh(&self.state, &scope);
            while !first.is_same(&self.state) {
                if let Some(more) = self.debounce(self.poller.settings.settle)? {
                    scope = scope.union(more);
                }
                let second = self.poller.refresh(&first, &scope);
                if second.is_same(&first) {
                    self.state = second;
                    self.is_unstable = false;
                    return Some(WatchEvent::Changed);
                }
                first = second;
                if began.elapsed() > self.poller.settings.patience && !self.is_unstable {
                    self.is_unstable = true;
                    self.poller.next_poll = now();
                    return Some(WatchEvent::Unstable);
                }
            }
        }
    }

    /// Waits until something may have changed, or everything is due to be read.
    fn wait(&self) -> Option<RereadScope> {
        loop {
            let wait = self.poller.next_poll.saturating_duration_since(now());
            if wait.is_zero() {
                return Some(RereadScope::Everything);
            }
            match self.signals.recv_timeout(wait) {
                Ok(Signal::Events(paths)) => {
                    if let Some(scope) = self.scope_of(&paths) {
                        return Some(scope);
                    }
                }
                Err(RecvTimeoutError::Timeout) => return Some(RereadScope::Everything),
                Ok(Signal::Stop) | Err(RecvTimeoutError::Disconnected) => return None,
            }
        }
    }

    /// Collects the events of `time`: one save often causes several.
    #[expect(clippy::option_option, reason = "stopped, nothing, or something: as in `wait`, for the `?`")]
    fn debounce(&self, time: Duration) -> Option<Option<RereadScope>> {
        let end = now() + time;
        let mut collected: Option<RereadScope> = None;
        loop {
            match self.signals.recv_timeout(end.saturating_duration_since(now())) {
                Ok(Signal::Events(paths)) => {
                    collected = match (collected, self.scope_of(&paths)) {
                        (Some(one), Some(other)) => Some(one.union(other)),
                        (one, other) => one.or(other),
                    };
                }
                Err(RecvTimeoutError::Timeout) => return Some(collected),
                Ok(Signal::Stop) | Err(RecvTimeoutError::Disconnected) => return None,
            }
        }
    }

    fn scope_of(&self, paths: &[PathBuf]) -> Option<RereadScope> {
        let scopes = paths.iter().filter_map(|path| self.state.scope_of(&self.poller.root, path));
        scopes.reduce(RereadScope::union)
    }
}

impl Poller {
    fn refresh(&mut self, before: &FolderState, scope: &RereadScope) -> FolderState {
        let began = now();
        let state = before.refresh(&self.location, scope);
        if *scope == RereadScope::Everything {
            self.watch_folders(&state);
            let pause = began.elapsed() * (POLL_SHARE - 1);
            self.next_poll = now() + self.settings.interval.max(pause);
        }
        state
    }

    /// Watches the folders that exist now, and the parent of the outermost, which may be replaced as a whole.
    fn watch_folders(&mut self, state: &FolderState) {
        let Some(events) = &mut self.events else { return };
        let folders = state.snapshot.folders.iter().map(PathBuf::as_path);
        events.watch_only(folders.chain([self.root.as_path()]).chain(self.root.parent()));
    }
}

/// The absolute path of the folder that `path` is, or is in.
fn root_of(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    match absolute.parent() {
        Some(parent) if absolute.is_file() => parent.to_owned(),
        _ => absolute,
    }
}

#[expect(clippy::disallowed_methods, reason = "a folder is watched in real time")]
fn now() -> Instant {
    Instant::now()
}
