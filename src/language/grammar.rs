//! The grammar (`grammar/rules.pest`) as a parser, and its productions in people's words.

use pest::Parser as _;
use pest::error::{ErrorVariant, InputLocation};
use pest::iterators;

pub(super) use generated::Rule as Production;

mod generated {
    #![allow(clippy::pedantic, missing_docs, unreachable_pub, reason = "made by pest")]

    #[derive(pest_derive::Parser)]
    #[grammar = "../grammar/rules.pest"]
    pub(super) struct Grammar;
}

/// What a production matched, and what the productions in it matched.
pub(super) type Pair<'t> = iterators::Pair<'t, Production>;

/// Where parsing stopped, and what could have come there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SyntaxError {
    /// The byte of the text.
    pub at: usize,
    /// The productions that were tried there.
    pub expected: Vec<Production>,
}

/// Parses `text` as one item.
pub(super) fn parse_item(text: &str) -> Result<Pair<'_>, SyntaxError> {
    let stopped = match generated::Grammar::parse(Production::one_item, text) {
        Ok(mut pairs) => match pairs.next() {
            Some(item) => return Ok(item),
            None => SyntaxError { at: 0, expected: Vec::new() },
        },
        Err(error) => SyntaxError {
            at: match error.location {
                InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
            },
            expected: match error.variant {
                ErrorVariant::ParsingError { positives, .. } => positives,
                ErrorVariant::CustomError { .. } => Vec::new(),
            },
        },
    };
    Err(stopped)
}
/// Says what was expected: ``expected `and`, `or` or `:` ``.
pub(super) fn expectation(expected: &[Production]) -> String {
    let all_left_out = expected.iter().all(|kind| may_be_left_out(*kind));
    let mut phrases: Vec<String> = Vec::new();
    for kind in expected {
        let phrase = phrase(*kind);
        if (all_left_out || !may_be_left_out(*kind)) && !phrases.contains(&phrase) {
            phrases.push(phrase);
        }
    }
    // The end is what people think of last.
    phrases.sort_by_key(|phrase| phrase == END);
    match phrases.as_slice() {
        [] => "this cannot be read".to_owned(),
        [only] => format!("expected {only}"),
        [first @ .., last] => format!("expected {} or {last}", first.join(", ")),
    }
}

const END: &str = "the end of the item";

/// What goes without saying where something else is needed.
fn may_be_left_out(kind: Production) -> bool {
    matches!(
        kind,
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
    )
}

/// What people call `kind`.
fn phrase(kind: Production) -> String {
    let phrase = match kind {
        Production::EOI => END,
        Production::rule
        | Production::definition
        | Production::hours
        | Production::dates
        | Production::timezone
        | Production::import
        | Production::test => "an item",
        Production::condition | Production::conjunction | Production::negation | Production::operand => {
            "a condition"
        }
        Production::value_test
        | Production::is
        | Production::contains
        | Production::starts
        | Production::matches => "`is`, `contains`, `starts with`, `matches` or a comparison",
        Production::compare | Production::comparison => "a comparison like `>= 2`",
        Production::values | Production::value => "a value",
        Production::action => "an action (`assign`, `reply`, `tag` or `priority`)",
        Production::assign => "`assign`",
        Production::reply => "`reply`",
        Production::tag => "`tag`",
        Production::priority => "`priority`",
        Production::alternative | Production::target => "`owner`, `user`, `group` or `nobody`",
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
        Production::given => "`given`",
        Production::expect => "`expect`",
        Production::presence => "`online`, `away`, `offline`",
        Production::customer_fact => "`new`, `returning`, `owner`, `tag` or an attribute",
        Production::user | Production::turn | Production::text => "a text in quotes",
        Production::queue | Production::number => "a number",
        Production::pattern => "a pattern between slashes",
        Production::duration => "a duration like `5m`",
        Production::name => "a name",
        Production::word => "a word",
        Production::algorithm => "a way to choose",
        Production::pool => "`online`, `available` or `everyone`",
        Production::close => "`)`",
        Production::close_list => "`]`",
        Production::colon => "`:`",
        Production::comma => "`,`",
        Production::dash => "`-`",
        Production::dot => "`.`",
        Production::dots => "`..`",
        Production::equals => "`=`",
        Production::open => "`(`",
        Production::open_list => "`[`",
        Production::NUMBER_WORD => "`number`",
        Production::ANY_WORD => "`any`",
        // What is left are words of the language, which the grammar calls by themselves.
        other => return format!("`{other:?}`").to_lowercase(),
    };
    phrase.to_owned()
}
