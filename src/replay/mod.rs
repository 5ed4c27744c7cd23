//! A log of decisions, decided again: which of them the rules of today, or another version of them, make differently.

mod decision_part;
mod decide_again;
mod log_line;
mod report;
mod tally;
mod replayer;
#[cfg(test)]
mod tests;

pub use decide_again::{DecidedAgain, decide_again};
pub use decision_part::{DecisionPart, changed_parts};
pub use log_line::{LogLine, LogLineError};
pub use replayer::Replayer;
pub use report::{LeftOutOfLog, ReplayExample, ReplayReport, RuleChange, UndecidedLines};
pub use tally::ReplayTally;
