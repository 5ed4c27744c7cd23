//! Rules that are current, with the texts they were made from.

use std::fmt;
use std::sync::Arc;

use crate::load::RuleSet;
use crate::policy::Folder;

/// Rules that are or were current, with the texts they were made from.
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct Release {
    /// The rules.
    pub set: Arc<RuleSet>,
    /// The texts.
    pub folder: Folder,
    /// `sha256:…` over the names and contents of all files; empty where there are no rules yet.
    pub digest: String,
    /// How often the current set had changed then; 0 where there are no rules yet.
    pub generation: u64,
}

/// Short: the rules of many numbers are long.
impl fmt::Debug for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { digest, generation, .. } = self;
        f.debug_struct("Release")
            .field("digest", digest)
            .field("generation", generation)
            .finish_non_exhaustive()
    }
}
