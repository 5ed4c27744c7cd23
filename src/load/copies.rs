//! Files of the same text are parsed once, whichever comes first.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::policy::{RuleFile, digest};
use crate::text::Source;

/// The first file of a text, once it is parsed.
type First = Arc<OnceLock<Arc<RuleFile>>>;

/// The files read so far, by the digest of their text. Several threads may ask at once.
pub(super) struct Copies {
    first: Mutex<HashMap<[u8; 32], First>>,
    trees: Trees,
}

/// Whether the trees of the files are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trees {
    /// Somebody is about to ask for them.
    Kept,
    /// There may be too many of them at once.
    LetGo,
}

impl Copies {
    pub(super) fn new(trees: Trees) -> Self {
        Self { first: Mutex::default(), trees }
    }

    /// The rule file that `source` is; it shares what it is made of with its copies.
    pub(super) fn file(&self, source: Source) -> Arc<RuleFile> {
        let cell = {
            let mut first = self.first.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(first.entry(digest(&source.text)).or_default())
        };
        let name = Arc::clone(&source.name);
        let first = cell.get_or_init(|| {
            let file = RuleFile::parse(source);
            Arc::new(if self.trees == Trees::Kept { file } else { file.without_tree() })
        });
        if first.source.name == name { Arc::clone(first) } else { Arc::new(first.copied(&name)) }
    }
}
