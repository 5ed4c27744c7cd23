//! What two policies decide differently: the results of [`compare`](super::compare()).

use std::sync::Arc;

use super::example::Example;
use super::when::TimePattern;
use crate::engine::Decision;
use crate::inbox::InboxChange;

/// What two policies decide differently, as far as it is known.
#[derive(Debug, Clone, Default)]
pub struct DecisionDiff {
    /// The differences, each with a message that shows it. Those of one cause follow one another.
    pub differences: Vec<Difference>,
    /// How many pairs of rules differ from the same cause as others that are shown, and were not examined.
    pub omitted: Vec<(Cause, usize)>,
    /// There are more differences than were looked for.
    pub has_more: bool,
    /// The rules that may or may not decide the same.
    pub unsettled: Vec<RulePair>,
}

/// Why messages are decided differently.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cause {
    /// A rule was changed, or added (there is no old one), or removed (there is no new one).
    Rule(RulePair),
    /// Rules stand in another order.
    Order,
    /// Entries of `inbox.toml` differ.
    Inbox(Vec<InboxChange>),
    /// Definitions differ.
    Definitions(Vec<Arc<str>>),
    /// Hours or dates differ, or the time zone of the policy.
    Calendars,
}

/// A rule of each policy, by their indices in [`Policy::rules`](crate::policy::Policy::rules); `None`: no rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RulePair {
    /// They are `also` rules, which act in addition to the rule that decides.
    pub also: bool,
    /// The rule of the old policy.
    pub old: Option<usize>,
    /// The rule of the new policy.
    pub new: Option<usize>,
}

/// Messages that two policies decide differently.
#[derive(Debug, Clone)]
pub struct Difference {
    /// The rules that decide them.
    pub pair: RulePair,
    /// Why they are decided differently.
    pub cause: Cause,
    /// One of the messages, with as few deviations from the default as possible.
    pub example: Example,
    /// The seed of the dice with which it was decided.
    pub seed: u64,
    /// The decision of the old policy.
    pub old: Decision,
    /// The decision of the new policy.
    pub new: Decision,
    /// Which customers meet it and when: what all these messages have, as `returning customers whose owner is not
    /// online, on Fridays after 14:00`.
    pub customers: String,
    /// When it is met.
    pub when: TimePattern,
}
