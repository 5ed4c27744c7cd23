//! What the grammar read, as a flat list of pieces: each is followed by those in it.

use std::ops::Range;

use pest::Token;
use pest::iterators::Pairs;

use super::compact::Compact;
use super::grammar::Kind;
use crate::text::Span;

/// What was read of one item.
#[derive(Debug)]
pub(super) struct Tree<'t> {
    text: &'t str,
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, Copy)]
struct Piece {
    kind: Kind,
    /// Its place in the item's text, up to the end of the last token in it.
    span: Span,
    /// How many pieces it is, with those in it.
    size: usize,
}

/// A piece of what was read, and those in it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node<'t> {
    text: &'t str,
    kind: Kind,
    span: Span,
    inner: &'t [Piece],
}

impl<'t> Tree<'t> {
    /// What `pairs` say, which were read from `compact`, which was made of `text`.
    pub(super) fn new(text: &'t str, compact: &Compact, pairs: Pairs<'_, Kind>) -> Self {
        let tokens = pairs.tokens();
        let mut places = compact.walk();
        let mut pieces: Vec<Piece> = Vec::with_capacity(tokens.len() / 2);
        // The innermost piece that is not at its end; each such piece holds the one around it in place of its size.
        let mut open = 0;
        let mut start = 0;
        for token in tokens {
            match token {
                Token::Start { rule: kind, pos } => {
                    start = pos.pos();
                    let around = std::mem::replace(&mut open, pieces.len());
                    pieces.push(Piece { kind, span: Span::default(), size: around });
                }
                Token::End { pos, .. } => {
                    let ends = pieces.get(open + 1).zip(pieces.last());
                    let span = ends.map(|(first, last)| Span { start: first.span.start, end: last.span.end });
                    let span = span.unwrap_or_else(|| places.origin(start..pos.pos()));
                    let size = pieces.len() - open;
                    let Some(piece) = pieces.get_mut(open) else { continue };
                    piece.span = span;
                    open = std::mem::replace(&mut piece.size, size);
                }
            }
        }
        Self { text, pieces }
    }

    /// The item.
    pub(super) fn root(&self) -> Option<Node<'_>> {
        Inner { text: self.text, rest: &self.pieces }.next()
    }
}

impl<'t> Node<'t> {
    /// What it is.
    pub(super) fn as_rule(self) -> Kind {
        self.kind
    }

    /// Its place in the item's text, up to the end of the last token in it.
    pub(super) fn range(self) -> Range<usize> {
        self.span.range()
    }

    /// What it says.
    pub(super) fn as_str(self) -> &'t str {
        self.text.get(self.range()).unwrap_or_default()
    }

    /// The pieces directly in it.
    pub(super) fn into_inner(self) -> Inner<'t> {
        Inner { text: self.text, rest: self.inner }
    }
}

/// Pieces one after another.
#[derive(Debug)]
pub(super) struct Inner<'t> {
    text: &'t str,
    rest: &'t [Piece],
}

impl<'t> Iterator for Inner<'t> {
    type Item = Node<'t>;

    fn next(&mut self) -> Option<Node<'t>> {
        let (first, after) = self.rest.split_first()?;
        let (inner, rest) = after.split_at_checked(first.size - 1)?;
        self.rest = rest;
        Some(Node { text: self.text, kind: first.kind, span: first.span, inner })
    }
}
