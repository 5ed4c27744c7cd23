//! Positions as editors count them, and byte offsets.
//!
//! Our own [`LineIndex`](crate::text::LineIndex) counts characters, and ends a line only at a line feed. For an editor, a
//! carriage return alone ends a line as well, and a column counts what both sides have agreed on.

use gen_lsp_types::{Position, PositionEncodingKind, Range};

use crate::text::Span;

/// What a column counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ColumnUnit {
    /// Bytes of UTF-8.
    Utf8,
    /// Units of 16 bits: a character outside the basic plane counts twice. What every client understands.
    Utf16,
    /// Characters.
    Utf32,
}

/// The lines of a text. The position of a byte is found in `O(log lines)`, even in a very long line.
#[derive(Debug, Clone)]
pub(super) struct LineTable {
    unit: ColumnUnit,
    /// The first byte of each line.
    starts: Vec<u32>,
    /// The units before each [`STRIDE`]th byte; none where bytes are counted.
    units_before: Vec<u32>,
}

const STRIDE: usize = 1024;

impl ColumnUnit {
    /// The best of those that the client offers.
    pub(super) fn best_of<'k>(offered: impl IntoIterator<Item = &'k str>) -> Self {
        let known = offered.into_iter().filter_map(|kind| match kind {
            "utf-8" => Some(Self::Utf8),
            "utf-32" => Some(Self::Utf32),
            _ => None,
        });
        known.min_by_key(|unit| *unit != Self::Utf8).unwrap_or(Self::Utf16)
    }

    /// Its name in the protocol.
    pub(super) fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
            Self::Utf32 => PositionEncodingKind::UTF32,
        }
    }

    fn of_char(self, character: char) -> u32 {
        let units = match self {
            Self::Utf8 => character.len_utf8(),
            Self::Utf16 => character.len_utf16(),
            Self::Utf32 => 1,
        };
        u32::try_from(units).unwrap_or(1)
    }

    /// The units of the characters that begin in `bytes`, which may begin or end inside a character.
    fn of_bytes(self, bytes: &[u8]) -> u32 {
        let units: usize = match self {
            Self::Utf8 => bytes.len(),
            // The first byte of a character of two units is 0xF0 or more.
            Self::Utf16 => {
                bytes.iter().map(|byte| usize::from(!is_inside(*byte)) + usize::from(*byte >= 0xF0)).sum()
            }
            Self::Utf32 => bytes.iter().filter(|byte| !is_inside(**byte)).count(),
        };
        clamped(units)
    }
}

/// Whether the byte is not the first one of its character.
fn is_inside(byte: u8) -> bool {
    byte & 0xC0 == 0x80
}

fn clamped(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

impl LineTable {
    /// The table of `text`.
    pub(super) fn new(text: &str, unit: ColumnUnit) -> Self {
        let bytes = text.as_bytes();
        let ends = memchr::memchr2_iter(b'\n', b'\r', bytes);
        let ends = ends.filter(|at| bytes.get(*at) == Some(&b'\n') || bytes.get(at + 1) != Some(&b'\n'));
        let starts = std::iter::once(0).chain(ends.map(|at| clamped(at + 1))).collect();
        let chunks = if unit == ColumnUnit::Utf8 { &[] } else { bytes };
        let units = chunks.chunks(STRIDE).scan(0, |sum: &mut u32, chunk| {
            let before = *sum;
            *sum += unit.of_bytes(chunk);
            Some(before)
        });
        Self { unit, starts, units_before: units.collect() }
    }

    /// The position of `byte` in `text`, which is the text of this table. A byte past the end is at the end.
    pub(super) fn position(&self, text: &str, byte: u32) -> Position {
        let byte = byte.min(clamped(text.len()));
        let line = self.starts.partition_point(|start| *start <= byte).saturating_sub(1);
        let start = self.starts.get(line).copied().unwrap_or(0);
        let of_line = text.as_bytes().get(start as usize..byte as usize).unwrap_or_default();
        let character = if of_line.len() < STRIDE {
            self.unit.of_bytes(of_line)
        } else {
            self.units(text, byte) - self.units(text, start)
        };
        Position { line: clamped(line), character }
    }

    /// The range of `span`.
    pub(super) fn range(&self, text: &str, span: Span) -> Range {
        Range { start: self.position(text, span.start), end: self.position(text, span.end) }
    }

    /// The byte at `position`. What is past the end of a line is at its end, before the line break; what is inside a
    /// character is at its beginning.
    pub(super) fn byte(&self, text: &str, position: Position) -> u32 {
        let line = position.line as usize;
        let Some(start) = self.starts.get(line).copied() else { return clamped(text.len()) };
        let next = self.starts.get(line + 1).map_or(text.len(), |next| *next as usize);
        let content = text.get(start as usize..next).unwrap_or_default().trim_end_matches(['\n', '\r']);
        let end = start as usize + content.len();
        let wanted = self.units(text, start).saturating_add(position.character);
        // Whole strides are skipped, which counts in a very long line.
        let first_after = self.units_before.partition_point(|before| *before <= wanted);
        let skipped = match self.unit {
            ColumnUnit::Utf8 => (wanted as usize).saturating_sub(4),
            ColumnUnit::Utf16 | ColumnUnit::Utf32 => first_after.saturating_sub(1) * STRIDE,
        };
        let mut at = skipped.clamp(start as usize, end);
        while !text.is_char_boundary(at) {
            at += 1;
        }
        let mut units = self.units(text, clamped(at));
        for character in text.get(at..end).unwrap_or_default().chars() {
            units += self.unit.of_char(character);
            if units > wanted {
                break;
            }
            at += character.len_utf8();
        }
        clamped(at)
    }

    /// The span of `range`.
    pub(super) fn span(&self, text: &str, range: Range) -> Span {
        let (start, end) = (self.byte(text, range.start), self.byte(text, range.end));
        Span { start: start.min(end), end: start.max(end) }
    }

    /// The units before `byte`.
    fn units(&self, text: &str, byte: u32) -> u32 {
        let at = byte as usize;
        if self.unit == ColumnUnit::Utf8 {
            return byte;
        }
        let stride = (at / STRIDE).min(self.units_before.len().saturating_sub(1));
        let before = self.units_before.get(stride).copied().unwrap_or(0);
        before + self.unit.of_bytes(text.as_bytes().get(stride * STRIDE..at).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Compares the byte and the column of the `|` in `marked`, on its line.
    #[track_caller]
    fn check(unit: ColumnUnit, marked: &str, line: u32, character: u32) {
        let byte = marked.find('|').unwrap();
        let text = marked.replacen('|', "", 1);
        let table = LineTable::new(&text, unit);
        let position = Position { line, character };
        assert_eq!(table.position(&text, clamped(byte)), position, "{marked}");
        assert_eq!(table.byte(&text, position), clamped(byte), "{marked}");
    }

    #[test]
    fn columns_count_what_was_agreed() {
        for (unit, column) in [(ColumnUnit::Utf8, 9), (ColumnUnit::Utf16, 5), (ColumnUnit::Utf32, 4)] {
            check(unit, "a\n\"م😀é|\"", 1, column);
        }
    }

    #[test]
    fn a_line_ends_at_each_kind_of_break() {
        for text in ["a\n|b", "a\r|b", "a\r\n|b"] {
            check(ColumnUnit::Utf16, text, 1, 0);
        }
        check(ColumnUnit::Utf16, "a\r\n\r\n|", 2, 0);
        check(ColumnUnit::Utf16, "|", 0, 0);
    }

    #[test]
    fn what_does_not_exist_is_at_the_end() {
        for unit in [ColumnUnit::Utf8, ColumnUnit::Utf16, ColumnUnit::Utf32] {
            let table = LineTable::new("ab\r\nc", unit);
            assert_eq!(table.byte("ab\r\nc", Position { line: 0, character: 99 }), 2);
            assert_eq!(table.byte("ab\r\nc", Position { line: 9, character: 0 }), 5);
            assert_eq!(table.byte("ab\r\nc", Position { line: 1, character: u32::MAX }), 5);
            assert_eq!(table.position("ab\r\nc", 99), Position { line: 1, character: 1 });
        }
    }

    #[test]
    fn inside_a_character_is_its_beginning() {
        let table = LineTable::new("a😀b", ColumnUnit::Utf16);
        assert_eq!(table.byte("a😀b", Position { line: 0, character: 2 }), 1);
        let table = LineTable::new("a😀b", ColumnUnit::Utf8);
        assert_eq!(table.byte("a😀b", Position { line: 0, character: 3 }), 1);
    }

    #[test]
    fn a_very_long_line() {
        let text = "é😀x".repeat(2_000);
        for unit in [ColumnUnit::Utf8, ColumnUnit::Utf16, ColumnUnit::Utf32] {
            let table = LineTable::new(&text, unit);
            for (byte, _) in text.char_indices() {
                let position = table.position(&text, clamped(byte));
                assert_eq!(table.byte(&text, position), clamped(byte));
            }
        }
    }

    #[test]
    fn bytes_are_preferred_and_utf_16_is_what_is_left() {
        assert_eq!(ColumnUnit::best_of(["utf-16", "utf-32", "utf-8"]), ColumnUnit::Utf8);
        assert_eq!(ColumnUnit::best_of(["utf-32", "utf-16"]), ColumnUnit::Utf32);
        assert_eq!(ColumnUnit::best_of(["utf-16", "utf-7"]), ColumnUnit::Utf16);
        assert_eq!(ColumnUnit::best_of([]), ColumnUnit::Utf16);
    }
}
