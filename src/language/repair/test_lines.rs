//! Lines of tests in other words: `after 10m expect waiting`, `given "alice" is online`, `expect waiting and no reply`.

use super::super::error_site::{ErrorSite, quote};
use super::super::grammar::Production;
use super::super::lexer::{Token, TokenKind};
use super::super::vocabulary::{self, MessageKind, WordClass};
use super::calendar::{line, read_duration, weekday};
use super::phrases::Explanation;
use super::{Repair, edit, insert};
use crate::text::quoted;

/// What can follow `given`.
const GIVEN: [&str; 10] =
    ["at", "away", "chat", "customer", "message", "number", "offline", "online", "turn", "waiting"];

/// What can follow `expect`.
const EXPECT: [&str; 9] = ["after", "also", "assign", "kept", "no", "priority", "reply", "tag", "waiting"];

/// `after 10m expect waiting`, `in 10m expect waiting`, `10m later expect waiting`: the time comes after `expect`
pub(super) fn time_before_expect(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let tokens = line_and_next(site)?;
    let (first, second) = (*tokens.first()?, *tokens.get(1)?);
    let time = match (site.text_of(first).to_lowercase().as_str(), site.text_of(second)) {
        ("in" | "after" | "within", _) => second,
        (_, "later") => first,
        _ => return None,
    };
    let start = time.span.start as usize;
    let (length, time) = read_duration(line(site, start)?)
        .filter(|_| time.kind == TokenKind::Number && site.expects(Production::EOI))?;
    let is_rest = |token: &&Token| token.span.start as usize >= start + length;
    let expect =
        tokens.iter().filter(is_rest).find(|token| !matches!(site.text_of(**token), "," | ":" | "later"))?;
    if site.text_of(*expect) != "expect" {
        return None;
    }
    let edits = vec![
        edit(first.span.start as usize..expect.span.start as usize, ""),
        insert(expect.span.end as usize, format!(" after {time}")),
    ];
    let repair = Repair::new(site, format!("`after {time}` comes directly after `expect`"), edits);
    let repair = repair.at(first.span.start as usize..start + length);
    Some(repair.help(format!("write `expect after {time} …`")).title(format!("write `expect after {time}`")))
}

/// `expect waiting and no reply`, `given message "x" and at fri 22:00`, `and expect waiting`: each has a line of its own
pub(super) fn joined_lines(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let tokens = line_and_next(site)?;
    let start = *tokens.first()?;
    let here = site.current()?;
    // `, at fri 22:00` reads on to the time.
    let joint = match site.before().take(3).collect::<Vec<_>>().as_slice() {
        [_, at, comma] if site.text_of(*at) == "at" && site.text_of(*comma) == "," => *comma,
        _ if matches!(site.text_of(here), "," | "and" | "&" | "then") => here,
        _ => return None,
    };
    let next = site.patched.tokens.iter().find(|token| token.span.start >= joint.span.end).copied()?;
    let (line_word, next_word) = (site.text_of(start), site.text_of(next));
    let range = joint.span.start as usize..next.span.start as usize;
    if joint.first && matches!(next_word, "expect" | "given") && !next.first {
        let edits = vec![edit(range.start..next.span.end as usize, next_word)];
        let repair = Repair::new(site, format!("`{}` is not needed here", site.text_of(joint)), edits);
        return Some(repair.title(format!("remove `{}`", site.text_of(joint))).at(joint.span.range()));
    }
    let rule_after = || site.patched.tokens.iter().find(|token| token.span.start >= next.span.end).copied();
    let can_follow = match line_word {
        "given" => GIVEN.contains(&next_word),
        "expect" if matches!(next_word, "not" | "rule") => {
            rule_after().is_some_and(|rule| site.text_of(rule) == "rule" || rule.kind == TokenKind::Text)
        }
        "expect" => EXPECT.contains(&next_word),
        _ => false,
    };
    if !can_follow || next.first {
        return None;
    }
    let before = site.patched.tokens.iter().take_while(|token| token.span.end <= joint.span.start).last()?;
    let line_start = site.text().get(..start.span.start as usize)?.rsplit('\n').next()?;
    let indent = if line_start.trim().is_empty() { line_start } else { "    " };
    let edits =
        vec![edit(before.span.end as usize..next.span.start as usize, format!("\n{indent}{line_word} "))];
    let repair = Repair::new(site, format!("each `{line_word}` has a line of its own"), edits);
    let written = format!("{line_word} {next_word}");
    Some(
        repair
            .title(format!("write `{written}` on a line of its own"))
            .at(joint.span.start as usize..next.span.end as usize),
    )
}

/// `given the message "x"`
pub(super) fn article(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current().filter(|_| is_test(site))?;
    let word = site.text_of(here);
    let is_start =
        site.before().next().is_some_and(|before| matches!(site.text_of(before), "given" | "expect"));
    let next = site.after().next()?;
    let edits = vec![edit(here.span.start as usize..next.span.start as usize, "")];
    let is_article = matches!(word.to_lowercase().as_str(), "the" | "a" | "an" | "that");
    (is_start && is_article && !next.first).then(|| {
        let repair = Repair::new(site, format!("`{word}` is not needed here"), edits);
        repair.title(format!("remove `{word}`"))
    })
}

/// `given chat waiting for 10m`
pub(super) fn waiting_for(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current().filter(|here| site.text_of(*here) == "for" && is_test(site))?;
    let before = site.before().next()?;
    let (start, written) = match site.text_of(before) {
        "waiting" => (before.span.end, ", waiting_for"),
        "open" => (before.span.start, "open_for"),
        _ => return None,
    };
    let is_time = site.after().next().is_some_and(|next| next.kind == TokenKind::Number);
    let range = before.span.start as usize..here.span.end as usize;
    let word = written.trim_start_matches([',', ' ']);
    let message = format!("write `{word}`, not `{}`", site.text().get(range.clone())?);
    let edits = vec![edit(start as usize..here.span.end as usize, written)];
    is_time.then(|| Repair::new(site, message, edits).title(format!("write `{word}`")).at(range))
}

/// `given message I want a refund`
pub(super) fn bare_message(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let tokens = line_and_next(site)?;
    let is_given = tokens.iter().map(|token| site.text_of(*token)).take(2).eq(["given", "message"]);
    let words: Vec<Token> = tokens.iter().copied().skip(2).take_while(|token| !token.first).collect();
    let (first, last) = (*words.first()?, *words.last()?);
    let is_part = |token: &Token| {
        let word = site.text_of(*token);
        matches!(token.kind, TokenKind::Text | TokenKind::Quoted | TokenKind::Unclosed)
            || matches!(word, "," | "\"" | ":")
            || vocabulary::is_of_class(word, WordClass::TestPart)
    };
    let joined = |count: usize| words.iter().take(count).map(|word| site.text_of(*word)).collect::<String>();
    // A kind may have been broken in two, as in `aud io`, or stand behind what slipped in, as in `= audio`.
    let kind = |word: &str| MessageKind::parse(&word.to_lowercase()).is_some();
    // In `stick}er`, a sign slipped in.
    let letters: String = words.iter().take(3).map(|word| site.text_of(*word)).collect();
    let letters: String = letters.chars().filter(|c| c.is_alphanumeric()).collect();
    let is_kind = kind(&joined(2)) || kind(&letters) || words.iter().any(|word| kind(site.text_of(*word)));
    if !is_given || words.len() < 2 || is_kind || words.iter().any(is_part) {
        return None;
    }
    let range = first.span.start as usize..last.span.end as usize;
    let text = quoted(site.text().get(range.clone())?);
    let repair = Repair::new(
        site,
        format!("{} has no quotes around it", quote(site.text().get(range.clone())?)),
        vec![edit(range.clone(), &*text)],
    );
    Some(repair.help(format!("write `given message {text}`")).title("put it in quotes").at(range))
}

/// `given "alice" is online`, `given "alice" and "bob" online`
pub(super) fn presence_last(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current().filter(|_| is_test(site) && site.expects(Production::TURN))?;
    let line: Vec<Token> =
        std::iter::once(here).chain(site.after().take_while(|token| !token.first)).collect();
    let (presence, mut users) = line.split_last()?;
    if let Some((verb, rest)) = users.split_last()
        && matches!(site.text_of(*verb), "is" | "are")
    {
        users = rest;
    }
    let is_list = users.iter().enumerate().all(|(index, token)| match index % 2 {
        0 => token.kind == TokenKind::Text,
        _ => matches!(site.text_of(*token), "," | "and" | "&"),
    });
    let word = site.text_of(*presence);
    if !is_list || users.len() % 2 == 0 || !matches!(word, "online" | "away" | "offline") {
        return None;
    }
    let names: Vec<&str> = users.iter().step_by(2).map(|user| site.text_of(*user)).collect();
    let written = format!("{word} {}", names.join(", "));
    let range = here.span.start as usize..presence.span.end as usize;
    let message = format!("write `{written}`, not `{}`", site.text().get(range.clone())?);
    Some(Repair::new(site, message, vec![edit(range.clone(), &*written)]).at(range))
}

/// `given monday 22:00`, `given on fri 22:00`: `at` is missing
pub(super) fn moment(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current().filter(|_| is_test(site) && site.expects(Production::TURN))?;
    let mut rest = site.after().take_while(|token| !token.first);
    let day = if site.text_of(here) == "on" { rest.next()? } else { here };
    let start = here;
    let at = rest.next().filter(|at| site.text_of(*at) == "at");
    let is_date = || site.text_of(day).len() == 4 && day.kind == TokenKind::Number;
    let weekday = weekday(site.text_of(day));
    if !(weekday.is_some() || is_date()) || !rest.any(|token| site.text_of(token) == ":") {
        return None;
    }
    let range = start.span.start as usize..day.span.end as usize;
    let written = match weekday {
        Some(weekday) => format!("at {weekday}"),
        // A date goes on behind its year.
        None => format!("at {}", site.text_of(day)),
    };
    let mut edits = vec![edit(range.clone(), &*written)];
    edits.extend(at.map(|at| edit(day.span.end as usize..at.span.end as usize, "")));
    let message = format!("`at` is missing before {}", quote(site.text_of(day)));
    let repair = Repair::new(site, message, edits);
    Some(repair.title(format!("write `{}`", written.trim())).at(range))
}

/// `expect user "bob"`, `expect group "Sales"`
pub(super) fn assign_left_out(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current().filter(|_| is_test(site) && site.expects(Production::KEPT))?;
    let word = Some(site.text_of(here)).filter(|word| matches!(*word, "user" | "group"))?;
    let name = site.after().next().filter(|name| name.kind == TokenKind::Text)?;
    let edits = vec![edit(here.span.range(), format!("assign {word}"))];
    let repair = Repair::new(site, format!("`assign` is missing before `{word}`"), edits);
    Some(repair.help(format!("write `expect assign {word} {}`", site.text_of(name))).title("write `assign`"))
}

/// What is wrong with a line of a test that has no repair.
pub(super) fn explanation(site: &ErrorSite<'_, '_>) -> Option<Explanation> {
    let tokens = line_and_next(site)?;
    let line: Vec<Token> = tokens
        .iter()
        .copied()
        .enumerate()
        .take_while(|(at, token)| *at == 0 || !token.first)
        .map(|(_, token)| token)
        .collect();
    let words: Vec<&str> = line.iter().map(|token| site.text_of(*token)).collect();
    let text = |index: usize| {
        line.get(index).filter(|token| token.kind == TokenKind::Text).map(|token| site.text_of(*token))
    };
    let (from, to, message, help) = match *words.as_slice() {
        ["expect", "not", "reply", _, ..] if text(3).is_some() => (1, 2, "`not` comes before `rule` only", "write `expect no reply`, or the reply that you expect".to_owned()),
        ["expect", "not", what, ..] if !matches!(what, "rule" | "tag" | "reply") => (
            1,
            2,
            "`not` comes before `rule` only",
            "write what happens instead, as in `expect assign user \"alice\"` or `expect waiting`; `expect not rule \"…\"` says that a rule does not act".to_owned(),
        ),
        ["expect", "no", "assign" | "user" | "group" | "assignment", ..] => (
            1,
            2,
            "`no` comes before `rule`, `reply` or `tag`",
            "write `expect waiting` if the chat waits, or `expect assign nobody` if nobody takes it".to_owned(),
        ),
        ["expect", _, ref rest @ ..] if text(1).is_some() && !is_swapped(rest) => (
            1,
            1,
            "this does not say what is expected",
            format!("write `expect reply {0}` for a reply, or `expect rule {0}` for a rule", text(1)?),
        ),
        ["expect", "otherwise", ..] | ["expect", "rule", "otherwise", ..] => (
            1,
            words.len().min(3) - 1,
            "a rule is expected by its name",
            "give it a name, as in `rule \"anything else\"` on the line above `otherwise:`, and write `expect rule \"anything else\"`".to_owned(),
        ),
        ["expect", "owner", ..] | ["expect", "assign", "owner", ..] => (
            1,
            words.len().min(3) - 1,
            "a test expects a certain user",
            "write who is the owner, as in `given customer owner \"alice\"` and `expect assign user \"alice\"`".to_owned(),
        ),
        ["expect", "assign" | "assigned", ref rest @ ..] if !says_kind(rest) => {
            let to = usize::from(rest.first() == Some(&"to"));
            let name = *line.get(2 + to)?;
            let name = match name.kind {
                TokenKind::Text => site.text_of(name).to_owned(),
                TokenKind::Word if !vocabulary::is_reserved(site.text_of(name)) => quoted(site.text_of(name)),
                _ => return None,
            };
            let help = format!("write `expect assign user {name}`, or `expect assign group {name}`");
            (1, 2 + to, "this does not say whether a user or a group takes the chat", help)
        }
        ["expect", "waiting", "in" | "for", _, ..] | ["expect", "queue", _, ..] => {
            let name = line.iter().skip(2).find(|token| token.kind == TokenKind::Text)?;
            let help = format!("write `expect assign group {}`, and `expect waiting` on a line of its own", site.text_of(*name));
            (1, words.len().min(4) - 1, "`waiting` takes no group", help)
        }
        ["given", "everyone" | "everybody" | "all" | "somebody" | "someone", ..] => (
            1,
            1,
            "users are given by their names",
            "list them, as in `given online \"alice\", group \"Sales\"`".to_owned(),
        ),
        ["given", "nobody" | "noone" | "none", ..] | ["given", "no", "one", ..] => (
            1,
            1,
            "users are given by their names",
            "everybody is offline where nothing else is given, so remove this line".to_owned(),
        ),
        ["given", "time" | "date" | "day", _, ..] => (
            1,
            1,
            "the moment is given with `at`",
            "write the day or the date and the time, as in `given at mon 22:00` or `given at 2026-11-24 18:30`"
                .to_owned(),
        ),
        ["given", "at", ..] if text_is_time(site, &line) => (
            1,
            2,
            "a moment has a day",
            "write the day or the date too, as in `given at mon 22:00` or `given at 2026-11-24 18:30`".to_owned(),
        ),
        ["given", "message", "contains" | "starts" | "matches" | "has", ..] => {
            (2, 2, "a test gives the whole message", "write what the customer writes, as in `given message \"I want a refund\"`".to_owned())
        }
        ["given", name, "is", "online" | "away" | "offline", ..] if line.get(1)?.kind == TokenKind::Word => {
            let presence = words.get(3)?;
            (1, 3, "users are given by their names", format!("write `given {presence} \"{name}\"`, with the name that the user has in `inbox.toml`"))
        }
        _ => return None,
    };
    let range = line.get(from)?.span.start as usize..line.get(to)?.span.end as usize;
    (site.error.at <= range.end && range.start <= site.error.at).then(|| Explanation {
        range,
        message: message.to_owned(),
        help,
    })
}

/// `expect "a" rule`: the word that says what is expected stands after the text.
fn is_swapped(after_text: &[&str]) -> bool {
    after_text.first().is_some_and(|word| matches!(*word, "rule" | "reply" | "tag"))
}

/// `agent "bob"`, `to USER "bob"`, `"bob" user`: whether a word says that a user or a group is meant.
fn says_kind(words: &[&str]) -> bool {
    const KINDS: [&str; 6] = ["user", "group", "agent", "person", "team", "department"];
    let is_kind = |word: &str| KINDS.iter().any(|kind| strsim::osa_distance(&word.to_lowercase(), kind) < 2);
    let is_name = |word: &str| word.starts_with(['"', '[']) || matches!(word, "any" | "one");
    match words.strip_prefix(&["to"]).unwrap_or(words) {
        [first, second, ..] => (is_kind(first) && is_name(second)) || (is_name(first) && is_kind(second)),
        _ => false,
    }
}

/// Whether a time follows the second word.
fn text_is_time(site: &ErrorSite<'_, '_>, line: &[Token]) -> bool {
    let word = |index: usize| line.get(index).map(|token| site.text_of(*token)).unwrap_or_default();
    let is_date = || matches!(word(3), "." | "/") && !word(4).is_empty();
    word(2).bytes().next().is_some_and(|byte| byte.is_ascii_digit()) && word(2).len() < 4 && !is_date()
}

fn is_test(site: &ErrorSite<'_, '_>) -> bool {
    let first = site.patched.tokens.iter().find(|token| token.kind != TokenKind::Comment);
    first.is_some_and(|first| site.text_of(*first) == "test")
}

/// The tokens from the start of the line where parsing stopped to the end of the next line, if that is a line of a test.
fn line_and_next(site: &ErrorSite<'_, '_>) -> Option<Vec<Token>> {
    if !is_test(site) || site.patched.tokens.len() > MAX_ITEM {
        return None;
    }
    let tokens = site.patched.tokens.iter().filter(|token| token.kind != TokenKind::Comment);
    let tokens: Vec<Token> = tokens.copied().collect();
    let here = tokens.partition_point(|token| (token.span.end as usize) <= site.error.at);
    let starts = |token: &Token| token.first || matches!(site.text_of(*token), "given" | "expect");
    let start = tokens.get(..=here.min(tokens.len().checked_sub(1)?))?.iter().rposition(starts)?;
    let rest = tokens.get(start..)?;
    let lines = rest.iter().scan(0, |lines, token| {
        *lines += usize::from(token.first);
        Some(*lines)
    });
    let first_line = usize::from(rest.first()?.first);
    let length = lines.take_while(|line| *line <= first_line + 1).count();
    rest.get(..length.min(MAX_TOKENS)).map(<[Token]>::to_vec)
}

/// Every rule of the repairs asks for the line, so those of very long items are not looked for, and of a long line only
/// the start.
const MAX_ITEM: usize = 2_000;
const MAX_TOKENS: usize = 100;
