//! The current rules of a folder, for a host.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, ThreadId};

use arc_swap::{ArcSwap, Cache};

use super::outcome::{Outcome, ReloadError};
use super::settings::Settings;
use super::watcher::{News, Stop, Watcher};
use super::workshop::Workshop;
use crate::load::RuleSet;

/// The current rules of a folder. It ends with this value: a change that is under way then is told no more.
///
/// ```no_run
/// use inbox_rules::reload::Reloader;
///
/// let live = Reloader::watch("rules", |outcome| {
///     if let Some(refusal) = outcome.refusal() {
///         eprintln!("the rules stay as they were: {refusal}");
///     }
/// })?;
/// let mut reader = live.reader(); // one in each thread that decides
/// let set = reader.current();
/// # Ok::<(), inbox_rules::reload::ReloadError>(())
/// ```
#[derive(Debug)]
pub struct Reloader {
    shared: Arc<Shared>,
    stop: Stop,
    thread: ThreadId,
}

#[derive(Debug)]
struct Shared {
    current: Arc<ArcSwap<RuleSet>>,
    last: ArcSwap<Outcome>,
    is_stopped: AtomicBool,
    /// Held while the caller is told.
    telling: Mutex<()>,
}

/// The current rules, for one thread. Reading costs one look at a number that only changes with the rules; no counter
/// is shared between threads. A reader that is not used keeps the set that it read last.
#[derive(Debug, Clone)]
pub struct Reader(Cache<Arc<ArcSwap<RuleSet>>, Arc<RuleSet>>);

impl Reader {
    /// The current rules.
    pub fn current(&mut self) -> &Arc<RuleSet> {
        self.0.load()
    }
}

impl Reloader {
    /// Reads the rules of `folder` and follows its changes. `on_outcome` is told what came of each, and of the first
    /// reading; it is called on a thread of its own, and a panic in it harms nothing.
    ///
    /// # Errors
    ///
    /// [`ReloadError`], where there are no sound rules to begin with.
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
        mut on_outcome: impl FnMut(&Outcome) + Send + 'static,
    ) -> Result<Self, ReloadError> {
        let current = Arc::new(ArcSwap::from_pointee(RuleSet::default()));
        let begin_empty = settings.begin_empty;
        let mut workshop = Workshop::new(folder.as_ref(), settings.clone(), Arc::clone(&current));
        let mut watcher = Watcher::new(folder.as_ref(), settings);
        let first = workshop.judge(watcher.sight());
        if !first.is_taken() && !begin_empty {
            return Err(ReloadError::Refused { outcome: Box::new(first) });
        }
        let shared = Arc::new(Shared {
            current,
            last: ArcSwap::from_pointee(first),
            is_stopped: AtomicBool::new(false),
            telling: Mutex::new(()),
        });
        let stop = watcher.stop();
        let told = Arc::clone(&shared);
        let follow = move || {
            told.tell(&mut on_outcome);
            while let Some(news) = watcher.next() {
                let outcome = match news {
                    News::Changed => workshop.judge(watcher.sight()),
                    News::Restless => workshop.restless(watcher.sight()),
                };
                told.last.store(Arc::new(outcome));
                told.tell(&mut on_outcome);
                workshop.let_go();
            }
        };
        let thread = thread::Builder::new().name("rules-reload".to_owned()).spawn(follow)?.thread().id();
        Ok(Self { shared, stop, thread })
    }

    /// The current rules. Never blocks, and is never a part of one set and a part of another; it stays as it is for as
    /// long as it is held. A thread that decides often uses a [`reader`](Self::reader).
    pub fn current(&self) -> Arc<RuleSet> {
        self.shared.current.load_full()
    }

    /// A handle to the current rules for one thread.
    pub fn reader(&self) -> Reader {
        Reader(Cache::new(Arc::clone(&self.shared.current)))
    }

    /// What came of the last change, or of the first reading.
    pub fn outcome(&self) -> Arc<Outcome> {
        self.shared.last.load_full()
    }

    /// How often the current set has changed, the first included.
    pub fn generation(&self) -> u64 {
        self.shared.last.load().generation
    }
}

impl Shared {
    /// Tells the caller of the last outcome, unless nobody wants to know any more.
    fn tell(&self, on_outcome: &mut impl FnMut(&Outcome)) {
        let _telling = self.telling.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.is_stopped.load(Ordering::Acquire) {
            let outcome = self.last.load_full();
            // The panic hook has told of it.
            let _ = catch_unwind(AssertUnwindSafe(|| on_outcome(&outcome)));
        }
    }
}

impl Drop for Reloader {
    fn drop(&mut self) {
        self.shared.is_stopped.store(true, Ordering::Release);
        self.stop.stop();
        if thread::current().id() != self.thread {
            // The caller's function is not called after this, and is not in the middle of it.
            let _telling = self.shared.telling.lock().unwrap_or_else(PoisonError::into_inner);
        }
    }
}
