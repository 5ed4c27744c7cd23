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
mod compiled;
mod reply;
mod live;
#[cfg(test)]
mod sample;
mod observe;
#[cfg(test)]
mod routed;
mod context;
mod explanation;
mod coverage;
#[cfg(test)]
mod tests;
mod view;
mod reasons;

pub use compiled::CompiledPolicy;
pub use coverage::{CoverageItem, covered};
pub use decide::{decide, decide_compiled, explain, resume};
pub use decision::{Assignment, Decision, Resume, RuleRef, SentReply};
pub use explanation::explanation;
pub use live::{decide_live, resume_live};
pub use reasons::{AttemptReason, CandidateReason, Reasons, RuleReason};
