//! A folder that is followed.

use std::path::Path;
use std::process;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use inbox_rules::{Reloader, RuleSet};

use crate::error::{CallError, ErrorKind, catch_panic};
use crate::outcome::OutcomeJson;
use crate::to_json;

/// A folder that is followed, until it is closed, by threads of this process.
///
/// A process that is forked from it has none of these threads, and what they had locked is locked for ever. There, calls fail
/// instead of giving rules that never change again, and nothing is freed.
pub struct ProcessReloader {
    /// Calls hold it for reading, so that the end of the watch waits for them.
    reloader: RwLock<Option<Reloader>>,
    is_closed: AtomicBool,
    process: u32,
}

impl ProcessReloader {
    /// Follows a folder. `on_outcome` is called with the JSON of each [`OutcomeJson`], the first included, on a thread of its
    /// own.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Load`], if the first rules are not sound, or no thread can be started.
    pub fn watch(
        folder: &Path,
        mut on_outcome: impl FnMut(String) + Send + 'static,
    ) -> Result<Self, CallError> {
        let tell = move |outcome: &inbox_rules::Outcome| {
            if let Ok(text) = to_json(&OutcomeJson::from(outcome)) {
                on_outcome(text);
            }
        };
        let reloader = catch_panic(|| Ok(Reloader::watch(folder, tell)?))?;
        let (reloader, is_closed) = (RwLock::new(Some(reloader)), AtomicBool::new(false));
        Ok(Self { reloader, is_closed, process: process::id() })
    }

    /// The current rules.
    ///
    /// # Errors
    ///
    /// It is closed, or this process was forked.
    pub fn current(&self) -> Result<Arc<RuleSet>, CallError> {
        self.call(|reloader| Ok(reloader.current()))
    }

    /// The last outcome, as JSON.
    ///
    /// # Errors
    ///
    /// As [`current`](Self::current).
    pub fn outcome(&self) -> Result<String, CallError> {
        self.call(|reloader| to_json(&OutcomeJson::from(&*reloader.outcome())))
    }

    /// Makes the rules with that digest current, if they wait for it; returns the outcome as JSON, or `None` if they do not
    /// wait.
    ///
    /// # Errors
    ///
    /// As [`current`](Self::current).
    pub fn accept(&self, digest: &str) -> Result<Option<String>, CallError> {
        self.call(|reloader| {
            let outcome = reloader.accept(digest);
            outcome.map(|outcome| to_json(&OutcomeJson::from(&*outcome))).transpose()
        })
    }

    /// Stops watching, and waits for running calls, of `on_outcome` and others, to return, unless `on_outcome` calls this.
    pub fn close(&self) {
        if self.is_forked() {
            return;
        }
        self.is_closed.store(true, Ordering::Release);
        let reloader = self.reloader.write().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(reloader) = reloader {
            // A panic has nobody to be reported to.
            let _: Result<(), CallError> = catch_panic(|| {
                reloader.close();
                Ok(())
            });
        }
    }

    fn call<T>(&self, call: impl FnOnce(&Reloader) -> Result<T, CallError>) -> Result<T, CallError> {
        if self.is_forked() {
            let message = "this process was forked after the folder was followed, and does not follow it: \
                           call `watch` in it";
            return Err(CallError::new(ErrorKind::Load, message.to_owned()));
        }
        let closed = || CallError::new(ErrorKind::Argument, "the reloader is closed".to_owned());
        // Whoever comes while it is being closed need not wait for that.
        if self.is_closed.load(Ordering::Acquire) {
            return Err(closed());
        }
        let reloader = self.reloader.read().unwrap_or_else(PoisonError::into_inner);
        let reloader = reloader.as_ref().ok_or_else(closed)?;
        catch_panic(|| call(reloader))
    }

    fn is_forked(&self) -> bool {
        self.process != process::id()
    }
}

impl Drop for ProcessReloader {
    fn drop(&mut self) {
        if self.is_forked() {
            let reloader = self.reloader.get_mut().unwrap_or_else(PoisonError::into_inner);
            std::mem::forget(reloader.take());
        }
    }
}
