//! Follows one folder: when it is read, and how much of it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use super::clock::now;
use super::debounce::{Debounce, SettleResult};
use super::folder_state::{FolderState, RereadScope};
use super::health::Activity;
use super::settings::Settings;
use crate::load::{Location, Trust};

/// How often every byte is read, whatever the stamps of the files tell; less often where reading takes so long that it would
/// take more than [`POLL_SHARE`] of the time.
const FULL_READ_INTERVAL: Duration = Duration::from_secs(60);

/// A file that changes within this time after it was read may have the same stamp: clocks of file systems tick.
const TICK: Duration = Duration::from_millis(100);

/// When nothing tells of a change, searching takes at most one part in so many of the time.
const POLL_SHARE: u32 = 200;

/// The same when an event tells that something may have changed, but not what.
const EVENT_SHARE: u32 = 50;

/// The same while a change comes to rest.
const CONFIRM_SHARE: u32 = 5;

/// Follows a folder, or a file with the files that it uses.
pub(crate) struct Follower {
    location: Location,
    /// The folder that the path is, or is in.
    root: PathBuf,
    settings: Settings,
    debounce: Debounce,
    /// When files whose stamps do not tell yet whether they change were first read.
    doubtful: BTreeMap<Arc<str>, Instant>,
    /// What events tell to read.
    pending_scope: Option<RereadScope>,
    /// Whether changes were found by a search, so that others may be found only by another.
    is_search_pending: bool,
    next_poll: Instant,
    next_audit: Instant,
    /// When something was last read.
    last_read: Instant,
    /// When the folder was last searched.
    last_search: Instant,
    /// How long a search takes that finds nothing.
    search_cost: Duration,
    pub(super) activity: Arc<Activity>,
}

impl Follower {
    pub(crate) fn new(path: &Path, settings: &Settings) -> Self {
        let (location, now, settings) = (Location::absolute(path), now(), settings.with_limits());
        Self {
            root: root_of(&location.path),
            location,
            debounce: Debounce::new(&settings),
            settings,
            doubtful: BTreeMap::new(),
            pending_scope: None,
            is_search_pending: true,
            next_poll: now,
            next_audit: now,
            last_read: now,
            last_search: now,
            search_cost: Duration::ZERO,
            activity: Arc::default(),
        }
    }

    /// The state of the folder that was last found at rest.
    pub(super) fn state(&self) -> &FolderState {
        self.debounce.used()
    }

    /// Waits until the folder has come to rest for the first time, or its patience is at an end.
    pub(super) fn wait(&mut self) -> SettleResult {
        loop {
            let now = now();
            if let Some(settled) = self.read(now, now) {
                return match settled {
                    SettleResult::KeepsChanging(_) if self.settings.begin_unstable => {
                        self.debounce.use_all().unwrap_or(SettleResult::Changed)
                    }
                    settled => settled,
                };
            }
            thread::sleep(self.due(now).saturating_duration_since(now));
        }
    }

    /// Takes note of events at these paths.
    pub(super) fn record_events(&mut self, paths: &[PathBuf]) {
        let latest = self.debounce.latest();
        let scopes = paths.iter().filter_map(|path| latest.scope_of(&self.root, path));
        self.pending_scope = scopes.chain(self.pending_scope.take()).reduce(RereadScope::union);
    }

    /// Searches the folder soon, as when its events have been lost.
    pub(super) fn search(&mut self) {
        self.pending_scope = Some(RereadScope::Everything);
    }

    /// When to read again. `quiet_until`: until when nothing is searched without a reason.
    pub(super) fn due(&self, quiet_until: Instant) -> Instant {
        let poll = self.next_poll.max(quiet_until);
        let confirm = self.debounce.deadline().map(|at| self.not_before(at, CONFIRM_SHARE));
        // One save causes several events.
        let soon = self.last_read + self.settings.settle / 8;
        let event = self.pending_scope.as_ref().map(|scope| match scope {
            RereadScope::Files(_) => soon,
            RereadScope::Everything => self.not_before(soon, EVENT_SHARE),
        });
        [confirm, event].into_iter().flatten().fold(poll, Instant::min)
    }

    /// `at`, or later, so that searches take no more than their share of the time.
    fn not_before(&self, at: Instant, share: u32) -> Instant {
        if self.needs_search() { at.max(self.last_search + self.search_cost * share) } else { at }
    }

    fn needs_search(&self) -> bool {
        self.is_search_pending
            || self.pending_scope == Some(RereadScope::Everything)
            || !self.debounce.latest().has_no_links()
    }

    /// Reads what is due at this moment. `quiet_until` is that of [`due`](Self::due).
    pub(super) fn read(&mut self, now: Instant, quiet_until: Instant) -> Option<SettleResult> {
        #[cfg(test)]
        assert!(!super::tests::DO_READINGS_PANIC.get(), "on purpose, in a test");
        let is_poll = self.next_poll.max(quiet_until) <= now;
        let pending = self.debounce.pending().map(ToString::to_string).collect();
        let mut scope = self.pending_scope.take().unwrap_or(RereadScope::Files(BTreeSet::new()));
        scope = scope.union(RereadScope::Files(pending));
        if is_poll || self.needs_search() {
            scope = RereadScope::Everything;
        }
        self.read_scope(&scope, is_poll && self.next_audit <= now)
    }

    fn read_scope(&mut self, scope: &RereadScope, is_audit: bool) -> Option<SettleResult> {
        let began = now();
        let before = self.debounce.latest();
        let doubtful: BTreeSet<Arc<str>> = self.doubtful.keys().cloned().collect();
        let trust = if is_audit { Trust::Nothing } else { Trust::AllBut(&doubtful) };
        let state = before.refresh(&self.location, scope, trust);
        let ended = now();
        self.activity.has_read();
        let changed: Vec<Arc<str>> =
            before.snapshot.stamps.changes(&state.snapshot.stamps).map(Arc::clone).collect();
        let is_read = |name: &str| match scope {
            RereadScope::Files(names) => names.contains(name),
            RereadScope::Everything => true,
        };
        self.doubtful.retain(|name, first| began < *first + TICK || !is_read(name));
        self.doubtful.extend(changed.into_iter().map(|name| (name, ended)));
        self.last_read = ended;
        if *scope == RereadScope::Everything {
            self.last_search = ended;
            self.next_poll = ended + self.settings.interval;
            if is_audit {
                self.next_audit = ended + FULL_READ_INTERVAL.max((ended - began) * POLL_SHARE);
            } else if self.doubtful.is_empty() && doubtful.is_empty() {
                self.search_cost = ended - began;
            }
            self.is_search_pending |= !before.differences(&state).is_empty();
        }
        let settled = self.debounce.observe(state, began, ended);
        self.is_search_pending &= self.debounce.is_pending();
        settled
    }

    /// How long nothing needs to be searched, if the folder was searched just now.
    pub(super) fn quiet_time(&self) -> Option<Duration> {
        (self.last_search == self.last_read).then(|| self.search_cost * POLL_SHARE)
    }

    /// Goes on after a panic: reads all of it again later.
    pub(super) fn recover(&mut self) {
        self.pending_scope = None;
        self.doubtful.clear();
        self.next_audit = now();
        self.next_poll = self.next_audit + self.settings.interval;
    }

    /// The folders whose events tell of a change: those that exist now. A folder that is moved away tells so itself; the
    /// parent tells only when another takes its place, or a link is replaced. Otherwise it is left alone: a program may
    /// write thousands of times a second to files beside the rules.
    pub(super) fn folders(&self) -> impl Iterator<Item = &Path> {
        let latest = self.debounce.latest();
        let inner = latest.snapshot.folders.iter().map(PathBuf::as_path);
        let is_parent_needed = latest.error.is_some() || self.root.is_symlink();
        let parent = self.root.parent().filter(|_| is_parent_needed);
        inner.chain([self.root.as_path()]).chain(parent)
    }

    pub(super) fn wants_events(&self) -> bool {
        self.settings.notifications
    }
}

/// The folder that the path is, or is in.
fn root_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if path.is_file() => parent.to_owned(),
        _ => path.to_owned(),
    }
}
