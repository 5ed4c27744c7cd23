//! Which files of a folder are rule files.

use std::collections::BTreeMap;
use std::fs::{self, DirEntry, FileType};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::reader::FolderReader;
use super::stamp::Stamp;
use crate::inbox::Inbox;
use crate::policy::{INBOX, misnamed_number, number_of};

/// How many folders deep rule files are looked for.
const MAX_DEPTH: usize = 16;

/// The rule files of a folder. Nothing is asked about a file but its name, since there may be very many.
#[derive(Default)]
pub(super) struct Listing {
    /// By their names inside the folder.
    pub(super) files: BTreeMap<Arc<str>, EntryKind>,
    /// The `inbox.toml`.
    inbox: Option<Stamp>,
    /// Files that were meant to be rule files or the inbox, as their names suggest, and folders, which end with a `/`.
    pub(super) ignored: Vec<String>,
    /// The folders that were looked into.
    pub(super) folders: Vec<PathBuf>,
    /// Of those folders.
    folder_stamps: Vec<Stamp>,
}

/// What is at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EntryKind {
    /// A file.
    File,
    /// A link, a pipe, or the path in a `use`: it may lead outside the folder, or block the reader.
    Other,
}

impl EntryKind {
    /// What is at that path, which may be a link. `None`: nothing.
    pub(super) fn at(path: &Path) -> Option<Self> {
        path.symlink_metadata().ok().map(|_| Self::Other)
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
        listing.ignored.retain(|name| rule_file_of_copy(name).is_none_or(|file| !files.contains_key(&*file)));
        listing.ignored.sort();
        Ok(listing)
    }

    /// Lists only those files of a folder.
    pub(super) fn of_files(files: BTreeMap<Arc<str>, EntryKind>, folder: PathBuf) -> Self {
        Self { files, folders: vec![folder], ..Self::default() }
    }

    /// Adds the files that the inbox names as policies, which may have any name.
    pub(super) fn add_policy_files(&mut self, inbox: &Inbox, reader: &FolderReader<'_>) {
        let named = self.policy_files(inbox, reader);
        self.files.extend(named);
        self.ignored.retain(|name| !inbox.policy_files.contains(&**name));
    }

    /// Those of the files that the inbox names as policies that are not listed.
    pub(super) fn policy_files(
        &self,
        inbox: &Inbox,
        reader: &FolderReader<'_>,
    ) -> BTreeMap<Arc<str>, EntryKind> {
        let unlisted = inbox.policy_files.iter().filter(|file| !self.files.contains_key(&***file));
        unlisted.filter_map(|file| Some((Arc::clone(file), reader.entry(file)?))).collect()
    }

    /// Whether it is that of a folder.
    pub(super) fn is_of_folder(&self) -> bool {
        !self.folders.is_empty()
    }

    /// Whether nothing tells that a file was added to the folders or removed since.
    pub(super) fn is_current(&self) -> bool {
        let now = self.folders.iter().map(|folder| stamp_at(folder));
        now.eq(self.folder_stamps.iter().map(|stamp| Some(*stamp)))
    }

    /// Whether both list the same files.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.files == other.files && self.inbox == other.inbox
    }

    /// Whether nothing was added to the folders or removed for `time` at the moment `now`.
    pub(super) fn is_older_than(&self, time: Duration, now: SystemTime) -> bool {
        self.inbox.iter().chain(&self.folder_stamps).all(|stamp| stamp.is_older_than(time, now))
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
                self.add(name, kind, &entry);
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
    fn add(&mut self, name: String, kind: FileType, entry: &DirEntry) {
        if kind.is_file() {
            self.files.insert(name.into(), EntryKind::File);
        } else if fs::metadata(entry.path()).is_ok_and(|metadata| metadata.is_dir()) {
            self.ignored.push(format!("{name}/"));
        } else {
            self.files.insert(name.into(), EntryKind::Other);
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
