//! Converts byte offsets to lines and columns, with one line index for each file.

use std::collections::BTreeMap;

use super::{Finding, Sources};
use crate::text::{LineIndex, Position, Source};

/// The files that some findings point into, each with its line index.
pub(super) struct SourceMap<'a>(BTreeMap<&'a str, (&'a Source, LineIndex)>);

impl<'a> SourceMap<'a> {
    /// The files of `findings` and of their related places.
    pub(super) fn new(findings: &'a [Finding], sources: &'a Sources) -> Self {
        let mut files = BTreeMap::new();
        for finding in findings {
            let related = finding.related.iter().map(|related| &related.file);
            for file in std::iter::once(&finding.file).chain(related) {
                if let Some(source) = sources.get(file).filter(|_| !files.contains_key(&**file)) {
                    files.insert(&**file, (source, LineIndex::new(&source.text)));
                }
            }
        }
        Self(files)
    }

    /// A file with its line index; `None` if it could not be read.
    pub(super) fn file(&self, name: &str) -> Option<(&'a Source, &LineIndex)> {
        self.0.get(name).map(|(source, lines)| (*source, lines))
    }

    /// The position of `byte` in a file; the start of the file if it could not be read.
    pub(super) fn position(&self, file: &str, byte: u32) -> Position {
        match self.0.get(file) {
            Some((source, lines)) => lines.position(&source.text, byte),
            None => Position { line: 1, column: 1, byte: 0 },
        }
    }
}
