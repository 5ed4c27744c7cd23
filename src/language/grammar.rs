//! The grammar (`grammar/rules.pest`) as a parser, and its productions in people's words.

use pest::Parser as _;
use pest::error::{ErrorVariant, InputLocation};

use super::compact::Compact;
use super::node::Tree;
use super::scan::Lexeme;

pub(super) use generated::Rule as Kind;

mod generated {
    #![allow(clippy::pedantic, missing_docs, unreachable_pub, reason = "made by pest")]

    #[derive(pest_derive::Parser)]
    #[grammar = "../grammar/rules.pest"]
    pub(super) struct Grammar;
}

/// Where reading stopped, and what could have stood there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stop {
    /// The byte of the text that was read.
    pub at: usize,
    /// What could have stood there.
    pub expected: Vec<Kind>,
}

/// Reads `lexemes`, those of `text` or the first of them, as one item.
pub(super) fn read<'t>(text: &'t str, lexemes: &[Lexeme]) -> Result<Tree<'t>, Stop> {
    let compact = Compact::new(text, lexemes);
    match generated::Grammar::parse(Kind::item, &compact.text) {
        Ok(pairs) => Ok(Tree::new(text, &compact, pairs)),
        Err(error) => {
            let at = match error.location {
                InputLocation::Pos(at) | InputLocation::Span((at, _)) => compact.origin(at),
            };
            let expected = match error.variant {
                ErrorVariant::ParsingError { positives, .. } => positives,
                ErrorVariant::CustomError { .. } => Vec::new(),
            };
            Err(Stop { at, expected })
        }
    }
}

/// Says what was expected: ``expected `and`, `or` or `:` ``.
pub(super) fn expectation(expected: &[Kind]) -> String {
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
fn may_be_left_out(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::IN
            | Kind::compare
            | Kind::comparison
            | Kind::ONCE
            | Kind::FOR
            | Kind::AMONG
            | Kind::ELSE
            | Kind::EXCEPT
            | Kind::NOT
            | Kind::PART
            | Kind::IDLE
            | Kind::AGED
    )
}

/// What people call `kind`.
fn phrase(kind: Kind) -> String {
    let phrase = match kind {
        Kind::EOI => END,
        Kind::rule
        | Kind::definition
        | Kind::hours
        | Kind::dates
        | Kind::timezone
        | Kind::import
        | Kind::test => "an item",
        Kind::condition | Kind::every | Kind::part | Kind::term => "a condition",
        Kind::question | Kind::is | Kind::contains | Kind::starts | Kind::matches => {
            "`is`, `contains`, `starts with`, `matches` or a comparison"
        }
        Kind::compare | Kind::comparison => "a comparison like `>= 2`",
        Kind::values | Kind::value => "a value",
        Kind::action => "an action (`assign`, `reply`, `tag` or `priority`)",
        Kind::assign => "`assign`",
        Kind::reply => "`reply`",
        Kind::tag => "`tag`",
        Kind::priority => "`priority`",
        Kind::alternative | Kind::target => "`owner`, `user`, `group` or `nobody`",
        Kind::skill => "`with skill`",
        Kind::entry => "days, dates or times",
        Kind::days | Kind::day => "a day like `mon`",
        Kind::times => "times like `09:00-17:00`",
        Kind::time => "a time like `09:00`",
        Kind::range | Kind::date => "a date like `2026-12-25` or `dec 25`",
        Kind::calendar_date => "a date like `2026-12-25`",
        Kind::day_number => "the day of the month",
        Kind::month => "a month like `dec`",
        Kind::calendar => "the name of hours or dates",
        Kind::given => "`given`",
        Kind::expect => "`expect`",
        Kind::presence => "`online`, `away`, `offline`",
        Kind::customer_fact => "`new`, `returning`, `owner`, `tag` or an attribute",
        Kind::user | Kind::turn | Kind::text => "a text in quotes",
        Kind::queue | Kind::number => "a number",
        Kind::pattern => "a pattern between slashes",
        Kind::duration => "a duration like `5m`",
        Kind::name => "a name",
        Kind::word => "a word",
        Kind::algorithm => "a way to choose",
        Kind::pool => "`online`, `available` or `everyone`",
        Kind::CLOSE => "`)`",
        Kind::CLOSE_LIST => "`]`",
        Kind::COLON => "`:`",
        Kind::COMMA => "`,`",
        Kind::DASH => "`-`",
        Kind::DOT => "`.`",
        Kind::DOTS => "`..`",
        Kind::EQUALS => "`=`",
        Kind::OPEN => "`(`",
        Kind::OPEN_LIST => "`[`",
        Kind::THE_NUMBER => "`number`",
        Kind::ANY_OF => "`any`",
        // What is left are words of the language, which the grammar calls by themselves.
        other => return format!("`{other:?}`").to_lowercase(),
    };
    phrase.to_owned()
}
