//! The class `Reloader`.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use inbox_rules_json as json;
use pyo3::prelude::{Bound, Py, PyAny, PyAnyMethods as _, PyResult, Python, pyclass, pymethods};

use crate::errors::{closed, from_json, or_raise};
use crate::exit::call_python;
use crate::ruleset::RuleSet;

/// The current rules of a folder, which are replaced as a whole whenever its files have changed and are sound. Any number of
/// threads may use it at a time.
#[pyclass(frozen, module = "inbox_rules")]
pub(crate) struct Reloader(Mutex<Option<Arc<inbox_rules::Reloader>>>);

#[pymethods]
impl Reloader {
    /// Follow a folder. `on_outcome` is called with each outcome, the first included, on a thread of its own; what it raises
    /// goes to `sys.unraisablehook`. Raises `LoadError` if the first rules are not sound.
    #[staticmethod]
    #[pyo3(signature = (folder, on_outcome = None))]
    fn watch(py: Python<'_>, folder: PathBuf, on_outcome: Option<Py<PyAny>>) -> PyResult<Self> {
        let tell = move |outcome: String| {
            if let Some(on_outcome) = &on_outcome {
                call_python(|py| call(py, on_outcome, &outcome));
            }
        };
        let reloader = or_raise(py, py.detach(move || json::watch(&folder, tell)))?;
        Ok(Self(Mutex::new(Some(Arc::new(reloader)))))
    }

    /// The current rules. It does not wait.
    fn current(&self, py: Python<'_>) -> PyResult<RuleSet> {
        Ok(RuleSet(self.open(py)?.current()))
    }

    /// The outcome of the last change.
    fn outcome<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let reloader = self.open(py)?;
        let outcome = or_raise(py, py.detach(|| json::outcome(&reloader)))?;
        from_json(py, &outcome)
    }

    /// Make the rules with that digest current, if they wait for it because much is gone (`waiting` in an outcome). Returns the
    /// outcome, or `None` if they do not wait.
    fn accept<'py>(&self, py: Python<'py>, digest: &str) -> PyResult<Option<Bound<'py, PyAny>>> {
        let reloader = self.open(py)?;
        let outcome = or_raise(py, py.detach(|| json::accept(&reloader, digest)))?;
        outcome.map(|outcome| from_json(py, &outcome)).transpose()
    }

    /// End the watch, and wait until `on_outcome` does not run, unless it is `on_outcome` that calls this.
    fn close(&self, py: Python<'_>) {
        let reloader = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(reloader) = reloader.and_then(Arc::into_inner) {
            py.detach(|| reloader.close());
        }
    }

    fn __enter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    #[pyo3(signature = (*_exception))]
    fn __exit__(&self, py: Python<'_>, _exception: &Bound<'_, PyAny>) {
        self.close(py);
    }
}

impl Reloader {
    fn open(&self, py: Python<'_>) -> PyResult<Arc<inbox_rules::Reloader>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone().ok_or_else(|| closed(py))
    }
}

fn call(py: Python<'_>, on_outcome: &Py<PyAny>, outcome: &str) {
    let on_outcome = on_outcome.bind(py);
    let called = from_json(py, outcome).and_then(|outcome| on_outcome.call1((outcome,)));
    if let Err(error) = called {
        error.write_unraisable(py, Some(on_outcome));
    }
}
