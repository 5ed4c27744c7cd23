//! Writes the leaves of an item, one after another, with the comments between them.

use unicode_width::UnicodeWidthStr as _;

use super::super::grammar::Pair;
use super::leaves::{Comment, FlatItem, Leaf, hugs_previous, is_block};
use super::{INDENT, LINE_WIDTH};

/// The item as far as it is written.
pub(super) struct Printer<'t> {
    text: &'t str,
    item: FlatItem<'t>,
    /// The next leaf.
    next: usize,
    next_comment: usize,
    /// Where the last leaf or comment ends in the text.
    end: usize,
    lines: String,
    /// How many columns of the last line are written.
    column: usize,
    /// How far the last line is indented.
    indent: usize,
    /// The next leaf starts a line that is indented so far.
    line_break: Option<usize>,
    /// How far a line is indented that only a comment makes necessary.
    pub hanging: usize,
    /// One empty line stays where a line starts.
    pub keeps_empty_lines: bool,
}

impl<'t> Printer<'t> {
    /// Writes `item`, whose text is `text`.
    pub(super) fn new(text: &'t str, item: FlatItem<'t>) -> Self {
        Self {
            text,
            item,
            next: 0,
            next_comment: 0,
            end: 0,
            lines: String::with_capacity(text.len() + text.len() / 8),
            column: 0,
            indent: 0,
            line_break: None,
            hanging: INDENT,
            keeps_empty_lines: false,
        }
    }

    /// All that is written.
    pub(super) fn finish(self) -> String {
        self.lines
    }

    /// How far the last line is indented.
    pub(super) fn indent(&self) -> usize {
        self.indent
    }

    /// The next leaf starts a line that is indented by `indent`.
    pub(super) fn break_line(&mut self, indent: usize) {
        self.line_break = Some(indent);
    }

    /// Whether `pair`, which comes next, fits on its line together with the signs that follow it.
    pub(super) fn fits(&self, pair: &Pair<'_>) -> bool {
        let end = pair.as_span().end();
        let leaves = self.item.leaves.get(self.next..).unwrap_or_default();
        let inside = leaves.partition_point(|leaf| leaf.start < end);
        let is_sign = |leaf: &&Leaf<'_>| hugs_previous(leaf.kind);
        let signs = leaves.get(inside..).unwrap_or_default().iter().take_while(is_sign).count();
        let last = (inside + signs).checked_sub(1).and_then(|last| leaves.get(last));
        let (Some(first), Some(last)) = (leaves.first(), last) else { return true };
        let start = self.line_break.unwrap_or(self.column + usize::from(first.is_spaced));
        let width = last.flat_end - first.flat_end + first.text.width();
        start + width <= LINE_WIDTH && self.item.is_flat(first.start, end)
    }

    /// Writes `pair` on the line.
    pub(super) fn flat(&mut self, pair: &Pair<'_>) {
        let end = pair.as_span().end();
        while self.peek().is_some_and(|leaf| leaf.start < end) {
            self.leaf();
        }
    }

    /// Writes the next leaf and the comments before it.
    pub(super) fn leaf(&mut self) {
        let Some(leaf) = self.peek() else { return };
        let line_break = self.line_break.take();
        let has_comments = self.comments(leaf, line_break.unwrap_or(self.hanging));
        match line_break {
            Some(indent) if !has_comments => self.start_line(leaf.start, indent),
            None if !has_comments && leaf.is_spaced => self.push(" "),
            _ => {}
        }
        if is_block(leaf.text) {
            self.block(leaf.text);
        } else {
            self.push(leaf.text);
        }
        self.end = leaf.start + leaf.text.len();
        self.next += 1;
    }

    fn peek(&self) -> Option<Leaf<'t>> {
        self.item.leaves.get(self.next).copied()
    }

    /// Writes the comments before `leaf`, and starts a line that is indented by `indent`. Returns whether there are any.
    fn comments(&mut self, leaf: Leaf<'t>, indent: usize) -> bool {
        let first = self.next_comment;
        while let Some(comment) = self.item.comments.get(self.next_comment).copied() {
            if comment.start > leaf.start {
                break;
            }
            self.comment(comment, indent);
            self.next_comment += 1;
        }
        let any = self.next_comment > first;
        if any {
            self.start_line(leaf.start, indent);
        }
        any
    }

    fn comment(&mut self, comment: Comment<'t>, indent: usize) {
        if comment.first {
            self.start_line(comment.start, indent);
        } else {
            self.push(" ");
        }
        self.push(comment.text);
        self.end = comment.start + comment.text.len();
    }

    /// Starts a line for what is at `start` in the text.
    fn start_line(&mut self, start: usize, indent: usize) {
        let between = self.text.get(self.end..start).unwrap_or_default();
        if self.keeps_empty_lines && between.bytes().filter(|byte| *byte == b'\n').count() > 1 {
            self.lines.push('\n');
        }
        self.lines.push('\n');
        (self.column, self.indent) = (0, indent);
        self.push(&" ".repeat(indent));
    }

    fn push(&mut self, text: &str) {
        self.lines.push_str(text);
        self.column += text.width();
    }

    /// Writes a text of several lines. Its lines are moved together, since their common indentation is not part of the text.
    fn block(&mut self, text: &str) {
        let indent = self.indent + INDENT;
        let mut lines: Vec<&str> =
            text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line)).collect();
        lines.pop();
        let lines = lines.get(1..).unwrap_or_default();
        let indentation = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
        let is_blank = |line: &str| indentation(line) == line.len();
        let common =
            lines.iter().filter(|line| !is_blank(line)).map(|line| indentation(line)).min().unwrap_or(0);
        self.push("\"\"\"");
        for line in lines {
            self.lines.push('\n');
            if !is_blank(line) {
                self.lines.push_str(&" ".repeat(indent));
                self.lines.push_str(line.get(common..).unwrap_or_default());
            }
        }
        self.lines.push('\n');
        self.lines.push_str(&" ".repeat(indent));
        self.lines.push_str("\"\"\"");
        self.column = indent + 3;
    }
}
