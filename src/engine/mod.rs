//! Policy and situation → decision, and the reasons for it. Pure: the moment and the dice are arguments.

pub mod program;
mod decision;
mod compiled;
mod context;
mod view;
mod condition;
mod assign;
mod reply;
mod rule_actions;
mod resume;
mod route_error;
mod decide;
mod live;
mod pending_assignment;
mod by_hand;
mod waiting;
mod observe;
mod explain;
mod explanation;
mod coverage;
mod unanswered;
#[cfg(test)]
mod tests;

pub use crate::policy::RuleRef;
pub use compiled::CompiledPolicy;
pub use coverage::{CoverageItem, acting_rules, covered};
pub use decide::{decide, decide_compiled, decide_with_draw};
pub use decision::{
    Assignment, AttemptReason, CandidateReason, Decision, Later, Moved, Reasons, Resume, Routed, RuleReason,
    SentReply, Step, Timer,
};
pub use explain::explain;
pub use explanation::explanation;
pub use live::{decide_afresh, decide_live};
pub use pending_assignment::{ContinueContext, IfNobody, resume_live};
pub use route_error::RouteError;
pub use unanswered::outcomes;
pub use waiting::{ChatId, DrainContext, TakeError, WaitingChat, WaitingChats, drain, outdated};
