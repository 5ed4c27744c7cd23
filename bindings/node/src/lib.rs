//! `inbox_rules` for Node, compiled: JSON texts in, JSON texts out. `index.js` makes objects and errors of them.
//!
//! What may take longer than some microseconds runs on a thread of Node's pool and gives a promise.

#![deny(unsafe_code)]
#![expect(clippy::needless_pass_by_value, reason = "Node gives values, not references")]
#![expect(clippy::missing_errors_doc, reason = "`index.d.ts` says what fails")]

mod call_task;

use std::path::Path;
use std::sync::Arc;

use inbox_rules::RuleSet;
use inbox_rules_json::{self as json, ProcessReloader};
use napi::bindgen_prelude::{AsyncTask, BigInt, Function};
use napi::threadsafe_function::ThreadsafeFunctionCallMode;
use napi::{Error, Result};
use napi_derive::napi;

use call_task::{CallTask, to_napi_error};

/// The rules of a folder.
#[napi]
pub struct NativeRuleSet(Arc<RuleSet>);

/// The current rules of a folder that is followed, until it is closed.
#[napi]
pub struct NativeReloader(Option<Arc<ProcessReloader>>);

/// What `rules check --format json` prints.
#[napi]
pub fn check(path: String) -> AsyncTask<CallTask<String>> {
    CallTask::spawn(move || json::check_path(Path::new(&path)))
}

/// Reads the rules of a folder.
#[napi]
pub fn load(folder: String) -> AsyncTask<CallTask<NativeRuleSet>> {
    CallTask::spawn(move || Ok(NativeRuleSet(Arc::new(json::load(Path::new(&folder))?))))
}

#[napi]
impl NativeRuleSet {
    /// Decides a situation.
    #[napi(catch_unwind)]
    pub fn decide(&self, situation: String, seed: BigInt, explain: bool) -> Result<String> {
        let (_, seed, _) = seed.get_u64();
        json::decide(&self.0, &situation, seed, explain).map_err(|error| to_napi_error(&error))
    }
}

/// Follows a folder. Node ends even while a folder is followed.
#[napi]
pub fn watch(
    folder: String,
    on_outcome: Function<'_, String, ()>,
) -> Result<AsyncTask<CallTask<NativeReloader>>> {
    let on_outcome = on_outcome.build_threadsafe_function().weak::<true>().build()?;
    let tell = move |outcome: String| {
        // While Node is ending, there is nobody to tell.
        let _ = on_outcome.call(outcome, ThreadsafeFunctionCallMode::NonBlocking);
    };
    Ok(CallTask::spawn(move || {
        let reloader = ProcessReloader::watch(Path::new(&folder), tell)?;
        Ok(NativeReloader(Some(Arc::new(reloader))))
    }))
}

#[napi]
impl NativeReloader {
    /// The current rules.
    #[napi(catch_unwind)]
    pub fn current(&self) -> Result<NativeRuleSet> {
        self.open()?.current().map(NativeRuleSet).map_err(|error| to_napi_error(&error))
    }

    /// The outcome of the last change.
    #[napi(catch_unwind)]
    pub fn outcome(&self) -> Result<String> {
        self.open()?.outcome().map_err(|error| to_napi_error(&error))
    }

    /// Makes the rules with that digest current, if they wait for it. It waits while the folder is being judged.
    #[napi(catch_unwind)]
    pub fn accept(&self, digest: String) -> Result<AsyncTask<CallTask<Option<String>>>> {
        let reloader = Arc::clone(self.open()?);
        Ok(CallTask::spawn(move || reloader.accept(&digest)))
    }

    /// Stops watching.
    #[napi(catch_unwind)]
    pub fn close(&mut self) {
        self.0 = None;
    }

    fn open(&self) -> Result<&Arc<ProcessReloader>> {
        self.0.as_ref().ok_or_else(|| Error::from_reason("the reloader is closed"))
    }
}
