//! Reads and parses the files of a folder, several at once.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::error::{LoadError, at};
use super::file::{ReadError, bytes, bytes_within};
use super::listing::EntryKind;
use super::parse_cache::{KeepTrees, ParseCache};
use crate::language::{Undecodable, decode};
use crate::parallel::{self, Threads};
use crate::policy::{Files, Folder, RuleFile};
use crate::text::Source;

/// The name of the file that describes the inbox.
pub(super) const INBOX: &str = "inbox.toml";

/// Fewer files than this are read on one thread.
const FEW: usize = 16;

/// Reads and parses files of a folder.
pub(super) struct FolderReader<'p> {
    root: &'p Path,
    /// The same without links.
    real_root: PathBuf,
    before: &'p Folder,
    cache: ParseCache,
    threads: Threads,
    /// Those read so far, among those of `before`, with which they share what has not changed.
    pub(super) files: Files,
    /// The names of those read so far.
    read: BTreeSet<String>,
    /// Whether each file read so far was listed as a file.
    pub(super) has_no_links: bool,
}

impl<'p> FolderReader<'p> {
    /// A reader of `root`, which was `before` when it was last read.
    pub(super) fn new(root: &'p Path, before: &'p Folder, trees: KeepTrees) -> Result<Self, LoadError> {
        Ok(Self {
            root,
            real_root: fs::canonicalize(root).map_err(|source| at(root, source))?,
            before,
            cache: ParseCache::new(trees),
            // While files are read again, another thread decides by what was read before.
            threads: if before.files.is_empty() { Threads::All } else { Threads::AllButOne },
            files: before.files.clone(),
            read: BTreeSet::new(),
            has_no_links: true,
        })
    }

    /// Reads those files, and the files that they use, directly or through others.
    pub(super) fn read(&mut self, mut unread: BTreeMap<String, EntryKind>) {
        unread.retain(|name, _| !self.read.contains(name));
        while !unread.is_empty() {
            let entries: Vec<(String, EntryKind)> = std::mem::take(&mut unread).into_iter().collect();
            let files =
                parallel::map(self.threads, &entries, FEW, |(name, kind)| self.read_file(name, *kind));
            self.read.extend(entries.iter().map(|(name, _)| name.clone()));
            for ((name, kind), file) in entries.iter().zip(files) {
                self.has_no_links &= *kind == EntryKind::File;
                for used in file.used(name) {
                    if !self.read.contains(&used) && self.exists(&used) {
                        unread.insert(used, EntryKind::Other);
                    }
                }
                self.insert(name, file);
            }
        }
    }

    /// Reads and parses one file. It is the same value as before if nothing has changed.
    pub(super) fn read_file(&self, name: &str, kind: EntryKind) -> Arc<RuleFile> {
        let shown = self.shown(name);
        let known = self.before.files.get(name).filter(|file| *file.source.name == *shown);
        let path = self.root.join(name);
        let bytes = match kind {
            EntryKind::File => bytes(&path),
            EntryKind::Other => bytes_within(&path, &self.real_root),
        };
        let error = match bytes {
            Ok(bytes) => {
                if let Some(known) = known
                    && known.digest.is_some()
                    && known.source.text.as_bytes() == bytes
                {
                    return Arc::clone(known);
                }
                match decode(&shown, &bytes) {
                    Ok(source) => return self.cache.parse(source),
                    Err(error) => *error,
                }
            }
            Err(error) => error.finding(&shown).into(),
        };
        match known {
            Some(known) if known.digest.is_none() && known.findings.first() == Some(&error.finding) => {
                Arc::clone(known)
            }
            _ => Arc::new(RuleFile::unreadable(shown.into(), error)),
        }
    }

    /// Adds a file. One that is there already stays, so that both states of the folder share it.
    pub(super) fn insert(&mut self, name: &str, file: Arc<RuleFile>) {
        if !self.files.get(name).is_some_and(|known| Arc::ptr_eq(known, &file)) {
            self.files.insert(name.into(), file);
        }
    }

    /// Whether there is anything at that path.
    pub(super) fn exists(&self, name: &str) -> bool {
        self.root.join(name).symlink_metadata().is_ok()
    }

    /// The `inbox.toml`, if there is one, or why it cannot be read.
    pub(super) fn inbox(&self) -> Result<Option<Source>, Box<Undecodable>> {
        if !self.exists(INBOX) {
            return Ok(None);
        }
        let shown = self.shown(INBOX);
        let bytes = bytes_within(&self.root.join(INBOX), &self.real_root);
        let bytes = bytes.map_err(|error: ReadError| Box::new(error.finding(&shown).into()))?;
        decode(&shown, &bytes).map(Some)
    }

    /// The path of a file as people see it.
    pub(super) fn shown(&self, name: &str) -> String {
        let root = self.root.to_string_lossy();
        match root.trim_end_matches('/') {
            "." => name.to_owned(),
            root => format!("{root}/{name}"),
        }
    }

    /// Drops the syntax tree of a file, wherever it is kept.
    pub(super) fn drop_tree(&mut self, name: &Arc<str>) {
        if let Some(file) = self.files.get(name) {
            let light = Arc::new(file.without_tree());
            self.cache.drop_tree(&light);
            self.files.insert(Arc::clone(name), light);
        }
    }

    /// Forgets a file, so that it is read again if another file uses it.
    pub(super) fn forget(&mut self, name: &str) {
        self.files.remove(name);
        self.read.remove(name);
    }

    /// The files that were read, without those of `before` that were not.
    pub(super) fn finish(mut self) -> Files {
        let is_gone = |name: &&Arc<str>| !self.read.contains(&***name);
        let gone: Vec<Arc<str>> = self.files.names().filter(is_gone).cloned().collect();
        for name in &gone {
            self.files.remove(name);
        }
        self.files
    }
}
