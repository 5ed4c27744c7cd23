//! What two versions of the rules decide differently, as data: for a host that asks before it takes new rules, and for
//! `rules diff`.

mod comparison;
mod change_text;
mod words;
mod versions;
#[cfg(test)]
mod tests;

#[cfg(feature = "cli")]
pub(crate) use change_text::assignment_text;
pub(crate) use change_text::{other_changes, user_change};
pub use comparison::{
    CauseGroup, DecidedSide, DecisionDifference, DifferenceCounts, InboxDifference, OpenQuestion,
    PolicyChange, PolicyComparison, PolicyDifferences, RuleComparison, TimezoneChange,
};
pub use versions::{RuleVersion, compare_rules};
