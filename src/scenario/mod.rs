//! `test` blocks run: what was expected, what came instead, and why; what they show of their policy, and what is missing.

mod expect;
mod result;
mod run;
mod render;
mod coverage;
mod test_name;
mod suggest;
#[cfg(test)]
mod tests;

pub use coverage::{Coverage, Tally, Uncovered, coverage};
pub use result::{Mismatch, TestResult};
pub use run::run;
pub use suggest::suggest;
