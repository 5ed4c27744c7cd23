//! The text of an item with repairs applied in memory, and the place in the file that each byte of it comes from.

use std::borrow::Cow;
use std::ops::Range;

use super::lexer::{Token, TokenKind, lex};
use crate::diagnostic::Edit;
use crate::text::Span;

/// The text of an item and the edits applied to it.
#[derive(Debug, Clone)]
pub(super) struct PatchedText<'t> {
    /// The text after the edits.
    pub text: Cow<'t, str>,
    /// The tokens of that text; their spans are in it.
    pub tokens: Vec<Token>,
    /// The text of the item in the file.
    original: &'t str,
    /// Where the item starts in the file.
    base: usize,
    /// How far it is indented.
    pub indent: usize,
    /// A comment directly follows it, without a space.
    pub touches_comment: bool,
    /// The edits in the order of the text; they do not overlap.
    patches: Vec<Patch>,
}

/// A range of the original and the text that replaces it.
#[derive(Debug, Clone)]
struct Patch {
    now: Range<usize>,
    before: Range<usize>,
    text: String,
    /// It stands for what could not be read.
    is_placeholder: bool,
}

impl<'t> PatchedText<'t> {
    /// The item made of `part`, tokens of `file`, without its invisible characters.
    pub(super) fn new(file: &'t str, part: &[Token]) -> Self {
        let ends = part.first().zip(part.last()).map(|(first, last)| first.span.to(last.span));
        let span = ends.unwrap_or_default();
        let base = span.start as usize;
        let before = file.get(..base).unwrap_or_default();
        let indent = before.bytes().rev().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let original = file.get(span.range()).unwrap_or_default();
        let moved = part.iter().map(|token| {
            let start = token.span.start - span.start;
            Token { span: Span { start, end: token.span.end - span.start }, ..*token }
        });
        let patched = Self {
            text: Cow::Borrowed(original),
            tokens: moved.collect(),
            original,
            base,
            indent,
            touches_comment: file.get(span.end as usize..).is_some_and(|after| after.starts_with('#')),
            patches: Vec::new(),
        };
        let hidden = patched.tokens.iter().filter_map(|token| match token.kind {
            TokenKind::Invisible(how) => Some(Edit { span: token.span, text: how.replacement().to_owned() }),
            _ => None,
        });
        let hidden: Vec<_> = hidden.collect();
        if hidden.is_empty() { patched } else { patched.apply(&hidden).unwrap_or(patched) }
    }

    /// The text before token `index`, without the white space between them.
    pub(super) fn text_before(&self, index: usize) -> &str {
        let end = index.checked_sub(1).and_then(|last| self.tokens.get(last)).map_or(0, |last| last.span.end);
        self.text.get(..end as usize).unwrap_or_default()
    }

    /// Where the last token that ends up to byte `at` ends, comments not counted.
    pub(super) fn last_token_end(&self, at: usize) -> usize {
        let (before, _) =
            self.tokens.split_at(self.tokens.partition_point(|token| token.span.end as usize <= at));
        before
            .iter()
            .rfind(|token| token.kind != TokenKind::Comment)
            .map_or(at, |last| last.span.end as usize)
    }

    /// This text with `text` in place of `range`, which may take in earlier edits.
    pub(super) fn replace(&self, range: &Range<usize>, text: &str) -> Option<Self> {
        let cut = self.patches.iter().filter(|patch| cuts(&patch.now, range));
        let whole = cut.fold(range.clone(), |whole, patch| {
            whole.start.min(patch.now.start)..whole.end.max(patch.now.end)
        });
        let (before, after) =
            (self.text.get(whole.start..range.start)?, self.text.get(range.end..whole.end)?);
        let edit = Edit { span: Span::new(whole.start, whole.end), text: format!("{before}{text}{after}") };
        let original = self.original_start(whole.start)..self.original_end(whole.end);
        let kept = self.patches.iter().filter(|patch| !cuts(&patch.now, &whole)).cloned().collect();
        let moved = Patch { now: whole.clone(), before: original, text: edit.text, is_placeholder: true };
        self.rebuild(kept, vec![(whole, moved)])
    }

    /// This text with `edits` applied, whose spans are in it; `None` if one overlaps an earlier edit.
    pub(super) fn apply(&self, edits: &[Edit]) -> Option<Self> {
        let mut patches = Vec::with_capacity(edits.len());
        for edit in edits {
            let now = edit.span.range();
            if self.patches.iter().any(|patch| cuts(&patch.now, &now)) {
                return None;
            }
            let before = self.original_start(now.start)
                ..self.original_end(now.end).max(self.original_start(now.start));
            let text = edit.text.clone();
            patches.push((now, Patch { now: 0..0, before, text, is_placeholder: false }));
        }
        self.rebuild(self.patches.clone(), patches)
    }

    /// Whether `token` is part of a placeholder.
    pub(super) fn is_placeholder(&self, token: Token) -> bool {
        let next = self.patches.partition_point(|patch| patch.now.end < token.span.end as usize);
        self.patches
            .get(next)
            .is_some_and(|patch| patch.is_placeholder && patch.now.start <= token.span.start as usize)
    }

    /// The text with the edits `kept` of before and the `new` ones, each with its range in this text.
    fn rebuild(&self, kept: Vec<Patch>, new: Vec<(Range<usize>, Patch)>) -> Option<Self> {
        let mut patches: Vec<_> = kept.into_iter().map(|patch| (patch.now.clone(), patch)).collect();
        patches.extend(new);
        // The sort is stable, so insertions at one place stay in their order.
        patches.sort_by_key(|(now, _)| (now.start, now.end));
        let mut text = String::with_capacity(self.text.len() + 16);
        let mut copied = 0;
        let mut done = Vec::with_capacity(patches.len());
        for (_, mut patch) in patches {
            text.push_str(self.original.get(copied..patch.before.start)?);
            let start = text.len();
            text.push_str(&patch.text);
            copied = patch.before.end;
            patch.now = start..text.len();
            done.push(patch);
        }
        text.push_str(self.original.get(copied..)?);
        let tokens = lex(&text);
        Some(Self {
            text: Cow::Owned(text),
            tokens,
            original: self.original,
            base: self.base,
            indent: self.indent,
            touches_comment: self.touches_comment,
            patches: done,
        })
    }

    /// The span in the file that a range of the text comes from.
    pub(super) fn to_file_span(&self, now: &Range<usize>) -> Span {
        if self.patches.is_empty() {
            return Span::new(self.base + now.start, self.base + now.end);
        }
        let start = self.original_start(now.start);
        Span::new(self.base + start, self.base + self.original_end(now.end).max(start))
    }

    /// Where a range that starts at byte `now` starts in the original.
    fn original_start(&self, now: usize) -> usize {
        let next = self.patches.partition_point(|patch| patch.now.start <= now);
        match next.checked_sub(1).and_then(|last| self.patches.get(last)) {
            None => now,
            Some(patch) if now < patch.now.end => patch.before.start,
            Some(patch) => patch.before.end + (now - patch.now.end),
        }
    }

    /// Where a range that ends at byte `now` ends in the original.
    fn original_end(&self, now: usize) -> usize {
        let next = self.patches.partition_point(|patch| patch.now.start < now);
        match next.checked_sub(1).and_then(|last| self.patches.get(last)) {
            None => now,
            Some(patch) if now <= patch.now.end => patch.before.end,
            Some(patch) => patch.before.end + (now - patch.now.end),
        }
    }
}

/// Whether an edit of `other` would change the replacement at `written`.
fn cuts(written: &Range<usize>, other: &Range<usize>) -> bool {
    written.start < other.end && other.start < written.end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(start: usize, end: usize, text: &str) -> Edit {
        Edit { span: Span::new(start, end), text: text.to_owned() }
    }

    fn patched(text: &str) -> PatchedText<'_> {
        PatchedText::new(text, &lex(text))
    }

    #[test]
    fn places_are_told_in_the_file() {
        let text = "\n when a && b then c";
        let patched = patched(text);
        let patched = patched.apply(&[edit(7, 9, "and"), edit(12, 16, ":")]).unwrap();
        assert_eq!(patched.text, "when a and b : c");
        assert_eq!(patched.to_file_span(&(7..10)), Span::new(9, 11));
        assert_eq!(patched.to_file_span(&(11..12)), Span::new(12, 13));
        assert_eq!(patched.to_file_span(&(15..16)), Span::new(19, 20));
        let patched = patched.apply(&[edit(15, 16, "d"), edit(12, 12, "!")]).unwrap();
        assert_eq!(patched.text, "when a and b! : d");
        assert_eq!(patched.to_file_span(&(16..17)), Span::new(19, 20));
    }

    #[test]
    fn what_was_mended_is_not_changed_again() {
        let patched = patched("a && b").apply(&[edit(2, 4, "and")]).unwrap();
        assert!(patched.apply(&[edit(2, 5, "or")]).is_none());
        assert!(patched.apply(&[edit(5, 5, " x")]).is_some());
    }

    #[test]
    fn hidden_characters_are_gone() {
        let patched = patched("wh\u{200B}en\u{A0}a");
        assert_eq!(patched.text, "when a");
        assert_eq!(patched.to_file_span(&(0..4)), Span::new(0, 7));
        assert_eq!(patched.to_file_span(&(5..6)), Span::new(9, 10));
    }
}
