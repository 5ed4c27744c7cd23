//! The current rules of a folder, for a host.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, ThreadId};

use arc_swap::{ArcSwap, Cache};

use super::outcome::{Outcome, ReloadError};
use super::publisher::Publisher;
use super::settings::Settings;
use super::watcher::{StopHandle, WatchEvent, Watcher};
use crate::load::RuleSet;

/// The current rules of a folder. Dropping it ends the watch; no outcome is reported after that.
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
    stop: StopHandle,
    thread: ThreadId,
}

#[derive(Debug)]
struct Shared {
    current: Arc<ArcSwap<RuleSet>>,
    last: ArcSwap<Outcome>,
    is_stopped: AtomicBool,
    /// Held while the callback runs.
    reporting: Mutex<()>,
}

/// The current rules, for one thread. A read costs one comparison of a pointer that changes only with the rules; no
/// counter is shared between threads. A reader that is not used keeps the set that it read last.
#[derive(Debug, Clone)]
pub struct Reader(Cache<Arc<ArcSwap<RuleSet>>, Arc<RuleSet>>);

impl Reader {
    /// The current rules.
    pub fn current(&mut self) -> &Arc<RuleSet> {
        self.0.load()
    }
}

impl Reloader {
    /// Reads the rules of `folder` and watches it for changes. `on_outcome` is called with the outcome of each change, and
    /// of the first reading; it runs on a thread of its own, and a panic in it does no harm.
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
        mut on_outcome: impl FnMut(&Outcome) + Send + 'static,
    ) -> Result<Self, ReloadError> {
        let current = Arc::new(ArcSwap::from_pointee(RuleSet::default()));
        let begin_empty = settings.begin_empty;
        let mut publisher = Publisher::new(folder.as_ref(), settings.clone(), Arc::clone(&current));
        let mut watcher = Watcher::new(folder.as_ref(), settings);
        let first = publisher.publish(watcher.state());
        if !first.is_accepted() && !begin_empty {
            return Err(ReloadError::Refused { outcome: Box::new(first) });
        }
        let shared = Arc::new(Shared {
            current,
            last: ArcSwap::from_pointee(first),
            is_stopped: AtomicBool::new(false),
            reporting: Mutex::new(()),
        });
        let stop = watcher.stop_handle();
        let thread_shared = Arc::clone(&shared);
        let watch = move || {
            thread_shared.report(&mut on_outcome);
            while let Some(event) = watcher.next() {
                let outcome = match event {
                    WatchEvent::Changed => publisher.publish(watcher.state()),
                    WatchEvent::Unstable => publisher.unstable(watcher.state()),
                };
                thread_shared.last.store(Arc::new(outcome));
                thread_shared.report(&mut on_outcome);
                publisher.drop_previous();
            }
        };
        let thread = thread::Builder::new().name("rules-reload".to_owned()).spawn(watch)?.thread().id();
        Ok(Self { shared, stop, thread })
    }

    /// The current rules. It never blocks. The set is always whole, and does not change while it is held. A thread that
    /// decides often uses a [`reader`](Self::reader).
    pub fn current(&self) -> Arc<RuleSet> {
        self.shared.current.load_full()
    }

    /// A handle to the current rules for one thread.
    pub fn reader(&self) -> Reader {
        Reader(Cache::new(Arc::clone(&self.shared.current)))
    }

    /// The outcome of the last change, or of the first reading.
    pub fn outcome(&self) -> Arc<Outcome> {
        self.shared.last.load_full()
    }

    /// How often the current set has changed, the first included.
    pub fn generation(&self) -> u64 {
        self.shared.last.load().generation
    }
}

impl Shared {
    /// Calls the callback with the last outcome, unless the reloader was dropped.
    fn report(&self, on_outcome: &mut impl FnMut(&Outcome)) {
        let _reporting = self.reporting.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.is_stopped.load(Ordering::Acquire) {
            let outcome = self.last.load_full();
            // The panic hook has printed it.
            let _ = catch_unwind(AssertUnwindSafe(|| on_outcome(&outcome)));
        }
    }
}

impl Drop for Reloader {
    fn drop(&mut self) {
        self.shared.is_stopped.store(true, Ordering::Release);
        self.stop.stop();
        if thread::current().id() != self.thread {
            // The callback is not running now, and will not run again.
            let _reporting = self.shared.reporting.lock().unwrap_or_else(PoisonError::into_inner);
        }
    }
}
