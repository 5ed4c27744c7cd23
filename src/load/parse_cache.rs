//! Files with the same text are parsed once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::policy::{RuleFile, digest};
use crate::text::Source;

/// The files parsed so far, by the hash of their text. Several threads may use it at once.
pub(super) struct ParseCache {
    first: Mutex<HashMap<[u8; 32], FirstFile>>,
    trees: KeepTrees,
}

/// The first file of a text; the thread that parses it has others wait.
type FirstFile = Arc<OnceLock<Arc<RuleFile>>>;

/// Whether files keep their syntax trees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KeepTrees {
    /// The next step needs them.
    Yes,
    /// All of them at once may take too much memory.
    No,
}

impl ParseCache {
    pub(super) fn new(trees: KeepTrees) -> Self {
        Self { first: Mutex::default(), trees }
    }

    /// The rule file of `source`, which shares what the parser made of it with other files of the same text.
    pub(super) fn parse(&self, source: Source) -> Arc<RuleFile> {
        let cell = self.cell(digest(&source.text));
        let name = Arc::clone(&source.name);
        let first = cell.get_or_init(|| {
            let file = RuleFile::parse(source);
            Arc::new(if self.trees == KeepTrees::Yes { file } else { file.without_tree() })
        });
        if first.source.name == name { Arc::clone(first) } else { Arc::new(first.renamed(&name)) }
    }

    /// Replaces the first file of its text by one without a tree.
    pub(super) fn drop_tree(&self, file: &RuleFile) {
        if let Some(digest) = file.digest {
            let light = Arc::new(OnceLock::from(Arc::new(file.without_tree())));
            self.first.lock().unwrap_or_else(PoisonError::into_inner).insert(digest, light);
        }
    }

    fn cell(&self, digest: [u8; 32]) -> FirstFile {
        let mut first = self.first.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(first.entry(digest).or_default())
    }
}
