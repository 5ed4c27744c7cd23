//! Words that ran together, words with a space inside, and brackets around a single text.

use super::super::error_site::{ErrorSite, quote};
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

/// `byi n_order`, `wit hskill`: the space is one letter too early or too late
pub(super) fn shifted_space(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current()?;
    let pairs = [site.before().next().zip(Some(here)), site.after().next().map(|after| (here, after))];
    pairs.into_iter().flatten().find_map(|(first, second)| {
        let (left, right) = (site.text_of(first), site.text_of(second));
        let range = first.span.start as usize..second.span.end as usize;
        let snippet = site.text().get(range.clone())?;
        let are_words = first.kind == TokenKind::Word && second.kind == TokenKind::Word;
        if !are_words || !snippet.is_ascii() || snippet.len() != left.len() + right.len() + 1 {
            return None;
        }
        let letters = format!("{left}{right}");
        let splits = [left.len().checked_sub(1)?, left.len() + 1].map(|at| letters.split_at_checked(at));
        let mut fitting = splits
            .into_iter()
            .flatten()
            .filter(|(left, right)| vocabulary::is_reserved(left) && vocabulary::is_reserved(right));
        let (new_left, new_right) = fitting.next()?;
        if fitting.next().is_some() || (vocabulary::is_reserved(left) && vocabulary::is_reserved(right)) {
            return None;
        }
        let written = format!("{new_left} {new_right}");
        let message = format!("write `{written}`, not `{snippet}`");
        let repair = Repair::new(site, message, vec![edit(range.clone(), written)]).at(range);
        Some(Repair { whole: true, ..repair })
    })
}

/// `andand`, `"Sales" "Sales"`: the same word or text twice
pub(super) fn twice(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current();
    let before = site.before().next();
    let words = here.into_iter().chain(before).filter(|token| token.kind == TokenKind::Word);
    let doubled = words.into_iter().find_map(|token| {
        let word = site.text_of(token);
        let (left, right) = word.split_at_checked(word.len() / 2)?;
        let is_known = left == right && vocabulary::is_reserved(left) && !vocabulary::is_reserved(word);
        is_known.then(|| edit(token.span.start as usize + left.len()..token.span.end as usize, ""))
    });
    let same_text = here.zip(before).and_then(|(here, before)| {
        let is_same = here.kind == TokenKind::Text && site.text_of(here) == site.text_of(before);
        is_same.then(|| edit(before.span.end as usize..here.span.end as usize, ""))
    });
    let edit = doubled.or(same_text)?;
    let range = edit.span.range();
    let snippet = site.text().get(range.clone())?.trim();
    let repair = Repair::new(site, format!("{} is here twice", quote(snippet)), vec![edit]).at(range.clone());
    Some(Repair { whole: true, ..repair.title(format!("remove one {}", quote(snippet))) })
}

/// `cha|t`, `rep.ly`: a sign inside a word of the language
pub(super) fn sign_in_word(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current()?;
    let sign = [Some(here), site.before().next(), site.after().next()];
    sign.into_iter().flatten().filter(|sign| sign.kind == TokenKind::Sign).find_map(|sign| {
        let at = site.patched.tokens.iter().position(|token| token.span == sign.span)?;
        let (first, second) =
            (site.patched.tokens.get(at.checked_sub(1)?)?, site.patched.tokens.get(at + 1)?);
        let touch = first.span.end == sign.span.start && sign.span.end == second.span.start;
        let word = format!("{}{}", site.text_of(*first), site.text_of(*second));
        if !touch || !vocabulary::is_reserved(&word) || vocabulary::is_reserved(site.text_of(*first)) {
            return None;
        }
        let range = first.span.start as usize..second.span.end as usize;
        let message = format!("write `{word}`, not `{}`", site.text().get(range.clone())?);
        let repair = Repair::new(site, message, vec![edit(range.clone(), word)]).at(range);
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
