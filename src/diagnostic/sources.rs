//! The files that findings point into, by name.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::text::Source;

/// The files that findings point into, by [`Finding::file`](super::Finding::file).
#[derive(Debug, Clone, Default)]
pub struct Sources(BTreeMap<Arc<str>, Source>);

impl Sources {
    /// The file called `name`.
    pub fn get(&self, name: &str) -> Option<&Source> {
        self.0.get(name)
    }
}

impl FromIterator<Source> for Sources {
    fn from_iter<I: IntoIterator<Item = Source>>(sources: I) -> Self {
        Self(sources.into_iter().map(|source| (Arc::clone(&source.name), source)).collect())
    }
}
