//! How a call ends: a status, and an error that says more.

use std::ffi::CString;
use std::ptr;

use inbox_rules_json::{CallError, ErrorKind, catch_panic};

use crate::handles::{c_string, give_handle};

/// How a call has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C)]
pub enum InboxRulesStatus {
    /// The call succeeded.
    Ok = 0,
    /// A required argument is null.
    Null = 1,
    /// An argument is not UTF-8.
    NotUtf8 = 2,
    /// The rules could not be loaded.
    Load = 3,
    /// A situation cannot be decided.
    Situation = 4,
    /// An internal error, such as a panic. Please report it.
    Internal = 5,
}

/// Why a call has failed.
pub struct InboxRulesError {
    pub(crate) message: CString,
    pub(crate) details: CString,
}

/// Why a call fails.
pub(crate) enum Failure {
    /// This argument is null.
    Null(&'static str),
    /// This argument is not UTF-8.
    NotUtf8(&'static str),
    /// The library says why.
    Call(CallError),
}

impl From<CallError> for Failure {
    fn from(error: CallError) -> Self {
        Self::Call(error)
    }
}

impl Failure {
    fn report(self) -> (InboxRulesStatus, InboxRulesError) {
        let about = |status, message: String| (status, CallError::new(ErrorKind::Argument, message));
        let (status, error) = match self {
            Self::Null(name) => about(InboxRulesStatus::Null, format!("`{name}` is null")),
            Self::NotUtf8(name) => about(InboxRulesStatus::NotUtf8, format!("`{name}` is not UTF-8")),
            Self::Call(error) => (status_of(error.kind), error),
        };
        let details = c_string(error.to_json());
        (status, InboxRulesError { message: c_string(error.message), details })
    }
}

fn status_of(kind: ErrorKind) -> InboxRulesStatus {
    match kind {
        ErrorKind::Argument => InboxRulesStatus::Null,
        ErrorKind::Load => InboxRulesStatus::Load,
        ErrorKind::Situation => InboxRulesStatus::Situation,
        ErrorKind::Internal => InboxRulesStatus::Internal,
    }
}

/// Makes a call, puts what it gives in `place`, and reports how it ends. `*place` is null until it
/// succeeds, and `*error` if it does.
///
/// # Safety
///
/// `place` and `error` are null or can be written.
pub(crate) unsafe fn run_call<T>(
    place: *mut *mut T,
    name: &'static str,
    error: *mut *mut InboxRulesError,
    call: impl FnOnce() -> Result<*mut T, Failure>,
) -> InboxRulesStatus {
    if !place.is_null() {
        // SAFETY: the caller promises it; what was there need not be a value, so it is not read.
        unsafe { place.write(ptr::null_mut()) };
    }
    let call = || if place.is_null() { Err(Failure::Null(name)) } else { call() };
    let result = catch_panic(|| Ok(call())).unwrap_or_else(|error| Err(Failure::Call(error)));
    let (status, reported) = match result {
        Ok(given) => {
            // SAFETY: it is not null, for then the call fails.
            unsafe { place.write(given) };
            (InboxRulesStatus::Ok, ptr::null_mut())
        }
        Err(failure) => {
            let (status, reported) = failure.report();
            // Nobody would free it.
            (status, if error.is_null() { ptr::null_mut() } else { give_handle(reported) })
        }
    };
    if !error.is_null() {
        // SAFETY: as above.
        unsafe { error.write(reported) };
    }
    status
}
