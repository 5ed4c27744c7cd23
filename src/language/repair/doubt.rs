//! Why a repair may not be what was meant: a fix is offered only where one meaning can have been meant.

use std::ops::Range;

use super::super::error_site::{ErrorSite, quote};
use super::super::lexer::{Token, TokenKind};
use super::super::vocabulary::{self, Weekday, WordClass};
use super::remove;
use super::rivals::{makes_sense, may_lack, may_lack_word, text_without_quotes, word_too_many};
use crate::diagnostic::Edit;

/// What to do instead, if the edits may not be what was meant for one reason.
type Doubt = fn(&ErrorSite<'_, '_>, &[Edit]) -> Option<String>;

/// What to do instead of applying `edits`, if they may change the meaning.
pub(super) fn doubt(site: &ErrorSite<'_, '_>, edits: &[Edit]) -> Option<String> {
    const DOUBTS: [Doubt; 13] = [
        behind_comment,
        beside_quote,
        word_behind_quote,
        text_without_quotes,
        stray_not,
        lost_value,
        unbalanced,
        touching,
        doubtful_comma,
        invented_word,
        repeated_action,
        action_after_wait,
        word_too_many,
    ];
    DOUBTS.iter().find_map(|doubt| doubt(site, edits))
}

/// `when a # and b:`: what is missing may be in the comment.
fn behind_comment(site: &ErrorSite<'_, '_>, edits: &[Edit]) -> Option<String> {
    let tokens = &site.patched.tokens;
    let comment_after = |token: Token| {
        let next = tokens.partition_point(|other| other.span.start < token.span.end);
        let is_code = |comment: Token| !comment.first || is_line_of_code(site.text_of(comment));
        tokens.get(next).copied().filter(|next| next.kind == TokenKind::Comment && is_code(*next))
    };
    let before = site.before().next().and_then(comment_after);
    let is_missing = |comment: Token| {
        let written = site.text_of(comment);
        edits.iter().any(|edit| written.contains(edit.text.trim()))
    };
    // `12# :00`
    let is_cut = edits.iter().any(|edit| {
        let ends_here =
            |comment: &&Token| comment.kind == TokenKind::Comment && comment.span.start == edit.span.end;
        let rest = site.text().get(edit.span.end as usize..).unwrap_or_default();
        let closes_text = edit.text == "\"" && rest.trim_start_matches(' ').starts_with('#');
        let is_last = edit.span.end as usize == site.text().len() && site.patched.touches_comment;
        closes_text
            || (edit.span.start < edit.span.end && (is_last || tokens.iter().any(|token| ends_here(&token))))
    });
    // `with 1# chat`
    let touches =
        |token: Token| comment_after(token).is_some_and(|comment| comment.span.start == token.span.end);
    let is_glued = site.current().into_iter().chain(site.before().next()).any(touches);
    (is_cut || is_glued || before.is_some_and(is_missing))
        .then(|| "everything after `#` is a comment, up to the end of the line".to_owned())
}

/// Whether a comment of its own line was a part of the item: `# else group "Sales" by hand,`.
fn is_line_of_code(comment: &str) -> bool {
    let line = comment.trim_start_matches(['#', ' ']);
    let word = line.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
    vocabulary::is_reserved(word)
}

/// `message is "77:" tag "ad"`, `"need a visa"?`: the sign may belong on the other side of the quote.
fn beside_quote(site: &ErrorSite<'_, '_>, edits: &[Edit]) -> Option<String> {
    let [Edit { span, text }] = edits else { return None };
    let is_text = |token: &&Token| matches!(token.kind, TokenKind::Text | TokenKind::Pattern);
    let tokens = &site.patched.tokens;
    let before = tokens.iter().take_while(|token| token.span.end <= span.start).last().filter(is_text);
    let after = tokens.iter().find(|token| token.span.start >= span.end).filter(is_text);
    let inner = |token: &Token| site.text_of(*token).trim_matches(['"', '/']);
    let removed = site.text().get(span.range()).unwrap_or_default().trim();
    if !text.trim().is_empty() && span.start == span.end {
        let sign = text.trim();
        let is_sign = sign.chars().all(|c| c.is_ascii_punctuation() && c != '"' && c != '_');
        let near = before.filter(|before| inner(before).ends_with(sign));
        let near = near.or_else(|| after.filter(|after| inner(after).starts_with(sign)))?;
        return is_sign.then(|| {
            let near = quote(site.text_of(*near));
            format!("write another `{sign}` beside {near}, or move the one that is inside it")
        });
    }
    // Of two signs one may belong to the text, as in `is "77"::`. A bracket does only if its other half is there.
    let around = |at: Option<&str>| at.is_some_and(|rest| rest.starts_with(removed));
    let is_doubled = around(site.text().get(span.end as usize..))
        || around(site.text().get((span.start as usize).saturating_sub(removed.len())..));
    let is_of = |inner: &str| match removed {
        "?" | "!" | "." | "%" => true,
        ":" | "," => is_doubled,
        ")" => inner.contains('('),
        "(" => inner.contains(')'),
        _ => false,
    };
    let touches_before = before.is_some_and(|before| before.span.end == span.start && is_of(inner(before)));
    let touches_after = after.is_some_and(|after| after.span.start == span.end && is_of(inner(after)));
    (text.is_empty() && (touches_before || touches_after))
        .then(|| format!("write `{removed}` inside the quotes if it belongs to the text, or remove it"))
}

/// `with "skill customer.language and "visa"`: the word that is missing is behind the quote, which may have slipped in.
fn word_behind_quote(site: &ErrorSite<'_, '_>, edits: &[Edit]) -> Option<String> {
    let here = site.text_of(site.current()?);
    let inner = here.strip_prefix(['"', '\'', '“', '«'])?.trim_start();
    let first =
        inner.split(|c: char| !c.is_alphanumeric() && c != '_').next().filter(|word| !word.is_empty())?;
    let is_added = |edit: &Edit| edit.span.start == edit.span.end && edit.text.trim() == first;
    edits.iter().any(is_added).then(|| format!("write `{first}` before the quote, or remove the quote"))
}

/// `message not contains "x"`, `during not office`: the `not` may be in the wrong place, or one too many.
fn stray_not(site: &ErrorSite<'_, '_>, edits: &[Edit]) -> Option<String> {
    let (start, end) = (edits.first()?.span.start as usize, edits.last()?.span.end as usize);
    let not = tokens_in(site, start..end).find(|token| site.text_of(*token) == "not")?;
    let removed = remove(site.text(), not.span.range());
    let denies = |edit: &Edit| edit.text.split(' ').any(|word| matches!(word, "not" | "no"));
    if !edits.iter().any(denies) || !makes_sense(site, std::slice::from_ref(&removed)) {
        return None;
    }
    let part = |edits: &[Edit]| {
        let mut written = String::new();
        let mut at = start;
        for edit in edits {
            written += site.text().get(at..edit.span.start as usize)?;
            written += &edit.text;
            at = edit.span.end as usize;
        }
        written += site.text().get(at..end)?;
        Some(written.trim().to_owned())
    };
    Some(format!("write `{}` to deny it, or `{}` without the `not`", part(edits)?, part(&[removed])?))
}

/// `when and b`, `any ["a", , "b"]`: something may be missing, instead of something being there too often.
fn lost_value(site: &ErrorSite<'_, '_>, edits: &[Edit]) -> Option<String> {
    // What gives way to something else is not lost.
    if edits.iter().any(|edit| !edit.text.trim().is_empty()) {
        return None;
    }
    let removed = edits.iter();
    removed.flat_map(|edit| tokens_in(site, edit.span.range())).find_map(|token| {
        let snippet = site.text_of(token);
        match snippet {
            ";" if is_after_day(site, token) => Some(
                "write the days side by side if all have the same times, as in `sat sun 10:00-11:00`"
                    .to_owned(),
            ),
            // `fri and sat` is a list of days.
            "and" if is_after_day(site, token) => None,
            "and" if is_between_actions(site, token) => None,
            "and" | "or" | "not" => Some(format!("write the missing condition, or remove `{snippet}`")),
            "else" => Some("write the missing alternative, or remove `else`".to_owned()),
            "," if !is_doubled_sign(site, token) && may_lack(site, &token.span.range()) => {
                Some("write what is missing beside the `,`, or remove it".to_owned())
            }
            ":" if is_before_bracket(site, token) => {
                Some("write `:` after the whole condition, and its brackets before that".to_owned())
            }
            ":" if touches_number(site, token) => Some("times are written `09:00`".to_owned()),
            "." if touches_number(site, token) && may_lack(site, &token.span.range()) => {
                Some("write all of the number, as in `2.5`".to_owned())
            }
            _ if is_doubled_value(site, token) => None,
            _ if matches!(token.kind, TokenKind::Text | TokenKind::Number | TokenKind::Pattern) => {
                Some(format!("remove it, or write what is missing before {}", quote(snippet)))
            }
            _ => None,
        }
    })
}

/// Whether `comma` directly follows another, and nothing directly follows it.
fn is_doubled_sign(site: &ErrorSite<'_, '_>, comma: Token) -> bool {
    let text = site.text();
    let before = text.get(..comma.span.start as usize).unwrap_or_default();
    let after = text.get(comma.span.end as usize..).unwrap_or_default();
    before.ends_with(',') && after.starts_with(char::is_whitespace)
}

/// `"vip" "vip"`: whether `value` directly follows the same text or number, and nothing but a comma can be missing between
/// the two.
fn is_doubled_value(site: &ErrorSite<'_, '_>, value: Token) -> bool {
    let before = site.patched.tokens.iter().take_while(|other| other.span.start < value.span.start).last();
    before.is_some_and(|before| {
        let between = before.span.end as usize..value.span.start as usize;
        let is_space = site.text().get(between.clone()).is_some_and(|gap| gap.trim_matches(' ').is_empty());
        is_space && site.text_of(*before) == site.text_of(value) && !may_lack_word(site, &between)
    })
}

fn is_after_day(site: &ErrorSite<'_, '_>, token: Token) -> bool {
    let before = site.patched.tokens.iter().take_while(|other| other.span.start < token.span.start).last();
    before.is_some_and(|day| Weekday::parse(&site.text_of(*day).to_lowercase()).is_some())
}

/// `assign owner, and reply "Hi"`
fn is_between_actions(site: &ErrorSite<'_, '_>, token: Token) -> bool {
    let tokens = &site.patched.tokens;
    let at = tokens.partition_point(|other| other.span.start < token.span.start);
    let word = |index: usize| tokens.get(index).map(|token| site.text_of(*token)).unwrap_or_default();
    at.checked_sub(1).is_some_and(|before| word(before) == ",") && is_action(word(at + 1))
}

fn is_before_bracket(site: &ErrorSite<'_, '_>, sign: Token) -> bool {
    let after = site.text().get(sign.span.end as usize..).unwrap_or_default();
    after.trim_start().starts_with([')', ']'])
}

fn touches_number(site: &ErrorSite<'_, '_>, sign: Token) -> bool {
    let text = site.text();
    let before = text.get(..sign.span.start as usize).unwrap_or_default();
    let after = text.get(sign.span.end as usize..).unwrap_or_default();
    before.ends_with(|c: char| c.is_ascii_digit())
        || after.starts_with(|c: char| c.is_ascii_digit() || c == '-')
}

/// A bracket is added or removed in a condition that means something else with the bracket in another place.
fn unbalanced(site: &ErrorSite<'_, '_>, edits: &[Edit]) -> Option<String> {
    let written = |c: char| match c {
        '（' => '(',
        '）' => ')',
        _ => c,
    };
    let count = |text: &str, sign| text.chars().filter(|c| written(*c) == sign).count().cast_signed();
    let change = |sign| {
        edits
            .iter()
            .map(|edit| {
                let before = site.text().get(edit.span.range()).unwrap_or_default();
                count(&edit.text, sign) - count(before, sign)
            })
            .sum::<isize>()
    };
    if change('(') == change(')') {
        return None;
    }
    let words = site.patched.tokens.iter().filter(|token| token.kind == TokenKind::Word);
    let mut kinds: Vec<&str> = words
        .map(|token| site.text_of(*token))
        .filter(|word| matches!(*word, "and" | "or" | "not"))
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    (kinds.len() > 1)
        .then(|| "write `(` where the part that belongs together starts, and `)` where it ends".to_owned())
}

/// The part of a condition in which a bracket is missing, if `edits` add or remove one.
pub(super) fn unbalanced_part(site: &ErrorSite<'_, '_>, edits: &[Edit]) -> Option<Range<usize>> {
    unbalanced(site, edits)?;
    let end = site.before().next()?.span.end as usize;
    let (mut start, mut closed) = (end, 0_u32);
    for token in site.before() {
        match site.text_of(token) {
            ")" => closed += 1,
            "(" if closed == 0 => return Some(token.span.start as usize..end),
            "(" => closed -= 1,
            "when" | "=" if closed == 0 => break,
            _ => {}
        }
        start = token.span.start as usize;
    }
    Some(start..end)
}

/// Two words or numbers are joined: `3 5` is not `35`.
fn touching(site: &ErrorSite<'_, '_>, edits: &[Edit]) -> Option<String> {
    let joins = |edit: &&Edit| {
        let before =
            site.text().get(..edit.span.start as usize).and_then(|before| before.chars().next_back());
        let after = site.text().get(edit.span.end as usize..).and_then(|after| after.chars().next());
        let is_wordy = |c: char| c.is_alphanumeric() || c == '_';
        let first = edit.text.chars().next().or(after);
        let last = edit.text.chars().next_back().or(before);
        let joined = |left: Option<char>, right: Option<char>| {
            left.is_some_and(is_wordy) && right.is_some_and(is_wordy)
        };
        let was_joined = edit.span.start == edit.span.end && joined(before, after);
        let was = site.text().get(edit.span.range()).unwrap_or_default();
        let was_first = was.chars().next().is_some_and(is_wordy);
        let was_last = was.chars().next_back().is_some_and(is_wordy);
        !was_joined && ((joined(before, first) && !was_first) || (joined(last, after) && !was_last))
    };
    edits.iter().find(joins).map(|_| "leave a space between words and numbers".to_owned())
}

/// A comma would take in what may not belong to the list: the same word again, or a line that is no action.
fn doubtful_comma(site: &ErrorSite<'_, '_>, edits: &[Edit]) -> Option<String> {
    let [Edit { span, text }] = edits else { return None };
    if text != "," || span.start != span.end {
        return None;
    }
    let (before, here) = (site.before().next()?, site.current()?);
    let (last, next) = (site.text_of(before), site.text_of(here));
    if last == next {
        return Some(format!("{} is here twice; remove one of them", quote(next)));
    }
    // `any ["refund," "money"]`: the comma is in the wrong place. `any [orders "Cairo"]`: `orders` is no text.
    let is_inside = last.ends_with(",\"") || next.starts_with("\",");
    // After `with 2 chats` nothing but another user comes as a text.
    let is_mixed = matches!(before.kind, TokenKind::Word | TokenKind::Number)
        && here.kind == TokenKind::Text
        && !matches!(last, "chat" | "chats");
    if is_inside || is_mixed {
        return Some(format!("write `,` between {} and {} if both are meant", quote(last), quote(next)));
    }
    let is_line = site.breaks_between(before, here) && here.kind == TokenKind::Word;
    (is_line && !is_action(next))
        .then(|| format!("write `,` before {} if it belongs to the list", quote(next)))
}

/// `given customer tag "vip", "EG"`: the second may be a tag, or lack the name of an attribute.
fn invented_word(site: &ErrorSite<'_, '_>, edits: &[Edit]) -> Option<String> {
    // In a rule or definition that can be about open chats, a tag may be that of the chat.
    let tag = edits.iter().find_map(|edit| {
        let before = site.text().get(edit.span.range()).unwrap_or_default();
        let lacks_subject = before.starts_with("has") || before.starts_with("tag");
        edit.text.strip_prefix("customer has tag ").filter(|_| lacks_subject)
    });
    if let Some(tag) = tag
        && site
            .patched
            .tokens
            .iter()
            .any(|token| matches!(site.text_of(*token), "also" | "move" | "chat" | "let"))
    {
        return Some(format!(
            "write `customer has tag {tag}` for a tag of the customer, or `chat has tag {tag}` for one of the chat"
        ));
    }
    let starts = site.before().find(|token| token.first).map(|token| site.text_of(token));
    let is_word = |edit: &Edit| {
        edit.span.start == edit.span.end && edit.text.trim().bytes().all(|byte| byte.is_ascii_lowercase())
    };
    let word = edits.iter().find(|edit| is_word(edit) && edit.text.len() > 2)?.text.trim();
    let here = site.current()?;
    // `given online "bob" 2 chats`
    let is_count = word == "with" && here.kind == TokenKind::Number;
    (starts == Some("given") && !here.first && !is_count)
        .then(|| format!("write what it is, as in `{word} …`"))
}

fn is_action(word: &str) -> bool {
    vocabulary::is_of_class(word, WordClass::Action)
}

/// An action is there twice: the second would be done too.
fn repeated_action(site: &ErrorSite<'_, '_>, edits: &[Edit]) -> Option<String> {
    let here =
        site.current().filter(|here| vocabulary::is_of_class(site.text_of(*here), WordClass::Action))?;
    edits.iter().find(|edit| edit.text.contains(','))?;
    let next = site.after().next()?;
    let pair = (site.text_of(here), site.text_of(next));
    let before: Vec<Token> = site.before().collect();
    let is_same = |pair_before: &[Token]| match pair_before {
        [second, first] => (site.text_of(*first), site.text_of(*second)) == pair,
        _ => false,
    };
    before.windows(2).any(is_same).then(|| {
        format!("`{} {}` is here twice; remove one of them", pair.0, quote(pair.1).trim_matches('`'))
    })
}

/// `assign owner for 5m else group "Sales" by hand and reply "x"`: the reply may be meant for after the 5 minutes.
fn action_after_wait(site: &ErrorSite<'_, '_>, edits: &[Edit]) -> Option<String> {
    // `, then reply "x"` loses its `then`.
    let is_joint = |edit: &&Edit| {
        let before = site.text().get(edit.span.range()).unwrap_or_default().trim();
        edit.text.starts_with(',') || (edit.text.is_empty() && matches!(before, "then" | "and"))
    };
    let comma = edits.iter().find(is_joint)?;
    let tokens = &site.patched.tokens;
    let next = tokens.partition_point(|token| token.span.start < comma.span.end);
    let action = *tokens.get(next).filter(|next| is_action(site.text_of(**next)))?;
    // On a line of its own, it is an action like any other.
    if action.first && comma.span.start == comma.span.end {
        return None;
    }
    let before = tokens.get(..next)?.iter().rev().map(|token| site.text_of(*token));
    let assignment: Vec<&str> = before.take_while(|word| *word != "assign").take(200).collect();
    // Another action stands between, so this one is not joined to the alternative.
    if comma.span.start == comma.span.end && assignment.iter().any(|word| is_action(word)) {
        return None;
    }
    let otherwise = assignment.iter().position(|word| *word == "else")?;
    let wait = assignment.iter().skip(otherwise).position(|word| *word == "for")? + otherwise;
    let time = assignment.get(wait.checked_sub(1)?)?;
    let what = tokens.get(next + 1).map(|value| site.text_of(*value)).unwrap_or_default();
    let action = format!("{} {what}", site.text_of(action));
    Some(format!(
        "write `, {action}` to do it at once, or `, {action} after {time}` to do it {time} after the message"
    ))
}

/// The tokens in `range`.
fn tokens_in(site: &ErrorSite<'_, '_>, range: Range<usize>) -> impl Iterator<Item = Token> {
    let tokens = site.patched.tokens.iter().copied();
    tokens
        .skip_while(move |token| (token.span.start as usize) < range.start)
        .take_while(move |token| token.span.end as usize <= range.end)
}
