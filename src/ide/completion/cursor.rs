//! Where the cursor is: in a text, in a comment, or between the words of an item.

use crate::ide::classify::{Classifier, Role};
use crate::language::{Token, TokenKind, lex, split_items};
use crate::text::Span;

/// A cursor in a rule file, and the item before it.
pub(super) struct Cursor<'t> {
    pub(super) text: &'t str,
    /// The byte of the cursor.
    pub(super) at: u32,
    /// The tokens of the item up to the word or the text that is being typed.
    tokens: Vec<Token>,
    /// What has been typed of a word or a text, and the rest of it.
    pub(super) replaced: Span,
    pub(super) place: CursorPlace<'t>,
    /// Nothing comes before what is being typed on its line.
    pub(super) begins_line: bool,
    /// Its line starts with a blank.
    pub(super) is_indented: bool,
}

/// Where the cursor is.
pub(super) enum CursorPlace<'t> {
    Comment,
    Text {
        /// What the text is.
        role: Role,
        /// The text before the cursor, with its quote.
        written: &'t str,
        /// Whether its quote is missing.
        is_unclosed: bool,
    },
    Between,
}

impl<'t> Cursor<'t> {
    /// The cursor at the byte `at`; `None` where nothing can be suggested.
    pub(super) fn at(text: &'t str, at: u32) -> Option<Self> {
        let before = text.get(..at as usize)?;
        let tokens = lex(text);
        let around = tokens.iter().find(|token| {
            let is_open = matches!(token.kind, TokenKind::Unclosed | TokenKind::Comment);
            token.span.start < at && (at < token.span.end || is_open && at == token.span.end)
        });
        let around =
            around.copied().filter(|token| !matches!(token.kind, TokenKind::Word | TokenKind::Number));
        let word = before.trim_end_matches(is_of_word).len();
        if before.get(word..)?.starts_with(|first: char| first.is_numeric()) {
            return None;
        }
        let start = around.map_or(word, |token| token.span.start as usize);
        let item = item_before(text, &tokens, start);
        let line = before.get(..start).and_then(|before| before.rsplit('\n').next()).unwrap_or_default();
        let cursor = Self {
            text,
            at,
            tokens: item,
            replaced: Span::new(word, end_of_word(text, word, at)),
            place: CursorPlace::Between,
            begins_line: line.trim().is_empty(),
            is_indented: !line.is_empty(),
        };
        Some(match around.map(|token| (token, token.kind)) {
            Some((_, TokenKind::Comment)) => Self { place: CursorPlace::Comment, ..cursor },
            Some((token, TokenKind::Text | TokenKind::Quoted | TokenKind::Unclosed)) => {
                let is_unclosed = token.kind == TokenKind::Unclosed;
                let role = cursor.classifier().texts;
                let replaced = inside_text(text, token, at);
                let written = before.get(start..)?;
                Self { place: CursorPlace::Text { role, written, is_unclosed }, replaced, ..cursor }
            }
            Some((_, TokenKind::Pattern)) => return None,
            _ => cursor,
        })
    }

    /// The item up to what is being typed.
    pub(super) fn item(&self) -> &'t str {
        let Some(first) = self.tokens.first() else { return "" };
        self.text.get(first.span.start as usize..self.replaced.start as usize).unwrap_or_default()
    }

    /// An item that ends like this one and leaves out what comes before, which may have mistakes.
    pub(super) fn tail(&self) -> String {
        let Some((head, separators)) = self.classifier().restart() else { return String::new() };
        let last = self.tokens.iter().rfind(|token| separators.contains(&token.of(self.text)));
        let start = last.map_or(self.replaced.start, |last| last.span.end);
        let tail = self.text.get(start as usize..self.replaced.start as usize).unwrap_or_default();
        format!("{head}{tail}")
    }

    /// The classifier after the item up to what is being typed.
    pub(super) fn classifier(&self) -> Classifier<'t> {
        let mut classifier = Classifier::new(self.text);
        for token in &self.tokens {
            classifier.next(*token);
        }
        classifier
    }

    /// The first word of the item.
    pub(super) fn item_word(&self) -> &'t str {
        self.tokens.first().map(|first| first.of(self.text)).unwrap_or_default()
    }

    pub(super) fn is_in_test(&self) -> bool {
        self.item_word() == "test"
    }

    /// The words and signs of the item, the last one first.
    pub(super) fn words_before(&self) -> impl Iterator<Item = &'t str> {
        self.tokens.iter().rev().map(|token| token.of(self.text))
    }
}

/// The tokens of the last item that ends before `end`.
fn item_before(text: &str, tokens: &[Token], end: usize) -> Vec<Token> {
    let count = tokens.partition_point(|token| token.span.end as usize <= end);
    let before = tokens.get(..count).unwrap_or_default();
    let item = split_items(text, before).pop().unwrap_or_default();
    item.iter().filter(|token| token.kind != TokenKind::Comment).copied().collect()
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The end of the word that starts at `start`, if a part of it stands before `at`.
fn end_of_word(text: &str, start: usize, at: u32) -> usize {
    let at = at as usize;
    let rest = text.get(at..).unwrap_or_default();
    let more = rest.find(|c| !is_of_word(c)).unwrap_or(rest.len());
    if start < at { at + more } else { at }
}

/// What a completion replaces in a text: all of it, or what comes before the cursor if the rest looks like something else
/// that its missing quote has swallowed.
fn inside_text(text: &str, token: Token, at: u32) -> Span {
    let written = token.of(text);
    let quote = written.chars().next().map_or(0, char::len_utf8);
    let start = token.span.start as usize + quote;
    let close = written.chars().next_back().map_or(0, char::len_utf8);
    let end = if token.kind == TokenKind::Unclosed {
        token.span.end
    } else {
        token.span.end - u32::try_from(close).unwrap_or(0)
    };
    let rest = text.get(at as usize..end as usize).unwrap_or_default();
    let end = if rest.contains([' ', ',', '\n']) { at } else { end };
    Span::new(start, (end.max(at)) as usize)
}
