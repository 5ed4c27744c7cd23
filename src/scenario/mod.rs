//! `test` blocks run: what was expected, what came instead, and why.

mod expect;
mod outcome;
mod run;
mod words;

pub use outcome::{Miss, Outcome};
pub use run::run;
