//! A file that a command changes: the difference, and writing it.

use std::path::Path;

use similar::TextDiff;

use super::exit::Failure;
use super::output;
use super::replace_file::{ReplaceResult, replace_file};
use crate::text::Source;

/// A file before and after a change, in memory.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ChangedFile {
    pub(super) before: Source,
    pub(super) after: Source,
}

impl ChangedFile {
    /// A unified diff, for `patch -p1` and `git apply`.
    pub(super) fn diff(&self) -> String {
        let name = &self.after.name;
        TextDiff::from_lines(&*self.before.text, &*self.after.text)
            .unified_diff()
            .header(&format!("a/{name}"), &format!("b/{name}"))
            .to_string()
    }
}

/// Writes the files, and reports on standard error what was done to each, as in `fixed a.rules: 2 fixes`. Returns whether
/// all are written: one that has changed since it was read is left as it is.
pub(super) fn write<'f>(files: impl IntoIterator<Item = (&'f ChangedFile, String)>) -> Result<bool, Failure> {
    let mut all_written = true;
    let mut failures = Vec::new();
    for (ChangedFile { before, after }, done) in files {
        let name = &after.name;
        let left = match replace_file(Path::new(&**name), &before.text, &after.text) {
            Ok(ReplaceResult::Written) => {
                output::eprint(&format!("{done}\n"));
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
