//! Which files of a folder are rule files.

use std::collections::BTreeMap;
use std::fs::{self, DirEntry};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::reader::FolderReader;
use super::stamp::Stamp;
use crate::inbox::Inbox;
use crate::policy::{INBOX, misnamed_number, number_of};

/// How many folders deep rule files are looked for.
const MAX_DEPTH: usize = 16;

/// The rule files of a folder.
#[derive(Default)]
pub(super) struct Listing {
    /// By their names inside the folder.
    pub(super) files: BTreeMap<String, Entry>,
    /// The `inbox.toml`.
    inbox: Option<Stamp>,
    /// Files that were meant to be rule files or the inbox, as their names suggest, and folders, which end with a `/`.
    pub(super) ignored: Vec<String>,
    /// The folders that were looked into.
    pub(super) folders: Vec<PathBuf>,
    /// Of those folders.
    folder_stamps: Vec<Stamp>,
}

/// What a path leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) kind: EntryKind,
    /// Of the file, or of what the link leads to; `None` if that is nothing.
    pub(super) stamp: Option<Stamp>,
}

/// What is at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EntryKind {
    /// A file.
    File,
    /// A link, a pipe, or the path in a `use`: it may lead outside the folder, or block the reader.
    Other,
}

impl Entry {
    /// What is at that path, which may be a link. `None`: nothing.
    pub(super) fn at(path: &Path) -> Option<Self> {
        path.symlink_metadata().ok()?;
        Some(Self { kind: EntryKind::Other, stamp: stamp_at(path) })
    }
}

/// The stamp of what that path leads to.
pub(super) fn stamp_at(path: &Path) -> Option<Stamp> {
    fs::metadata(path).ok().map(|metadata| Stamp::of(&metadata))
}

impl Listing {
    /// Lists the rule files under `root`. Hidden folders and links to folders are skipped.
    pub(super) fn of(root: &Path) -> io::Result<Self> {
        let mut listing = Self { inbox: stamp_at(&root.join(INBOX)), ..Self::default() };
        listing.collect(root, "", MAX_DEPTH)?;
        let files = &listing.files;
        listing.ignored.retain(|name| rule_file_of_copy(name).is_none_or(|file| !files.contains_key(&file)));
        listing.ignored.sort();
        Ok(listing)
    }

    /// Lists only those files of a folder.
    pub(super) fn of_files(files: BTreeMap<String, Entry>, folder: PathBuf) -> Self {
        Self { files, folders: vec![folder], ..Self::default() }
    }

    /// Adds the files that the inbox names as policies, which may have any name.
    pub(super) fn add_policy_files(&mut self, inbox: &Inbox, reader: &FolderReader<'_>) {
        for file in &inbox.policy_files {
            if !self.files.contains_key(&**file)
                && let Some(entry) = reader.entry(file)
            {
                self.files.insert(file.to_string(), entry);
            }
            self.ignored.retain(|name| **name != **file);
        }
    }

    /// Whether the file of that name is listed.
    pub(super) fn has(&self, name: &str) -> bool {
        self.files.contains_key(name) || name == INBOX && self.inbox.is_some()
    }

    /// Whether both list the same files, and nothing tells that one of them has changed.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.files == other.files && self.inbox == other.inbox
    }

    /// Whether nothing was changed, added or removed for `time` at the moment `now`.
    pub(super) fn is_older_than(&self, time: Duration, now: SystemTime) -> bool {
        let files = self.files.values().filter_map(|entry| entry.stamp.as_ref());
        files.chain(&self.inbox).chain(&self.folder_stamps).all(|stamp| stamp.is_older_than(time, now))
    }

    fn collect(&mut self, root: &Path, prefix: &str, depth: usize) -> io::Result<()> {
        let folder = root.join(prefix);
        let entries = fs::read_dir(&folder)?;
        self.folder_stamps.extend(stamp_at(&folder));
        self.folders.push(folder);
        for entry in entries {
            let entry = entry?;
            let file_name = entry.file_name();
            let is_text = file_name.to_str().is_some();
            let file_name = file_name.to_string_lossy().into_owned();
            if file_name.starts_with('.') {
                continue;
            }
            let kind = entry.file_type()?;
            let name = if prefix.is_empty() { file_name } else { format!("{prefix}/{file_name}") };
            if !is_text {
                // Rules name files by texts. Nothing inside a folder with such a name can be named, either.
                if kind.is_dir() || is_rule_file(&name) || is_nearly_rule_file(&name) {
                    self.ignored.push(name);
                }
            } else if kind.is_dir() {
                if is_rule_file(&name) {
                    self.ignored.push(format!("{name}/"));
                }
                self.collect_inner(root, &name, depth)?;
            } else if is_rule_file(&name) {
                self.add(name, &entry);
            } else if kind.is_file() && (is_nearly_rule_file(&name) || is_nearly_inbox(&name)) {
                self.ignored.push(name);
            }
        }
        Ok(())
    }

    /// Collects the files of a folder in the folder. One without permission is skipped, as a hidden one is, and so is
    /// one that has been removed meanwhile.
    fn collect_inner(&mut self, root: &Path, name: &str, depth: usize) -> io::Result<()> {
        match depth.checked_sub(1).map(|depth| self.collect(root, name, depth)) {
            Some(Err(error))
                if !matches!(error.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::NotFound) =>
            {
                Err(error)
            }
            _ => Ok(()),
        }
    }

    /// Adds a file or a link, unless it leads to a folder.
    fn add(&mut self, name: String, entry: &DirEntry) {
        let (kind, metadata) = match entry.metadata() {
            Ok(metadata) if metadata.is_file() => (EntryKind::File, Some(metadata)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return,
            _ => (EntryKind::Other, fs::metadata(entry.path()).ok()),
        };
        if metadata.as_ref().is_some_and(fs::Metadata::is_dir) {
            self.ignored.push(format!("{name}/"));
        } else {
            self.files.insert(name, Entry { kind, stamp: metadata.as_ref().map(Stamp::of) });
        }
    }
}

/// Whether a file is a rule file by its name.
pub fn is_rule_file(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension == "rules")
}

/// Whether a file that is not read was probably meant to be a rule file, by its name: `default.rules.txt`, `Store.RULES`.
fn is_nearly_rule_file(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let is_misnamed = [".rules", ".rules.txt", ".rule"].iter().any(|end| lower.ends_with(end));
    !is_rule_file(name) && (is_misnamed || rule_file_of_copy(name).is_some())
}

/// The rule file that a file is a copy of, or is in place of, by its name: `+15550100.rules.bak`, `default.rules~`,
/// `+15550100.txt`. Such a file was meant to be read only if the rule file itself is not there.
fn rule_file_of_copy(name: &str) -> Option<String> {
    const COPIES: [&str; 5] = [".bak", "~", ".old", ".orig", ".save"];
    let (stem, end) = match COPIES.iter().find_map(|end| name.strip_suffix(end)) {
        Some(stem) => (stem, true),
        None => (name.strip_suffix(".txt")?, false),
    };
    if is_rule_file(stem) {
        return end.then(|| stem.to_owned());
    }
    let file = format!("{stem}.rules");
    let is_policy = stem == "default" || number_of(&file).is_some() || misnamed_number(&file).is_some();
    is_policy.then_some(file)
}

/// Whether a file was probably meant to be the inbox.
pub(super) fn is_nearly_inbox(name: &str) -> bool {
    name != INBOX && matches!(&*name.to_ascii_lowercase(), "inbox.toml" | "inbox.toml.txt")
}
