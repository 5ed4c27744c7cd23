//! What can and what cannot happen under a policy: rules that no message reaches, messages that no rule answers, and
//! what else is certain or possible. Nothing is guessed: *never* is proved, and each example was decided by the engine.

mod solver;
mod encoding;
mod query;
mod constant;
mod precedence;
mod example;
mod proofs;
mod search;
mod also;
mod verify;
mod witnesses;
mod equivalence;
mod left_over;
mod when;
mod week;
mod decision_diff;
mod replay;
mod difference;
#[cfg(test)]
mod tests;

pub use crate::describe::WeeklyInterval;
pub use constant::Constant;
pub use decision_diff::{Cause, DecisionDiff, Difference, RulePair};
pub use difference::{compare, compare_versions};
pub use example::Example;
pub use left_over::{LeftOver, left_over};
pub use proofs::{AlternativeWitness, EmptyPlaceholder, Proofs, Unreachable, Unsettled};
pub use verify::{verify, verify_definitions, verify_unless};
pub use week::{RuleWeek, week};
pub use when::TimePattern;
pub use witnesses::{Witness, Witnesses, witnesses};
