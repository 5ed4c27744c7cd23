//! What can be folded away: items, texts over several lines, runs of comments; the sections of `inbox.toml`.

use super::classify::{Role, classify};
use super::items::items;
use crate::policy::{Folder, INBOX};
use crate::text::Span;

/// A part of a file of several lines that can be folded away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct FoldingRange {
    /// From the line that stays visible to the last one that is folded.
    pub span: Span,
    /// Whether it is a run of comments.
    pub is_comment: bool,
}

/// What can be folded in the file called `file`, in its order.
pub fn folding(folder: &Folder, file: &str) -> Vec<FoldingRange> {
    if file == INBOX {
        return folder.inbox_source.as_ref().map(|source| sections(&source.text)).unwrap_or_default();
    }
    let Some(rules) = folder.files.get(file) else { return Vec::new() };
    let text = &*rules.source.text;
    let mut ranges: Vec<FoldingRange> =
        items(text).into_iter().map(|item| FoldingRange { span: item.span, is_comment: false }).collect();
    let mut comments: Option<Span> = None;
    for found in classify(text) {
        let span = found.token.span;
        match found.role {
            Role::Comment if found.token.first => {
                let follows = comments.filter(|run| is_next_line(text, *run, span));
                if follows.is_none() {
                    ranges.extend(comments.take().map(of_comments));
                }
                comments = Some(follows.map_or(span, |run| run.to(span)));
            }
            Role::Comment => {}
            _ => {
                ranges.extend(comments.take().map(of_comments));
                ranges.push(FoldingRange { span, is_comment: false });
            }
        }
    }
    ranges.extend(comments.map(of_comments));
    ranges.retain(|range| text.get(range.span.range()).is_some_and(|text| text.contains('\n')));
    ranges.sort_unstable();
    ranges.dedup();
    ranges
}

fn of_comments(span: Span) -> FoldingRange {
    FoldingRange { span, is_comment: true }
}

/// Whether there is just one line break between `run` and `span`.
fn is_next_line(text: &str, run: Span, span: Span) -> bool {
    let between = text.get(run.end as usize..span.start as usize).unwrap_or_default();
    between.bytes().filter(|byte| *byte == b'\n').count() == 1
}

/// The sections of a TOML file, each from its header to its last line that is not blank.
fn sections(text: &str) -> Vec<FoldingRange> {
    let mut sections = Vec::new();
    let mut open: Option<Span> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim();
        let end = at + line.trim_end().len();
        if content.starts_with('[') && !content.ends_with(',') {
            sections.extend(open.take());
            open = Some(Span::new(at, end));
        } else if !content.is_empty() && !content.starts_with('#') {
            open = open.map(|section| Span::new(section.start as usize, end));
        }
        at += line.len();
    }
    sections.extend(open);
    let has_lines = |section: &Span| text.get(section.range()).is_some_and(|text| text.contains('\n'));
    let sections = sections.into_iter().filter(has_lines);
    sections.map(|span| FoldingRange { span, is_comment: false }).collect()
}
