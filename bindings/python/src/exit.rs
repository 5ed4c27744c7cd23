//! Threads of ours and the end of the interpreter: one that runs Python then would take the process down.

use std::sync::{PoisonError, RwLock};

use pyo3::prelude::{PyAnyMethods as _, PyResult, Python};
use pyo3::types::PyCFunction;

/// Whether the interpreter is ending. A thread of ours holds it while it runs Python.
static IS_ENDING: RwLock<bool> = RwLock::new(false);

/// Calls Python from a thread of ours, unless the interpreter is ending.
pub(crate) fn call_python(call: impl FnOnce(Python<'_>)) {
    let is_ending = IS_ENDING.read().unwrap_or_else(PoisonError::into_inner);
    if !*is_ending {
        // `None`: there is no interpreter yet, or any more.
        let _: Option<()> = Python::try_attach(call);
    }
}

/// Lets the interpreter wait for calls that have begun before it ends.
pub(crate) fn register(py: Python<'_>) -> PyResult<()> {
    let end = PyCFunction::new_closure(py, None, None, |arguments, _| {
        let wait = || *IS_ENDING.write().unwrap_or_else(PoisonError::into_inner) = true;
        arguments.py().detach(wait);
    })?;
    py.import("atexit")?.call_method1("register", (end,)).map(drop)
}
