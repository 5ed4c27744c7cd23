//! A folder, or one file with the files beside it, read into memory.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::error::{LoadError, at};
use super::listing::{EntryKind, Listing};
use super::parse_cache::KeepTrees;
use super::reader::{FolderReader, INBOX};
use crate::diagnostic::Finding;
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
        return read_listed(path, listing, before, trees);
    }
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let parent = match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    let files = BTreeMap::from([(name.clone(), EntryKind::Other)]);
    let mut snapshot =
        read_listed(parent, Listing { files, folders: vec![parent.to_owned()] }, before, trees)?;
    // The caller names it as a policy, whatever its name is.
    snapshot.folder.extra_policies.insert(name.into());
    Ok(snapshot)
}

/// Reads the listed files of `root`, the files that they use, and the `inbox.toml`.
fn read_listed(
    root: &Path,
    listing: Listing,
    before: &Folder,
    trees: KeepTrees,
) -> Result<Snapshot, LoadError> {
    let is_inbox_file = root.join(INBOX).symlink_metadata().is_ok_and(|metadata| metadata.is_file());
    let mut reader = FolderReader::new(root, before, trees)?;
    reader.read(listing.files);
    let inbox = reader.inbox();
    let has_no_links = is_inbox_file && reader.has_no_links;
    Ok(Snapshot { folder: folder_of(inbox, reader.finish(), before), folders: listing.folders, has_no_links })
}

/// Reads the files of those names, which are in folders of `before`, and takes the others from it. The result is that
/// of [`reread_all`] if `before` has no links and nothing else has changed.
///
/// # Errors
///
/// As [`read_folder`].
pub fn reread(root: &Path, names: &BTreeSet<String>, before: &Snapshot) -> Result<Snapshot, LoadError> {
    let mut reader = FolderReader::new(root, &before.folder, KeepTrees::No)?;
    let is_changed_inbox = names.contains(INBOX);
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
    let inbox = if is_changed_inbox { reader.inbox() } else { Ok(before.folder.inbox_source.clone()) };
    Ok(Snapshot {
        folder: folder_of(inbox, reader.files, &before.folder),
        folders: before.folders.clone(),
        has_no_links: true,
    })
}

/// The folder of those files, with its inbox, or the reason why that cannot be read.
fn folder_of(inbox: Result<Option<Source>, Box<Finding>>, files: Files, before: &Folder) -> Folder {
    // An inferred inbox depends on all files. An inbox that cannot be read is an empty text in the folder.
    let is_same = |inbox: &Source| {
        before.inbox_source.as_ref() == Some(inbox)
            && (!before.inbox.is_inferred || !inbox.text.is_empty() && before.files == files)
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
            // There is an inbox, though its content is unknown.
            folder.inbox_source = Some(Source::new(Arc::clone(&finding.file), ""));
            folder.findings.push(*finding);
            folder
        }
    }
}
