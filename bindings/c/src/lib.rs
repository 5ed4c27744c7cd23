//! `inbox_rules` for C: opaque handles, UTF-8 JSON texts in, JSON texts out.
//!
//! `include/inbox_rules.h` is made from this file; its comments are those of the header. No panic crosses into C, and no
//! pointer is kept beyond a call, but for `user_data`.

mod handles;
mod status;

use std::ffi::{c_char, c_void};
use std::path::Path;

use handles::{
    InboxRulesReloader, InboxRulesRuleset, UserData, c_string, give_handle, give_text, handle, string,
    take_handle, take_text,
};
use inbox_rules_json as json;
use status::{InboxRulesError, InboxRulesStatus, run_call};

/// Checks a folder of rules, or one file in it. `*report` is then what `rules check --format json`
/// prints, even if nothing is found; free it with `inbox_rules_string_free`.
///
/// # Safety
///
/// `path` is a string that ends in a zero byte; `report` can be written; `error` is null or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn inbox_rules_check(
    path: *const c_char,
    report: *mut *mut c_char,
    error: *mut *mut InboxRulesError,
) -> InboxRulesStatus {
    // SAFETY: the caller promises what is passed on.
    unsafe {
        run_call(report, "report", error, || {
            let path = Path::new(string(path, "path")?);
            Ok(give_text(json::check_path(path)?))
        })
    }
}

/// Reads the rules of a folder. Free `*ruleset` with `inbox_rules_ruleset_free`. If there are faults in the rules, the
/// status is `INBOX_RULES_STATUS_LOAD`, and the details of the error have the findings.
///
/// # Safety
///
/// `folder` is a string that ends in a zero byte; `ruleset` can be written; `error` is null or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn inbox_rules_ruleset_load(
    folder: *const c_char,
    ruleset: *mut *mut InboxRulesRuleset,
    error: *mut *mut InboxRulesError,
) -> InboxRulesStatus {
    // SAFETY: the caller promises what is passed on.
    unsafe {
        run_call(ruleset, "ruleset", error, || {
            let folder = Path::new(string(folder, "folder")?);
            Ok(give_handle(InboxRulesRuleset(json::load(folder)?.into())))
        })
    }
}

/// Decides a situation as `rules route --seed SEED` does. `*decision` is JSON; free it with `inbox_rules_string_free`. With
/// `explain` it has the reasons, as `why`. Random choices depend on the seed and the message id, and on nothing else; pass 0
/// if you have no seed. A situation without `at` is decided at the current time. Any number of threads may decide with one
/// rule set at the same time.
///
/// # Safety
///
/// `ruleset` comes from this library and is not freed; `situation` is a string that ends in a zero byte; `decision` can be
/// written; `error` is null or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn inbox_rules_ruleset_decide(
    ruleset: *const InboxRulesRuleset,
    situation: *const c_char,
    seed: u64,
    explain: bool,
    decision: *mut *mut c_char,
    error: *mut *mut InboxRulesError,
) -> InboxRulesStatus {
    // SAFETY: the caller promises what is passed on.
    unsafe {
        run_call(decision, "decision", error, || {
            let rules = handle(ruleset, "ruleset")?;
            let situation = string(situation, "situation")?;
            Ok(give_text(json::decide(&rules.0, situation, seed, explain)?))
        })
    }
}

/// Frees a rule set. Null is allowed.
///
/// # Safety
///
/// `ruleset` is null, or comes from this library and is freed once, when no call uses it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn inbox_rules_ruleset_free(ruleset: *mut InboxRulesRuleset) {
    // SAFETY: the caller promises it.
    drop(unsafe { take_handle(ruleset) });
}

/// Follows a folder: whenever its files have changed and are sound, they become the current rules. `on_outcome` is called
/// with the JSON of each outcome and `user_data`, on a thread of the library and never twice at the same time; the first call is
/// about the first rules, perhaps before `*reloader` is set. The text is gone when the call returns. `on_outcome` may be null.
/// Free `*reloader` with `inbox_rules_reloader_close`. A process that is forked later does not follow the folder: there, calls
/// with `*reloader` fail with `INBOX_RULES_STATUS_LOAD`, and closing it does nothing.
///
/// # Safety
///
/// `folder` is a string that ends in a zero byte; `on_outcome` may be called with `user_data` on another thread until
/// `inbox_rules_reloader_close` returns, and no exception of C++ leaves it; `reloader` can be written; `error` is null or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn inbox_rules_reloader_watch(
    folder: *const c_char,
    on_outcome: Option<unsafe extern "C" fn(outcome: *const c_char, user_data: *mut c_void)>,
    user_data: *mut c_void,
    reloader: *mut *mut InboxRulesReloader,
    error: *mut *mut InboxRulesError,
) -> InboxRulesStatus {
    let user_data = UserData(user_data);
    let tell = move |outcome: String| {
        if let Some(on_outcome) = on_outcome {
            let outcome = c_string(outcome);
            // SAFETY: the caller promises that it may be called until the reloader is closed.
            unsafe { on_outcome(outcome.as_ptr(), user_data.get()) };
        }
    };
    // SAFETY: the caller promises what is passed on.
    unsafe {
        run_call(reloader, "reloader", error, || {
            let folder = Path::new(string(folder, "folder")?);
            Ok(give_handle(InboxRulesReloader(json::ProcessReloader::watch(folder, tell)?)))
        })
    }
}

/// The current rules, always as a whole set. It never blocks. Free `*ruleset` with `inbox_rules_ruleset_free`; it stays as
/// it is, and may be used after `inbox_rules_reloader_close`.
///
/// # Safety
///
/// `reloader` comes from this library and is not closed; `ruleset` can be written; `error` is null or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn inbox_rules_reloader_current(
    reloader: *const InboxRulesReloader,
    ruleset: *mut *mut InboxRulesRuleset,
    error: *mut *mut InboxRulesError,
) -> InboxRulesStatus {
    // SAFETY: the caller promises what is passed on.
    unsafe {
        run_call(ruleset, "ruleset", error, || {
            let live = handle(reloader, "reloader")?;
            Ok(give_handle(InboxRulesRuleset(live.0.current()?)))
        })
    }
}

/// The outcome of the last change, as JSON. Free `*outcome` with `inbox_rules_string_free`.
///
/// # Safety
///
/// `reloader` comes from this library and is not closed; `outcome` can be written; `error` is null or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn inbox_rules_reloader_outcome(
    reloader: *const InboxRulesReloader,
    outcome: *mut *mut c_char,
    error: *mut *mut InboxRulesError,
) -> InboxRulesStatus {
    // SAFETY: the caller promises what is passed on.
    unsafe {
        run_call(outcome, "outcome", error, || {
            let live = handle(reloader, "reloader")?;
            Ok(give_text(live.0.outcome()?))
        })
    }
}

/// Makes the rules with that digest current, if they wait to be accepted (`waiting` in an outcome). `*outcome`
/// is then the outcome as JSON, to be freed with `inbox_rules_string_free`, and null if they do not wait.
///
/// # Safety
///
/// `reloader` comes from this library and is not closed; `digest` is a string that ends in a zero byte; `outcome` can be
/// written; `error` is null or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn inbox_rules_reloader_accept(
    reloader: *const InboxRulesReloader,
    digest: *const c_char,
    outcome: *mut *mut c_char,
    error: *mut *mut InboxRulesError,
) -> InboxRulesStatus {
    // SAFETY: the caller promises what is passed on.
    unsafe {
        run_call(outcome, "outcome", error, || {
            let live = handle(reloader, "reloader")?;
            let digest = string(digest, "digest")?;
            Ok(live.0.accept(digest)?.map_or(std::ptr::null_mut(), give_text))
        })
    }
}

/// Stops watching, and waits for a running call of `on_outcome` to return, unless `on_outcome` calls this. Null is allowed.
///
/// # Safety
///
/// `reloader` is null, or comes from this library and is closed once, when no other call uses it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn inbox_rules_reloader_close(reloader: *mut InboxRulesReloader) {
    // SAFETY: the caller promises it.
    if let Some(live) = unsafe { take_handle(reloader) } {
        live.0.close();
    }
}

/// What is wrong, where, and what to do, in one sentence. It is gone when the error is freed.
///
/// # Safety
///
/// `error` is null, or comes from this library and is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn inbox_rules_error_message(error: *const InboxRulesError) -> *const c_char {
    // SAFETY: the caller promises it.
    unsafe { error.as_ref() }.map_or(std::ptr::null(), |error| error.message.as_ptr())
}

/// The error as JSON: `kind`, `message`, `place` (the field of the situation, such as `customer.owner`), `line` and `column` (in
/// its text) and `findings` (the faults of rules that cannot be used). It is gone when the error is freed.
///
/// # Safety
///
/// `error` is null, or comes from this library and is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn inbox_rules_error_details(error: *const InboxRulesError) -> *const c_char {
    // SAFETY: the caller promises it.
    unsafe { error.as_ref() }.map_or(std::ptr::null(), |error| error.details.as_ptr())
}

/// Frees an error. Null is allowed.
///
/// # Safety
///
/// `error` is null, or comes from this library and is freed once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn inbox_rules_error_free(error: *mut InboxRulesError) {
    // SAFETY: the caller promises it.
    drop(unsafe { take_handle(error) });
}

/// Frees a text that this library gave. Null is allowed.
///
/// # Safety
///
/// `text` is null, or comes from this library as a text to be freed, and is freed once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn inbox_rules_string_free(text: *mut c_char) {
    // SAFETY: the caller promises it.
    drop(unsafe { take_text(text) });
}
