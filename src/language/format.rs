//! Text → the same text in the canonical layout: the same tokens and comments in the same order, so nothing that is
//! written gets lost.
//!
//! Only white space changes, and the indentation of texts of several lines, which is not part of them. What stays on
//! one line and what is broken depends on the width alone, not on how it was broken before. So formatting twice is
//! formatting once, and two people who write the same rule get the same lines.

use self::item::format_item;
use super::carriage_returns;
use super::grammar::{self, Pair};
use super::lexer::{Token, TokenKind, lex};
use super::merge_conflicts;
use super::split_items::{blank_lines_in_head, split_items};
use super::vocabulary::ItemWord;
use crate::diagnostic::Edit;
use crate::parallel::{self, Threads};
use crate::text::{Source, Span};

mod leaves;
mod item;
mod printer;
#[cfg(test)]
mod tests;

/// How many columns a line has, at most. A text, and what has no place to be broken at, may be longer.
const LINE_WIDTH: usize = 100;
/// How far what belongs to the line above is indented.
const INDENT: usize = 4;
/// Fewer items than this are formatted by one thread.
const FEW: usize = 64;

/// What formatting changes in a file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Formatted {
    /// The changes, in the order of the file: at most one for each item, with the lines above it.
    pub edits: Vec<Edit>,
    /// The items that cannot be read. They stay as they are.
    pub unread: Vec<Span>,
}

/// Formats `source`. Items that cannot be read stay as they are, and the others are formatted.
pub fn format(source: &Source) -> Formatted {
    let text = &*source.text;
    let tokens = lex(text);
    let parts = split_items(text, &tokens);
    // Where a carriage return alone ends a line, it is not certain where comments end; in a conflict, which lines are meant.
    if carriage_returns::replaced(source).is_some() || merge_conflicts::first_versions(source).is_some() {
        let unread = parts.iter().filter_map(|part| span_of(part)).collect();
        return Formatted { edits: Vec::new(), unread };
    }
    let line_break = if is_crlf(text) { "\r\n" } else { "\n" };
    let items = parallel::map(Threads::All, &parts, FEW, |part| FormattedItem::new(text, part));
    let mut lines =
        FormattedLines { text, line_break, end: start(text), edits: Vec::new(), above: Above::Start };
    let mut parts = parts.iter().zip(&items).peekable();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        match parts.next_if(|(part, _)| part.first().is_some_and(|first| first.span == token.span)) {
            Some((part, item)) => {
                lines.item(item);
                at += part.len();
            }
            None => {
                let next = tokens.get(at + 1..).unwrap_or_default();
                lines.between(*token, is_above_item(text, *token, next, parts.peek().map(|(_, item)| *item)));
                at += 1;
            }
        }
    }
    lines.finish();
    let unread = items.iter().filter(|item| item.lines.is_none()).map(|item| item.span).collect();
    Formatted { edits: lines.edits, unread }
}

/// An item, and its canonical lines if it can be read.
struct FormattedItem {
    span: Span,
    lines: Option<String>,
    /// It is a rule or a test, which stand apart from their neighbours.
    stands_apart: bool,
}

impl FormattedItem {
    fn new(text: &str, part: &[Token]) -> Self {
        let span = span_of(part).unwrap_or_default();
        let own = text.get(span.range()).unwrap_or_default();
        let pair = readable(text, part, own);
        let head = part.first().and_then(|first| ItemWord::parse(first.of(text)));
        let is_line = matches!(
            head,
            Some(ItemWord::Let | ItemWord::Hours | ItemWord::Dates | ItemWord::Use | ItemWord::TimeZone)
        );
        let stands_apart = pair.is_some() && !is_line;
        Self { span, lines: pair.map(|pair| format_item(own, span, part, pair)), stands_apart }
    }
}

/// What the grammar makes of the item `own`, whose tokens are `part`, if it has no mistake.
fn readable<'t>(text: &str, part: &[Token], own: &'t str) -> Option<Pair<'t>> {
    let is_hidden = |token: &Token| matches!(token.kind, TokenKind::Invisible(_));
    if part.iter().any(is_hidden) || blank_lines_in_head(text, part).is_some() {
        return None;
    }
    grammar::parse_item(own).ok()
}

fn span_of(part: &[Token]) -> Option<Span> {
    Some(part.first()?.span.to(part.last()?.span))
}

/// Where the text starts, after a byte-order mark.
fn start(text: &str) -> usize {
    if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 }
}

fn is_crlf(text: &str) -> bool {
    text.find('\n').and_then(|at| at.checked_sub(1)).is_some_and(|at| text.as_bytes().get(at) == Some(&b'\r'))
}

/// Whether `comment` is in the lines directly above `item`, and so belongs to it.
fn is_above_item(text: &str, comment: Token, next: &[Token], item: Option<&FormattedItem>) -> bool {
    let Some(item) = item.filter(|item| item.stands_apart) else { return false };
    let mut end = comment.span.end;
    for token in next {
        if line_breaks(text, end as usize, token.span.start as usize) > 1 {
            return false;
        }
        if token.span.start >= item.span.start {
            return true;
        }
        end = token.span.end;
    }
    false
}

/// How many line breaks there are from `start` to `end`.
fn line_breaks(text: &str, start: usize, end: usize) -> usize {
    let between = text.get(start..end).unwrap_or_default();
    memchr::memchr_iter(b'\n', between.as_bytes()).count()
}

/// What stands above a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Above {
    /// Nothing.
    Start,
    /// An item, and whether it stands apart.
    Item(bool),
    /// A comment that goes on with the item above it.
    IndentedComment,
    /// A comment of its own, or above an item.
    Comment,
    /// Invisible characters, which stay where they are, and so does what follows them.
    Invisible,
}

/// The lines of the file as they are formatted.
struct FormattedLines<'t> {
    text: &'t str,
    line_break: &'static str,
    /// Up to where `text` is formatted.
    end: usize,
    edits: Vec<Edit>,
    above: Above,
}

impl FormattedLines<'_> {
    /// Appends an item.
    fn item(&mut self, item: &FormattedItem) {
        let apart = match self.above {
            Above::Item(apart) => apart || item.stands_apart,
            Above::IndentedComment => true,
            Above::Start | Above::Comment | Above::Invisible => false,
        };
        match &item.lines {
            Some(lines) if self.line_break == "\n" => self.lines(item.span, apart, lines),
            Some(lines) => self.lines(item.span, apart, &lines.replace('\n', self.line_break)),
            None => {
                // It stays as it is, and so does its indentation.
                let before = self.text.get(self.end..item.span.start as usize).unwrap_or_default();
                let indent = before.len() - before.trim_end_matches([' ', '\t']).len();
                let span = Span::new(item.span.start as usize - indent, item.span.end as usize);
                self.lines(span, apart, self.text.get(span.range()).unwrap_or_default());
            }
        }
        self.above = Above::Item(item.stands_apart);
    }

    /// Appends what stands between items: a comment, or invisible characters.
    fn between(&mut self, token: Token, is_above_item: bool) {
        if token.kind != TokenKind::Comment {
            self.end = token.span.end as usize;
            self.above = Above::Invisible;
            return;
        }
        let comment = token.of(self.text).trim_end();
        if !token.first && self.above != Above::Invisible {
            return self.edit(token.span.end as usize, format!(" {comment}"));
        }
        let between = self.text.get(self.end..token.span.start as usize).unwrap_or_default();
        let is_below_item = matches!(self.above, Above::Item(_) | Above::IndentedComment);
        if is_below_item && line_breaks(between, 0, between.len()) == 1 && between.ends_with([' ', '\t']) {
            self.lines(token.span, false, &format!("{:INDENT$}{comment}", ""));
            self.above = Above::IndentedComment;
            return;
        }
        let apart = match self.above {
            Above::Item(apart) => apart || is_above_item,
            Above::IndentedComment => true,
            Above::Start | Above::Comment | Above::Invisible => false,
        };
        self.lines(token.span, apart, comment);
        self.above = Above::Comment;
    }

    /// Appends `lines` for what is at `span`; after an empty line if it is to stand `apart` or there is one.
    fn lines(&mut self, span: Span, apart: bool, lines: &str) {
        let (start, end) = (span.start as usize, span.end as usize);
        let before = match self.above {
            Above::Start => String::new(),
            Above::Invisible => self.text.get(self.end..start).unwrap_or_default().to_owned(),
            _ if apart || line_breaks(self.text, self.end, start) > 1 => self.line_break.repeat(2),
            _ => self.line_break.to_owned(),
        };
        self.edit(end, before + lines);
    }

    /// Writes `after` for everything up to the byte `end`.
    fn edit(&mut self, end: usize, after: String) {
        if self.text.get(self.end..end) != Some(&after) {
            self.edits.push(Edit { span: Span::new(self.end, end), text: after });
        }
        self.end = end;
    }

    /// Ends the last line.
    fn finish(&mut self) {
        let after = if self.above == Above::Start { "" } else { self.line_break };
        self.edit(self.text.len(), after.to_owned());
    }
}
