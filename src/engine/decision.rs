//! A decision, in the shape that `rules route` writes.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::reasons::Reasons;
use crate::language::vocabulary::{Algorithm, Priority};
use crate::policy::{Policy, Rule};

/// Who takes the chat, and what else is to be done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Decision {
    /// The message's id.
    pub message: Option<String>,
    /// The WhatsApp number that was written to.
    pub number: Option<String>,
    /// The rule that decided; `null`: none did, or the chat is already open.
    pub rule: Option<RuleRef>,
    /// Who takes the chat; `null`: no rule decided.
    pub assign: Option<Assignment>,
    /// What the customer is sent, in this order, after assigning.
    pub replies: Vec<SentReply>,
    /// In the order of their first mention.
    pub tags: Vec<Arc<str>>,
    /// The highest that a rule which acted names.
    pub priority: Option<Priority>,
    /// The `also` rules that acted.
    pub also: Vec<RuleRef>,
    /// When to try the next alternative, if nobody has answered by then.
    pub resume: Option<Resume>,
    /// `sha256:…` over the policy's text.
    pub policy: Arc<str>,
    /// With `--explain`: the reasons.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Reasons>,
}

/// A rule, by its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RuleRef {
    /// Its name; `null`: it has none.
    pub name: Option<Arc<str>>,
    /// Its file, inside the folder.
    pub file: Arc<str>,
    /// The line it begins on, from 1.
    pub line: u32,
}

/// Who takes a chat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "to", rename_all = "lowercase")]
pub enum Assignment {
    /// That user.
    User {
        /// Their id.
        user: String,
        /// The group they were chosen from.
        group: Option<String>,
        /// How they were chosen from it.
        by: Option<Algorithm>,
        /// Which alternative gave them, from 0.
        alternative: usize,
    },
    /// Nobody yet: the chat waits.
    Queue {
        /// Always `null`.
        user: (),
        /// Whose queue it waits in: the last group that was named.
        group: Option<String>,
        /// How that group was to give somebody.
        by: Option<Algorithm>,
        /// The last alternative that was tried, from 0.
        alternative: usize,
        /// Why it waits.
        reason: String,
    },
    /// Nobody: the chat does not wait either.
    Nobody,
    /// Whoever has it: the chat is open.
    Kept {
        /// Who has it; `null`: it waits.
        user: Option<String>,
        /// The group it came through, or waits in.
        group: Option<String>,
    },
}

/// A reply to be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SentReply {
    /// What the customer reads.
    pub text: String,
    /// Not to be repeated to the same customer within this time.
    pub once_per_seconds: Option<u64>,
    /// What the time is counted for: the number and the text as the rule has it.
    pub once_key: Option<String>,
}

/// When to go on with an assignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Resume {
    /// After this time without an answer …
    pub after_seconds: u64,
    /// … from this alternative.
    pub alternative: usize,
}

impl RuleRef {
    /// Where `rule`, one of `policy`, stands.
    pub fn of(policy: &Policy, rule: &Rule) -> Self {
        Self { name: rule.name.clone(), file: Arc::clone(&policy.file), line: rule.line }
    }
}

impl std::fmt::Display for RuleRef {
    /// Its name, or where it has none its place.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.name {
            Some(name) => write!(out, "`{name}`"),
            None => write!(out, "the rule at {}:{}", self.file, self.line),
        }
    }
}
