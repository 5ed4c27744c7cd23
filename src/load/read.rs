//! A folder, or one file with the files beside it, read into memory.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::error::{LoadError, at};
use super::listing::{EntryKind, Listing, is_nearly_rule_file};
use super::parse_cache::KeepTrees;
use super::reader::{FolderReader, INBOX};
use crate::language::Undecodable;
use crate::policy::{Files, Folder};
use crate::text::Source;

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
}

/// Reads the rule files and the `inbox.toml` of a folder. A path to a file reads the folder that it is in, with that
/// file as a policy.
///
/// A file that cannot be read, is not text, is too large or is outside the folder is a finding, not an error.
///
/// # Errors
///
/// [`LoadError::NotFound`] and [`LoadError::Unreadable`] where the path itself cannot be read.
pub fn read_folder(path: &Path) -> Result<Folder, LoadError> {
    Ok(read_path(path, &Folder::default(), KeepTrees::Yes)?.folder)
}

/// Reads every byte as [`read_folder`] does, but takes files that have not changed from `before` (the same [`Arc`]) without
/// parsing them. Syntax trees are dropped after parsing, since whoever follows a folder has many files and seldom needs
/// a tree.
///
/// # Errors
///
/// As [`read_folder`].
pub fn reread_all(path: &Path, before: &Folder) -> Result<Snapshot, LoadError> {
    read_path(path, before, KeepTrees::No)
}

fn read_path(path: &Path, before: &Folder, trees: KeepTrees) -> Result<Snapshot, LoadError> {
    let metadata = fs::metadata(path).map_err(|source| at(path, source))?;
    if metadata.is_dir() {
        let listing = Listing::of(path).map_err(|source| at(path, source))?;
        return read_listed(path, listing, before, trees, IsWhole::Yes);
    }
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let parent = match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    let files = BTreeMap::from([(name.clone(), EntryKind::Other)]);
    let listing = Listing { files, folders: vec![parent.to_owned()], ..Listing::default() };
    let mut snapshot = read_listed(parent, listing, before, trees, IsWhole::No)?;
    // The caller names it as a policy, whatever its name is.
    snapshot.folder.extra_policies.insert(name.into());
    Ok(snapshot)
}

/// Whether all the files of an inbox are read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum IsWhole {
    Yes,
    No,
}

/// Reads the listed files of `root`, the files that they use, and the `inbox.toml`. Of a whole folder, also the files that
/// the inbox names as policies.
fn read_listed(
    root: &Path,
    mut listing: Listing,
    before: &Folder,
    trees: KeepTrees,
    is_whole: IsWhole,
) -> Result<Snapshot, LoadError> {
    let is_inbox_file = root.join(INBOX).symlink_metadata().is_ok_and(|metadata| metadata.is_file());
    let mut reader = FolderReader::new(root, before, trees)?;
    let mut folder = with_inbox(reader.inbox(), before);
    folder.is_whole = is_whole == IsWhole::Yes;
    if folder.is_whole {
        listing.add_policy_files(&folder.inbox, &reader);
        // Beside an `inbox.toml`, one of a similar name may be a copy.
        let is_meant = |name: &&String| folder.inbox_source.is_none() || is_nearly_rule_file(name);
        folder.ignored_files =
            listing.ignored.iter().filter(is_meant).map(|name| reader.shown(name).into()).collect();
    }
    reader.read(listing.files);
    let has_no_links = is_inbox_file && reader.has_no_links;
    Ok(Snapshot {
        folder: with_files(folder, reader.finish(), before),
        folders: listing.folders,
        has_no_links,
    })
}

/// Reads the files of those names, which are in folders of `before`, and takes the others from it. The result is that
/// of [`reread_all`] if `before` has no links and nothing else has changed.
///
/// # Errors
///
/// As [`read_folder`].
pub fn reread(root: &Path, names: &BTreeSet<String>, before: &Snapshot) -> Result<Snapshot, LoadError> {
    let mut reader = FolderReader::new(root, &before.folder, KeepTrees::No)?;
    for name in names {
        match root.join(name).symlink_metadata() {
            Err(_) => reader.files.remove(name),
            Ok(_) if name == INBOX => {}
            Ok(metadata) if metadata.is_file() => {
                let file = reader.read_file(name, EntryKind::File);
                let is_missing = |used: String| !reader.files.contains(&used) && reader.exists(&used);
                if file.used(name).any(is_missing) {
                    return reread_all(root, &before.folder);
                }
                reader.insert(name, file);
            }
            Ok(_) => return reread_all(root, &before.folder),
        }
    }
    let mut folder = if names.contains(INBOX) {
        with_inbox(reader.inbox(), &before.folder)
    } else {
        with_inbox(Ok(before.folder.inbox_source.clone()), &before.folder)
    };
    if folder.inbox.policy_files != before.folder.inbox.policy_files {
        return reread_all(root, &before.folder);
    }
    folder.ignored_files.clone_from(&before.folder.ignored_files);
    Ok(Snapshot {
        folder: with_files(folder, reader.files, &before.folder),
        folders: before.folders.clone(),
        has_no_links: true,
    })
}

/// A folder without files, with its inbox or the reason why that cannot be read. An inbox that has not changed is not
/// parsed again.
fn with_inbox(inbox: Result<Option<Source>, Box<Undecodable>>, before: &Folder) -> Folder {
    match inbox {
        Ok(inbox) if inbox.is_some() && inbox == before.inbox_source && !before.inbox.is_inferred => Folder {
            inbox_source: inbox,
            inbox: Arc::clone(&before.inbox),
            is_whole: true,
            findings: before.findings.clone(),
            ..Folder::default()
        },
        Ok(inbox) => Folder::empty(inbox),
        Err(error) => {
            let Undecodable { finding, text } = *error;
            // There is an inbox, though its content is unknown.
            let inbox_source = Some(Source::new(Arc::clone(&finding.file), text));
            Folder { inbox_source, findings: vec![finding], ..Folder::empty(None) }
        }
    }
}

/// `folder` with these files.
fn with_files(folder: Folder, files: Files, before: &Folder) -> Folder {
    // An inferred inbox depends on all files.
    let is_same = folder.inbox.is_inferred
        && before.inbox.is_inferred
        && folder.inbox_source == before.inbox_source
        && folder.findings == before.findings
        && files == before.files;
    if is_same {
        return Folder { inbox: Arc::clone(&before.inbox), files, ..folder };
    }
    folder.with_files(files)
}
