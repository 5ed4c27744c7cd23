//! What can and what cannot happen under a policy: rules that no message reaches, messages that no rule answers, and
//! what else is certain or possible. Nothing is guessed: *never* is proved, and each example was decided by the engine.

mod solver;
mod space;
mod question;
mod model;
mod constant;
mod reach;
mod example;
mod survey;
mod goals;
mod alike;
mod occasions;
mod replay;
mod difference;
mod words;
mod plain;
mod weekdays;
#[cfg(test)]
mod tests;

pub use constant::Constant;
pub use difference::{Comparison, Difference, Pair, compare};
pub use example::Example;
pub use goals::{Goals, Showing, goals};
pub use occasions::Occasions;
pub use plain::plainly;
pub use space::Stretch;
pub use survey::{EmptyPlaceholder, Pick, Proofs, Unreachable, Unsettled, definitions, survey};
pub use words::{duration, given, literal};
