//! A folder, or one file with what stands beside it, read into memory.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::copies::{Copies, Trees};
use super::error::LoadError;
use super::file::{Trouble, bytes, bytes_within};
use crate::diagnostic::Finding;
use crate::language::decode;
use crate::parallel::{self, Threads};
use crate::policy::{Files, Folder, RuleFile};
use crate::text::Source;

/// How many folders deep rule files are looked for.
pub(super) const DEEPEST_FOLDER: usize = 16;

const INBOX: &str = "inbox.toml";

/// Fewer files than this are read on one thread.
pub(super) const FEW: usize = 16;

/// What stood in a folder at one time.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// Its files.
    pub folder: Folder,
    /// The folders that were looked into, each as a path that begins with the one that was asked for.
    pub folders: Vec<PathBuf>,
    /// Whether each file is where it seems to be, and there by its name: no links, nothing that is read only because
    /// another file uses it.
    pub is_plain: bool,
}

/// Reads the rule files and the `inbox.toml` of a folder. A path to a file reads the folder it stands in, with that
/// file as a policy.
///
/// A file that cannot be read, is no text, is too large or leads outside the folder is a finding, not an error.
///
/// # Errors
///
/// [`LoadError::NotFound`] and [`LoadError::Unreadable`] where the path itself cannot be read.
pub fn read(path: &Path) -> Result<Folder, LoadError> {
    Ok(read_path(path, &Folder::default(), Trees::Kept)?.folder)
}

/// [Reads](read) every byte again, and takes over from `before` what has not changed (the same [`Arc`]) without
/// parsing it. What has is parsed, and its tree let go of: whoever follows a folder has many files and seldom asks for
/// a tree.
///
/// # Errors
///
/// As [`read`].
pub fn read_again(path: &Path, before: &Folder) -> Result<Reading, LoadError> {
    read_path(path, before, Trees::LetGo)
}

fn read_path(path: &Path, before: &Folder, trees: Trees) -> Result<Reading, LoadError> {
    let about = fs::metadata(path).map_err(|source| at(path, source))?;
    let mut found = Found::default();
    if about.is_dir() {
        found.collect(path, "", DEEPEST_FOLDER).map_err(|source| at(path, source))?;
        return read_found(path, found, before, trees);
    }
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let parent = match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    found.folders.push(parent.to_owned());
    found.files.insert(name.clone(), Kind::Other);
    let mut reading = read_found(parent, found, before, trees)?;
    // Whatever it is called, it was asked for.
    reading.folder.extra_policies.insert(name.into());
    Ok(reading)
}

/// Reads the files of those names, which stand in folders of `before`, and takes the others over: the same as
/// [`read_again`], if `before` is plain and nothing else has changed.
///
/// # Errors
///
/// As [`read`].
pub fn read_some(root: &Path, names: &BTreeSet<String>, before: &Reading) -> Result<Reading, LoadError> {
    let mut files = before.folder.files.clone();
    let copies = Copies::new(Trees::LetGo);
    for name in names {
        let path = root.join(name);
        let kind = match path.symlink_metadata() {
            Err(_) => {
                files.remove(name.as_str());
                continue;
            }
            Ok(about) if about.is_file() => Kind::File,
            Ok(_) => return read_again(root, &before.folder),
        };
        if name == INBOX {
            continue;
        }
        let file = read_file(root, name, kind, root, &before.folder, &copies);
        let is_missed = |used: &String| !files.contains_key(used.as_str()) && root.join(used).exists();
        if file.used(name).any(|used| is_missed(&used)) {
            return read_again(root, &before.folder);
        }
        put(&mut files, name, file);
    }
    let inbox = if names.contains(INBOX) {
        read_inbox(root, &fs::canonicalize(root).map_err(|source| at(root, source))?)
    } else {
        Ok(before.folder.inbox_source.clone())
    };
    Ok(Reading {
        folder: folder_of(inbox, files, &before.folder),
        folders: before.folders.clone(),
        is_plain: true,
    })
}

pub(super) fn at(path: &Path, source: io::Error) -> LoadError {
    let path = path.to_owned();
    match source.kind() {
        io::ErrorKind::NotFound => LoadError::NotFound { path },
        _ => LoadError::Unreadable { path, source },
    }
}

/// Where rule files are.
#[derive(Default)]
pub(super) struct Found {
    /// By their names inside the folder.
    pub(super) files: BTreeMap<String, Kind>,
    folders: Vec<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A file that was found where it is.
    File,
    /// A link, a pipe, or what another file uses: to be looked at before it is opened.
    Other,
}

impl Found {
    /// Finds the rule files under `root`. Hidden folders and links to folders are passed over.
    pub(super) fn collect(&mut self, root: &Path, prefix: &str, depth: usize) -> io::Result<()> {
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
                // A folder that may not be looked into holds no rules for us.
                if depth > 0
                    && let Err(error) = self.collect(root, &name, depth - 1)
                    && error.kind() != io::ErrorKind::PermissionDenied
                {
                    return Err(error);
                }
            } else if is_rule_file(&name) && (kind.is_file() || !entry.path().is_dir()) {
                self.files.insert(name, if kind.is_file() { Kind::File } else { Kind::Other });
            }
        }
        Ok(())
    }
}

/// Whether a file is a rule file by its name.
pub fn is_rule_file(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension == "rules")
}

/// Reads what was found in `root`, the files that are used by it, and the `inbox.toml`.
fn read_found(root: &Path, found: Found, before: &Folder, trees: Trees) -> Result<Reading, LoadError> {
    let root_path = fs::canonicalize(root).map_err(|source| at(root, source))?;
    let mut is_plain = root.join(INBOX).symlink_metadata().is_ok_and(|about| about.is_file());
    // What has not changed is shared with `before`.
    let mut files = before.files.clone();
    let copies = Copies::new(trees);
    // Whoever reads again decides meanwhile by what was read before.
    let threads = if before.files.is_empty() { Threads::All } else { Threads::AllButOne };
    let mut seen = BTreeSet::new();
    let mut unread = found.files;
    while !unread.is_empty() {
        let named: Vec<(String, Kind)> = std::mem::take(&mut unread).into_iter().collect();
        let read = parallel::map(threads, &named, FEW, |(name, kind)| {
            read_file(root, name, *kind, &root_path, before, &copies)
        });
        seen.extend(named.iter().map(|(name, _)| name.clone()));
        for ((name, kind), file) in named.iter().zip(read) {
            is_plain &= *kind == Kind::File;
            for used in file.used(name) {
                if !seen.contains(&used) && root.join(&used).symlink_metadata().is_ok() {
                    unread.insert(used, Kind::Other);
                }
            }
            put(&mut files, name, file);
        }
    }
    let gone: Vec<Arc<str>> = files.keys().filter(|name| !seen.contains(&***name)).cloned().collect();
    for name in gone {
        files.remove(&name);
    }
    let inbox = read_inbox(root, &root_path);
    Ok(Reading { folder: folder_of(inbox, files, before), folders: found.folders, is_plain })
}

/// Puts a file among the others, unless it is there already.
fn put(files: &mut Files, name: &str, file: Arc<RuleFile>) {
    if !files.get(name).is_some_and(|known| Arc::ptr_eq(known, &file)) {
        files.insert(name.into(), file);
    }
}

/// The folder of those files, with the inbox, or why that cannot be read.
fn folder_of(inbox: Result<Option<Source>, Box<Finding>>, files: Files, before: &Folder) -> Folder {
    // What is imagined hangs on all files. An inbox that cannot be read stands there as an empty one.
    let is_same = |inbox: &Source| {
        before.inbox_source.as_ref() == Some(inbox)
            && (!before.inbox.is_inferred
                || !inbox.text.is_empty() && before.files.diff(&files).next().is_none())
    };
    match inbox {
        Ok(Some(inbox)) if is_same(&inbox) => {
            let (settings, findings) = (Arc::clone(&before.inbox), before.findings.clone());
            Folder {
                inbox_source: Some(inbox),
                inbox: settings,
                files,
                extra_policies: BTreeSet::new(),
                findings,
            }
        }
        Ok(inbox) => Folder::new(inbox, files),
        Err(finding) => {
            let mut folder = Folder::new(None, files);
            // There is an inbox; what it says is not known.
            folder.inbox_source = Some(Source::new(Arc::clone(&finding.file), ""));
            folder.findings.push(*finding);
            folder
        }
    }
}

fn read_file(
    root: &Path,
    name: &str,
    kind: Kind,
    root_path: &Path,
    before: &Folder,
    copies: &Copies,
) -> Arc<RuleFile> {
    let shown = shown(root, name);
    let bytes = bytes_of(root, name, kind, root_path);
    let known = before.files.get(name).filter(|file| *file.source.name == *shown);
    let finding = match bytes {
        Ok(bytes) => {
            if let Some(known) = known
                && known.digest.is_some()
                && known.source.text.as_bytes() == bytes
            {
                return Arc::clone(known);
            }
            match decode(&shown, &bytes) {
                Ok(source) => return copies.file(source),
                Err(finding) => *finding,
            }
        }
        Err(trouble) => trouble.finding(&shown),
    };
    match known {
        Some(known) if known.digest.is_none() && known.findings.first() == Some(&finding) => {
            Arc::clone(known)
        }
        _ => Arc::new(RuleFile::unreadable(shown.into(), finding)),
    }
}

/// The text of a file; `None` where it cannot be read.
pub(super) fn read_text(root: &Path, name: &str, kind: Kind, root_path: &Path) -> Option<Source> {
    let bytes = bytes_of(root, name, kind, root_path).ok()?;
    decode(&shown(root, name), &bytes).ok()
}

fn bytes_of(root: &Path, name: &str, kind: Kind, root_path: &Path) -> Result<Vec<u8>, Trouble> {
    let path = root.join(name);
    match kind {
        Kind::File => bytes(&path),
        Kind::Other => bytes_within(&path, root_path),
    }
}

/// The `inbox.toml`, if there is one, or why it cannot be read.
pub(super) fn read_inbox(root: &Path, root_path: &Path) -> Result<Option<Source>, Box<Finding>> {
    let path = root.join(INBOX);
    if path.symlink_metadata().is_err() {
        return Ok(None);
    }
    let shown = shown(root, INBOX);
    let bytes =
        bytes_within(&path, root_path).map_err(|trouble: Trouble| Box::new(trouble.finding(&shown)))?;
    decode(&shown, &bytes).map(Some)
}

/// The path as people see it.
fn shown(root: &Path, name: &str) -> String {
    let root = root.to_string_lossy();
    let root = root.trim_end_matches('/');
    match root {
        "." => name.to_owned(),
        root => format!("{root}/{name}"),
    }
}
