//! The items of a rule file, broken ones too.

use super::classify::{ClassifiedToken, Role, classify, is_in_time};
use crate::language::{TokenKind, split_items, text_value};
use crate::text::Span;

/// An item as tokens.
pub(super) struct ItemOutline {
    /// From its first token to its last.
    pub(super) span: Span,
    /// Its first word.
    pub(super) word: String,
    /// Its name, with the span of that.
    pub(super) name: Option<(String, Span)>,
    /// The words and signs of its head: for a rule, up to the colon.
    pub(super) head: Span,
}

/// The items of `text`, in their order.
pub(super) fn items(text: &str) -> Vec<ItemOutline> {
    let classified = classify(text);
    let tokens: Vec<_> = classified.iter().map(|found| found.token).collect();
    let mut items = Vec::new();
    for item in split_items(text, &tokens) {
        let (Some(first), Some(last)) = (item.first(), item.last()) else { continue };
        let start = tokens.partition_point(|token| token.span.start < first.span.start);
        let classified = classified.get(start..start + item.len()).unwrap_or_default();
        let colon = item.iter().find(|token| {
            token.kind == TokenKind::Sign && token.of(text) == ":" && !is_in_time(text, token.span)
        });
        items.push(ItemOutline {
            span: first.span.to(last.span),
            word: first.of(text).to_owned(),
            name: classified.iter().find_map(|found| name(text, found)),
            head: Span {
                start: first.span.start,
                end: colon.map_or(last.span.end, |colon| colon.span.start),
            },
        });
    }
    items
}

fn name(text: &str, found: &ClassifiedToken) -> Option<(String, Span)> {
    let written = found.token.of(text);
    let name = match (found.role, found.token.kind) {
        (Role::DefinesCondition | Role::DefinesHours | Role::DefinesDates, _) => written.to_owned(),
        (Role::RuleHeading | Role::TestHeading | Role::UsedFile | Role::TimeZone, TokenKind::Text) => {
            text_value(written, &mut |_, _| ())
        }
        _ => return None,
    };
    Some((name, found.token.span))
}
