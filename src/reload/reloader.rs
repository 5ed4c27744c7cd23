//! The current rules of a folder, for a host.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arc_swap::{ArcSwap, Cache};

use super::debounce::SettleResult;
use super::follower::Follower;
use super::gate::{Admission, Proposal};
use super::health::Health;
use super::judgement::{Confirmation, Judgement};
use super::outcome::{Outcome, Refusal, ReloadError};
use super::panics::catch_panic;
use super::publisher::Publisher;
use super::release::Release;
use super::reload_thread::ReloadThread;
use super::reporter::{Callback, Reporter};
use super::settings::Settings;
use super::shared::Shared;
use crate::load::RuleSet;
use crate::policy::Folder;

/// The current rules of a folder. Dropping it ends the watch: no further outcome is reported, though a call of your function
/// that has begun may still run ([`close`](Self::close) waits for it).
///
/// What is promised:
///
/// - A file is used once it has come to rest: two readings, [`Settings::settle`] apart, agree.
/// - Files that change no further apart than that become current together, however many they are.
/// - But a file that keeps changing for longer than a tenth of [`Settings::patience`] is left out until it rests, and so are
///   the changes of files that use it and of those that it uses; the others become current without it. And no change waits
///   for others longer than `patience`.
/// - The whole set is judged each time, and becomes current only if it is sound. What has changed is judged for faults first,
///   and a fault refuses the set at once; proofs are made where there are none. A policy has a budget for them, so a change
///   waits no longer than the budgets of the policies that it affects, which are proved side by side. What is saved
///   meanwhile is judged next, all together. With [`Settings::faults_alone`] no proofs are made, so none are waited for.
/// - Folders never wait for the judging of others, nor for what the caller's functions do, even on one thread.
/// - The first set is as whole as any later one.
///
/// A change in parts that are further apart is two changes. To make several files current together whatever happens, replace
/// them together: rename a folder, or change the target of a link.
///
/// ```
/// use inbox_rules::Reloader;
///
/// let live = Reloader::watch("rules", |outcome| {
///     if let Some(refusal) = outcome.refusal() {
///         eprintln!("the rules stay as they were: {refusal}");
///     }
/// })?;
/// let mut reader = live.reader(); // one in each thread that decides
/// let rules = reader.current();
/// assert!(rules.policies().next().is_some());
/// # Ok::<(), inbox_rules::ReloadError>(())
/// ```
#[derive(Debug)]
pub struct Reloader {
    shared: Arc<Shared>,
    current: Arc<ArcSwap<Release>>,
    id: usize,
}

/// How a folder is to be followed.
///
/// ```
/// use inbox_rules::{Admission, ReloadThread, Reloader};
///
/// let thread = ReloadThread::start()?; // it may follow many folders
/// let live = Reloader::builder("rules")
///     .gate(|proposal| match proposal.changes.removed.len() {
///         0 => Admission::Allow,
///         removed => Admission::Hold(format!("{removed} files are gone")),
///     })
///     .on_outcome(|outcome| println!("{} files differ", outcome.changes.changed.len()))
///     .start_on(&thread)?;
/// assert_eq!(live.release().generation, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "a folder is followed only after `start`"]
pub struct ReloaderBuilder {
    path: PathBuf,
    settings: Settings,
    first: Option<Folder>,
    gate: Option<Box<super::gate::Gate>>,
    callback: Callback,
}

/// The current rules, for one thread. A read costs one comparison of a pointer that changes only with the rules; no
/// counter is shared between threads. A reader that is not used keeps the set that it read last.
#[derive(Debug, Clone)]
pub struct Reader(Cache<Arc<ArcSwap<Release>>, Arc<Release>>);

impl Reader {
    /// The current rules.
    pub fn current(&mut self) -> &Arc<RuleSet> {
        &self.0.load().set
    }

    /// The current rules, with their texts.
    pub fn release(&mut self) -> &Arc<Release> {
        self.0.load()
    }
}

impl Reloader {
    /// Reads the rules of `folder` and watches it for changes. `on_outcome` is called with the outcome of each change, and
    /// of the first reading. It runs on a thread of its own, if one can be started: whether it is slow, waits for a lock or
    /// panics, reloading goes on. If it is so slow that a hundred outcomes wait for it, the oldest are left out.
    ///
    /// # Errors
    ///
    /// [`ReloadError`], if the first rules are not sound.
    pub fn watch(
        folder: impl AsRef<Path>,
        on_outcome: impl FnMut(&Outcome) + Send + 'static,
    ) -> Result<Self, ReloadError> {
        Self::watch_with(Settings::default(), folder, on_outcome)
    }

    /// [Watches](Self::watch) with other settings.
    ///
    /// # Errors
    ///
    /// As [`watch`](Self::watch).
    pub fn watch_with(
        settings: Settings,
        folder: impl AsRef<Path>,
        on_outcome: impl FnMut(&Outcome) + Send + 'static,
    ) -> Result<Self, ReloadError> {
        Self::builder(folder).settings(settings).on_outcome(on_outcome).start()
    }

    /// Says how a folder is to be followed. A relative path is that of the working directory now, even if that changes.
    pub fn builder(folder: impl AsRef<Path>) -> ReloaderBuilder {
        ReloaderBuilder {
            path: folder.as_ref().to_owned(),
            settings: Settings::default(),
            first: None,
            gate: None,
            callback: Box::new(|_| {}),
        }
    }

    /// The current rules. It never blocks. The set is always whole, and does not change while it is held. A thread that
    /// decides often uses a [`reader`](Self::reader).
    pub fn current(&self) -> Arc<RuleSet> {
        Arc::clone(&self.current.load().set)
    }

    /// The current rules, with their texts. It never blocks.
    pub fn release(&self) -> Arc<Release> {
        self.current.load_full()
    }

    /// A handle to the current rules for one thread.
    pub fn reader(&self) -> Reader {
        Reader(Cache::new(Arc::clone(&self.current)))
    }

    /// The outcome of the last change, or of the first reading.
    pub fn outcome(&self) -> Arc<Outcome> {
        self.shared.last.load_full()
    }

    /// How often the current set has changed, the first included.
    pub fn generation(&self) -> u64 {
        self.current.load().generation
    }

    /// The state of the watch.
    pub fn health(&self) -> Health {
        let times = self.shared.activity.times();
        Health {
            alive: self.shared.thread.is_alive(),
            last_read: times.last_read,
            busy_since: times.busy_since,
            last_outcome: self.outcome(),
        }
    }

    /// Judges rules that need not be in the folder, as if they were to become current there, and changes nothing. What has
    /// not changed since the last reading is not checked again. It waits while the folder is being judged, but the folder
    /// does not wait for it.
    pub fn judge(&self, folder: &Folder) -> Judgement {
        let (mut judge, current) = self.shared.lock().judge_apart();
        judge.judge(&current, folder, Confirmation::None)
    }

    /// Makes the rules with that digest current, if they are in the folder now and wait for it, because
    /// [much is gone](Refusal::Removed) or the gate [holds](Refusal::Held) them. `None`: they do not wait, for example
    /// because the folder has changed again. It waits while the folder is being judged.
    pub fn accept(&self, digest: &str) -> Option<Arc<Outcome>> {
        self.shared.report(|publisher| publisher.accept(digest))
    }

    /// Stops watching, and waits for a running call of your function to return, unless that function calls this.
    pub fn close(self) {
        let shared = Arc::clone(&self.shared);
        drop(self);
        shared.reporter.wait();
    }
}

impl ReloaderBuilder {
    /// Other settings than the default.
    pub fn settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    /// Begins with these rules, such as the last good ones, and does not wait for those of the folder, which replace them
    /// if they are sound. Without it, those of the folder are the first, and have to be sound.
    pub fn first(mut self, folder: Folder) -> Self {
        self.first = Some(folder);
        self
    }

    /// A function that is asked about every sound set before it becomes current, but for a [first](Self::first) one that the
    /// caller gives. It must not call [`Reloader::judge`] or [`Reloader::accept`], which wait for it.
    pub fn gate(mut self, gate: impl FnMut(&Proposal<'_>) -> Admission + Send + 'static) -> Self {
        self.gate = Some(Box::new(gate));
        self
    }

    /// A function that is called with each outcome, as for [`Reloader::watch`].
    pub fn on_outcome(mut self, on_outcome: impl FnMut(&Outcome) + Send + 'static) -> Self {
        self.callback = Box::new(on_outcome);
        self
    }

    /// Starts to follow the folder, on a thread of its own.
    ///
    /// # Errors
    ///
    /// [`ReloadError`], if the first rules are not sound, or no thread can be started.
    pub fn start(self) -> Result<Reloader, ReloadError> {
        let thread = ReloadThread::start()?;
        self.start_on(&thread)
    }

    /// Starts to follow the folder, on a thread that may follow others too. A folder that takes long to read, such as one
    /// on a network drive that does not answer, holds up the others on its thread; one that takes long to judge does not.
    ///
    /// # Errors
    ///
    /// [`ReloadError::Refused`], if the first rules are not sound.
    pub fn start_on(self, thread: &ReloadThread) -> Result<Reloader, ReloadError> {
        let mut publisher =
            Publisher::new(self.settings.clone()).with_path(self.path.clone()).with_boxed_gate(self.gate);
        let mut follower = Follower::new(&self.path, &self.settings);
        let first = match &self.first {
            Some(folder) => publisher.publish_first(folder),
            None => publish_first_reading(&mut publisher, &mut follower),
        };
        let may_wait = self.settings.begin_empty && self.first.is_none();
        if !first.is_accepted() && !may_wait {
            return Err(ReloadError::Refused { outcome: Box::new(first) });
        }
        let current = Arc::clone(publisher.current());
        let first = Arc::new(first);
        let (reporter, activity) = (Reporter::new(self.callback), Arc::clone(&follower.activity));
        let shared = Arc::new(Shared::new(publisher, Arc::clone(&first), reporter, activity, thread.clone()));
        shared.reporter.enqueue(first);
        shared.reporter.start();
        let id = thread.insert(follower, &shared);
        Ok(Reloader { shared, current, id })
    }
}

/// Publishes the folder once it has come to rest.
fn publish_first_reading(publisher: &mut Publisher, follower: &mut Follower) -> Outcome {
    match catch_panic(|| follower.wait()) {
        Ok(SettleResult::Changed) => publisher.publish_state(follower.state()),
        Ok(SettleResult::KeepsChanging(files)) => publisher.refuse(Refusal::Unstable(files)),
        Err(message) => publisher.refuse(Refusal::Panicked(message)),
    }
}

impl Drop for Reloader {
    fn drop(&mut self) {
        self.shared.stop();
        self.shared.thread.remove(self.id);
    }
}
