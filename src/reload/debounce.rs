//! Which files of a folder have come to rest, and may be used.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::folder_state::FolderState;
use super::settings::Settings;

use crate::policy::{Files, Folder, INBOX, RuleFile};

/// Stands for the folder itself among the names of its files.
const WHOLE: &str = "";

/// Decides when changes of a folder are used. It reads no clock and no files: the readings are arguments.
///
/// - A file has come to rest when two readings at least [`settle`](Settings::settle) apart agree.
/// - All changes are used together once all files have come to rest.
/// - A file that has kept changing for longer than a tenth of [`patience`](Settings::patience) is left out, and so is what
///   uses it and what it uses, directly or through others, as far as that has changed: the rest is used without them.
/// - What has come to rest waits for other files no longer than `patience`.
pub(super) struct Debounce {
    settle: Duration,
    patience: Duration,
    /// The state that was last used.
    used: FolderState,
    /// The state that was last read.
    latest: FolderState,
    /// The files that differ, or differed a moment ago.
    changes: BTreeMap<Arc<str>, Change>,
    is_first: bool,
    /// When [`SettleResult::KeepsChanging`] was last returned.
    reported: Option<Instant>,
}

/// When a file changed.
#[derive(Debug, Clone, Copy)]
struct Change {
    first: Instant,
    last: Instant,
    /// Since when it has not come to rest. `None`: it has.
    unstable_since: Option<Instant>,
}

/// What a reading shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SettleResult {
    /// Changes have come to rest; [`Debounce::used`] has them.
    Changed,
    /// These files have kept changing for longer than the patience lasts.
    KeepsChanging(Vec<Arc<str>>),
}

impl Debounce {
    pub(super) fn new(settings: &Settings) -> Self {
        Self {
            settle: settings.settle,
            patience: settings.patience,
            used: FolderState::default(),
            latest: FolderState::default(),
            changes: BTreeMap::new(),
            is_first: true,
            reported: None,
        }
    }

    /// The state of the folder that was last found at rest.
    pub(super) fn used(&self) -> &FolderState {
        &self.used
    }

    /// The state that was last read.
    pub(super) fn latest(&self) -> &FolderState {
        &self.latest
    }

    /// The files that have not come to rest. Every reading must include them.
    pub(super) fn pending(&self) -> impl Iterator<Item = &Arc<str>> {
        self.changes.keys().filter(|name| ***name != *WHOLE)
    }

    /// Whether changes are waited for to come to rest.
    pub(super) fn is_pending(&self) -> bool {
        !self.changes.is_empty()
    }

    /// When to read again. `None`: when something has changed.
    pub(super) fn deadline(&self) -> Option<Instant> {
        let at = |change: &Change| change.last + self.settle;
        let unstable = self.changes.values().filter(|change| !change.is_at_rest()).map(at).min();
        unstable.or_else(|| self.changes.values().map(at).max())
    }

    /// Takes what a reading between those moments has found.
    pub(super) fn observe(
        &mut self,
        state: FolderState,
        began: Instant,
        ended: Instant,
    ) -> Option<SettleResult> {
        let mut changed = self.latest.differences(&state);
        if self.is_first && self.changes.is_empty() {
            changed.insert(WHOLE.into());
        }
        self.latest = state;
        for name in changed {
            let new = Change { first: ended, last: ended, unstable_since: None };
            let change = self.changes.entry(name).or_insert(new);
            change.last = ended;
            change.unstable_since.get_or_insert(ended);
        }
        for change in self.changes.values_mut().filter(|change| began >= change.last + self.settle) {
            change.unstable_since = None;
        }
        if self.changes.values().all(Change::is_at_rest) {
            return self.use_all();
        }
        if !self.is_first && self.use_some(began) {
            return Some(SettleResult::Changed);
        }
        let since = |at: Instant| ended.saturating_duration_since(at);
        let first = self.changes.values().map(|change| change.first).min()?;
        if since(first) > self.patience
            && self.reported.is_none_or(|reported| since(reported) > self.patience)
        {
            self.reported = Some(ended);
            let unstable = self.changes.iter().filter(|(_, change)| !change.is_at_rest());
            return Some(SettleResult::KeepsChanging(unstable.map(|(name, _)| Arc::clone(name)).collect()));
        }
        None
    }

    /// Uses everything as it was last read, at rest or not.
    pub(super) fn use_all(&mut self) -> Option<SettleResult> {
        let is_same = self.used.differences(&self.latest).is_empty() && !self.is_first;
        self.used = self.latest.clone();
        self.changes.clear();
        self.reported = None;
        self.is_first = false;
        (!is_same).then_some(SettleResult::Changed)
    }

    /// Uses the files that have come to rest, without those that keep changing and what belongs to them. Returns whether
    /// there are any.
    fn use_some(&mut self, began: Instant) -> bool {
        let limit = self.patience / 10;
        let is_longer = |since: Instant, time: Duration| began.saturating_duration_since(since) > time;
        let is_noisy = |change: &Change| change.unstable_since.is_some_and(|since| is_longer(since, limit));
        let only_noise = self.changes.values().all(|change| change.is_at_rest() || is_noisy(change));
        let may_go =
            |change: &Change| change.is_at_rest() && (only_noise || is_longer(change.last, self.patience));
        let is_whole_unstable = self.changes.get(WHOLE).is_some_and(|change| !change.is_at_rest());
        if is_whole_unstable || self.latest.error.is_some() || !self.changes.values().any(may_go) {
            return false;
        }
        let unstable = self.changes.iter().filter(|(_, change)| !change.is_at_rest());
        let held_back = self.with_related(unstable.map(|(name, _)| Arc::clone(name)).collect());
        let ready: Vec<Arc<str>> = self
            .changes
            .iter()
            .filter(|(name, change)| may_go(change) && !held_back.contains(*name))
            .map(|(name, _)| Arc::clone(name))
            .collect();
        let before = self.used.clone();
        self.used.error = None;
        self.used.snapshot.folder =
            with_changes(&self.used.snapshot.folder, &self.latest.snapshot.folder, &ready);
        for name in &ready {
            self.changes.remove(name);
        }
        !before.differences(&self.used).is_empty()
    }

    /// These files, and the changed files that use them or that they use, directly or through others, before or after the
    /// change. `inbox.toml` belongs to every file, so that would hold back everything: it is a file like any other here.
    fn with_related(&self, unstable: BTreeSet<Arc<str>>) -> BTreeSet<Arc<str>> {
        let states = [&self.used, &self.latest].map(|state| &state.snapshot.folder.files);
        let mut users: BTreeMap<String, BTreeSet<Arc<str>>> = BTreeMap::new();
        for (name, file) in states.iter().flat_map(|files| files.iter()) {
            for used in file.used(name) {
                users.entry(used).or_default().insert(Arc::clone(name));
            }
        }
        let used = |name: &Arc<str>| -> Vec<Arc<str>> {
            let files = states.iter().filter_map(|files| files.get(name));
            files.flat_map(|file| file.used(name).map(Arc::from)).collect()
        };
        let users = |name: &Arc<str>| -> Vec<Arc<str>> {
            users.get(&**name).into_iter().flatten().cloned().collect()
        };
        let mut related = unstable.clone();
        // Whether to go on to the users of a file, or to what it uses. A changed file leads both ways.
        let both_ways = |name: Arc<str>| [(Arc::clone(&name), true), (name, false)];
        let mut queue: Vec<(Arc<str>, bool)> = unstable.into_iter().flat_map(both_ways).collect();
        let mut seen: BTreeSet<(Arc<str>, bool)> = queue.iter().cloned().collect();
        while let Some((name, is_upwards)) = queue.pop() {
            for next in if is_upwards { users(&name) } else { used(&name) } {
                let ways = if self.changes.contains_key(&next) {
                    related.insert(Arc::clone(&next));
                    both_ways(next).to_vec()
                } else {
                    vec![(next, is_upwards)]
                };
                queue.extend(ways.into_iter().filter(|way| seen.insert(way.clone())));
            }
        }
        related
    }
}

impl Change {
    fn is_at_rest(&self) -> bool {
        self.unstable_since.is_none()
    }
}

/// The folder `old` with the files of those names as they are in `new`.
fn with_changes(old: &Folder, new: &Folder, names: &[Arc<str>]) -> Folder {
    let mut files: Files = old.files.clone();
    for name in names {
        match new.files.get(name) {
            Some(file) => files.insert(Arc::clone(name), Arc::<RuleFile>::clone(file)),
            None => files.remove(name),
        }
    }
    let inbox = if names.iter().any(|name| **name == *INBOX) { new } else { old };
    Folder { files: Files::default(), ..inbox.clone() }.with_files(files)
}
