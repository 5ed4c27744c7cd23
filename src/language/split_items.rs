//! Splits a file into items at the words that start them, so that a mistake in one never affects the next.

use super::lexer::{Token, TokenKind, is_item_word};
use super::vocabulary::{self, WordClass};
use crate::text::Span;

/// Splits `tokens`, those of `text`, into the tokens of each item. What comes before the first item is a
/// part of its own; comments between items belong to none.
pub(crate) fn split_items<'l>(text: &str, tokens: &'l [Token]) -> Vec<&'l [Token]> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut header = Header::default();
    for (at, token) in tokens.iter().enumerate() {
        let before = tokens.get(start..at).unwrap_or_default();
        let rest = tokens.get(at..).unwrap_or_default();
        let misspelt = if token.first { misspelt_head(text, rest) } else { None };
        let begins = misspelt.is_some() || (token.first && begins_item(text, rest));
        if begins && !header.goes_on(text, *token, before) && !is_name_below_guard(text, before, rest) {
            parts.extend(trim(before));
            start = at;
            header = Header::default();
        }
        match misspelt {
            Some(kind) if start == at => header = kind,
            _ => header.pass(text, *token),
        }
    }
    parts.extend(tokens.get(start..).and_then(trim));
    parts
}

/// `part` without comments and invisible characters at its ends; `None` if it has nothing else.
fn trim(part: &[Token]) -> Option<&[Token]> {
    let is_visible = |token: &Token| !matches!(token.kind, TokenKind::Comment | TokenKind::Invisible(_));
    let first = part.iter().position(is_visible)?;
    let last = part.iter().rposition(is_visible)?;
    part.get(first..=last)
}

/// Whether the line that starts with `rest` starts an item: by its first word, or because people write
/// `if …`, `else when …`, `else:` where an item is meant.
fn begins_item(text: &str, rest: &[Token]) -> bool {
    let Some(first) = rest.first().filter(|token| token.kind == TokenKind::Word) else { return false };
    let word = first.of(text);
    if is_item_word(word) || is_one_of(word, &["if", "elif", "elsif", "elseif"]) {
        return true;
    }
    let next = || rest.get(1).filter(|next| !next.first).map(|next| next.of(text)).unwrap_or_default();
    is_one_of(word, &["else"]) && is_one_of(next(), &["when", "if", ":", "："])
}

/// What the first word of the line that starts with `rest` is if it is misspelt, as in `aslo rule "x"`, and in `ruel "x"`
/// with `when` on the next line.
fn misspelt_head(text: &str, rest: &[Token]) -> Option<Header> {
    let [first, second, third, ..] = rest else { return None };
    let is_name = |token: &Token| token.kind == TokenKind::Text;
    let is_unknown = || first.kind == TokenKind::Word && !vocabulary::is_reserved(first.of(text));
    if second.first {
        return None;
    }
    if is_name(third) && second.of(text) == "rule" {
        return is_unknown().then_some(Header::Kind);
    }
    let is_rule = || first.of(text).ends_with("rule") || strsim::osa_distance(first.of(text), "rule") == 1;
    let is_guard = third.first && is_one_of(third.of(text), GUARDS);
    (is_name(second) && is_guard && is_unknown() && is_rule()).then_some(Header::Rule)
}

/// Whether `rest` starts with the name of the rule whose guard is the line before, as in `when a:`, `rule "x"`,
/// `assign owner`.
fn is_name_below_guard(text: &str, before: &[Token], rest: &[Token]) -> bool {
    let [rule, name, next, ..] = rest else { return false };
    let last = before.last().map(|last| last.of(text));
    let is_guard =
        before.first().is_some_and(|first| is_one_of(first.of(text), &["when", "also", "move", "otherwise"]));
    rule.of(text) == "rule"
        && name.kind == TokenKind::Text
        && next.first
        && vocabulary::is_of_class(next.of(text), WordClass::Action)
        && is_guard
        && last == Some(":")
        && !has_blank_line(text, before, *rule)
}

fn is_one_of(word: &str, words: &[&str]) -> bool {
    words.iter().any(|other| word.eq_ignore_ascii_case(other))
}

/// How much of the head of a rule has been seen: `also` or `move`, `rule "…"` and `when` or `otherwise` may each
/// have a line.
#[derive(Debug, Clone, Copy, Default)]
enum Header {
    /// Nothing.
    #[default]
    Before,
    /// Only `also` or `move`.
    Kind,
    /// `rule`, and no condition.
    Rule,
    /// All of it, or this is not a rule.
    Past,
}

/// The words that a condition follows, or that stand for one.
const GUARDS: &[&str] = &["when", "otherwise", "if", "else", "unless"];

impl Header {
    fn pass(&mut self, text: &str, token: Token) {
        if matches!(self, Self::Past) || matches!(token.kind, TokenKind::Comment | TokenKind::Invisible(_)) {
            return;
        }
        let word = token.of(text);
        *self = match self {
            Self::Before if is_one_of(word, &["also", "move"]) => Self::Kind,
            Self::Before | Self::Kind if is_one_of(word, &["rule"]) => Self::Rule,
            // `also "x"` lacks only its `rule`.
            Self::Kind if token.kind == TokenKind::Text => Self::Rule,
            // `rule "x when a: assign owner`
            Self::Rule if token.kind == TokenKind::Unclosed => {
                if word.split_whitespace().any(|word| is_one_of(word.trim_end_matches(':'), GUARDS)) {
                    Self::Past
                } else {
                    Self::Rule
                }
            }
            Self::Rule if !is_one_of(word, GUARDS) => Self::Rule,
            _ => Self::Past,
        };
    }

    /// Whether the line that starts with `token` continues the item that starts with `before`.
    fn goes_on(self, text: &str, token: Token, before: &[Token]) -> bool {
        let word = token.of(text);
        let fits = match self {
            Self::Kind => is_one_of(word, &["rule", "when", "otherwise", "if"]),
            Self::Rule => is_one_of(word, &["when", "otherwise", "if", "else"]),
            Self::Before | Self::Past => false,
        };
        fits && (!has_blank_line(text, before, token) || is_bare_head(text, before))
    }
}

/// Whether `before` is only `also`, `rule "…"` or both, which is no item yet: the blank line after it is a mistake.
fn is_bare_head(text: &str, before: &[Token]) -> bool {
    let visible =
        before.iter().filter(|token| !matches!(token.kind, TokenKind::Comment | TokenKind::Invisible(_)));
    let kinds: Vec<TokenKind> = visible.clone().take(4).map(|token| token.kind).collect();
    let words = visible.take(3).filter(|token| token.kind == TokenKind::Word);
    let is_head = |word: &str| is_one_of(word, &["also", "move", "rule"]);
    kinds.len() < 4
        && kinds.iter().all(|kind| matches!(kind, TokenKind::Word | TokenKind::Text))
        && words.map(|word| word.of(text)).all(is_head)
}

/// The blank lines in the head of the rule made of the tokens `part`, if there are any: the words of the head around the
/// first of them, and what to remove.
pub(super) fn blank_lines_in_head<'t>(text: &'t str, part: &[Token]) -> Option<([&'t str; 2], Vec<Span>)> {
    let is_guard = |token: &Token| is_one_of(token.of(text), &["when", "otherwise"]);
    let guard = part.iter().take(16).position(is_guard)?;
    let (mut before, mut around, mut gaps) = ("", None, Vec::new());
    for pair in part.get(..=guard)?.windows(2) {
        let [first, second] = pair else { continue };
        if first.kind == TokenKind::Word {
            before = first.of(text);
        }
        let between = text.get(first.span.end as usize..second.span.start as usize)?;
        let (Some(start), Some(end)) = (between.find('\n'), between.rfind('\n')) else { continue };
        if start < end {
            let at = first.span.end as usize;
            gaps.push(Span::new(at + start, at + end));
            around = around.or(Some(before));
        }
        if let Some(before) = around.filter(|_| second.kind == TokenKind::Word) {
            return Some(([before, second.of(text)], gaps));
        }
    }
    None
}

/// Whether there is a blank line between the last visible token of `before` and `token`.
fn has_blank_line(text: &str, before: &[Token], token: Token) -> bool {
    let mut end = token.span.start;
    for previous in before.iter().rev() {
        let between = text.get(previous.span.end as usize..end as usize).unwrap_or_default();
        if between.bytes().filter(|byte| *byte == b'\n').count() > 1 {
            return true;
        }
        end = previous.span.start;
        if !matches!(previous.kind, TokenKind::Comment | TokenKind::Invisible(_)) {
            return false;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::super::lexer::lex;
    use super::*;

    /// The items of `text`, each from its first token to its last.
    fn items(text: &str) -> Vec<&str> {
        let tokens = lex(text);
        let parts = split_items(text, &tokens);
        parts
            .iter()
            .map(|part| &text[part[0].span.start as usize..part[part.len() - 1].span.end as usize])
            .collect()
    }

    #[test]
    fn items_begin_with_their_words_in_any_case() {
        assert_eq!(items("when a: b\nLET x = y\n\n  Hours z"), ["when a: b", "LET x = y", "Hours z"]);
    }

    #[test]
    fn text_before_the_first_item_is_a_part() {
        assert_eq!(items("# c\nhello\nwhen a"), ["hello", "when a"]);
        assert_eq!(items("# c\n\n"), [""; 0]);
    }

    #[test]
    fn the_head_of_a_rule_may_have_several_lines() {
        assert_eq!(items("also\nrule \"x\"\n# why\nwhen a: b"), ["also\nrule \"x\"\n# why\nwhen a: b"]);
        assert_eq!(
            items("move\nrule \"x\"\nwhen a: b\nmove when c"),
            ["move\nrule \"x\"\nwhen a: b", "move when c"]
        );
        assert_eq!(items("rule \"x\"\notherwise: b\nwhen c"), ["rule \"x\"\notherwise: b", "when c"]);
        // A blank line there is a mistake, not the end of an item.
        assert_eq!(items("rule \"x\"\n\nwhen a: b"), ["rule \"x\"\n\nwhen a: b"]);
        assert_eq!(items("rule \"x\"\n# c\n\nwhen a: b"), ["rule \"x\"\n# c\n\nwhen a: b"]);
        assert_eq!(items("rule \"x\" y z\n\nwhen a: b"), ["rule \"x\" y z", "when a: b"]);
        assert_eq!(items("rule \"x\" unless a: b\notherwise: c"), ["rule \"x\" unless a: b", "otherwise: c"]);
        assert_eq!(items("rule \"x\" when a\nwhen b"), ["rule \"x\" when a", "when b"]);
        assert_eq!(items("rule \"x\"\nrule \"y\"\nwhen b"), ["rule \"x\"", "rule \"y\"\nwhen b"]);
    }

    #[test]
    fn else_begins_an_item_only_before_a_condition() {
        assert_eq!(items("when a: b\nelse when c: d\nelse: e"), ["when a: b", "else when c: d", "else: e"]);
        assert_eq!(items("when a: assign owner\nelse nobody"), ["when a: assign owner\nelse nobody"]);
        assert_eq!(items("if a: b\nelse if c: d"), ["if a: b", "else if c: d"]);
    }

    #[test]
    fn item_words_in_texts_and_comments_begin_nothing() {
        assert_eq!(items("when a: reply \"\"\"\nwhen\n\"\"\"\n# rule\nlet b").len(), 2);
        assert_eq!(items("use \"a\nlet b"), ["use \"a", "let b"]);
    }
}
