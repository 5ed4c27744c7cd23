//! `test` blocks run: what was expected, what came instead, and why; what they show of their policy, and what is missing.

mod expect;
mod outcome;
mod run;
mod words;
mod coverage;
mod name;
mod suggest;
#[cfg(test)]
mod tests;

pub use coverage::{Coverage, Missed, Tally, coverage};
pub use outcome::{Miss, Outcome};
pub use run::run;
pub use suggest::suggest;
