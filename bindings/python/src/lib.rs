//! `inbox_rules` for Python: dicts in, dicts out.
//!
//! The package in `inbox_rules/` has the exceptions and the types of the dicts; the classes are here. Python's own module
//! `json` makes texts of dicts and back, so a situation means the same as for `rules route`.

#![deny(unsafe_code)]

mod errors;
mod exit;
mod reloader;
mod ruleset;

use std::path::PathBuf;

use inbox_rules_json as json;
use pyo3::prelude::{Bound, Py, PyAny, PyResult, Python, pyfunction, pymodule};

use errors::{from_json, or_raise};

/// Find what is wrong with a folder of rules, or with one file in it: what `rules check --format json` prints.
#[pyfunction]
fn check(py: Python<'_>, path: PathBuf) -> PyResult<Py<PyAny>> {
    let report = or_raise(py, py.detach(move || json::check_path(&path)))?;
    from_json(py, &report).map(Bound::unbind)
}

/// The compiled part of `inbox_rules`.
#[pymodule]
mod _native {
    #[pymodule_export]
    use super::check;
    #[pymodule_export]
    use super::reloader::Reloader;
    #[pymodule_export]
    use super::ruleset::RuleSet;

    #[pymodule_init]
    fn init(module: &pyo3::Bound<'_, pyo3::types::PyModule>) -> pyo3::PyResult<()> {
        super::exit::require_main_interpreter(module.py())?;
        super::exit::register(module.py())
    }
}
