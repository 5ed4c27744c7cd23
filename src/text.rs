//! A source text: its name, the places in it, and their lines and columns for people.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// The largest file that is read, in bytes (8 MiB); so every place fits 32 bits.
pub const LARGEST_FILE: usize = 8 * 1024 * 1024;

/// A stretch of a source text: bytes from 0, `start` inside and `end` not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

impl Span {
    /// The stretch from byte `start` up to `end`. Offsets past [`LARGEST_FILE`] are clamped to `u32::MAX`.
    pub fn new(start: usize, end: usize) -> Self {
        let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { start: clamp(start), end: clamp(end.max(start)) }
    }

    /// The smallest stretch that holds both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// As a range of byte offsets.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A value and its span.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// `value` at `span`.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }
}

/// A text with its name; cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The file's path as people see it, with `/` between folders.
    pub name: Arc<str>,
    /// The whole text, a byte-order mark included.
    pub text: Arc<str>,
}

impl Source {
    /// A source called `name`.
    pub fn new(name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        Self { name: name.into(), text: text.into() }
    }

    /// The text at `span`; empty if that is outside the text or not on character boundaries.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }
}

/// A place as people count: line and column from 1 (columns in characters), bytes from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Position {
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
    /// The byte, from 0.
    pub byte: u32,
}

/// Where each line of a text begins. The line and column of a byte are found in `O(log lines)`, however long the
/// line is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LineIndex {
    starts: Vec<u32>,
    /// How many characters begin before each [`STRIDE`]th byte.
    characters: Vec<u32>,
}

const STRIDE: usize = 1024;

impl LineIndex {
    /// Reads `text` once.
    pub fn new(text: &str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts =
            std::iter::once(0).chain(breaks.map(|(at, _)| Span::new(at + 1, at + 1).start)).collect();
        let characters = text.as_bytes().chunks(STRIDE).scan(0, |sum, chunk| {
            let before = *sum;
            *sum += first_bytes(chunk);
            Some(before)
        });
        Self { starts, characters: characters.collect() }
    }

    /// The line (from 1) that holds `byte`; a byte past the end is on the last line.
    pub fn line(&self, byte: u32) -> u32 {
        Span::new(self.starts.partition_point(|start| *start <= byte), 0).start
    }

    /// The byte that `line` (from 1) begins at, where the text has so many lines.
    pub fn start(&self, line: u32) -> Option<u32> {
        self.starts.get((line as usize).checked_sub(1)?).copied()
    }

    /// The place of `byte` in `text`, the text this index was made from.
    pub fn position(&self, text: &str, byte: u32) -> Position {
        let byte = byte.min(Span::new(text.len(), 0).start);
        let line = self.line(byte);
        let start = self.start(line).unwrap_or(0);
        let column = self.characters_before(text, byte) - self.characters_before(text, start) + 1;
        Position { line, column, byte }
    }

    fn characters_before(&self, text: &str, byte: u32) -> u32 {
        let byte = byte as usize;
        let stride = byte / STRIDE;
        let before = self.characters.get(stride).or(self.characters.last()).copied().unwrap_or(0);
        let mark = stride.min(self.characters.len().saturating_sub(1)) * STRIDE;
        before + first_bytes(text.as_bytes().get(mark..byte).unwrap_or_default())
    }
}

/// How many characters begin in `bytes`; so a place inside a character does no harm.
fn first_bytes(bytes: &[u8]) -> u32 {
    Span::new(bytes.iter().filter(|byte| (**byte & 0xC0) != 0x80).count(), 0).start
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let text = "a\nédite\r\n";
        let index = LineIndex::new(text);
        assert_eq!(index.position(text, 0), Position { line: 1, column: 1, byte: 0 });
        assert_eq!(index.position(text, 4), Position { line: 2, column: 2, byte: 4 });
        assert_eq!(index.position(text, 999), Position { line: 3, column: 1, byte: 10 });
    }

    #[test]
    fn an_empty_text_has_one_line() {
        assert_eq!(LineIndex::new("").position("", 0), Position { line: 1, column: 1, byte: 0 });
    }

    #[test]
    fn columns_of_a_long_line() {
        let text = "é".repeat(2048);
        let index = LineIndex::new(&text);
        for (byte, column) in [(0, 1), (1022, 512), (1024, 513), (2048, 1025), (4094, 2048), (4096, 2049)] {
            assert_eq!(index.position(&text, byte), Position { line: 1, column, byte });
        }
    }
}
