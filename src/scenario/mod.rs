//! Runs `test` blocks, measures what they cover of their policy, writes the missing ones, and changes what they expect.

mod expect;
mod result;
mod run;
mod report;
mod render;
mod coverage;
mod test_name;
mod suggest;
mod update;
#[cfg(test)]
mod tests;

pub use coverage::{Coverage, Tally, Uncovered, coverage, tests_of_rules};
pub use report::{FailedExpectation, TestOutcome, TestReport};
pub use result::{Mismatch, TestResult};
pub use run::run;
pub use suggest::suggest;
pub use update::update;
