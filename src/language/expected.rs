//! What could have come where parsing stopped: the words that can start a production, and what to call it in a message.

use super::grammar::Production;
use super::vocabulary::{self, WordClass, WordEntry};

/// What an error at the end of an item expects.
const END: &str = "the end of the item";

/// Says what was expected: ``expected `and`, `or` or `:` ``.
pub(super) fn expectation(expected: &[Production]) -> String {
    let all_optional = expected.iter().all(|production| is_optional(*production));
    let mut phrases: Vec<String> = Vec::new();
    // After `expect`, `not` and `after` are as good as any other word.
    let is_expect = expected.contains(&Production::ASSIGN) && expected.contains(&Production::WAITING);
    let keeps_all = all_optional || is_expect;
    let kept = expected.iter().filter(|production| keeps_all || !is_optional(**production));
    for phrase in kept.flat_map(|production| phrases_of(*production)) {
        if !phrases.contains(&phrase) {
            phrases.push(phrase);
        }
    }
    phrases.sort_by_key(|phrase| phrase == END);
    if phrases.is_empty() {
        "this cannot be read".to_owned()
    } else {
        format!("expected {}", one_of(&phrases))
    }
}

/// `a, b or c`
fn one_of(phrases: &[String]) -> String {
    match phrases {
        [first @ .., last] if !first.is_empty() => format!("{} or {last}", first.join(", ")),
        _ => phrases.concat(),
    }
}

/// Whether a message may leave `production` out where something else is expected too: it only continues what is
/// complete without it.
pub(super) fn is_optional(production: Production) -> bool {
    matches!(
        production,
        Production::IN
            | Production::compare
            | Production::comparison
            | Production::ONCE
            | Production::FOR
            | Production::AMONG
            | Production::ELSE
            | Production::EXCEPT
            | Production::NOT
            | Production::PART
            | Production::IDLE
            | Production::AGED
            | Production::AFTER
            | Production::ANY_WORD
            | Production::except
            | Production::repeated
            | Production::comma_for_and
            | Production::skill_joint
    )
}

/// The words that `production` can start with.
pub(super) fn first_words(production: Production) -> Vec<&'static str> {
    match (production, class(production)) {
        (Production::customer_fact, _) => vec!["new", "returning", "owner", "tag", "not"],
        (Production::message_fact, _) => vec!["not"],
        (Production::chat_fact, _) => {
            vec!["with", "waiting", "in", "tag", "answered", "open_for", "waiting_for"]
        }
        (Production::left_out, _) => vec!["owner", "user"],
        (_, Some(class)) => vocabulary::of_class(class).map(|entry| entry.word).collect(),
        (_, None) => keyword(production).map(|entry| entry.word).into_iter().collect(),
    }
}

/// The class of the words that `production` starts with, if they are one class.
fn class(production: Production) -> Option<WordClass> {
    Some(match production {
        Production::rule
        | Production::definition
        | Production::hours
        | Production::dates
        | Production::timezone
        | Production::import
        | Production::test => WordClass::Item,
        Production::condition | Production::conjunction | Production::negation | Production::operand => {
            WordClass::Operand
        }
        Production::value_test => WordClass::ValueTest,
        Production::action => WordClass::Action,
        Production::alternative | Production::target => WordClass::Target,
        Production::presence => WordClass::Presence,
        Production::day | Production::day_range => WordClass::Day,
        Production::pool => WordClass::Eligibility,
        Production::algorithm => WordClass::Algorithm,
        _ => return None,
    })
}

/// The keyword that `production` is: each is named after its word.
pub(super) fn keyword(production: Production) -> Option<&'static WordEntry> {
    let name = format!("{production:?}");
    let word = name.strip_suffix("_WORD").unwrap_or(&name);
    if word.bytes().any(|byte| byte.is_ascii_lowercase()) {
        return None;
    }
    vocabulary::find(&word.to_ascii_lowercase())
}

/// The sign that `production` is.
pub(super) fn sign(production: Production) -> Option<&'static str> {
    Some(match production {
        Production::close => ")",
        Production::close_list => "]",
        Production::colon => ":",
        Production::comma => ",",
        Production::dash => "-",
        Production::dot => ".",
        Production::dots => "..",
        Production::equals => "=",
        Production::open => "(",
        Production::open_list => "[",
        _ => return None,
    })
}

/// What `production` is called in a message: one phrase, or one for each word that it can start with.
fn phrases_of(production: Production) -> Vec<String> {
    let words = || first_words(production).iter().map(|word| format!("`{word}`")).collect::<Vec<_>>();
    match production {
        Production::alternative
        | Production::target
        | Production::pool
        | Production::presence
        | Production::chat_fact
        | Production::left_out => words(),
        Production::customer_fact => [words(), vec!["an attribute".to_owned()]].concat(),
        Production::action => vec![format!("an action ({})", one_of(&words()))],
        _ => vec![phrase(production)],
    }
}

fn phrase(production: Production) -> String {
    let phrase = match production {
        Production::EOI => END,
        Production::value_test
        | Production::is
        | Production::contains
        | Production::starts
        | Production::matches => "`is`, `contains`, `starts with`, `matches` or a comparison",
        Production::compare | Production::comparison => "a comparison like `>= 2`",
        Production::values | Production::value => "a value",
        Production::skill => "`with skill`",
        Production::hours_entry => "days, dates or times",
        Production::day_range | Production::day => "a day like `mon`",
        Production::time_range => "times like `09:00-17:00`",
        Production::time => "a time like `09:00`",
        Production::date_range | Production::date => "a date like `2026-12-25` or `dec 25`",
        Production::calendar_date => "a date like `2026-12-25`",
        Production::day_number => "the day of the month",
        Production::month => "a month like `dec`",
        Production::calendar => "the name of hours or dates",
        Production::user | Production::turn | Production::text => "a text in quotes",
        Production::queue | Production::number => "a number",
        Production::message_fact => "an attribute",
        Production::pattern => "a pattern between slashes",
        Production::duration => "a duration like `5m`",
        Production::name => "a name",
        Production::word => "a word",
        Production::algorithm => "a way to choose",
        other => {
            return match (class(other), sign(other), keyword(other)) {
                (Some(WordClass::Item), ..) => "an item".to_owned(),
                (Some(_), ..) => "a condition".to_owned(),
                (_, Some(sign), _) => format!("`{sign}`"),
                (.., Some(keyword)) => format!("`{}`", keyword.word),
                // The others are named after the word that they start with.
                _ => format!("`{other:?}`"),
            };
        }
    };
    phrase.to_owned()
}
