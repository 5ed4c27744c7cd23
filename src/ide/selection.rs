//! What a selection grows to, step by step: a word, its condition, the rule, the file.

use super::classify::{ClassifiedToken, classify};
use super::inbox_file;
use super::items::items;
use super::occurrence::touches;
use super::tree_spans::tree_spans;
use crate::language::TokenKind;
use crate::policy::{Folder, INBOX};
use crate::text::Span;

/// The parts of the file called `file` around the byte `at`, the innermost first. Each contains the one before.
pub fn selection(folder: &Folder, file: &str, at: u32) -> Vec<Span> {
    let (text, mut spans) = if file == INBOX {
        let Some(source) = &folder.inbox_source else { return Vec::new() };
        let found = inbox_file::occurrences(source);
        let spans = found.iter().flat_map(|found| [found.inner_span(&source.text), found.span]);
        (&source.text, spans.collect())
    } else {
        let Some(rules) = folder.files.get(file) else { return Vec::new() };
        let text = &rules.source.text;
        let mut spans = token_spans(text, at);
        spans.extend(items(text).into_iter().map(|item| item.span));
        tree_spans(rules.tree(), at, &mut spans);
        (text, spans)
    };
    spans.extend(line(text, at));
    spans.push(Span::new(0, text.len()));
    spans.retain(|span| touches(*span, at) && span.start < span.end);
    spans.sort_by_key(|span| span.end - span.start);
    let mut nested: Vec<Span> = Vec::new();
    for span in spans {
        if nested.last().is_none_or(|inner| span.to(*inner) == span && span != *inner) {
            nested.push(span);
        }
    }
    nested
}

/// The token at `at`, without and with its quotes, and what is between brackets around it.
fn token_spans(text: &str, at: u32) -> Vec<Span> {
    let tokens = classify(text);
    let mut spans = Vec::new();
    let mut open: Vec<(&str, Span)> = Vec::new();
    for ClassifiedToken { token, .. } in tokens {
        let written = token.of(text);
        if touches(token.span, at) && token.kind != TokenKind::Sign {
            if token.kind == TokenKind::Text && !written.starts_with("\"\"\"") {
                spans.push(Span { start: token.span.start + 1, end: token.span.end - 1 });
            }
            spans.push(token.span);
        }
        match (token.kind, written) {
            (TokenKind::Sign, "(" | "[") => open.push((written, token.span)),
            (TokenKind::Sign, ")" | "]") => {
                let wanted = if written == ")" { "(" } else { "[" };
                if let Some((_, first)) = open.pop().filter(|(sign, _)| *sign == wanted) {
                    spans.push(Span { start: first.end, end: token.span.start });
                    spans.push(first.to(token.span));
                }
            }
            _ => {}
        }
    }
    spans
}

/// The line of `at`, without the blanks around it.
fn line(text: &str, at: u32) -> Option<Span> {
    let (before, after) = text.split_at_checked(at as usize)?;
    let start = before.rfind('\n').map_or(0, |line_break| line_break + 1);
    let end = before.len() + after.find('\n').unwrap_or(after.len());
    let content = text.get(start..end)?;
    let start = start + content.len() - content.trim_start().len();
    Some(Span::new(start, start + content.trim().len()))
}
