//! Which files of a folder are rule files.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::reader::{FolderReader, INBOX};
use crate::inbox::Inbox;

/// How many folders deep rule files are looked for.
const MAX_DEPTH: usize = 16;

/// The rule files of a folder.
#[derive(Default)]
pub(super) struct Listing {
    /// By their names inside the folder.
    pub(super) files: BTreeMap<String, EntryKind>,
    /// Files that were meant to be rule files or the inbox, as their names suggest.
    pub(super) ignored: Vec<String>,
    /// The folders that were looked into.
    pub(super) folders: Vec<PathBuf>,
}

/// What a path leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EntryKind {
    /// A file.
    File,
    /// A link, a pipe, or the path in a `use`: it may lead outside the folder, or block the reader.
    Other,
}

impl Listing {
    /// Lists the rule files under `root`. Hidden folders and links to folders are skipped.
    pub(super) fn of(root: &Path) -> io::Result<Self> {
        let mut listing = Self::default();
        listing.collect(root, "", MAX_DEPTH)?;
        listing.ignored.sort();
        Ok(listing)
    }

    /// Adds the files that the inbox names as policies, which may have any name.
    pub(super) fn add_policy_files(&mut self, inbox: &Inbox, reader: &FolderReader<'_>) {
        for file in &inbox.policy_files {
            if !self.files.contains_key(&**file) && reader.exists(file) {
                self.files.insert(file.to_string(), EntryKind::Other);
            }
            self.ignored.retain(|name| **name != **file);
        }
    }

    fn collect(&mut self, root: &Path, prefix: &str, depth: usize) -> io::Result<()> {
        let folder = root.join(prefix);
        let entries = fs::read_dir(&folder)?;
        self.folders.push(folder);
        for entry in entries {
            let entry = entry?;
            let file_name = entry.file_name().to_string_lossy().into_owned();
            if file_name.starts_with('.') {
                continue;
            }
            let kind = entry.file_type()?;
            let name = if prefix.is_empty() { file_name } else { format!("{prefix}/{file_name}") };
            if kind.is_dir() {
                // A folder without permission is skipped, as a hidden one is.
                if depth > 0
                    && let Err(error) = self.collect(root, &name, depth - 1)
                    && error.kind() != io::ErrorKind::PermissionDenied
                {
                    return Err(error);
                }
            } else if is_rule_file(&name) && (kind.is_file() || !entry.path().is_dir()) {
                self.files.insert(name, if kind.is_file() { EntryKind::File } else { EntryKind::Other });
            } else if kind.is_file() && (is_nearly_rule_file(&name) || is_nearly_inbox(&name)) {
                self.ignored.push(name);
            }
        }
        Ok(())
    }
}

/// Whether a file is a rule file by its name.
pub fn is_rule_file(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension == "rules")
}

/// Whether a file that is not read was probably meant to be a rule file, by its name: `default.rules.txt`, `Store.RULES`.
pub(super) fn is_nearly_rule_file(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    !is_rule_file(name) && [".rules", ".rules.txt", ".rule"].iter().any(|end| lower.ends_with(end))
}

/// Whether a file was probably meant to be the inbox.
fn is_nearly_inbox(name: &str) -> bool {
    name != INBOX && matches!(&*name.to_ascii_lowercase(), "inbox.toml" | "inbox.toml.txt")
}
