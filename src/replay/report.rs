//! What a log shows about rules, and its JSON.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::decision_part::DecisionPart;
use crate::engine::{Decision, RuleRef};
use crate::situation::{NotInInbox, Situation};

/// What a log shows about rules. Its JSON is that of `rules replay --format json`.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct ReplayReport {
    /// How many messages were replayed.
    pub decided: u64,
    /// How many of these decisions differ.
    pub different: u64,
    /// The different decisions by the rules that made them, the most frequent first. At most 1,000 pairs of rules are listed.
    pub changes: Vec<RuleChange>,
    /// How many different decisions are by other rules than those, because there are too many to list.
    pub not_listed: u64,
    /// How many lines could not be decided.
    pub undecided: u64,
    /// Why, the most frequent reason first. At most 1,000 reasons are listed.
    pub undecided_lines: Vec<UndecidedLines>,
    /// Users, groups and attributes that situations name and `inbox.toml` does not have. They were left out, and the situations
    /// decided without them. At most 1,000 are listed, the most frequent first.
    pub left_out: Vec<LeftOutOfLog>,
    /// How often situations name others that are not listed, because there are too many.
    pub left_out_not_listed: u64,
}

/// The messages that one rule decided, and another one decides now, or the same one differently.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct RuleChange {
    /// The rule before; `null`: none.
    pub before: Option<RuleRef>,
    /// The rule now; `null`: none.
    pub now: Option<RuleRef>,
    /// How many messages.
    pub count: u64,
    /// The line of the first of them, from 1.
    pub first_line: u64,
    /// In how many of them each part of the decision differs.
    pub parts: BTreeMap<DecisionPart, u64>,
    /// The first of them.
    pub examples: Vec<ReplayExample>,
}

/// A message that is decided differently.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct ReplayExample {
    /// Its line in the log, from 1.
    pub line: u64,
    /// The position of the decision in the log of its host, if the line says it.
    pub seq: Option<u64>,
    /// What differs, as `was Support, now Sales`.
    pub words: String,
    /// What the message is decided from, as `rules route` reads it.
    pub situation: Situation,
    /// How it was decided before.
    pub before: Decision,
    /// How it is decided now.
    pub now: Decision,
}

/// Lines that could not be decided for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct UndecidedLines {
    /// The reason.
    pub reason: String,
    /// How many lines.
    pub count: u64,
    /// The first of them, from 1.
    pub first_line: u64,
}

/// Something that situations mention and an inbox does not have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct LeftOutOfLog {
    /// What it is.
    #[serde(flatten)]
    pub what: NotInInbox,
    /// How many lines mention it.
    pub count: u64,
    /// The first of them, from 1.
    pub first_line: u64,
}
