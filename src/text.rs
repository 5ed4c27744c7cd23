//! Source texts: their names, spans of them, and positions as line and column.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// The maximum size of a file in bytes (8 MiB). A larger file is refused, so every offset fits in 32 bits.
pub const MAX_FILE_SIZE: usize = 8 * 1024 * 1024;

/// A range of bytes of a source text: `start` is part of it and `end` is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct Span {
    /// The offset of the first byte.
    pub start: u32,
    /// The offset after the last byte.
    pub end: u32,
}

impl Span {
    /// The span from `start` to `end`. Offsets past [`MAX_FILE_SIZE`] are clamped to `u32::MAX`.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start: clamped(start), end: clamped(end.max(start)) }
    }

    /// The smallest span that contains both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// As a range of byte offsets.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// The hash as digests are written: `sha256:…`.
pub(crate) fn sha256_text(hash: &[u8; 32]) -> String {
    hash.iter().fold("sha256:".to_owned(), |text, byte| text + &format!("{byte:02x}"))
}

fn clamped(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

/// A value and its span.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Its place in the source text.
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
    /// The path of the file as findings show it, with `/` between folders.
    pub name: Arc<str>,
    /// The whole text, including a byte-order mark.
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

/// A position in a text, as editors show it and as a byte offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Position {
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
    /// The byte offset, from 0.
    pub byte: u32,
}

/// The start of each line of a text. The line and column of a byte are found in `O(log lines)`, even in a very long
/// line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LineIndex {
    starts: Vec<u32>,
    /// The number of characters that begin before each [`STRIDE`]th byte.
    characters_before_stride: Vec<u32>,
}

const STRIDE: usize = 1024;

impl LineIndex {
    /// The index of `text`.
    pub fn new(text: &str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = std::iter::once(0).chain(breaks.map(|(at, _)| clamped(at + 1))).collect();
        let characters = text.as_bytes().chunks(STRIDE).scan(0, |sum, chunk| {
            let before = *sum;
            *sum += count_characters(chunk);
            Some(before)
        });
        Self { starts, characters_before_stride: characters.collect() }
    }

    /// The line (from 1) of `byte`; a byte past the end is on the last line.
    pub fn line(&self, byte: u32) -> u32 {
        clamped(self.starts.partition_point(|start| *start <= byte))
    }

    /// The first byte of `line` (from 1); `None` if the text has fewer lines.
    pub fn start(&self, line: u32) -> Option<u32> {
        self.starts.get((line as usize).checked_sub(1)?).copied()
    }

    /// The position of `byte` in `text`, which must be the text of this index.
    pub fn position(&self, text: &str, byte: u32) -> Position {
        let byte = byte.min(clamped(text.len()));
        let line = self.line(byte);
        let start = self.start(line).unwrap_or(0);
        let column = self.characters_before(text, byte) - self.characters_before(text, start) + 1;
        Position { line, column, byte }
    }

    fn characters_before(&self, text: &str, byte: u32) -> u32 {
        let byte = byte as usize;
        let stride = (byte / STRIDE).min(self.characters_before_stride.len().saturating_sub(1));
        let before = self.characters_before_stride.get(stride).copied().unwrap_or(0);
        before + count_characters(text.as_bytes().get(stride * STRIDE..byte).unwrap_or_default())
    }
}

/// The number of characters that begin in `bytes`. Continuation bytes do not count, so `bytes` may end inside a
/// character.
fn count_characters(bytes: &[u8]) -> u32 {
    clamped(bytes.iter().filter(|byte| (**byte & 0xC0) != 0x80).count())
}

/// `text` as a quoted text of a rule file or of TOML.
pub(crate) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
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
