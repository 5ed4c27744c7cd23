//! The rule files of a folder, by name.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use imbl::OrdMap;
use imbl::ordmap::DiffItem;

use super::file::RuleFile;

/// The rule files of a folder, by their names inside it. A clone is cheap, because it shares the files with the original.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Files(OrdMap<Arc<str>, Arc<RuleFile>>);

/// How a file differs between two states of a folder: before and after, `None` where it does not exist.
pub type FileChange<'f> = (Option<&'f Arc<RuleFile>>, Option<&'f Arc<RuleFile>>);

impl Files {
    /// No files.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The file of that name.
    pub fn get(&self, name: &str) -> Option<&Arc<RuleFile>> {
        self.0.get(name)
    }

    /// The file of that name, with its name.
    pub fn get_key_value(&self, name: &str) -> Option<(&Arc<str>, &Arc<RuleFile>)> {
        self.0.get_key_value(name)
    }

    /// Whether there is a file of that name.
    pub fn contains(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// The names, in order.
    pub fn names(&self) -> impl Iterator<Item = &Arc<str>> {
        self.0.keys()
    }

    /// The files, in the order of their names.
    pub fn values(&self) -> impl Iterator<Item = &Arc<RuleFile>> {
        self.0.values()
    }

    /// The files with their names, in the order of the names.
    pub fn iter(&self) -> impl Iterator<Item = (&Arc<str>, &Arc<RuleFile>)> {
        self.0.iter()
    }

    /// Adds a file, or replaces the one of that name.
    pub fn insert(&mut self, name: Arc<str>, file: Arc<RuleFile>) {
        self.0.insert(name, file);
    }

    /// Removes the file of that name.
    pub fn remove(&mut self, name: &str) {
        self.0.remove(name);
    }

    /// The files that differ between `self` and `later`, with their names. The cost is proportional to
    /// the number of changes, not of files.
    pub fn changes<'f>(&'f self, later: &'f Self) -> impl Iterator<Item = (&'f Arc<str>, FileChange<'f>)> {
        self.0.diff(&later.0).map(|change| match change {
            DiffItem::Add(name, new) => (name, (None, Some(new))),
            DiffItem::Remove(name, old) => (name, (Some(old), None)),
            DiffItem::Update { old: (_, old), new: (name, new) } => (name, (Some(old), Some(new))),
        })
    }

    /// The files of those names, each with a syntax tree for as long as the result is held. Files with the same
    /// text share a tree.
    pub(crate) fn with_trees(&self, names: &[Arc<str>]) -> Vec<(Arc<str>, Arc<RuleFile>)> {
        let mut first_of_text: HashMap<[u8; 32], Arc<RuleFile>> = HashMap::new();
        let mut with_tree = |file: &Arc<RuleFile>| {
            let Some(digest) = file.digest else { return Arc::clone(file) };
            match first_of_text.entry(digest) {
                Entry::Occupied(first) => Arc::new(first.get().renamed(&file.source.name)),
                Entry::Vacant(entry) => Arc::clone(entry.insert(Arc::new(file.with_temporary_tree()))),
            }
        };
        let files = names.iter().filter_map(|name| self.0.get_key_value(name));
        files.map(|(name, file)| (Arc::clone(name), with_tree(file))).collect()
    }
}

impl FromIterator<(Arc<str>, Arc<RuleFile>)> for Files {
    fn from_iter<I: IntoIterator<Item = (Arc<str>, Arc<RuleFile>)>>(files: I) -> Self {
        Self(files.into_iter().collect())
    }
}

impl Extend<(Arc<str>, Arc<RuleFile>)> for Files {
    fn extend<I: IntoIterator<Item = (Arc<str>, Arc<RuleFile>)>>(&mut self, files: I) {
        self.0.extend(files);
    }
}

impl From<BTreeMap<Arc<str>, Arc<RuleFile>>> for Files {
    fn from(files: BTreeMap<Arc<str>, Arc<RuleFile>>) -> Self {
        files.into_iter().collect()
    }
}
