//! An item's text with mistakes mended in memory, and where each byte of it stands in the file.

use std::borrow::Cow;
use std::ops::Range;

use super::scan::{Kind, Lexeme, scan};
use crate::diagnostic::Edit;
use crate::text::Span;

/// An item's text, changed here and there.
#[derive(Debug, Clone)]
pub(super) struct Draft<'t> {
    /// The text now.
    pub text: Cow<'t, str>,
    /// The lexemes of the text now; their places are in it.
    pub lexemes: Vec<Lexeme>,
    /// The text of the file between the item's first and last byte.
    original: &'t str,
    /// Where the item begins in the file.
    base: usize,
    /// How far it stands from the start of its line.
    pub indent: usize,
    /// In the order of the text; they do not overlap.
    changes: Vec<Change>,
}

/// A stretch of the text that was written over a stretch of the original.
#[derive(Debug, Clone)]
struct Change {
    now: Range<usize>,
    before: Range<usize>,
    text: String,
}

impl<'t> Draft<'t> {
    /// The item that `part`, lexemes of `file`, makes up, without its hidden characters.
    pub(super) fn new(file: &'t str, part: &[Lexeme]) -> Self {
        let ends = part.first().zip(part.last()).map(|(first, last)| first.span.to(last.span));
        let span = ends.unwrap_or_default();
        let base = span.start as usize;
        let before = file.get(..base).unwrap_or_default();
        let indent = before.bytes().rev().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let original = file.get(span.range()).unwrap_or_default();
        let moved = part.iter().map(|lexeme| {
            let start = lexeme.span.start - span.start;
            Lexeme { span: Span { start, end: lexeme.span.end - span.start }, ..*lexeme }
        });
        let draft = Self {
            text: Cow::Borrowed(original),
            lexemes: moved.collect(),
            original,
            base,
            indent,
            changes: Vec::new(),
        };
        let hidden = draft.lexemes.iter().filter_map(|lexeme| match lexeme.kind {
            Kind::Hidden(how) => Some(Edit { span: lexeme.span, text: how.replacement().to_owned() }),
            _ => None,
        });
        let hidden: Vec<_> = hidden.collect();
        if hidden.is_empty() { draft } else { draft.with(&hidden).unwrap_or(draft) }
    }

    /// With `edits`, whose places are in the text now; `None` where one cuts into an earlier one.
    pub(super) fn with(&self, edits: &[Edit]) -> Option<Self> {
        let mut changes: Vec<_> =
            self.changes.iter().map(|change| (change.now.clone(), change.clone())).collect();
        for edit in edits {
            let now = edit.span.range();
            if self.changes.iter().any(|change| cuts(&change.now, &now)) {
                return None;
            }
            let before = self.origin_of_start(now.start)
                ..self.origin_of_end(now.end).max(self.origin_of_start(now.start));
            changes.push((now, Change { now: 0..0, before, text: edit.text.clone() }));
        }
        // The sort is stable, so what is put in at one place stays in the order it came.
        changes.sort_by_key(|(now, _)| (now.start, now.end));
        let mut text = String::with_capacity(self.text.len() + 16);
        let mut copied = 0;
        let mut done = Vec::with_capacity(changes.len());
        for (_, mut change) in changes {
            text.push_str(self.original.get(copied..change.before.start)?);
            let start = text.len();
            text.push_str(&change.text);
            copied = change.before.end;
            change.now = start..text.len();
            done.push(change);
        }
        text.push_str(self.original.get(copied..)?);
        let lexemes = scan(&text);
        Some(Self {
            text: Cow::Owned(text),
            lexemes,
            original: self.original,
            base: self.base,
            indent: self.indent,
            changes: done,
        })
    }

    /// Where in the file a stretch of the text comes from.
    pub(super) fn origin(&self, now: &Range<usize>) -> Span {
        if self.changes.is_empty() {
            return Span::new(self.base + now.start, self.base + now.end);
        }
        let start = self.origin_of_start(now.start);
        Span::new(self.base + start, self.base + self.origin_of_end(now.end).max(start))
    }

    /// Where a byte that begins something stands in the original.
    fn origin_of_start(&self, now: usize) -> usize {
        let next = self.changes.partition_point(|change| change.now.start <= now);
        match next.checked_sub(1).and_then(|last| self.changes.get(last)) {
            None => now,
            Some(change) if now < change.now.end => change.before.start,
            Some(change) => change.before.end + (now - change.now.end),
        }
    }

    /// Where a byte that something ends before stands in the original.
    fn origin_of_end(&self, now: usize) -> usize {
        let next = self.changes.partition_point(|change| change.now.start < now);
        match next.checked_sub(1).and_then(|last| self.changes.get(last)) {
            None => now,
            Some(change) if now <= change.now.end => change.before.end,
            Some(change) => change.before.end + (now - change.now.end),
        }
    }
}

/// Whether an edit of `other` would change what was written at `written`.
fn cuts(written: &Range<usize>, other: &Range<usize>) -> bool {
    written.start < other.end && other.start < written.end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(start: usize, end: usize, text: &str) -> Edit {
        Edit { span: Span::new(start, end), text: text.to_owned() }
    }

    fn draft(text: &str) -> Draft<'_> {
        Draft::new(text, &scan(text))
    }

    #[test]
    fn places_are_told_in_the_file() {
        let text = "\n when a && b then c";
        let draft = draft(text);
        let draft = draft.with(&[edit(7, 9, "and"), edit(12, 16, ":")]).unwrap();
        assert_eq!(draft.text, "when a and b : c");
        assert_eq!(draft.origin(&(7..10)), Span::new(9, 11));
        assert_eq!(draft.origin(&(11..12)), Span::new(12, 13));
        assert_eq!(draft.origin(&(15..16)), Span::new(19, 20));
        let draft = draft.with(&[edit(15, 16, "d"), edit(12, 12, "!")]).unwrap();
        assert_eq!(draft.text, "when a and b! : d");
        assert_eq!(draft.origin(&(16..17)), Span::new(19, 20));
    }

    #[test]
    fn what_was_mended_is_not_changed_again() {
        let draft = draft("a && b").with(&[edit(2, 4, "and")]).unwrap();
        assert!(draft.with(&[edit(2, 5, "or")]).is_none());
        assert!(draft.with(&[edit(5, 5, " x")]).is_some());
    }

    #[test]
    fn hidden_characters_are_gone() {
        let draft = draft("wh\u{200B}en\u{A0}a");
        assert_eq!(draft.text, "when a");
        assert_eq!(draft.origin(&(0..4)), Span::new(0, 7));
        assert_eq!(draft.origin(&(5..6)), Span::new(9, 10));
    }
}
