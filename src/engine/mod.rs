//! Policy and situation → decision, and the reasons for it. Pure: the moment and the dice are arguments.

pub mod program;
mod decision;
mod compiled;
mod context;
mod view;
mod condition;
mod assign;
mod reply;
mod decide;
mod live;
mod observe;
mod explain;
mod explanation;
mod coverage;
#[cfg(test)]
mod tests;

pub use compiled::CompiledPolicy;
pub use coverage::{CoverageItem, covered};
pub use decide::{decide, decide_compiled, resume};
pub use decision::{
    Assignment, AttemptReason, CandidateReason, Decision, Reasons, Resume, RuleReason, RuleRef, SentReply,
};
pub use explain::explain;
pub use explanation::explanation;
pub use live::{decide_live, resume_live};
