//! An item's text as the grammar reads it: words marked by what they may be, texts cut out, no white space that
//! tells nothing. So the grammar never looks for white space or for the end of a word.

use std::ops::Range;

use super::scan::{Kind, Lexeme};
use crate::text::Span;

/// A text for the grammar, and where its pieces come from.
#[derive(Debug)]
pub(super) struct Compact {
    /// What the grammar reads.
    pub text: String,
    pieces: Vec<Piece>,
    /// Where the text it was made of ends.
    end: usize,
}

/// Where a lexeme begins in the compact text, and its place in the text that was made of.
#[derive(Debug, Clone, Copy, Default)]
struct Piece {
    start: u32,
    origin: Span,
}

impl Compact {
    /// Of `lexemes`, which are those of `text` or the first of them.
    pub(super) fn new(text: &str, lexemes: &[Lexeme]) -> Self {
        let mut compact = String::with_capacity(text.len() + 16);
        let mut pieces = Vec::with_capacity(lexemes.len());
        let mut last: Option<Lexeme> = None;
        for lexeme in lexemes.iter().filter(|lexeme| lexeme.kind != Kind::Comment) {
            let written = lexeme.of(text);
            if let Some(last) = last
                && last.span.end < lexeme.span.start
                && (last.kind == Kind::Number
                    || joins(last.kind, last.of(text)) && joins(lexeme.kind, written))
            {
                compact.push(' ');
            }
            last = Some(*lexeme);
            pieces.push(Piece { start: Span::new(compact.len(), 0).start, origin: lexeme.span });
            match lexeme.kind {
                Kind::Word => {
                    compact.push_str(written);
                    compact.push(mark(written));
                }
                Kind::Text => compact.push_str("\"\""),
                // Nothing that the grammar knows: no text, or an empty one and more.
                Kind::Unclosed if written.starts_with("\"\"\"") => compact.push_str("\"\"\n"),
                Kind::Unclosed => compact.push('\n'),
                _ => compact.push_str(written),
            }
        }
        Self { text: compact, pieces, end: text.len() }
    }

    /// Where byte `at` comes from; the next lexeme, if it is after one.
    pub(super) fn origin(&self, at: usize) -> usize {
        if at >= self.text.len() {
            return self.end;
        }
        let next = self.pieces.partition_point(|piece| piece.start as usize <= at);
        let last = next.checked_sub(1).and_then(|last| self.pieces.get(last));
        let inside = last.map(|last| last.inside(at)).zip(last).filter(|(at, last)| *at < last.origin.end);
        let next = self.pieces.get(next).map(|next| next.origin.start);
        inside.map(|(at, _)| at).or(next).map_or(self.end, |at| at as usize)
    }

    /// Tells where tokens come from, one after another.
    pub(super) fn walk(&self) -> Walk<'_> {
        Walk { last: Piece::default(), rest: &self.pieces }
    }
}

impl Piece {
    /// Where byte `at` comes from, if it is in this piece.
    fn inside(self, at: usize) -> u32 {
        self.origin.start + Span::new(at, at).start - self.start
    }
}

/// A walk over a compact text.
pub(super) struct Walk<'a> {
    last: Piece,
    rest: &'a [Piece],
}

impl Walk<'_> {
    /// Where the token at `range` comes from, which is not before the last.
    pub(super) fn origin(&mut self, range: Range<usize>) -> Span {
        self.go_to(range.start);
        let start = self.last.inside(range.start);
        self.go_to(range.end.saturating_sub(1));
        let end = match self.rest.first() {
            Some(next) if range.end < next.start as usize => {
                self.last.inside(range.end).min(self.last.origin.end)
            }
            _ => self.last.origin.end,
        };
        Span { start, end }
    }

    fn go_to(&mut self, at: usize) {
        while let Some((next, rest)) = self.rest.split_first()
            && next.start as usize <= at
        {
            (self.last, self.rest) = (*next, rest);
        }
    }
}

/// Whether it matters if such a lexeme stands apart from the next: `2026-12-25`, `09:00-17:00`, `..`, `-3`.
fn joins(kind: Kind, written: &str) -> bool {
    match kind {
        Kind::Number => true,
        Kind::Sign => !matches!(written, "," | "(" | ")" | "[" | "]"),
        _ => false,
    }
}

/// What is written after a word to say what it may be.
fn mark(word: &str) -> char {
    if !word.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_')) {
        '\n'
    } else if is_needed(word) {
        '\t'
    } else {
        ' '
    }
}

/// Whether the language needs `word` to hold a sentence together, so that it names nothing.
fn is_needed(word: &str) -> bool {
    matches!(
        word,
        "also"
            | "among"
            | "and"
            | "any"
            | "assign"
            | "by"
            | "contains"
            | "customer"
            | "dates"
            | "during"
            | "else"
            | "except"
            | "expect"
            | "for"
            | "given"
            | "has"
            | "hours"
            | "if"
            | "in"
            | "is"
            | "let"
            | "matches"
            | "message"
            | "not"
            | "once"
            | "or"
            | "otherwise"
            | "priority"
            | "reply"
            | "rule"
            | "starts"
            | "tag"
            | "test"
            | "then"
            | "timezone"
            | "use"
            | "when"
            | "with"
    )
}

#[cfg(test)]
mod tests {
    use super::super::scan::scan;
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(Compact::new(text, &scan(text)).text, expected);
    }

    #[test]
    fn words_are_marked() {
        check("when vip  # c\n and Éa", "when\tvip and\tÉa\n");
        check("rule \"a # b\":", "rule\t\"\":");
        check("use \"a\n\"b", "use\t\n\n");
    }

    #[test]
    fn figures_that_stand_apart_stay_apart() {
        check("mon-fri 09:00 - 17:00 ,", "mon -fri 09:00 - 17:00 ,");
        check("a >= 3 and b > -3", "a >= 3 and\tb > -3");
        check("( [ ] )", "([])");
    }

    #[test]
    fn places_lead_back() {
        let text = "when  \"abc\" # c\n vip:";
        let compact = Compact::new(text, &scan(text));
        assert_eq!(compact.text, "when\t\"\"vip :");
        let places = [0, 5, 7, 9, 11, 12].map(|at| compact.origin(at));
        assert_eq!(places, [0, 6, 17, 19, 20, 21]);
        let mut walk = compact.walk();
        let spans = [0..5, 5..7, 7..11, 11..12].map(|range| walk.origin(range).range());
        assert_eq!(spans, [0..4, 6..11, 17..20, 20..21]);
    }
}
