//! The grammar (`grammar/rules.pest`) as a parser.

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
/// The pairs in a pair.
pub(super) type Pairs<'t> = iterators::Pairs<'t, Production>;

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

#[cfg(test)]
mod tests;
