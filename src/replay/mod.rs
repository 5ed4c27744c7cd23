//! Replays a log of decisions: which of them do the rules of today, or another version of them, make differently?

mod decision_part;
mod replay_decision;
mod log_line;
mod report;
mod tally;
mod replayer;
#[cfg(test)]
mod tests;

pub use decision_part::{DecisionPart, changed_parts};
pub use log_line::{LogLine, LogLineError};
pub use replay_decision::{ReplayedDecision, replay_decision};
pub use replayer::Replayer;
pub use report::{LeftOutOfLog, ReplayExample, ReplayReport, RuleChange, UndecidedLines};
pub use tally::ReplayTally;
