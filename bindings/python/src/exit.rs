//! Threads of ours and the interpreter: which one they run in, and its end. One that runs Python then would take the process
//! down.

use std::process;
use std::sync::{PoisonError, RwLock, TryLockError};

use pyo3::exceptions::PyImportError;
use pyo3::ffi::{PyInterpreterState_Get, PyInterpreterState_GetID};
use pyo3::prelude::{PyAnyMethods as _, PyResult, Python};
use pyo3::types::PyCFunction;

/// Whether the interpreter is ending. A thread of ours holds it while it runs Python.
static IS_ENDING: RwLock<bool> = RwLock::new(false);

/// Calls Python from a thread of ours, unless the interpreter is ending.
pub(crate) fn call_python(call: impl FnOnce(Python<'_>)) {
    let is_ending = match IS_ENDING.try_read() {
        Ok(is_ending) => is_ending,
        Err(TryLockError::Poisoned(error)) => error.into_inner(),
        // It waits for calls that have begun, and one of them may wait for this one.
        Err(TryLockError::WouldBlock) => return,
    };
    if !*is_ending {
        // `None`: there is no interpreter yet, or any more.
        let _: Option<()> = Python::try_attach(call);
    }
}

/// Refuses any interpreter but the main one, in which our threads call Python.
pub(crate) fn require_main_interpreter(_: Python<'_>) -> PyResult<()> {
    #[expect(unsafe_code, reason = "PyO3 has no safe function for it")]
    // SAFETY: this thread is attached to an interpreter, as the argument shows.
    let id = unsafe { PyInterpreterState_GetID(PyInterpreterState_Get()) };
    if id == 0 {
        return Ok(());
    }
    Err(PyImportError::new_err(
        "inbox_rules works in the main interpreter only, and this is another interpreter",
    ))
}

/// Lets the interpreter wait for calls that have begun before it ends.
pub(crate) fn register(py: Python<'_>) -> PyResult<()> {
    let process = process::id();
    let end = PyCFunction::new_closure(py, None, None, move |arguments, _| {
        // A process that was forked has no thread of ours, though one may have held the lock when it was forked.
        if process::id() == process {
            arguments.py().detach(|| *IS_ENDING.write().unwrap_or_else(PoisonError::into_inner) = true);
        }
    })?;
    py.import("atexit")?.call_method1("register", (end,)).map(drop)
}
