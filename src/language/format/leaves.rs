//! An item as leaves, the smallest parts that the grammar knows, with the comments between them.

use super::super::grammar::{Pair, Production};
use super::super::lexer::{Token, TokenKind};
use unicode_width::UnicodeWidthStr as _;

/// A part of an item that is never broken: a word, a sign, a text, a time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Leaf<'t> {
    pub kind: Production,
    pub text: &'t str,
    /// Where it starts in the item.
    pub start: usize,
    /// A space stands before it where it does not start a line.
    pub is_spaced: bool,
    /// The column where it ends if the whole item is on one line.
    pub flat_end: usize,
}

/// A comment in an item.
#[derive(Debug, Clone, Copy)]
pub(super) struct Comment<'t> {
    pub text: &'t str,
    pub start: usize,
    /// Nothing comes before it on its line.
    pub first: bool,
}

/// An item as a sequence of leaves, with its comments.
#[derive(Debug, Default)]
pub(super) struct FlatItem<'t> {
    pub leaves: Vec<Leaf<'t>>,
    pub comments: Vec<Comment<'t>>,
    /// Where the texts of several lines start.
    blocks: Vec<usize>,
}

impl<'t> FlatItem<'t> {
    /// Those of the item `text`. `part` are its tokens, whose spans start at `base`.
    pub(super) fn new(text: &'t str, base: usize, part: &[Token], item: Pair<'t>) -> Self {
        let comments = part.iter().filter(|token| token.kind == TokenKind::Comment).filter_map(|token| {
            let start = token.span.start as usize - base;
            let text = text.get(start..token.span.end as usize - base)?.trim_end();
            Some(Comment { text, start, first: token.first })
        });
        let (leaves, comments) = (Vec::with_capacity(part.len()), comments.collect());
        let mut flat = Self { leaves, comments, blocks: Vec::new() };
        flat.add(item);
        flat
    }

    /// Whether nothing after the byte `start` and up to the byte `end` forces a line break: a comment, a text of several lines.
    pub(super) fn is_flat(&self, start: usize, end: usize) -> bool {
        let next = self.comments.partition_point(|comment| comment.start < start);
        let comment = self.comments.get(next).map(|comment| comment.start);
        let block = self.blocks.get(self.blocks.partition_point(|at| *at < start)).copied();
        comment.into_iter().chain(block).all(|at| at >= end)
    }

    /// Adds the leaves of `pair`: the pairs that hold no others.
    fn add(&mut self, pair: Pair<'t>) {
        let (kind, span) = (pair.as_rule(), pair.as_span());
        let mut inner = pair.into_inner().peekable();
        if inner.peek().is_some() {
            return inner.for_each(|pair| self.add(pair));
        }
        let text = span.as_str();
        let before = self.leaves.last();
        let is_spaced = before.is_some_and(|before| !hugs_next(before.kind) && !hugs_previous(kind));
        self.leaves.push(Leaf {
            kind,
            text,
            start: span.start(),
            is_spaced,
            flat_end: before.map_or(0, |before| before.flat_end) + usize::from(is_spaced) + text.width(),
        });
        if is_block(text) {
            self.blocks.push(span.start());
        }
    }
}

/// Whether `text` is a text of several lines.
pub(super) fn is_block(text: &str) -> bool {
    text.starts_with("\"\"\"")
}

/// Whether nothing stands between a `kind` and what follows it on its line.
fn hugs_next(kind: Production) -> bool {
    matches!(
        kind,
        Production::open | Production::open_list | Production::dot | Production::dots | Production::dash
    )
}

/// Whether nothing stands between a `kind` and what comes before it on its line.
pub(super) fn hugs_previous(kind: Production) -> bool {
    matches!(
        kind,
        Production::close
            | Production::close_list
            | Production::comma
            | Production::colon
            | Production::dot
            | Production::dots
            | Production::dash
    )
}
