//! `rules check --fix` and `--diff`: applies fixes until there is nothing left to fix.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::changed_file::{self, ChangedFile};
use super::exit::Failure;
use super::paths::LoadedPath;
use crate::check::{FixedFolder, fix_folder};
use crate::diagnostic::human::counted;
use crate::policy::Folder;
use crate::text::Source;

/// A file and how many fixes have changed it.
pub(super) struct FixedFile {
    file: ChangedFile,
    fixes: usize,
}

/// Applies every fix to the loaded files.
pub(super) fn fix_all(loaded: &mut [LoadedPath]) -> Vec<FixedFile> {
    let mut fixed: BTreeMap<Arc<str>, FixedFile> = BTreeMap::new();
    for path in loaded {
        let before = std::mem::take(&mut path.folder);
        let FixedFolder { folder, fixes } = fix_folder(before.clone(), |finding| path.includes(finding));
        for before in sources(&before) {
            let Some(count) = fixes.get(&before.name) else { continue };
            let Some(after) = sources(&folder).find(|after| after.name == before.name) else { continue };
            let first = ChangedFile { before: before.clone(), after: before.clone() };
            // Two paths may lead to the same file.
            let entry = fixed.entry(Arc::clone(&before.name));
            let FixedFile { file, fixes } = entry.or_insert(FixedFile { file: first, fixes: 0 });
            if file.after != *after {
                file.after = after.clone();
                *fixes += count;
            }
        }
        path.folder = folder;
    }
    fixed.into_values().collect()
}

fn sources(folder: &Folder) -> impl Iterator<Item = &Source> {
    folder.files.values().map(|file| &file.source).chain(&folder.inbox_source)
}

/// Writes the fixed files, and reports each on standard error. Returns whether all are written: one that has changed
/// since it was read is left as it is.
pub(super) fn write(fixed: &[FixedFile]) -> Result<bool, Failure> {
    changed_file::write(fixed.iter().map(|FixedFile { file, fixes }| {
        (file, format!("fixed {}: {}", file.after.name, counted_fixes(*fixes)))
    }))
}

/// `3 fixes in 2 files`
pub(super) fn summary(fixed: &[FixedFile]) -> String {
    let count = fixed.iter().map(|file| file.fixes).sum();
    format!("{} in {}", counted_fixes(count), counted(fixed.len(), "file"))
}

fn counted_fixes(fixes: usize) -> String {
    if fixes == 1 { "1 fix".to_owned() } else { format!("{fixes} fixes") }
}

impl FixedFile {
    /// A unified diff, for `patch -p1` and `git apply`.
    pub(super) fn diff(&self) -> String {
        self.file.diff()
    }
}
