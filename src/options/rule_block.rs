//! A rule with the comments that stand on it, which go where it goes.

use crate::language::ast::{File, Item};
use crate::text::{Source, Span};

/// The character that some editors write at the start of a file.
pub(super) const BYTE_ORDER_MARK: char = '\u{FEFF}';

/// A rule and its comments. The parts follow each other without a gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RuleBlock {
    /// Whole lines: the comments between the item before and the rule, with the empty lines after each.
    pub(super) above: Span,
    /// From the start of its line.
    pub(super) rule: Span,
    /// The comment behind it, and those below that are further to the right than the rule, without the last line break.
    pub(super) below: Span,
    /// Where the item before ends; its line break comes next.
    pub(super) after: u32,
}

impl RuleBlock {
    /// Those of all rules of a file, in its order.
    pub(super) fn all(source: &Source, file: &File) -> Vec<Self> {
        let lines = CommentLines { source, comments: &file.comments };
        let mut blocks = Vec::new();
        let mut before: Option<Span> = None;
        for (at, item) in file.items.iter().enumerate() {
            let start = lines.start(item.span().start);
            let next = file.items.get(at + 1).map(|next| lines.start(next.span().start));
            let below = lines.below(item.span(), next);
            if let Item::Rule(rule) = item {
                let above = lines.first_comment(before, start);
                blocks.push(Self {
                    above: Span { start: above, end: start },
                    rule: Span { start, end: rule.span.end },
                    below,
                    after: before.map_or(above, |before| before.end),
                });
            }
            before = Some(below);
        }
        blocks
    }

    /// The whole block.
    pub(super) fn span(&self) -> Span {
        self.above.to(self.below)
    }
}

/// The lines of a source, and the comments in them.
struct CommentLines<'s> {
    source: &'s Source,
    comments: &'s [Span],
}

impl CommentLines<'_> {
    /// The start of the line of this byte, after a byte-order mark.
    fn start(&self, byte: u32) -> u32 {
        let before = self.source.slice(Span { start: 0, end: byte });
        let line = before.rfind('\n').map_or(0, |at| at + 1);
        let mark = before.get(line..).is_some_and(|line| line.starts_with(BYTE_ORDER_MARK));
        Span::new(0, if mark { line + BYTE_ORDER_MARK.len_utf8() } else { line }).end
    }

    /// The start of the first line of comments between the item before and the rule whose line begins at `rule`. What
    /// opens the file and has an empty line below is about the file.
    fn first_comment(&self, before: Option<Span>, rule: u32) -> u32 {
        let from = before.map_or(0, |before| before.end);
        let is_between = |comment: &&Span| from <= comment.start && comment.end <= rule;
        let between: Vec<Span> = self.comments.iter().filter(is_between).copied().collect();
        let starts = between.iter().map(|comment| self.start(comment.start)).chain([rule]);
        let is_apart = |(comment, next): (&Span, u32)| {
            self.source.slice(Span { start: comment.end, end: next }).matches('\n').count() > 1
        };
        let opening = between.iter().zip(starts.clone().skip(1)).position(is_apart);
        let skipped = if before.is_none() { opening.map_or(0, |last| last + 1) } else { 0 };
        starts.clone().nth(skipped).unwrap_or(rule)
    }

    /// The comments behind an item and below it that are part of it. `next`: the line of the item after it.
    fn below(&self, item: Span, next: Option<u32>) -> Span {
        let indentation = |line: u32| {
            let rest = self.source.text.get(line as usize..).unwrap_or_default();
            rest.len() - rest.trim_start_matches([' ', '\t']).len()
        };
        let outer = next.map_or(0, indentation).max(indentation(self.start(item.start)));
        let mut end = item.end;
        for comment in self.comments.iter().skip_while(|comment| comment.start < item.end) {
            let gap = self.source.slice(Span { start: end, end: comment.start });
            let is_part = match gap.matches('\n').count() {
                0 => true,
                1 => gap.trim().is_empty() && indentation(self.start(comment.start)) > outer,
                _ => false,
            };
            if !is_part {
                break;
            }
            end = Span::new(0, comment.start as usize + self.source.slice(*comment).trim_end().len()).end;
        }
        Span { start: item.end, end }
    }
}
