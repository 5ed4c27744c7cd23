//! Words that ran together, words with a space inside, and brackets around a single text.

use super::super::error_site::ErrorSite;
use super::super::grammar::Production;
use super::super::lexer::{Token, TokenKind};
use super::super::vocabulary::{self, Weekday};
use super::{Repair, edit, insert};

/// The longest word that is taken apart.
const LONGEST: usize = 40;

/// `bylist`, `assignnobody`, `andvip`: a space is missing, and there is one place for it
pub(super) fn joined_words(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current().filter(|here| here.kind == TokenKind::Word);
    let before = site.before().next().filter(|before| before.kind == TokenKind::Word);
    here.into_iter().chain(before).find_map(|token| {
        let snippet = site.text_of(token);
        if snippet.len() > LONGEST || vocabulary::is_reserved(snippet) || !snippet.is_ascii() {
            return None;
        }
        let parts = |at: usize| snippet.split_at_checked(at).unwrap_or_default();
        let is_known = |word: &str| word.len() > 1 && vocabulary::is_reserved(word);
        let splits: Vec<usize> = (1..snippet.len()).collect();
        let are_days = |at: usize| Weekday::parse(parts(at).0).and(Weekday::parse(parts(at).1)).is_some();
        if splits.iter().any(|at| are_days(*at)) {
            return None;
        }
        let both = splits.iter().filter(|at| is_known(parts(**at).0) && is_known(parts(**at).1));
        let one = splits.iter().filter(|at| is_known(parts(**at).0) || is_known(parts(**at).1));
        let at = *only(both).or_else(|| only(one))?;
        let (left, right) = parts(at);
        if left == right {
            return None;
        }
        let edits = vec![insert(token.span.start as usize + at, " ")];
        let repair = Repair::new(site, format!("a space is missing in `{snippet}`"), edits);
        let repair = repair.at(token.span.range()).title(format!("write `{left} {right}`"));
        Some(Repair { whole: true, ..repair })
    })
}

fn only<T>(mut values: impl Iterator<Item = T>) -> Option<T> {
    let first = values.next()?;
    values.next().is_none().then_some(first)
}

/// `mess age`, `o wner`: a word of the language with a space inside
pub(super) fn split_word(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current().filter(|here| here.kind == TokenKind::Word)?;
    let before = site.before().next().filter(|before| !site.breaks_between(*before, here));
    let after = site.after().next().filter(|after| !site.breaks_between(here, *after));
    let pairs = [before.zip(Some(here)), after.map(|after| (here, after))];
    pairs.into_iter().flatten().find_map(|(first, second)| {
        let is_word = |token: Token| token.kind == TokenKind::Word;
        let word = format!("{}{}", site.text_of(first), site.text_of(second));
        let are_words = |token: Token| vocabulary::is_reserved(site.text_of(token));
        if !(is_word(first) && is_word(second) && vocabulary::is_reserved(&word))
            || (are_words(first) && are_words(second))
        {
            return None;
        }
        let range = first.span.start as usize..second.span.end as usize;
        let snippet = site.text().get(range.clone())?;
        let message = format!("write `{word}`, not `{snippet}`");
        let repair = Repair::new(site, message, vec![edit(range.clone(), &*word)]).at(range);
        Some(Repair { whole: true, ..repair })
    })
}

/// `("Sales")`, `["Sales"]` where one text is expected
pub(super) fn bracketed_text(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current()?;
    let close = match site.text_of(here) {
        "(" => ")",
        "[" => "]",
        "{" => "}",
        _ => return None,
    };
    let expects_text =
        [Production::text, Production::user, Production::turn, Production::value, Production::values]
            .iter()
            .any(|production| site.expects(*production));
    let mut after = site.after();
    let (text, end) = (after.next()?, after.next()?);
    if !expects_text || text.kind != TokenKind::Text || site.text_of(end) != close {
        return None;
    }
    let written = site.text_of(text);
    let edits = vec![
        edit(here.span.start as usize..text.span.start as usize, ""),
        edit(text.span.end as usize..end.span.end as usize, ""),
    ];
    let range = here.span.start as usize..end.span.end as usize;
    let repair = Repair::new(site, "this text needs no brackets", edits).at(range);
    Some(repair.help(format!("write `{written}`")).title(format!("write `{written}`")))
}
