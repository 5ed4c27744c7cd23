//! Policy and situation → decision, and the reasons for it. Pure: the moment and the dice are arguments.

mod assign;
mod condition;
mod decide;
mod decision;
#[cfg(test)]
mod moments;
#[cfg(test)]
mod oracle;
pub mod program;
mod ready;
mod reply;
mod route;
#[cfg(test)]
mod sample;
mod saw;
#[cfg(test)]
mod routed;
mod scene;
mod sentences;
mod shown;
#[cfg(test)]
mod tests;
mod view;
mod why;

pub use decide::{decide, decide_ready, explain, resume};
pub use decision::{Assignment, Decision, Resume, RuleRef, SentReply};
pub use ready::Ready;
pub use route::{reroute, route};
pub use sentences::sentences;
pub use shown::{Shown, shown};
pub use why::{CandidateWhy, RuleWhy, TriedWhy, Why};
