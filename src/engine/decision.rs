//! A decision, in the shape that `rules route` writes.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::reasons::Reasons;
use crate::language::vocabulary::{Algorithm, Priority};
use crate::policy::{Policy, Rule};

/// Who takes the chat, and what else to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Decision {
    /// The id of the message.
    pub message: Option<String>,
    /// The WhatsApp number that the message was sent to.
    pub number: Option<String>,
    /// The rule that decided; `null` if none did, or if the chat was already open.
    pub rule: Option<RuleRef>,
    /// Who takes the chat; `null` if no rule decided.
    pub assign: Option<Assignment>,
    /// The replies to send to the customer after assigning, in this order.
    pub replies: Vec<SentReply>,
    /// The tags that the rules add, in the order in which they first mention them.
    pub tags: Vec<Arc<str>>,
    /// The highest priority that a rule set.
    pub priority: Option<Priority>,
    /// The `also` rules that acted.
    pub also: Vec<RuleRef>,
    /// When to try the next alternative if nobody has answered; `null` if there is none to try.
    pub resume: Option<Resume>,
    /// The SHA-256 of the policy's text, as `sha256:…`.
    pub policy: Arc<str>,
    /// The reasons, with `--explain`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Reasons>,
}

/// A rule, identified by its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RuleRef {
    /// Its name; `null` if it has none.
    pub name: Option<Arc<str>>,
    /// Its file, relative to the folder.
    pub file: Arc<str>,
    /// The line on which it starts, from 1.
    pub line: u32,
}

/// Who takes a chat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "to", rename_all = "lowercase")]
pub enum Assignment {
    /// A user.
    User {
        /// The id of the user.
        user: String,
        /// The group that the user was chosen from; `null` if the rule names the user or the owner.
        group: Option<String>,
        /// How the user was chosen from the group.
        by: Option<Algorithm>,
        /// The position of the alternative that found the user, from 0.
        alternative: usize,
    },
    /// Nobody yet: the chat waits in a queue.
    Queue {
        /// Always `null`.
        user: (),
        /// The group in whose queue it waits: the last group that was named.
        group: Option<String>,
        /// The algorithm that was to choose a member of that group.
        by: Option<Algorithm>,
        /// The position of the last alternative that was tried, from 0.
        alternative: usize,
        /// Why it waits.
        reason: String,
    },
    /// Nobody, and the chat does not wait.
    Nobody,
    /// The chat was already open, and stays where it is.
    Kept {
        /// The id of the user who has it; `null` if it waits.
        user: Option<String>,
        /// The group that it was assigned through, or in whose queue it waits.
        group: Option<String>,
    },
}

/// A reply to send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SentReply {
    /// The text of the reply.
    pub text: String,
    /// Do not repeat the reply to the same customer within this many seconds.
    pub once_per_seconds: Option<u64>,
    /// The key for that limit, made from the number and the text as written in the rule.
    pub once_key: Option<String>,
}

/// When to try the next alternative of an assignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Resume {
    /// The number of seconds without an answer after which to try it.
    pub after_seconds: u64,
    /// The position of the alternative to try next, from 0.
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
