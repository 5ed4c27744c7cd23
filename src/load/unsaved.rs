//! Texts that an editor has changed and not saved: they stand for the files of a folder.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::policy::RuleFile;
use crate::text::Source;

/// Texts that stand for the files of a folder, whether these exist or not.
#[derive(Debug, Clone, Default)]
pub struct Unsaved {
    /// The text of `inbox.toml`.
    pub inbox: Option<Source>,
    /// Rule files, by their names inside the folder.
    pub files: BTreeMap<Arc<str>, Arc<RuleFile>>,
}
