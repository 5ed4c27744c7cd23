//! Other edits as small as a repair that make sense of the item too: with one of them there is no one right answer.

use std::ops::Range;

use super::super::error_site::{ErrorSite, quote};
use super::super::expected::{first_words, sign};
use super::super::grammar;
use super::super::lexer::{Token, TokenKind, lex};
use super::super::patched::PatchedText;
use super::super::vocabulary::{self, Algorithm, Weekday};
use super::{LONGEST, edit, insert, remove};
use crate::diagnostic::Edit;

/// What may have been left out anywhere, besides what is expected.
const MISSING: [&str; 7] = ["\"x\"", "1", "5m", "mon", "x", "00:00", "image"];

/// Whether the item can be read with `edits` applied.
pub(super) fn makes_sense(site: &ErrorSite<'_, '_>, edits: &[Edit]) -> bool {
    site.patched.apply(edits).is_some_and(|patched| grammar::parse_item(&patched.text).is_ok())
}

/// What to do instead of applying `edits`, if the item makes sense as well without a word, number or sign near by, which
/// may have slipped in.
pub(super) fn word_too_many(site: &ErrorSite<'_, '_>, edits: &[Edit]) -> Option<String> {
    if site.text().len() > LONGEST {
        return None;
    }
    let fixed = site.patched.apply(edits)?;
    let is_other = |removal: &Edit| {
        let other = site.patched.apply(std::slice::from_ref(removal));
        other.is_some_and(|other| grammar::parse_item(&other.text).is_ok() && words(&other).ne(words(&fixed)))
    };
    if let Some(here) = site.current().filter(|here| is_in_quotes(*here))
        && let Some(sign) = site.text_of(here).chars().next()
    {
        let start = here.span.start as usize;
        let word = site.text_of(here).trim_start_matches(sign);
        let word = word.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
        let touching = site.before().next().filter(|before| before.span.end == here.span.start);
        let is_known = |word: &str| vocabulary::is_reserved(word);
        // `message is "text:`, `message has button":`: a kind, or a text without one of its quotes.
        let may_be_word = is_known(word) || touching.is_some_and(|word| is_known(site.text_of(word)));
        if may_be_word && is_other(&edit(start..start + sign.len_utf8(), "")) {
            return Some(format!("write both quotes, or remove `{sign}`"));
        }
    }
    // `reply "x" and after 5m`: the word that gives way to another may be the one too many.
    if let [Edit { span, text }] = edits
        && !text.trim().is_empty()
        && let Some(word) = joint_at(site, span.range())
        && is_other(&remove(site.text(), word.span.range()))
    {
        return Some(without_slip(site.text_of(word)));
    }
    // `message button is "yes"`: the `.` is missing, or `button` slipped in.
    if let [Edit { span, text }] = edits
        && text == "."
        && site.text().get(span.range()).is_some_and(|gap| gap.trim().is_empty())
        && let Some(word) = site.current().filter(|word| is_other(&remove(site.text(), word.span.range())))
    {
        return Some(without_slip(site.text_of(word)));
    }
    // `during mon-fri or 09:00-12:30`: a second `during` is missing, or `or` slipped in. Between times it makes no difference.
    if let [Edit { text, .. }] = edits
        && text.trim() == "during"
        && let Some(word) = site.before().next().filter(|word| matches!(site.text_of(*word), "and" | "or"))
        && !ends_with_time(site.text().get(..word.span.start as usize).unwrap_or_default())
        && is_other(&remove(site.text(), word.span.range()))
    {
        return Some(without_slip(site.text_of(word)));
    }
    if edits.len() == 1 && !edits_signs(site, edits) {
        return None;
    }
    let is_edited = |token: &Token| {
        edits.iter().any(|edit| edit.span.start <= token.span.start && token.span.end <= edit.span.end)
    };
    // Where several edits are needed, what one of them leaves out is not all that is wrong.
    let is_left_out = |token: &Token| {
        let word = site.text_of(*token);
        edits.len() > 1 && is_edited(token) && !edits.iter().any(|edit| edit.text.contains(word))
    };
    let edited = site.patched.tokens.iter().copied().filter(is_edited);
    let near = site.before().take(2).chain(site.current()).chain(site.after().take(1)).chain(edited);
    let mut light =
        near.filter(|token| matches!(token.kind, TokenKind::Word | TokenKind::Number | TokenKind::Sign));
    // Without the way to choose, another word would be read as one.
    let can_slip = |token: &Token| {
        !is_left_out(token)
            && !separates_times(site, *token)
            && Algorithm::parse(site.text_of(*token)).is_none()
    };
    let slip = light.find(|token| can_slip(token) && is_other(&remove(site.text(), token.span.range())))?;
    Some(without_slip(site.text_of(slip)))
}

/// What to do where an item makes sense without `word` too.
pub(super) fn without_slip(word: &str) -> String {
    format!("without {} it makes sense too: write what is meant", quote(word))
}

/// The joint of two parts that is all of `range`.
fn joint_at(site: &ErrorSite<'_, '_>, range: Range<usize>) -> Option<Token> {
    let snippet = site.text().get(range.clone())?;
    let is_joint = matches!(snippet.trim(), "and" | "or" | "&" | "+" | "|" | "then" | "else" | ".");
    let start = range.start + snippet.len() - snippet.trim_start().len();
    let mut tokens = site.patched.tokens.iter().copied();
    tokens.find(|token| is_joint && token.span.start as usize == start)
}

/// What to do instead, if the quotes that `edits` add stand around what may have slipped in, as in `"a",_ "b"`, or the
/// word that they remove is a part of a text that lacks its quotes, as in `any [opening hours, "b"]`.
pub(super) fn text_without_quotes(site: &ErrorSite<'_, '_>, edits: &[Edit]) -> Option<String> {
    if site.text().len() > LONGEST {
        return None;
    }
    let is_empty = |edit: &Edit| edit.span.start == edit.span.end;
    match edits {
        [open, close] if open.text == "\"" && close.text == "\"" && is_empty(open) && is_empty(close) => {
            let range = open.span.start as usize..close.span.start as usize;
            let snippet = quote(site.text().get(range.clone())?);
            makes_sense(site, &[remove(site.text(), range)])
                .then(|| format!("write {snippet} in quotes, or remove it"))
        }
        [removed] if removed.text.trim().is_empty() => {
            let is_inside =
                |token: &&Token| removed.span.start <= token.span.start && token.span.end <= removed.span.end;
            let word = site.patched.tokens.iter().find(is_inside)?;
            let before = site.patched.tokens.iter().take_while(|token| token.span.end <= word.span.start);
            let before = before.last().filter(|_| word.kind == TokenKind::Word && !word.first)?;
            let is_free = before.kind == TokenKind::Number
                || (before.kind == TokenKind::Word && !vocabulary::is_reserved(site.text_of(*before)));
            let range = before.span.start as usize..word.span.end as usize;
            let snippet = site.text().get(range.clone())?;
            let quoted = || edit(range.clone(), format!("\"{snippet}\""));
            (is_free && makes_sense(site, &[quoted()])).then(|| {
                format!("write `\"{snippet}\"` if that is one text, or remove `{}`", site.text_of(*word))
            })
        }
        _ => None,
    }
}

/// `mon 09:00-17:00 sat 10:00-12:00`: whether `day` stands between times that overlap, which cannot be those of one day.
fn separates_times(site: &ErrorSite<'_, '_>, day: Token) -> bool {
    let (before, after) =
        (site.text().get(..day.span.start as usize), site.text().get(day.span.end as usize..));
    let before = before.unwrap_or_default().trim_end();
    let end = before.get(before.len().saturating_sub("00:00".len())..).unwrap_or_default();
    let start = after.unwrap_or_default().trim_start().get(.."00:00".len()).unwrap_or_default();
    let is_time = |text: &str| text.bytes().filter(u8::is_ascii_digit).count() == 4 && text.contains(':');
    Weekday::parse(site.text_of(day)).is_some() && is_time(end) && is_time(start) && start < end
}

/// Whether `text` ends with a time like `12:00`.
fn ends_with_time(text: &str) -> bool {
    let text = text.trim_end();
    text.get(text.len().saturating_sub(":00".len())..).is_some_and(|end| end.starts_with(':'))
}

fn is_in_quotes(token: Token) -> bool {
    matches!(token.kind, TokenKind::Quoted | TokenKind::Unclosed)
}

/// Whether the edits only insert or remove words and signs, or swap two. A word that gives way to another, and what is only
/// spaced otherwise, is explained.
fn edits_signs(site: &ErrorSite<'_, '_>, edits: &[Edit]) -> bool {
    let is_slip = |edit: &Edit| {
        let (before, after) =
            (site.text().get(edit.span.range()).unwrap_or_default().trim(), edit.text.trim());
        let swapped = |first: &str| {
            before.strip_prefix(first).map(str::trim) == after.strip_suffix(first).map(str::trim)
        };
        let is_swap = || {
            before != after
                && before.len() == after.len()
                && lex(before).len() == 2
                && lex(before).first().is_some_and(|first| swapped(first.of(before)))
        };
        match (before, after) {
            // `mon-fri | 09:00`: the sign may have slipped in.
            ("|" | "&" | "+", _) => true,
            // `customer city` is no fact; where a quote is missing, nothing slipped in.
            ("", "" | "." | "\"" | "during") => false,
            ("", _) | (_, "") => true,
            // `nobody` → `assign nobody`
            _ if !before.is_empty() && after.ends_with(before) && after.starts_with("assign ") => true,
            _ => is_swap(),
        }
    };
    edits.iter().all(is_slip)
}

/// The words of an item, without comments.
pub(super) fn words<'p>(patched: &'p PatchedText<'_>) -> impl Iterator<Item = &'p str> {
    let tokens = patched.tokens.iter().filter(|token| token.kind != TokenKind::Comment);
    tokens.map(|token| token.of(&patched.text))
}

/// Whether the item makes sense with an expected word or one of the language in the place of `gap`, but for a comma.
pub(super) fn may_lack_word(site: &ErrorSite<'_, '_>, gap: &Range<usize>) -> bool {
    let words = site.error.expected.iter().flat_map(|production| first_words(*production));
    let signs = site.error.expected.iter().filter_map(|production| sign(*production));
    let mut words =
        words.chain(signs).chain(["else", "and", "or", "for", "after"]).filter(|word| *word != ",");
    site.text().len() > LONGEST
        || words.any(|word| makes_sense(site, &[edit(gap.clone(), format!(" {word} "))]))
}

/// Whether the item makes sense with one more word, text or sign beside `range`, or with one in its place.
pub(super) fn may_lack(site: &ErrorSite<'_, '_>, range: &Range<usize>) -> bool {
    if site.text().len() > LONGEST {
        return true;
    }
    let words = site.error.expected.iter().flat_map(|production| first_words(*production));
    let signs = site.error.expected.iter().filter_map(|production| sign(*production));
    let mut missing = words.chain(signs).chain(MISSING).flat_map(|missing| {
        let before = insert(range.start, format!("{missing} "));
        let instead = edit(range.clone(), missing);
        let after = insert(range.end, format!(" {missing}"));
        [before, instead, after]
    });
    missing.any(|edit| makes_sense(site, &[edit]))
}
