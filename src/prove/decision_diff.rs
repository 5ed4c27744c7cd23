//! What two policies decide differently: the results of [`compare`](super::compare()).

use super::example::Example;
use super::when::TimePattern;
use crate::describe;
use crate::engine::Decision;
use crate::inbox::Inbox;

/// What two policies decide differently, as far as it is known.
#[derive(Debug, Clone, Default)]
pub struct DecisionDiff {
    /// The differences, each with a message that shows it.
    pub differences: Vec<Difference>,
    /// The rules that may or may not decide the same.
    pub unsettled: Vec<RulePair>,
}

/// A rule of each policy, by their indices in [`Policy::rules`](crate::policy::Policy::rules); `None`: no rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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
    /// One of the messages, with as few deviations from the default as possible.
    pub example: Example,
    /// The seed of the dice with which it was decided.
    pub seed: u64,
    /// The decision of the old policy.
    pub old: Decision,
    /// The decision of the new policy.
    pub new: Decision,
    /// Returning customers do not meet it.
    pub only_new_customers: bool,
    /// It is met only while nobody is online.
    pub only_when_nobody_online: bool,
    /// When it is met.
    pub when: TimePattern,
}

impl Difference {
    /// Which customers meet it and when, as `returning customers whose owner is not online, on Fridays after 14:00`.
    pub fn customers(&self, inbox: &Inbox) -> String {
        let given = &self.example.given;
        let customers =
            describe::customers(inbox, given, self.only_new_customers, self.only_when_nobody_online);
        customers + &self.when.clause(given.at)
    }
}
