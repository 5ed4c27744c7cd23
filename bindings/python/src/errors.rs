//! Dicts as JSON, and errors as exceptions.

use inbox_rules_json::{CallError, ErrorKind};
use pyo3::prelude::{Bound, PyAny, PyAnyMethods as _, PyDictMethods as _, PyErr, PyResult, Python};
use pyo3::types::PyDict;

/// The JSON of a value of Python.
pub(crate) fn to_json(value: &Bound<'_, PyAny>) -> PyResult<String> {
    let py = value.py();
    let options = PyDict::new(py);
    // Neither is JSON.
    options.set_item("allow_nan", false)?;
    py.import("json")?.call_method("dumps", (value,), Some(&options))?.extract()
}

/// The value of Python of a JSON text.
pub(crate) fn from_json<'py>(py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyAny>> {
    py.import("json")?.call_method1("loads", (text,))
}

/// The result, or the exception that says why there is none.
pub(crate) fn or_raise<T>(py: Python<'_>, result: Result<T, CallError>) -> PyResult<T> {
    result.map_err(|error| exception(py, &error).unwrap_or_else(|error| error))
}

/// The exception, as `inbox_rules/errors.py` defines it.
fn exception(py: Python<'_>, error: &CallError) -> PyResult<PyErr> {
    let errors = py.import("inbox_rules.errors")?;
    let details = from_json(py, &error.to_json())?;
    let exception = match error.kind {
        ErrorKind::Load => {
            errors.call_method1("LoadError", (&error.message, details.get_item("findings")?))?
        }
        ErrorKind::Situation => errors.call_method1("SituationError", (&error.message, &error.place))?,
        ErrorKind::Argument | ErrorKind::Internal => errors.call_method1("RulesError", (&error.message,))?,
    };
    Ok(PyErr::from_value(exception))
}
