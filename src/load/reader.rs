//! Reads and parses the files of a folder, several at once.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use super::error::{LoadError, at};
use super::file::{ReadError, content, content_within};
use super::listing::{EntryKind, stamp_at};
use super::parse_cache::{KeepTrees, ParseCache};
use super::snapshot::{Location, Snapshot, Stamps, Trust};
use super::stamp::Stamp;
use super::unsaved::Unsaved;
use crate::language::{Undecodable, decode};
use crate::parallel::{self, Threads};
use crate::policy::{Files, INBOX, RuleFile};
use crate::text::Source;

/// Fewer files than this are read on one thread.
const FEW: usize = 16;

/// Reads and parses files of a folder.
pub(super) struct FolderReader<'p> {
    location: &'p Location,
    /// The folder without links.
    real_root: PathBuf,
    before: &'p Snapshot,
    trust: Trust<'p>,
    /// What stands for files, which are not read.
    pub(super) unsaved: Unsaved,
    cache: ParseCache,
    threads: Threads,
    /// Those read so far, among those of `before`, with which they share what has not changed.
    pub(super) files: Files,
    /// The stamps of those read so far, and of the inbox, from before they were read.
    pub(super) stamps: Stamps,
    /// The names of those read so far.
    read: BTreeSet<Arc<str>>,
    /// Whether each file read so far was listed as a file.
    pub(super) has_no_links: bool,
}

impl<'p> FolderReader<'p> {
    /// A reader of a folder, which was `before` when it was last read.
    pub(super) fn new(
        location: &'p Location,
        before: &'p Snapshot,
        trust: Trust<'p>,
        trees: KeepTrees,
    ) -> Result<Self, LoadError> {
        let real_root = fs::canonicalize(&location.path);
        Ok(Self {
            location,
            real_root: real_root.map_err(|source| at(&location.shown, source))?,
            before,
            trust,
            unsaved: Unsaved::default(),
            cache: ParseCache::new(trees),
            // While files are read again, another thread decides by what was read before.
            threads: if before.folder.files.is_empty() { Threads::All } else { Threads::AllButOne },
            files: before.folder.files.clone(),
            stamps: before.stamps.clone(),
            read: BTreeSet::new(),
            has_no_links: true,
        })
    }

    /// Reads those files, and the files that they use, directly or through others.
    pub(super) fn read(&mut self, mut unread: BTreeMap<Arc<str>, EntryKind>) {
        for (name, file) in std::mem::take(&mut self.unsaved.files) {
            self.insert(Arc::clone(&name), Arc::clone(&file), None);
            unread.insert(Arc::clone(&name), EntryKind::File);
            self.unsaved.files.insert(name, file);
        }
        unread.retain(|name, _| !self.read.contains(name));
        while !unread.is_empty() {
            let (known, changed): (Vec<_>, Vec<_>) = std::mem::take(&mut unread)
                .into_iter()
                .map(|(name, kind)| (self.known(&name), name, kind))
                .partition(|(known, ..)| known.is_some());
            let read =
                parallel::map(self.threads, &changed, FEW, |(_, name, kind)| self.read_file(name, *kind));
            let changed = changed.into_iter().zip(read);
            let known = known.into_iter().filter_map(|(file, name, kind)| Some((name, kind, file?)));
            let changed: Vec<_> = changed
                .map(|((_, name, kind), (file, stamp))| {
                    self.insert(Arc::clone(&name), Arc::clone(&file), stamp);
                    (name, kind, file)
                })
                .collect();
            for (name, kind, file) in known.chain(changed) {
                self.has_no_links &= kind == EntryKind::File;
                for used in file.used(&name) {
                    if !self.read.contains(&*used)
                        && let Some(kind) = self.entry(&used)
                    {
                        unread.insert(used.into(), kind);
                    }
                }
                self.read.insert(name);
            }
            unread.retain(|name, _| !self.read.contains(name));
        }
    }

    /// The file as it was before, if its stamp tells that it has not changed, or what stands for it.
    fn known(&self, name: &str) -> Option<Arc<RuleFile>> {
        if let Some(unsaved) = self.unsaved.files.get(name) {
            return Some(Arc::clone(unsaved));
        }
        let known = self.before.stamps.get(name).filter(|_| self.trust.trusts(name))?;
        stamp_at(&self.location.path.join(name)).filter(|stamp| stamp == known)?;
        self.before.folder.files.get(name).cloned()
    }

    /// Reads and parses one file. It is the same value as before if nothing has changed.
    pub(super) fn read_file(&self, name: &str, kind: EntryKind) -> (Arc<RuleFile>, Option<Stamp>) {
        let shown = self.shown(name);
        let known = self.before.folder.files.get(name).filter(|file| *file.source.name == *shown);
        let path = self.location.path.join(name);
        let read = match kind {
            EntryKind::File => content(&path).or_else(|_| content_within(&path, &self.real_root)),
            EntryKind::Other => content_within(&path, &self.real_root),
        };
        let (error, stamp) = match read {
            Ok((bytes, stamp)) => {
                if let Some(known) = known
                    && known.digest.is_some()
                    && known.source.text.as_bytes() == bytes
                {
                    return (Arc::clone(known), Some(stamp));
                }
                match decode(&shown, &bytes) {
                    Ok(source) => return (self.cache.parse(source), Some(stamp)),
                    Err(error) => (*error, Some(stamp)),
                }
            }
            Err(error) => (error.finding(&shown).into(), None),
        };
        let file = match known {
            Some(known) if known.digest.is_none() && known.findings.first() == Some(&error.finding) => {
                Arc::clone(known)
            }
            _ => Arc::new(RuleFile::unreadable(shown.into(), error)),
        };
        (file, stamp)
    }

    /// Adds a file. One that is there already stays, so that both states of the folder share it.
    pub(super) fn insert(&mut self, name: Arc<str>, file: Arc<RuleFile>, stamp: Option<Stamp>) {
        self.stamps.set(&name, stamp);
        if !self.files.get(&name).is_some_and(|known| Arc::ptr_eq(known, &file)) {
            self.files.insert(name, file);
        }
    }

    /// What is at the path of that name. `None`: nothing.
    pub(super) fn entry(&self, name: &str) -> Option<EntryKind> {
        EntryKind::at(&self.location.path.join(name))
    }

    /// The `inbox.toml`, if there is one, or why it cannot be read.
    pub(super) fn inbox(&mut self) -> Result<Option<Source>, Box<Undecodable>> {
        let name: Arc<str> = INBOX.into();
        self.stamps.set(&name, None);
        if let Some(unsaved) = &self.unsaved.inbox {
            return Ok(Some(unsaved.clone()));
        }
        if self.entry(INBOX).is_none() {
            return Ok(None);
        }
        let shown = self.shown(INBOX);
        let read = content_within(&self.location.path.join(INBOX), &self.real_root);
        let (bytes, stamp) = read.map_err(|error: ReadError| Box::new(error.finding(&shown).into()))?;
        self.stamps.set(&name, Some(stamp));
        decode(&shown, &bytes).map(Some)
    }

    /// The path of a file as people see it.
    pub(super) fn shown(&self, name: &str) -> String {
        let root = self.location.shown.to_string_lossy();
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

    /// The files that were read with their stamps, without those of `before` that were not.
    pub(super) fn finish(mut self) -> (Files, Stamps) {
        let is_gone = |name: &&Arc<str>| !self.read.contains(&***name);
        let gone: Vec<Arc<str>> = self.files.names().filter(is_gone).cloned().collect();
        for name in &gone {
            self.files.remove(name);
            self.stamps.set(name, None);
        }
        (self.files, self.stamps)
    }
}
