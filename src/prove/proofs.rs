//! What can be proved of one policy: the results of [`verify`](super::verify()).

use std::collections::{BTreeSet, HashSet};

use super::constant::Constant;
use super::example::Example;
use crate::diagnostic::Code;
use crate::policy::{Policy, Rule};
use crate::text::Span;

/// What was proved of a policy. A rule is given by its index in [`Policy::rules`](crate::policy::Policy::rules).
#[derive(Debug, Clone, Default)]
pub struct Proofs {
    /// Parts of conditions that have the same value in every situation.
    pub constants: Vec<Constant>,
    /// Parts of an `or` in a rule that are false wherever the rule is asked, though not everywhere.
    pub parts_never_asked: Vec<Constant>,
    /// Parts that the rest of their condition implies; only if they were searched for.
    pub redundant: Vec<Span>,
    /// Rules that no message reaches.
    pub unreachable: Vec<Unreachable>,
    /// Alternatives that are never tried, by rule and index; the first of each rule.
    pub unreachable_alternatives: Vec<(usize, usize)>,
    /// A message that no rule answers.
    pub unanswered: Option<Example>,
    /// `assign owner` where there is no owner, as the last alternative.
    pub ownerless: Vec<AlternativeWitness>,
    /// Assignments that find nobody; the last alternative is given.
    pub nobody: Vec<AlternativeWitness>,
    /// Alternatives that choose a user who is not online while somebody is.
    pub offline: Vec<AlternativeWitness>,
    /// Placeholders that are empty.
    pub empty_placeholders: Vec<EmptyPlaceholder>,
    /// The questions without an answer.
    pub unsettled: Vec<Unsettled>,
    /// The number of examples that the engine decided otherwise, and that were dropped.
    pub disagreements: usize,
}

impl Proofs {
    /// The rules that no message reaches, also because their conditions never hold.
    pub fn unreached(&self, policy: &Policy) -> BTreeSet<usize> {
        let never: HashSet<Span> =
            self.constants.iter().filter(|constant| !constant.holds).map(|constant| constant.span).collect();
        let is_never = |rule: &Rule| rule.when.as_ref().is_some_and(|when| never.contains(&when.span));
        let rules = policy.rules.iter().enumerate().filter(|(_, rule)| is_never(rule));
        rules.map(|(at, _)| at).chain(self.unreachable.iter().map(|unreachable| unreachable.rule)).collect()
    }
}

/// A rule that no message reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreachable {
    /// The rule.
    pub rule: usize,
    /// The fewest earlier rules that together take every message that it could.
    pub blockers: Vec<usize>,
}

/// A situation that shows what an alternative may do.
#[derive(Debug, Clone, PartialEq)]
pub struct AlternativeWitness {
    /// The rule.
    pub rule: usize,
    /// The alternative, from 0.
    pub alternative: usize,
    /// The situation.
    pub example: Example,
}

/// A placeholder that is empty in some situation.
#[derive(Debug, Clone, PartialEq)]
pub struct EmptyPlaceholder {
    /// The rule.
    pub rule: usize,
    /// The placeholder.
    pub span: Span,
    /// The situation.
    pub example: Example,
}

/// A question that was given up: whether a finding applies is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsettled {
    /// The finding, as `unreachable-rule`.
    pub about: Code,
    /// The rule, unless it is about the whole policy.
    pub rule: Option<usize>,
}
