//! Bytes told as lines and columns, with one line index for each file.

use std::collections::BTreeMap;

use super::{Finding, Sources};
use crate::text::{LineIndex, Position, Source};

/// The files that some findings point into, each with its lines counted once.
pub(super) struct Places<'a>(BTreeMap<&'a str, (&'a Source, LineIndex)>);

impl<'a> Places<'a> {
    /// The files of `findings`, and of the places related to them.
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

    /// The text of a file and where its lines begin; none where the file could not be read.
    pub(super) fn file(&self, name: &str) -> Option<(&'a Source, &LineIndex)> {
        self.0.get(name).map(|(source, lines)| (*source, lines))
    }

    /// The place of `byte` in a file. A file that could not be read has its beginning alone.
    pub(super) fn position(&self, file: &str, byte: u32) -> Position {
        match self.0.get(file) {
            Some((source, lines)) => lines.position(&source.text, byte),
            None => Position { line: 1, column: 1, byte: 0 },
        }
    }
}
