//! A folder, or one file with the files beside it, read into memory.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use super::error::{LoadError, at};
use super::listing::{EntryKind, Listing, is_nearly_inbox};
use super::parse_cache::KeepTrees;
use super::reader::FolderReader;
use super::snapshot::{Location, Snapshot, Trust};
use super::unsaved::Unsaved;
use crate::language::Undecodable;
use crate::policy::{Files, Folder, INBOX};
use crate::text::Source;

/// Reads the rule files and the `inbox.toml` of a folder. A path to a file reads the folder that it is in, with that
/// file as a policy.
///
/// A file that cannot be read, is not text, is too large or is outside the folder is a finding, not an error. Nothing
/// waits for a folder that is changing: some files may be older than others.
///
/// # Errors
///
/// [`LoadError::NotFound`] and [`LoadError::Unreadable`] where the path itself cannot be read.
pub fn read_folder(path: &Path) -> Result<Folder, LoadError> {
    Ok(read_path(&Location::of(path), &Snapshot::default(), Trust::Nothing, KeepTrees::Yes)?.folder)
}

/// Reads as [`read_folder`] does, but takes files that have not changed from `before` (the same [`Arc`]) without
/// parsing them, and without reading those that are trusted. Syntax trees are dropped after parsing, since whoever follows
/// a folder has many files and seldom needs a tree.
///
/// # Errors
///
/// As [`read_folder`].
pub fn reread_all(location: &Location, before: &Snapshot, trust: Trust<'_>) -> Result<Snapshot, LoadError> {
    read_path(location, before, trust, KeepTrees::No)
}

/// Reads as [`reread_all`] does, as if `unsaved` were saved. The path to a file need not lead anywhere.
///
/// # Errors
///
/// As [`read_folder`].
pub fn reread_unsaved(
    location: &Location,
    before: &Snapshot,
    trust: Trust<'_>,
    unsaved: &Unsaved,
) -> Result<Snapshot, LoadError> {
    let reading = Reading { before, trust, trees: KeepTrees::No, unsaved };
    if location.path.is_dir() { read_whole(location, reading) } else { read_one(location, reading) }
}

/// How files are read.
#[derive(Clone, Copy)]
struct Reading<'r> {
    before: &'r Snapshot,
    trust: Trust<'r>,
    trees: KeepTrees,
    unsaved: &'r Unsaved,
}

pub(super) fn read_path(
    location: &Location,
    before: &Snapshot,
    trust: Trust<'_>,
    trees: KeepTrees,
) -> Result<Snapshot, LoadError> {
    let reading = Reading { before, trust, trees, unsaved: &Unsaved::default() };
    let metadata = fs::metadata(&location.path).map_err(|source| at(&location.shown, source))?;
    if metadata.is_dir() { read_whole(location, reading) } else { read_one(location, reading) }
}

/// Reads a folder.
fn read_whole(location: &Location, reading: Reading<'_>) -> Result<Snapshot, LoadError> {
    let listing = Listing::of(&location.path).map_err(|source| at(&location.shown, source))?;
    read_listed(location, listing, reading, IsWhole::Yes)
}

/// Reads one file, as a policy, and the files that it uses.
fn read_one(location: &Location, reading: Reading<'_>) -> Result<Snapshot, LoadError> {
    let file_name = location.path.file_name();
    let name = file_name.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let parent = location.parent();
    let files = EntryKind::at(&location.path).map(|kind| (name.as_str().into(), kind)).into_iter().collect();
    let listing = Listing::of_files(files, parent.path.clone());
    let mut snapshot = read_listed(&parent, listing, reading, IsWhole::No)?;
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

/// Reads the listed files of a folder, the files that they use, and the `inbox.toml`. Of a whole folder, also the files
/// that the inbox names as policies.
fn read_listed(
    location: &Location,
    mut listing: Listing,
    reading: Reading<'_>,
    is_whole: IsWhole,
) -> Result<Snapshot, LoadError> {
    let Reading { before, trust, trees, unsaved } = reading;
    let is_inbox_file = location.path.join(INBOX).symlink_metadata().is_ok_and(|metadata| metadata.is_file());
    let mut reader = FolderReader::new(location, before, trust, trees)?;
    reader.unsaved = unsaved.clone();
    let mut folder = with_inbox(reader.inbox(), &before.folder);
    folder.is_whole = is_whole == IsWhole::Yes;
    if folder.is_whole {
        listing.add_policy_files(&folder.inbox, &reader);
        // Beside an `inbox.toml`, one of a similar name may be a copy.
        let is_meant = |name: &&String| folder.inbox_source.is_none() || !is_nearly_inbox(name);
        folder.ignored_files =
            listing.ignored.iter().filter(is_meant).map(|name| reader.shown(name).into()).collect();
    }
    reader.read(listing.files);
    let has_no_links = is_inbox_file && reader.has_no_links;
    let (files, stamps) = reader.finish();
    Ok(Snapshot {
        folder: with_files(folder, files, &before.folder),
        folders: listing.folders,
        has_no_links,
        stamps,
    })
}

/// Reads the files of those names, which are in folders of `before`, and takes the others from it. The result is that
/// of [`reread_all`] if `before` has no links and nothing else has changed.
///
/// # Errors
///
/// As [`read_folder`].
pub fn reread(
    location: &Location,
    names: &BTreeSet<String>,
    before: &Snapshot,
) -> Result<Snapshot, LoadError> {
    let everything = || reread_all(location, before, Trust::Nothing);
    let mut reader = FolderReader::new(location, before, Trust::Nothing, KeepTrees::No)?;
    for name in names {
        match location.path.join(name).symlink_metadata() {
            Err(_) => {
                reader.files.remove(name);
                reader.stamps.set(&name.as_str().into(), None);
            }
            Ok(_) if name == INBOX => {}
            Ok(metadata) if metadata.is_file() => {
                let (file, stamp) = reader.read_file(name, EntryKind::File);
                let is_missing =
                    |used: String| !reader.files.contains(&used) && reader.entry(&used).is_some();
                if file.used(name).any(is_missing) {
                    return everything();
                }
                reader.insert(name.as_str().into(), file, stamp);
            }
            Ok(_) => return everything(),
        }
    }
    let old = &before.folder;
    let inbox = if names.contains(INBOX) { reader.inbox() } else { Ok(old.inbox_source.clone()) };
    let mut folder = with_inbox(inbox, old);
    if folder.inbox.policy_files != old.inbox.policy_files {
        return everything();
    }
    folder.ignored_files.clone_from(&old.ignored_files);
    Ok(Snapshot {
        folder: with_files(folder, reader.files, old),
        folders: before.folders.clone(),
        has_no_links: true,
        stamps: reader.stamps,
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
