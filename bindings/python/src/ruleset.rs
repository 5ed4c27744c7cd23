//! The class `RuleSet`.

use std::path::PathBuf;
use std::sync::Arc;

use inbox_rules_json as json;
use pyo3::prelude::{Bound, PyAny, PyResult, Python, pyclass, pymethods};

use crate::errors::{from_json, or_raise, to_json};

/// The rules of a folder. They never change, and any number of threads may decide with them at the same time.
#[pyclass(frozen, module = "inbox_rules")]
pub(crate) struct RuleSet(pub(crate) Arc<inbox_rules::RuleSet>);

#[pymethods]
impl RuleSet {
    /// Read the rules of a folder. Raises `LoadError`.
    #[staticmethod]
    fn load(py: Python<'_>, folder: PathBuf) -> PyResult<Self> {
        let rules = or_raise(py, py.detach(move || json::load(&folder)))?;
        Ok(Self(Arc::new(rules)))
    }

    /// Decide a situation as `rules route` does: random choices depend on the seed and the message id, and a situation without
    /// `at` is decided at the current time. With `explain`, the decision has the reasons as `why`. Raises `SituationError`.
    #[pyo3(signature = (situation, *, seed = 0, explain = false))]
    fn decide<'py>(
        &self,
        py: Python<'py>,
        situation: &Bound<'py, PyAny>,
        seed: u64,
        explain: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        let situation = to_json(situation)?;
        let decision = or_raise(py, py.detach(|| json::decide(&self.0, &situation, seed, explain)))?;
        from_json(py, &decision)
    }
}
