//! What people say where the language has a word for it: `customer is new`, `nobody is online`, `outside office hours`.
//! The tables are in `phrase_table.rs`; here they are matched with the clause in which parsing stopped.

use std::ops::Range;

use super::super::error_site::{ErrorSite, quote};
use super::super::grammar::Production;
use super::super::lexer::{Token, TokenKind};
use super::super::recovery::{Clause, clause};
use super::super::vocabulary::{self, BuiltIn, Comparison, FactWord, MessageKind, WordClass};
use super::phrase_table::{ALSO_NAMES, BETWEEN, UNKNOWN, UNSAYABLE, Unsayable, WRITTEN};
use super::synonyms::code_of;
use super::times::{Clock, TimePair, format_minutes};
use super::{Repair, edit, insert};

/// A phrase that was found: what it covers, and the values of the words in capitals.
struct Match {
    range: Range<usize>,
    length: usize,
    values: Vec<String>,
    /// The text from its first time to its last.
    times: Option<Range<usize>>,
}

/// `customer is new` → `new_customer`
pub(super) fn phrase(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let clause = clause(site)?;
    let found = WRITTEN.iter().filter_map(|(said, written)| Some((find(site, &clause, said)?, *written)));
    let (found, written) = longest(found)?;
    let unsayable = UNSAYABLE.iter().filter_map(|row| find(site, &clause, row.said));
    if unsayable.map(|other| other.length).max() > Some(found.length) {
        return None;
    }
    let replacement = fill(written, &found.values);
    let snippet = site.text().get(found.range.clone())?;
    // `message has button` asks for what a message of another kind may carry too.
    let may_be_carried =
        snippet.to_lowercase().starts_with("message has") && replacement == "message is button";
    if may_be_carried && found.length == 3 {
        return None;
    }
    let message = format!("write `{replacement}`, not `{snippet}`");
    let code = code_of(replacement.split(' ').next().unwrap_or_default());
    let repair = Repair::new(site, message, vec![edit(found.range.clone(), replacement)]);
    let repair = repair.code(code).at(found.range.clone());
    if may_be_carried {
        let help = "write `message is button` for the kind, or `message has button` for any message with the id of a button";
        return Some(repair.help(help).without_fix());
    }
    if written == BETWEEN {
        let help = format!(
            "write `{}`, or `>` and `<` if the two numbers are left out",
            fill(written, &found.values)
        );
        return Some(repair.help(help).without_fix());
    }
    let is_one_sided = written.contains("00:00-{1}") || written.contains("{1}-24:00");
    let is_whole_day = || found.values.first().is_some_and(|time| time == "00:00");
    if is_one_sided && (clause.is_negated || is_whole_day() || is_denied_with_next(site, &clause, &found)) {
        // `not after 18:00 or before 08:00`: is the second denied too?
        let help = "write the times that are meant, as in `during 08:00-18:00` or `not during 08:00-18:00`";
        return Some(repair.help(help).without_fix());
    }
    Some(match open_times(site, written, &found) {
        Some(question) => Repair { message: format!("`{snippet}` can be read in two ways"), ..repair }
            .help(question)
            .without_fix(),
        None => repair,
    })
}

/// `not after 18:00 or before 08:00`: whether the phrase is denied, and another time follows it.
fn is_denied_with_next(site: &ErrorSite<'_, '_>, clause: &Clause, found: &Match) -> bool {
    let before = site.text().get(..found.range.start).unwrap_or_default().trim_end();
    let word = |index: usize| clause.tokens.get(index).map(|token| site.text_of(*token)).unwrap_or_default();
    before.ends_with("not")
        && matches!(word(clause.length), "and" | "or")
        && matches!(word(clause.length + 1), "after" | "before")
}

/// Which times are meant, if that is open: `between 9 and 5` may end in the afternoon, `after 5` may be in the afternoon.
fn open_times(site: &ErrorSite<'_, '_>, written: &str, found: &Match) -> Option<String> {
    let text = site.text().get(found.times.clone()?)?;
    if written.contains("{1}-{2}") {
        return TimePair::read(&format!("between {text}"))?.question("during ");
    }
    let times = Clock::read(text, written.contains("-{1}"))?.readings();
    let of = |minutes: &u32| format!("`{}`", fill(written, &[format_minutes(*minutes)]));
    (times.len() > 1).then(|| format!("write {}", times.iter().map(of).collect::<Vec<_>>().join(" or ")))
}

/// What is wrong, and the way round it.
pub(in super::super) struct Explanation {
    pub range: Range<usize>,
    pub message: String,
    pub help: String,
}

/// What is wrong, if the clause in which parsing stopped asks for what no condition asks.
pub(in super::super) fn unsayable(site: &ErrorSite<'_, '_>) -> Option<Explanation> {
    explain(site, UNSAYABLE)
        .or_else(|| super::test_lines::explanation(site))
        .or_else(|| super::assignments::explanation(site))
        .or_else(|| super::actions::several_groups(site))
        .or_else(|| super::actions::several_users(site))
        .or_else(|| super::actions::removed_tag(site))
        .or_else(|| super::actions::otherwise_in_line(site))
        .or_else(|| super::actions::condition_of_otherwise(site))
        .or_else(|| super::months::long_duration(site))
        .or_else(|| name_after_fact(site))
}

/// `has_owner "bob"`: most facts ask about nobody in particular
fn name_after_fact(site: &ErrorSite<'_, '_>) -> Option<Explanation> {
    let here = site.current().filter(|here| here.kind == TokenKind::Text && site.expects(Production::IN))?;
    let (word, name) = (site.text_of(site.before().next()?), site.text_of(here));
    let fact = FactWord::parse(word).filter(|fact| !fact.takes_group())?;
    let help = match fact {
        FactWord::HasOwner | FactWord::OwnerOnline | FactWord::OwnerOffline | FactWord::OwnerAway => {
            "there is no condition for who the owner is; `assign owner` gives the chat to the owner, whoever that is"
                .to_owned()
        }
        FactWord::UserOnline | FactWord::UserOffline | FactWord::UserAway => {
            format!("ask for who has the chat too: `chat with {name} and {word}`")
        }
        FactWord::ChatOpen | FactWord::ChatWaiting | FactWord::ChatAnswered => {
            format!("ask for the group of the chat too: `{word} and chat in {name}`")
        }
        _ => format!("write `{word}` alone, or join it to another condition by `and` or `or`"),
    };
    Some(Explanation { range: here.span.range(), message: format!("`{word}` takes no name"), help })
}

/// What is wrong, if no condition asks that or no repair is known.
pub(in super::super) fn explanation(site: &ErrorSite<'_, '_>) -> Option<Explanation> {
    unsayable(site)
        .or_else(|| explain(site, UNKNOWN))
        .or_else(|| super::months::hours_in_words(site))
        .or_else(|| super::actions::explanation(site))
        .or_else(|| super::figures::amount(site))
        .or_else(|| super::texts::doubled_quotes(site))
        .or_else(|| incomplete_clause(site))
}

/// What the clause before asks of its text: the `customer has tag` of `customer has tag "a" and not "b"`.
fn test_before<'d>(site: &ErrorSite<'d, '_>) -> Option<&'d str> {
    let before = clause(site)?.before;
    let value = before.iter().position(|token| token.kind == TokenKind::Text)?;
    let test = before.get(..value)?.split(|token| matches!(site.text_of(*token), "any" | "[")).next()?;
    site.text().get(test.first()?.span.start as usize..test.last()?.span.end as usize)
}

/// A clause that starts with a test, or that follows another without a joint.
fn incomplete_clause(site: &ErrorSite<'_, '_>) -> Option<Explanation> {
    const CLAUSES: [Production; 4] =
        [Production::condition, Production::conjunction, Production::negation, Production::operand];
    let here = site.current()?;
    let word = site.text_of(here);
    if here.kind == TokenKind::Text && CLAUSES.iter().any(|kind| site.expects(*kind)) {
        return Some(Explanation {
            range: here.span.range(),
            message: format!("{} has no test before it", quote(word)),
            help: match test_before(site) {
                Some(test) => format!("each text needs a test of its own, as in `{test} {word}`"),
                None => "each text needs a test of its own, as in `message contains \"…\"` or `customer has tag \"…\"`".to_owned(),
            },
        });
    }
    if here.kind != TokenKind::Word {
        return None;
    }
    let explain = |message: String, help: &str| {
        Some(Explanation { range: here.span.range(), message, help: help.to_owned() })
    };
    if CLAUSES.iter().any(|kind| site.expects(*kind)) && vocabulary::is_of_class(word, WordClass::ValueTest) {
        return explain(
            format!("`{word}` has nothing to test"),
            "write what it asks about, as in `message contains \"…\"` or `customer.name contains \"…\"`",
        );
    }
    let starts = vocabulary::is_of_class(word, WordClass::Operand) || FactWord::parse(word).is_some();
    if site.expects(Production::AND) && starts {
        return explain(
            format!("`and` or `or` is missing before `{word}`"),
            "write `and` if both must hold, or `or` if one is enough",
        );
    }
    None
}

fn explain(site: &ErrorSite<'_, '_>, table: &[Unsayable]) -> Option<Explanation> {
    let clause = clause(site)?;
    let found = table.iter().filter_map(|row| Some((find(site, &clause, row.said)?, row)));
    let (found, Unsayable { message, help, .. }) = longest(found)?;
    let written = WRITTEN.iter().filter_map(|(said, _)| find(site, &clause, said));
    if written.map(|other| other.length).max() >= Some(found.length) {
        return None;
    }
    let (message, help) = (fill(message, &found.values), fill(help, &found.values));
    Some(Explanation { range: found.range, message, help })
}

/// The first of those with the most words.
fn longest<T>(found: impl Iterator<Item = (Match, T)>) -> Option<(Match, T)> {
    found.reduce(|best, other| if other.0.length > best.0.length { other } else { best })
}

/// `{1}` → the first value.
fn fill(template: &str, values: &[String]) -> String {
    let numbered = values.iter().enumerate();
    numbered.fold(template.to_owned(), |text, (at, value)| text.replace(&format!("{{{}}}", at + 1), value))
}

/// The phrase `said` at the start of the clause, if parsing stopped in it.
fn find(site: &ErrorSite<'_, '_>, clause: &Clause, said: &str) -> Option<Match> {
    let (mut at, mut values, mut times) = (0, Vec::new(), None::<Range<usize>>);
    for element in said.split(' ') {
        let (element, is_optional) = element.strip_suffix('?').map_or((element, false), |word| (word, true));
        let rest = clause.tokens.get(at..).unwrap_or_default();
        match read(site, rest, element) {
            Some((length, value)) => {
                let last = rest.get(length.saturating_sub(1)).filter(|_| element == "TIME");
                if let Some((first, last)) = rest.first().zip(last) {
                    let start = times.map_or(first.span.start as usize, |times| times.start);
                    times = Some(start..last.span.end as usize);
                }
                at += length;
                values.extend(value);
            }
            None if is_optional => {}
            None => return None,
        }
    }
    let (first, last) = (clause.tokens.first()?, clause.tokens.get(at.checked_sub(1)?)?);
    let covers = site.error.at < last.span.end as usize;
    let range = first.span.start as usize..last.span.end as usize;
    covers.then_some(Match { range, length: at, values, times })
}

/// How many tokens `element` takes, and its value if it is a word in capitals.
fn read(site: &ErrorSite<'_, '_>, tokens: &[Token], element: &str) -> Option<(usize, Option<String>)> {
    let first = *tokens.first()?;
    let word = site.text_of(first);
    let one = |fits: bool| fits.then(|| (1, Some(word.to_owned())));
    match element {
        "TEXT" => one(first.kind == TokenKind::Text),
        "VALUES" if word == "any" => {
            let close = tokens.iter().position(|token| site.text_of(*token) == "]")?;
            let end = tokens.get(close)?.span.end as usize;
            Some((close + 1, Some(site.text().get(first.span.start as usize..end)?.to_owned())))
        }
        "VALUES" => one(first.kind == TokenKind::Text),
        "NAME" => {
            let is_free = ALSO_NAMES.contains(&word) || !vocabulary::is_reserved(&word.to_lowercase());
            one(first.kind == TokenKind::Word && is_free)
        }
        "FACT" => one(FactWord::parse(word).is_some()),
        // `["plan"]`
        "KEY" => {
            let name = word.trim_matches('"');
            let is_name =
                name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
            (first.kind == TokenKind::Text && is_name).then(|| (1, Some(name.to_owned())))
        }
        "WORD" => one(first.kind == TokenKind::Word),
        "NUMBER" => one(word.bytes().all(|byte| byte.is_ascii_digit())),
        "KIND" => {
            let kind = message_kind(&word.to_lowercase()).filter(|_| first.kind == TokenKind::Word)?;
            Some((1, Some(kind.word().to_owned())))
        }
        "DAY" => {
            let day = super::calendar::weekday(word).filter(|_| first.kind == TokenKind::Word)?;
            Some((1, Some(day.word().to_owned())))
        }
        "DATE" => {
            let other = site.text_of(*tokens.get(1)?);
            let (month, day) = match super::calendar::month(word) {
                Some(month) => (month, other),
                None => (super::calendar::month(other)?, word),
            };
            let day: u32 = day.parse().ok().filter(|day| (1..=31).contains(day))?;
            Some((2, Some(format!("{month} {day}"))))
        }
        "OP" => {
            // `>=` is one sign or two.
            let next = tokens.get(1).filter(|next| next.span.start == first.span.end);
            let both = next.map(|next| format!("{word}{}", site.text_of(*next)));
            let length =
                if both.as_deref().is_some_and(|both| Comparison::parse(both).is_some()) { 2 } else { 1 };
            let sign = both.filter(|_| length == 2).unwrap_or_else(|| word.to_owned());
            Comparison::parse(&sign).map(|sign| (length, Some(sign.sign().to_owned())))
        }
        "DURATION" => {
            let start = first.span.start as usize;
            let (length, written) = super::calendar::read_duration(super::calendar::line(site, start)?)?;
            let inside = tokens.iter().take_while(|token| (token.span.end as usize) <= start + length);
            (first.kind == TokenKind::Number).then(|| (inside.count(), Some(written)))
        }
        "TIME" => clock(site, tokens).map(|(length, time)| (length, Some(time))),
        words => words.split('|').any(|other| word.eq_ignore_ascii_case(other)).then_some((1, None)),
    }
}

/// `9`, `9:30`, `09:00`, `9am`, `9:30 pm` → `09:00`
fn clock(site: &ErrorSite<'_, '_>, tokens: &[Token]) -> Option<(usize, String)> {
    if tokens.first().is_some_and(|token| site.text_of(*token).eq_ignore_ascii_case("noon")) {
        return Some((1, "12:00".to_owned()));
    }
    let first = tokens.first().filter(|token| token.kind == TokenKind::Number)?;
    let mut length = 1;
    let mut last = site.text_of(*first);
    let hour = last.trim_end_matches(|c: char| c.is_alphabetic());
    let mut minute = "00";
    if let [colon, minutes, ..] = tokens.get(1..)?
        && site.text_of(*colon) == ":"
        && minutes.kind == TokenKind::Number
        && colon.span.end == minutes.span.start
    {
        last = site.text_of(*minutes);
        minute = last.trim_end_matches(|c: char| c.is_alphabetic());
        length = 3;
    }
    let mut half = last.trim_start_matches(|c: char| c.is_ascii_digit()).to_lowercase();
    let next = tokens.get(length).map(|next| site.text_of(*next).to_lowercase()).unwrap_or_default();
    if half.is_empty() && matches!(next.as_str(), "am" | "pm") {
        half = next;
        length += 1;
    }
    let (hour, minute): (u32, u32) = (hour.parse().ok()?, minute.parse().ok()?);
    let hour = match (half.as_str(), hour) {
        ("", 0..=24) => hour,
        ("am", 12) => 0,
        ("am", 1..=11) | ("pm", 12) => hour,
        ("pm", 1..=11) => hour + 12,
        _ => return None,
    };
    (minute < 60 && (hour < 24 || minute == 0)).then(|| (length, format!("{hour:02}:{minute:02}")))
}

/// The kind of message that `word` means: its own name, or what people call it.
pub(crate) fn message_kind(word: &str) -> Option<MessageKind> {
    Some(match word {
        "photo" | "photos" | "picture" | "pictures" | "pic" | "images" | "photograph" => MessageKind::Image,
        "voice" | "voice_message" | "voice_note" | "voicenote" | "recording" | "sound" => MessageKind::Audio,
        "file" | "files" | "pdf" | "doc" | "documents" => MessageKind::Document,
        "videos" | "film" | "clip" | "movie" => MessageKind::Video,
        "stickers" => MessageKind::Sticker,
        "place" | "map" => MessageKind::Location,
        "contacts" | "vcard" => MessageKind::Contact,
        "emoji_reaction" => MessageKind::Reaction,
        _ => return MessageKind::parse(word),
    })
}

/// `country is "EG"`: built-in attributes are of customers
pub(super) fn bare_attribute(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let clause = clause(site)?;
    let [name, test, ..] = clause.tokens.as_slice() else { return None };
    let word = BuiltIn::parse(site.text_of(*name))?.word();
    let is_test = vocabulary::is_of_class(site.text_of(*test), WordClass::ValueTest);
    (is_test && test.span.start as usize == site.error.at).then(|| {
        let repair = Repair::new(
            site,
            format!("`customer.` is missing before `{word}`"),
            vec![insert(name.span.start as usize, "customer.")],
        );
        repair.title(format!("write `customer.{word}`")).at(name.span.range())
    })
}

/// `message is "a" or contains "b"`: each test needs its subject
pub(super) fn repeated_subject(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let clause = clause(site)?;
    let here = clause.tokens.first().filter(|here| here.span.start as usize == site.error.at)?;
    let word = site.text_of(*here);
    let is_test = vocabulary::is_of_class(word, WordClass::ValueTest) || word == "has";
    let start = clause.before.first()?.span.start as usize;
    let end = match clause.before.as_slice() {
        [one, dot, name, ..] if site.text_of(*dot) == "." => {
            matches!(site.text_of(*one), "customer" | "message").then_some(name.span.end as usize)?
        }
        [one, ..] if matches!(site.text_of(*one), "customer" | "message") => one.span.end as usize,
        _ => return None,
    };
    let subject = site.text().get(start..end)?;
    let message = format!("`{subject}` is missing before `{word}`");
    let repair = Repair::new(site, message, vec![insert(here.span.start as usize, format!("{subject} "))]);
    let repair = repair.title(format!("write `{subject} {word}`")).at(here.span.range());
    let repair = repair.help("each test names what it asks about");
    // After `not message contains "a" or`, nobody can know whether the second is denied too.
    is_test.then(|| if clause.is_negated { repair.without_fix() } else { repair })
}

/// `message contains all ["a", "b"]`, `message contains both "a" and "b"`
pub(super) fn all_of_a_list(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let clause = clause(site)?;
    let all = clause.tokens.iter().position(|token| matches!(site.text_of(*token), "all" | "both"))?;
    let asked = clause.tokens.get(..all)?;
    let verb = site.text_of(*asked.last()?);
    let next = clause.tokens.get(all + 1)?;
    let is_list = site.text_of(*next) == "[";
    if !matches!(verb, "contains" | "part" | "tag") || !(is_list || next.kind == TokenKind::Text) {
        return None;
    }
    let (mut texts, mut end) = (Vec::new(), None);
    for token in clause.tokens.get(all + 1 + usize::from(is_list)..)? {
        match site.text_of(*token) {
            "," | "and" => {}
            "]" if is_list => {
                end = Some(token.span.end as usize);
                break;
            }
            value if token.kind == TokenKind::Text => {
                texts.push(value);
                end = (!is_list).then_some(token.span.end as usize);
            }
            _ if is_list => return None,
            _ => break,
        }
    }
    let start = asked.first()?.span.start as usize;
    let subject = site.text().get(start..asked.last()?.span.end as usize)?;
    let parts: Vec<_> = texts.iter().map(|text| format!("{subject} {text}")).collect();
    let joined = parts.join(" and ");
    let replacement = if clause.needs_parens && parts.len() > 1 { format!("({joined})") } else { joined };
    let range = start..end?;
    let is_denied = site.text().get(..start)?.trim_end().ends_with("not");
    let not = if is_denied { "not " } else { "" };
    let repair = Repair::new(
        site,
        "`contains` and `has tag` take one text, or `any` of a list",
        vec![edit(range.clone(), replacement.clone())],
    );
    (!texts.is_empty())
        .then(|| repair.help(format!("write `{not}{replacement}`")).title("write each by itself").at(range))
}

/// `message contains none ["a", "b"]`: `not` stands before the test
pub(super) fn none_of_a_list(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let clause = clause(site)?;
    let none = clause.tokens.iter().position(|token| matches!(site.text_of(*token), "none" | "neither"))?;
    let of = clause.tokens.get(none + 1).filter(|of| site.text_of(**of) == "of").map_or(0, |_| 1);
    let open = clause.tokens.get(none + 1 + of).filter(|open| site.text_of(**open) == "[")?;
    let asked = clause.tokens.get(..none)?;
    let (first, last) = (asked.first()?, asked.last()?);
    if !matches!(site.text_of(*last), "contains" | "part" | "tag" | "is" | "with") {
        return None;
    }
    let none = last.span.end as usize..open.span.start as usize;
    let edits = vec![insert(first.span.start as usize, "not "), edit(none, " any ")];
    let subject = site.text().get(first.span.start as usize..last.span.end as usize)?;
    let repair = Repair::new(site, "`none` of a list is written with `not` before the test", edits);
    let repair =
        repair.help(format!("write `not {subject} any […]`")).title(format!("write `not {subject} any`"));
    let is_denied = site.text().get(..first.span.start as usize)?.trim_end().ends_with("not");
    Some(if is_denied { repair.without_fix() } else { repair })
}

/// `message contains "a" but not "b"`
pub(super) fn but_not(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current().filter(|here| site.text_of(*here) == "but")?;
    let mut rest = site.after();
    rest.next().filter(|not| site.text_of(*not) == "not")?;
    let value = rest.next().filter(|value| value.kind == TokenKind::Text)?;
    let clause = clause(site)?;
    let first_value = |token: &Token| token.kind == TokenKind::Text || site.text_of(*token) == "any";
    let asked = clause.tokens.get(..clause.tokens.iter().position(first_value)?)?;
    let range = asked.first()?.span.start as usize..asked.last()?.span.end as usize;
    let written = format!("and not {} {}", site.text().get(range)?, site.text_of(value));
    let message = format!("write `{written}`, not `but not {}`", site.text_of(value));
    let range = here.span.start as usize..value.span.end as usize;
    let repair = Repair::new(site, message, vec![edit(range.clone(), written)]).at(range);
    let repair = repair.help("each text needs a test of its own");
    Some(if clause.needs_parens { repair.without_fix() } else { repair })
}

/// `during sat-sun or fri-sat`: days and times come after `during`
pub(super) fn bare_days(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let clause = clause(site)?;
    let first = clause.tokens.first()?;
    let word = site.text_of(*first);
    let is_day = vocabulary::Weekday::parse(word).is_some();
    let is_time = clock(site, &clause.tokens)
        .is_some_and(|(length, _)| clause.tokens.get(length).is_some_and(|next| site.text_of(*next) == "-"));
    let is_inside = first.span.start as usize <= site.error.at;
    ((is_day || is_time) && is_inside).then(|| {
        let entry = clause.tokens.get(..clause.length).and_then(|tokens| tokens.last()).unwrap_or(first);
        let snippet = site.text().get(first.span.start as usize..entry.span.end as usize).unwrap_or_default();
        let message = format!("`during` is missing before `{snippet}`");
        let repair = Repair::new(site, message, vec![insert(first.span.start as usize, "during ")]);
        let repair = repair
            .title(format!("write `during {snippet}`"))
            .at(first.span.start as usize..entry.span.end as usize);
        // `not during 09:00-12:00 or 13:00-14:00`: is the second denied too? And no time is in two intervals.
        let joint = site.before().find(|token| token.span.end <= first.span.start);
        let is_and = joint.is_some_and(|joint| site.text_of(joint) == "and");
        let is_list = clause.before.first().is_some_and(|before| site.text_of(*before) == "during");
        let has_times = |tokens: &[Token]| tokens.iter().any(|token| token.kind == TokenKind::Number);
        // `during mon or tue 09:00-12:00`: the times may be those of both days, unlike after `sat-sun or mon-fri`.
        let shares_times = is_list
            && clause.before.len() == 2
            && has_times(clause.tokens.get(..clause.length).unwrap_or_default());
        if shares_times {
            let help = format!(
                "write `during {snippet}` too, or the days side by side, as in `during mon tue 09:00-12:00`"
            );
            return repair.help(help).without_fix();
        }
        if is_list && (is_and || clause.is_negated) {
            let help = "several days or times stand side by side, as in `during 09:00-12:00 13:00-14:00`; \
                        with `not` before it, it asks for all other times";
            return repair.help(help).without_fix();
        }
        repair
    })
}
