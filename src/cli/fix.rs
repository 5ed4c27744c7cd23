//! `rules check --fix` and `--diff`: applies fixes until there is nothing left to fix.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use similar::TextDiff;

use super::exit::Failure;
use super::output;
use super::paths::LoadedPath;
use super::replace_file::{ReplaceResult, replace_file};
use crate::check::{FixedFolder, fix_folder};
use crate::diagnostic::human::counted;
use crate::policy::Folder;
use crate::text::Source;

/// A file before and after its fixes, in memory.
pub(super) struct FixedFile {
    before: Source,
    after: Source,
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
            let first = FixedFile { before: before.clone(), after: before.clone(), fixes: 0 };
            // Two paths may lead to the same file.
            let file = fixed.entry(Arc::clone(&before.name)).or_insert(first);
            if file.after != *after {
                file.after = after.clone();
                file.fixes += count;
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
    let mut all_written = true;
    let mut failures = Vec::new();
    for FixedFile { before, after, fixes } in fixed {
        let name = &after.name;
        let left = match replace_file(Path::new(&**name), &before.text, &after.text) {
            Ok(ReplaceResult::Written) => {
                output::eprint(&format!("fixed {name}: {}\n", counted_fixes(*fixes)));
                continue;
            }
            Ok(ReplaceResult::Changed) => "it has changed since it was read",
            Ok(ReplaceResult::Gone) => "it is no longer there",
            Err(error) => {
                failures.push(format!("cannot write `{name}`: {error}"));
                continue;
            }
        };
        output::eprint(&format!("left {name} alone: {left}\n"));
        all_written = false;
    }
    if failures.is_empty() { Ok(all_written) } else { Err(Failure::Message(failures.join("\nerror: "))) }
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
        let name = &self.after.name;
        TextDiff::from_lines(&*self.before.text, &*self.after.text)
            .unified_diff()
            .header(&format!("a/{name}"), &format!("b/{name}"))
            .to_string()
    }
}
