//! The class `Reloader`.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use inbox_rules_json::ProcessReloader;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::{Bound, Py, PyAny, PyAnyMethods as _, PyResult, Python, pyclass, pymethods};
use pyo3::{PyTraverseError, PyVisit};

use crate::errors::{from_json, or_raise};
use crate::exit::call_python;
use crate::ruleset::RuleSet;

/// The caller's function. The reloader and the thread that calls it share one reference, which is the reloader's for the
/// garbage collector.
type Callback = Arc<Mutex<Option<Py<PyAny>>>>;

/// The current rules of a folder, which are replaced as a whole whenever its files have changed and are sound. Any number of
/// threads may use it at the same time. When nobody holds it any longer, the watch ends.
#[pyclass(frozen, module = "inbox_rules")]
pub(crate) struct Reloader {
    live: ProcessReloader,
    on_outcome: Callback,
}

#[pymethods]
impl Reloader {
    /// Follow a folder. `on_outcome` is called with each outcome, the first included, on a thread of its own; what it raises
    /// goes to `sys.unraisablehook`. Raises `LoadError` if the first rules are not sound.
    #[staticmethod]
    #[pyo3(signature = (folder, on_outcome = None))]
    fn watch(py: Python<'_>, folder: PathBuf, on_outcome: Option<Py<PyAny>>) -> PyResult<Self> {
        if on_outcome.as_ref().is_some_and(|on_outcome| !on_outcome.bind(py).is_callable()) {
            return Err(PyTypeError::new_err("`on_outcome` cannot be called"));
        }
        let on_outcome: Callback = Arc::new(Mutex::new(on_outcome));
        let shared = Arc::clone(&on_outcome);
        let tell = move |outcome: String| call_python(|py| call(py, &shared, &outcome));
        let live = or_raise(py, py.detach(move || ProcessReloader::watch(&folder, tell)))?;
        Ok(Self { live, on_outcome })
    }

    /// The current rules. It never blocks.
    fn current(&self, py: Python<'_>) -> PyResult<RuleSet> {
        or_raise(py, self.live.current()).map(RuleSet)
    }

    /// The outcome of the last change.
    fn outcome<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let outcome = or_raise(py, py.detach(|| self.live.outcome()))?;
        from_json(py, &outcome)
    }

    /// Make the rules with that digest current, if they wait to be accepted (`waiting` in an outcome). Returns the
    /// outcome, or `None` if they do not wait.
    fn accept<'py>(&self, py: Python<'py>, digest: &str) -> PyResult<Option<Bound<'py, PyAny>>> {
        let outcome = or_raise(py, py.detach(|| self.live.accept(digest)))?;
        outcome.map(|outcome| from_json(py, &outcome)).transpose()
    }

    /// Stop watching, and wait for a running call of `on_outcome` to return, unless `on_outcome` calls this.
    fn close(&self, py: Python<'_>) {
        py.detach(|| self.live.close());
    }

    fn __enter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    #[pyo3(signature = (*_exception))]
    fn __exit__(&self, py: Python<'_>, _exception: &Bound<'_, PyAny>) {
        self.close(py);
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        // What is not visited is not collected, this time.
        self.on_outcome.try_lock().map_or(Ok(()), |on_outcome| visit.call(&*on_outcome))
    }

    fn __clear__(&self) {
        let on_outcome = self.on_outcome.lock().unwrap_or_else(PoisonError::into_inner).take();
        // The lock is free by now: what is dropped may run Python.
        drop(on_outcome);
    }
}

fn call(py: Python<'_>, on_outcome: &Callback, outcome: &str) {
    // A reference of its own: what runs is not garbage.
    let on_outcome =
        on_outcome.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map(|it| it.clone_ref(py));
    let Some(on_outcome) = on_outcome else { return };
    let on_outcome = on_outcome.bind(py);
    let called = from_json(py, outcome).and_then(|outcome| on_outcome.call1((outcome,)));
    if let Err(error) = called {
        error.write_unraisable(py, Some(on_outcome));
    }
}
