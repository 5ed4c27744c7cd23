//! One slip that makes sense of the whole item, where no other does: two neighbours in the wrong order, a letter of a short
//! word, a word too many; and the lines of a rule in the wrong order.

use super::super::error_site::{ErrorSite, quote};
use super::super::expected::first_words;
use super::super::grammar::Production;
use super::super::lexer::{Token, TokenKind};
use super::super::opposites::may_be_opposite;
use super::super::vocabulary::{self, ItemWord, Weekday};
use super::rivals::{makes_sense, may_lack};
use super::{LONGEST, Repair, edit, insert, remove};
use crate::diagnostic::Edit;

/// `by ,hand`, `message given "Hi"`: neighbours in the wrong order, where only one swap makes sense of the item
pub(super) fn swapped_neighbours(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    if site.text().len() > LONGEST {
        return None;
    }
    let here = site.current()?;
    let (mut before, mut after) = (site.before(), site.after());
    let (previous, next) = (before.next(), after.next());
    let pairs = [before.next().zip(previous), previous.zip(Some(here)), next.map(|next| (here, next))];
    let mut fitting = pairs.into_iter().flatten().filter_map(|pair| {
        if is_misspelt(site, pair.0) || is_misspelt(site, pair.1) {
            return None;
        }
        let edit = swap(site, pair)?;
        makes_sense(site, std::slice::from_ref(&edit)).then_some((pair, edit))
    });
    let ((first, second), edit) = fitting.next()?;
    if fitting.next().is_some() {
        return None;
    }
    let message = format!("`{}` and `{}` are in the wrong order", site.text_of(first), site.text_of(second));
    let written = edit.text.clone();
    let range = edit.span.range();
    Some(Repair::new(site, message, vec![edit]).title(format!("write `{written}`")).at(range))
}

/// Whether the token is a word of the language but for one letter, so that it is no name or value.
fn is_misspelt(site: &ErrorSite<'_, '_>, token: Token) -> bool {
    let word = site.text_of(token);
    let is_near =
        |entry: &vocabulary::WordEntry| word.len() > 3 && strsim::osa_distance(word, entry.word) == 1;
    token.kind == TokenKind::Word && !vocabulary::is_reserved(word) && vocabulary::entries().any(is_near)
}

/// `ba hand`, `vip ar big`: a word with one wrong letter, where one word of the language makes sense of the item
pub(super) fn wrong_letter(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    if site.text().len() > LONGEST {
        return None;
    }
    let here = site.current();
    let tokens = here.into_iter().chain(site.before().next());
    tokens.into_iter().find_map(|token| {
        let word = site.text_of(token);
        let is_word = matches!(token.kind, TokenKind::Word | TokenKind::Number);
        if !is_word || word.len() > 24 || vocabulary::is_reserved(word) {
            return None;
        }
        let near = vocabulary::entries().map(|entry| entry.word);
        let mut near: Vec<&str> = near.filter(|near| strsim::osa_distance(word, near) == 1).collect();
        near.sort_unstable();
        near.dedup();
        let replaced = |near: &&str| makes_sense(site, &[edit(token.span.range(), *near)]);
        let fitting: Vec<&str> = near.into_iter().filter(replaced).collect();
        let [only] = fitting.as_slice() else { return None };
        // The `1` of `per1 2h` belongs to the number.
        let is_digit = |c: char| c.is_ascii_digit();
        let loses_digit =
            word.len() != only.len() && (word.starts_with(is_digit) || word.ends_with(is_digit));
        // `lun` is Monday in other languages, and `jue` Thursday.
        let is_other_day =
            Weekday::parse(only).is_some() && word.len() == 3 && word.chars().next() != only.chars().next();
        if may_be_opposite(word, only) || loses_digit || is_other_day {
            return None;
        }
        let range = token.span.range();
        let repair =
            Repair::new(site, format!("`{word}` is not known here"), vec![edit(range.clone(), *only)]);
        Some(Repair { whole: true, ..repair.help(format!("did you mean `{only}`?")).at(range) })
    })
}

/// `assign skill nobody`, `customer.[city`: a word of the language or a sign that has no place here, where nothing can be
/// missing beside it
pub(super) fn stray(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    if site.text().len() > LONGEST {
        return None;
    }
    let here = site.current();
    let sign = site.before().next().filter(|before| before.kind == TokenKind::Sign);
    let is_doubled = here.zip(sign).is_some_and(|(here, sign)| site.text_of(here) == site.text_of(sign));
    here.into_iter().chain(sign).find_map(|token| {
        let (word, range) = (site.text_of(token), token.span.range());
        let can_stray = match token.kind {
            TokenKind::Word => {
                let next_is_first = site.after().next().is_none_or(|next| next.first);
                let is_joint = matches!(word, "and" | "or" | "not" | "else");
                // `reply rule "a"`: the item that starts here has a word too many before it.
                let starts_item = ItemWord::parse(word).is_some()
                    && site
                        .before()
                        .find(|before| before.span.end <= token.span.start)
                        .is_some_and(|before| before.first);
                !token.first && !next_is_first && !is_joint && !starts_item && vocabulary::is_reserved(word)
            }
            TokenKind::Sign => {
                // `2%` may be half of another number; `2h%` and `09:00%` are whole.
                let is_whole = || {
                    let before = site.text().get(..range.start).unwrap_or_default();
                    let start = before.len().saturating_sub("00:00".len());
                    before.ends_with(|c: char| c.is_ascii_alphabetic())
                        || before.get(start..).is_some_and(|time| time.as_bytes().get(2) == Some(&b':'))
                };
                matches!(
                    word,
                    "[" | "]" | "(" | ")" | "{" | "}" | "<" | ">" | "=" | "|" | "/" | "-" | "." | ","
                ) || (word == "%" && is_whole())
            }
            _ => false,
        };
        // `during mon-thu 09:00-17:00, fri 09:00-15:00`: without the day or the comma it would be another time.
        let is_day = |token: Token| Weekday::parse(site.text_of(token)).is_some();
        let next = site.patched.tokens.iter().copied().find(|next| next.span.start >= token.span.end);
        let separates_days = is_day(token) || word == "," && next.is_some_and(is_day);
        let removed = remove(site.text(), range.clone());
        // `tag rule "x"`: each of the two may be the one too many.
        let before = site.before().find(|before| before.span.end <= token.span.start);
        let is_other = before.is_some_and(|before| {
            let range = before.span.range();
            // `tag contains "x"`: or `reply contains "x"`.
            let mut siblings = vocabulary::siblings(site.text_of(before));
            makes_sense(site, &[remove(site.text(), range.clone())])
                || siblings.any(|other| makes_sense(site, &[edit(range.clone(), other)]))
        });
        if !can_stray
            || separates_days
            || is_doubled
            || is_other
            || !makes_sense(site, std::slice::from_ref(&removed))
            || may_lack(site, &range)
        {
            return None;
        }
        let repair = Repair::new(site, format!("`{word}` has no place here"), vec![removed]).at(range);
        Some(Repair { whole: true, ..repair.title(format!("remove `{word}`")) })
    })
}

/// Words that say nothing but how others belong together.
const JOINING: [&str; 15] = [
    "assign", "by", "with", "skill", "for", "among", "else", "in", "once", "per", "given", "when", "expect",
    "rule", "chats",
];

/// `any ["a", "b" or message is image`: the list ends before the joint
pub(super) fn list_end(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let joint = site.current().filter(|here| matches!(site.text_of(*here), "and" | "or"))?;
    let before = site.before().next().filter(|_| site.expects(Production::close_list))?;
    // In `["a", "b]" or`, the bracket is inside the text.
    let end = before.span.end as usize;
    let is_inside = site.text_of(before).ends_with("]\"");
    let edits = vec![if is_inside { edit(end - 2..end, "\"]") } else { insert(end, "]") }];
    let message = format!("`]` is missing before `{}`", site.text_of(joint));
    Some(Repair { whole: true, ..Repair::new(site, message, edits).title("write `]`") })
}

/// `group "Sales" skill "fr"`, `: group "Sales" by hand`: one word of the language is missing, and only one makes sense
pub(super) fn missing_word(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    if site.text().len() > LONGEST {
        return None;
    }
    let here = site.current().filter(|_| site.before().next().is_some())?;
    let start = here.span.start as usize;
    let words = site.error.expected.iter().flat_map(|production| first_words(*production));
    let mut words: Vec<&str> = words.collect();
    words.sort_unstable();
    words.dedup();
    let end = site.before().next()?.span.end as usize;
    // In `with 2, "bob"`, the word stands behind the number.
    let missing = |word: &str| match site.text_of(here) {
        "," => insert(end, format!(" {word}")),
        _ => insert(start, format!("{word} ")),
    };
    words.retain(|word| makes_sense(site, &[missing(word)]));
    // What a word says by itself may have been something else.
    let [word] = words.as_slice() else { return None };
    // `customer.plan not "gold"`
    let is_given = site.before().next().is_some_and(|before| site.text_of(before) == "given");
    let is_first_half = match (*word, site.text_of(here)) {
        // `customer.plan not "gold"`
        ("is", "not") => true,
        ("chat", "with" | "in") => is_given,
        _ => false,
    };
    if !JOINING.contains(word) && !is_first_half {
        return None;
    }
    let near = [site.before().next()?, here];
    if near.iter().any(|token| makes_sense(site, &[remove(site.text(), token.span.range())])) {
        return None;
    }
    let message = format!("`{word}` is missing before {}", quote(site.text_of(here)));
    let repair = Repair::new(site, message, vec![missing(word)]);
    let repair = repair.title(format!("write `{word}`"));
    // `after 5m assign …` on a line of its own: the `after` does not belong to the line before.
    let is_later = site.before().nth(1).is_some_and(|after| after.first && site.text_of(after) == "after");
    let repair = if *word == "expect" && is_later { repair.without_fix() } else { repair };
    Some(Repair { whole: true, ..repair })
}

/// `with +2 chats`: numbers have no `+`
pub(super) fn plus(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let sign = site.current().filter(|here| site.text_of(*here) == "+")?;
    let number = site.after().next().filter(|next| next.kind == TokenKind::Number)?;
    let touches = sign.span.end == number.span.start;
    let repair = Repair::new(site, "numbers have no `+`", vec![edit(sign.span.range(), "")]);
    touches.then_some(Repair { whole: true, ..repair })
}

/// The edit that swaps two neighbours on a line, of which one is a sign or a word of the language.
fn swap(site: &ErrorSite<'_, '_>, (first, second): (Token, Token)) -> Option<Edit> {
    let (left, right) = (site.text_of(first), site.text_of(second));
    let is_fixed = |token: Token| match token.kind {
        TokenKind::Sign => !matches!(site.text_of(token), "-" | ".."),
        TokenKind::Word => vocabulary::is_reserved(site.text_of(token)),
        _ => false,
    };
    // A bracket may have come from anywhere.
    let can_move = |token: Token| {
        matches!(token.kind, TokenKind::Sign | TokenKind::Word | TokenKind::Text)
            && !matches!(site.text_of(token), "not" | "(" | ")")
    };
    // `[, "b"]` and `["a", , "b"]` lost a value.
    let follows = site.before().find(|token| token.span.end <= first.span.start);
    let lost_value = left == "," && follows.is_some_and(|token| matches!(site.text_of(token), "[" | ","));
    if !(can_move(first) && can_move(second) && (is_fixed(first) || is_fixed(second)))
        || lost_value
        || site.breaks_between(first, second)
    {
        return None;
    }
    let range = first.span.start as usize..second.span.end as usize;
    let gap = site.text().get(first.span.end as usize..second.span.start as usize)?;
    Some(edit(range, format!("{right}{gap}{left}")))
}

/// `when a:` with `rule "x"` below it: the name stands above
pub(super) fn name_below_guard(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current().filter(|here| here.first && site.text_of(*here) == "rule")?;
    let name = site
        .after()
        .next()
        .filter(|name| name.kind == TokenKind::Text && site.expects(Production::action))?;
    let is_guard = |token: &Token| matches!(site.text_of(*token), "when" | "otherwise");
    let guard = site.before().filter(is_guard).last()?;
    let title = format!("rule {}", site.text_of(name));
    let last = site.before().next()?;
    let edits = vec![
        insert(guard.span.start as usize, format!("{title}\n{}", " ".repeat(site.patched.indent))),
        edit(last.span.end as usize..name.span.end as usize, ""),
    ];
    let word = site.text_of(guard);
    let repair = Repair::new(site, format!("`{title}` stands before `{word}`"), edits);
    let repair = repair.at(here.span.start as usize..name.span.end as usize);
    Some(Repair { whole: true, ..repair.title(format!("write it before `{word}`")) })
}
