//! Runs `test` blocks, measures what they cover of their policy, and writes the missing ones.

mod expect;
mod result;
mod run;
mod report;
mod render;
mod coverage;
mod test_name;
mod suggest;
#[cfg(test)]
mod tests;

pub use coverage::{Coverage, Tally, Uncovered, coverage};
pub use report::{FailedExpectation, TestOutcome, TestReport};
pub use result::{Mismatch, TestResult};
pub use run::run;
pub use suggest::suggest;
