//! The rules of an inbox in a folder, which is followed.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use inbox_rules::{
    Folder, FolderDigest, Judgement, Outcome, Refusal, Release, ReloadError, ReloadThread, Reloader,
    read_folder,
};
use jiff::Timestamp;

use super::diff_gate::DiffGate;
use super::edit::RulesEdit;
use super::error::RulesError;
use super::inbox::{StoredRules, findings_of, refused};
use super::inboxes::InboxFolder;
use super::status::{ActiveRules, BroughtRules, LastChange, RulesOrigin, RulesStatus};
use super::write_file::write_file;
use crate::settings::GateMode;

/// The author of a change that did not come by the API.
const FOLDER: &str = "folder";

/// How long a change of the API waits until it is judged.
const TIMEOUT: Duration = Duration::from_secs(20);

/// A change of the rules that has been judged.
#[derive(Debug)]
pub struct RulesEvent<'e> {
    /// The inbox.
    pub inbox: &'e Arc<str>,
    /// The rules that decide from now on, if the change is taken.
    pub active: Option<&'e ActiveRules>,
    /// What became of the change.
    pub outcome: &'e Outcome,
}

/// A function that is called with each change that has been judged, on a thread of its own.
pub type OnRules = dyn Fn(&RulesEvent<'_>) + Send + Sync;

/// The rules of an inbox in a folder, which is followed.
#[derive(Debug)]
pub struct FolderRules {
    path: PathBuf,
    reloader: Reloader,
    shared: Arc<FolderRulesShared>,
    /// One call at a time writes.
    writing: Mutex<()>,
}

/// What the calls of the API and the thread that reports changes share.
struct FolderRulesShared {
    inbox: Arc<str>,
    state: Mutex<FolderRulesState>,
    changed: Condvar,
    gate: DiffGate,
    on_rules: Arc<OnRules>,
}

#[derive(Default)]
struct FolderRulesState {
    active: Option<ActiveRules>,
    /// The rules that another node has brought since the folder last changed.
    brought: Option<ActiveRules>,
    last: Option<Outcome>,
    outcomes: usize,
    /// Who brings the rules with that digest.
    author: Option<(String, Arc<str>)>,
    /// Since when the first rules decide, and who brought them.
    first: Option<(Timestamp, Arc<str>)>,
}

impl FolderRules {
    /// Begins to follow the folder of an inbox. `stored` are the rules that decided last, which go on
    /// deciding if those in the folder are not sound, or have to wait.
    /// [`wait_until_judged`](Self::wait_until_judged) returns when the folder has been judged.
    ///
    /// # Errors
    ///
    /// [`ReloadError`], if the rules are not sound and none are stored.
    pub fn start(
        folder: &InboxFolder,
        stored: Option<StoredRules>,
        gate: GateMode,
        thread: &ReloadThread,
        on_rules: &Arc<OnRules>,
    ) -> Result<Self, ReloadError> {
        let first = stored.as_ref().map(|stored| (stored.since, Arc::clone(&stored.by)));
        let shared = Arc::new(FolderRulesShared {
            inbox: Arc::clone(&folder.id),
            state: Mutex::new(FolderRulesState { first, ..FolderRulesState::default() }),
            changed: Condvar::new(),
            gate: DiffGate::default(),
            on_rules: Arc::clone(on_rules),
        });
        let (asked, told) = (Arc::clone(&shared), Arc::clone(&shared));
        let mut builder = Reloader::builder(&folder.path)
            .gate(move |proposal| asked.gate.ask(gate, proposal))
            .on_outcome(move |outcome| told.take(outcome));
        if let Some(stored) = stored {
            builder = builder.first(stored.folder);
        }
        let reloader = builder.start_on(thread)?;
        Ok(Self { path: folder.path.clone(), reloader, shared, writing: Mutex::new(()) })
    }

    /// Waits until the folder has been judged, for some seconds at most.
    pub fn wait_until_judged(&self) {
        let begins_with_stored = self.shared.lock().first.is_some();
        let enough = 1 + usize::from(begins_with_stored);
        self.shared.wait(|state| (state.outcomes >= enough).then_some(()));
        // Where no thread can be started for it, the first outcome has not been reported.
        if self.shared.lock().outcomes == 0 {
            self.shared.take(&self.reloader.outcome());
        }
    }

    /// The rules that decide now. They are never half of a change.
    pub fn release(&self) -> Arc<Release> {
        let brought = self.shared.lock().brought.clone();
        brought.map_or_else(|| self.reloader.release(), |active| active.release)
    }

    /// Another node has brought these rules, which decide until the folder changes.
    pub fn follow(&self, release: &Arc<Release>, since: Timestamp, by: &Arc<str>) {
        let active = ActiveRules { release: Arc::clone(release), since, by: Arc::clone(by) };
        self.shared.lock().brought = Some(active);
    }

    /// The rules with this digest decide: others that another node had brought no longer do.
    pub fn decides(&self, digest: &str) {
        self.shared.lock().brought.take_if(|brought| brought.release.digest != digest);
    }

    /// What the inbox tells about its rules.
    pub fn status(&self) -> RulesStatus {
        let outcome = self.reloader.outcome();
        let (active, last) = {
            let state = self.shared.lock();
            (state.brought.clone().or_else(|| state.active.clone()), state.last.clone())
        };
        let last = last.as_ref().unwrap_or(&outcome);
        let active = active.unwrap_or_else(|| self.unreported());
        active.status(RulesOrigin::Folder, LastChange::of(last), self.shared.gate.waiting(last))
    }

    /// What the folder has, if it has that digest and does not decide: it waits to be accepted, or was refused. It has
    /// no texts if it cannot be read.
    pub fn undecided(&self, digest: &str) -> Option<BroughtRules> {
        let state = self.shared.lock();
        let last = state.last.as_ref().filter(|last| last.digest == digest && !last.is_accepted())?;
        let author = state.author.as_ref().filter(|(of, _)| of == digest);
        Some(BroughtRules {
            at: last.at,
            by: author.map_or_else(|| FOLDER.into(), |(_, by)| Arc::clone(by)),
            folder: last.folder.clone(),
        })
    }

    /// Judges rules that are not in the folder, and changes nothing.
    pub fn judge(&self, folder: &Folder) -> Judgement {
        self.reloader.judge(folder)
    }

    /// Writes the one file that is changed, and waits until the folder has been judged.
    ///
    /// # Errors
    ///
    /// [`RulesError`]: the rules are as before. After [`RulesError::Gate`] the file is written, and waits to
    /// be accepted.
    pub fn put(&self, edit: &RulesEdit, by: &str) -> Result<RulesStatus, RulesError> {
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let release = self.release();
        edit.check_base(&release)?;
        let edited = edit.apply(&release)?;
        let changed = differing(&release.folder, &edited);
        if changed.len() > 1 {
            return Err(RulesError::SeveralFiles(changed.len()));
        }
        let on_disk = read_folder(&self.path).map_err(|_| RulesError::Changed)?;
        // What somebody else has written meanwhile must not be lost, nor become active by this call.
        let named = |name: &String| edit.files.contains_key(name);
        if !differing(&release.folder, &on_disk).iter().all(named) {
            return Err(RulesError::Changed);
        }
        let to_write = differing(&on_disk, &edited);
        let name = match to_write.as_slice() {
            [] if changed.is_empty() => return Ok(self.status()),
            [] | [_] => to_write.first(),
            more => return Err(RulesError::SeveralFiles(more.len())),
        };
        let judgement = self.judge(&edited);
        findings_of(&judgement).map_or(Ok(()), Err)?;
        let digest = FolderDigest::of(&edited).to_string();
        let before = {
            let mut state = self.shared.lock();
            state.author = Some((digest.clone(), by.into()));
            state.outcomes
        };
        if let Some(name) = name {
            let text = edit.files.get(name).and_then(Option::as_deref);
            let written = write_file(&self.path, name, text);
            written.map_err(|source| RulesError::Write { file: name.clone(), source })?;
        }
        let outcome = self.shared.wait(|state| {
            let is_new = state.outcomes > before || name.is_none();
            state.last.clone().filter(|last| is_new && last.digest == digest)
        });
        let outcome = outcome.ok_or(RulesError::Busy)?;
        // A save may have been cut off, but a call brings whole files. Only the gate may hold them back.
        if let Some(Refusal::Removed(_)) = outcome.refusal()
            && let Some(accepted) = self.reloader.accept(&digest)
        {
            self.wait_until_active(&accepted);
            return self.answer(&accepted);
        }
        self.answer(&outcome)
    }

    /// Lets the rules with that digest decide, which wait for it.
    ///
    /// # Errors
    ///
    /// [`RulesError::NothingWaits`]: no such rules wait.
    pub fn accept(&self, digest: &str, by: &str) -> Result<RulesStatus, RulesError> {
        let nothing = || RulesError::NothingWaits(digest.to_owned());
        let outcome = self.reloader.outcome();
        if !outcome.is_waiting() || outcome.digest != digest {
            return Err(nothing());
        }
        self.shared.lock().author = Some((digest.to_owned(), by.into()));
        let mut outcome = self.reloader.accept(digest).ok_or_else(nothing)?;
        // Much is gone, which is accepted now, and the gate has been asked only then.
        if outcome.is_waiting() {
            outcome = self.reloader.accept(digest).ok_or_else(nothing)?;
        }
        self.wait_until_active(&outcome);
        self.answer(&outcome)
    }

    /// Waits until it is known that rules which were accepted decide.
    fn wait_until_active(&self, outcome: &Outcome) {
        if outcome.is_accepted() {
            let is_active = |active: &ActiveRules| active.release.digest == outcome.digest;
            self.shared.wait(|state| state.active.as_ref().is_some_and(is_active).then_some(()));
        }
    }

    fn answer(&self, outcome: &Outcome) -> Result<RulesStatus, RulesError> {
        if outcome.is_accepted() {
            return Ok(self.status());
        }
        match self.shared.gate.waiting(outcome) {
            Some(waiting) => Err(RulesError::Gate(waiting)),
            None => Err(refused(outcome)),
        }
    }

    fn unreported(&self) -> ActiveRules {
        ActiveRules { release: self.release(), since: self.reloader.outcome().at, by: FOLDER.into() }
    }
}

impl FolderRulesShared {
    /// A change has been judged.
    fn take(&self, outcome: &Outcome) {
        let mut state = self.lock();
        if outcome.is_accepted() {
            state.brought = None;
        }
        let before = state.active.as_ref().map(|active| active.release.digest.clone());
        let is_new = before.as_deref() != Some(&*outcome.release.digest);
        if is_new {
            let author = state.author.take_if(|(digest, _)| *digest == outcome.release.digest);
            let first = state.first.clone().filter(|_| before.is_none());
            let by = author.map_or_else(|| FOLDER.into(), |(_, by)| by);
            let (since, by) = first.unwrap_or((outcome.at, by));
            state.active = Some(ActiveRules { release: Arc::clone(&outcome.release), since, by });
        }
        state.last = Some(outcome.clone());
        state.outcomes += 1;
        let active = state.active.clone().filter(|_| is_new);
        drop(state);
        (self.on_rules)(&RulesEvent { inbox: &self.inbox, active: active.as_ref(), outcome });
        self.changed.notify_all();
    }

    /// Waits until there is such a state, for [`TIMEOUT`] at most.
    fn wait<T>(&self, mut find: impl FnMut(&FolderRulesState) -> Option<T>) -> Option<T> {
        let mut found = None;
        let is_missing = |state: &mut FolderRulesState| {
            found = find(state);
            found.is_none()
        };
        drop(self.changed.wait_timeout_while(self.lock(), TIMEOUT, is_missing));
        found
    }

    fn lock(&self) -> MutexGuard<'_, FolderRulesState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Short: rules are long.
impl fmt::Debug for FolderRulesShared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FolderRulesShared").field("inbox", &self.inbox).finish_non_exhaustive()
    }
}

/// The files that differ between two folders.
fn differing(one: &Folder, other: &Folder) -> Vec<String> {
    let (one, other): (BTreeMap<_, _>, BTreeMap<_, _>) = (one.texts().collect(), other.texts().collect());
    let changed = one.iter().filter(|(name, text)| other.get(*name) != Some(*text)).map(|(name, _)| *name);
    let added = other.keys().filter(|name| !one.contains_key(*name)).copied();
    changed.chain(added).map(str::to_owned).collect()
}
