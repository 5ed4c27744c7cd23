//! The texts that findings point into, by name.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::text::Source;

/// The texts that findings point into, by the names findings give.
#[derive(Debug, Clone, Default)]
pub struct Sources(BTreeMap<Arc<str>, Source>);

impl Sources {
    /// The text called `name`.
    pub fn get(&self, name: &str) -> Option<&Source> {
        self.0.get(name)
    }
}

impl FromIterator<Source> for Sources {
    fn from_iter<I: IntoIterator<Item = Source>>(sources: I) -> Self {
        Self(sources.into_iter().map(|source| (Arc::clone(&source.name), source)).collect())
    }
}
