//! The contents of a folder at one time, and what tells whether they have changed.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use imbl::OrdMap;

use super::listing::stamp_at;
use super::stamp::Stamp;
use crate::policy::Folder;

/// The contents of a folder at one time.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    /// Its files.
    pub folder: Folder,
    /// The folders that were searched, each as a path that begins with the path of the folder.
    pub folders: Vec<PathBuf>,
    /// Whether no file is a link, and none was read only because another file uses it. Then a changed path tells which
    /// file has changed.
    pub has_no_links: bool,
    /// Of every file that was read, `inbox.toml` included, as it was just before.
    pub stamps: Stamps,
}

/// The stamps of files, by their names inside the folder. A clone is cheap.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stamps(OrdMap<Arc<str>, Stamp>);

/// Where a folder is.
#[derive(Debug, Clone)]
pub struct Location {
    /// Its path.
    pub path: PathBuf,
    /// Its path as people see it.
    pub shown: PathBuf,
}

/// Which files need not be read where their stamps are the same as before.
#[derive(Debug, Clone, Copy)]
pub enum Trust<'s> {
    /// None of them: every byte is read.
    Nothing,
    /// Those of other names. A stamp tells nothing of a file that had changed only just before it was read.
    AllBut(&'s BTreeSet<Arc<str>>),
}

impl Stamps {
    /// The stamp of the file of that name.
    pub fn get(&self, name: &str) -> Option<&Stamp> {
        self.0.get(name)
    }

    /// The stamps with the names, in the order of the names.
    pub fn iter(&self) -> impl Iterator<Item = (&Arc<str>, &Stamp)> {
        self.0.iter()
    }

    /// The names of the files whose stamps in `later` differ.
    pub fn changes<'s>(&'s self, later: &'s Self) -> impl Iterator<Item = &'s Arc<str>> {
        use imbl::ordmap::DiffItem::{Add, Remove, Update};
        self.0.diff(&later.0).map(|change| match change {
            Add(name, _) | Remove(name, _) | Update { new: (name, _), .. } => name,
        })
    }

    /// Sets or removes the stamp of a file.
    pub(super) fn set(&mut self, name: &Arc<str>, stamp: Option<Stamp>) {
        if self.get(name).copied() == stamp {
            return;
        }
        match stamp {
            Some(stamp) => self.0.insert(Arc::clone(name), stamp),
            None => self.0.remove(name),
        };
    }

    /// Whether no file has changed since it was read.
    pub(super) fn are_current(&self, root: &Path) -> bool {
        self.iter().all(|(name, stamp)| stamp_at(&root.join(&**name)) == Some(*stamp))
    }

    /// Whether no file had changed for `time` at the moment `now`.
    pub(super) fn are_older_than(&self, time: Duration, now: SystemTime) -> bool {
        self.0.values().all(|stamp| stamp.is_older_than(time, now))
    }
}

impl Location {
    /// That path, which is relative to the working directory of the moment at which it is used.
    pub fn of(path: &Path) -> Self {
        Self { path: path.to_owned(), shown: path.to_owned() }
    }

    /// That path, as the working directory is now.
    pub fn absolute(path: &Path) -> Self {
        Self { path: std::path::absolute(path).unwrap_or_else(|_| path.to_owned()), shown: path.to_owned() }
    }

    /// The folder that the file is in.
    #[must_use]
    pub fn parent(&self) -> Self {
        let of = |path: &Path| match path.parent() {
            Some(parent) if parent != Path::new("") => parent.to_owned(),
            _ => PathBuf::from("."),
        };
        Self { path: of(&self.path), shown: of(&self.shown) }
    }
}

impl Trust<'_> {
    pub(super) fn trusts(self, name: &str) -> bool {
        match self {
            Self::Nothing => false,
            Self::AllBut(doubtful) => !doubtful.contains(name),
        }
    }
}
