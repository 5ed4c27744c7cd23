//! A decision, in the shape that `rules route` writes.

use std::sync::Arc;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::language::vocabulary::{Algorithm, Presence, Priority};
use crate::policy::{Policy, Rule};

/// Who takes the chat, and what else to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Decision {
    /// The id of the message.
    pub message: Option<Arc<str>>,
    /// The WhatsApp number that the message was sent to.
    pub number: Option<Arc<str>>,
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
    /// The `also` rules that fired.
    pub also: Vec<RuleRef>,
    /// When to try the next alternative if nobody has answered; `null` if there is none to try.
    pub resume: Option<Resume>,
    /// The SHA-256 of the policy's text, as `sha256:…`.
    pub policy: Arc<str>,
    /// The reasons, with `--explain`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Reasons>,
}

/// A rule, identified by its name, or by its place if it has none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
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
#[non_exhaustive]
pub enum Assignment {
    /// A user.
    User {
        /// The id of the user.
        user: Arc<str>,
        /// The group that the user was chosen from; `null` if the rule names the user or the owner.
        group: Option<Arc<str>>,
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
        group: Option<Arc<str>>,
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
        user: Option<Arc<str>>,
        /// The group that it was assigned through, or in whose queue it waits.
        group: Option<Arc<str>>,
    },
}

/// A reply to send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
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

/// The reasons for a decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Reasons {
    /// The customer's name, or `the customer` if it is not known.
    pub customer: String,
    /// The rules that were evaluated, down to the one that decided; none if the chat was already open.
    pub rules: Vec<RuleReason>,
    /// The `also` rules.
    pub also: Vec<RuleReason>,
    /// The alternatives of the assignment that were tried, down to the one that was taken.
    pub assign: Vec<AttemptReason>,
}

/// Why the condition of a rule held, or did not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct RuleReason {
    /// The rule.
    pub rule: RuleRef,
    /// Whether the condition held.
    pub held: bool,
    /// The first part that did not hold, as written; `null` if all parts held.
    pub part: Option<String>,
    /// The values that this part, or the whole condition, was evaluated with.
    pub saw: String,
}

/// Why an alternative found somebody, or did not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct AttemptReason {
    /// The position of the alternative, from 0.
    pub alternative: usize,
    /// The alternative, as written.
    pub target: String,
    /// The outcome.
    pub outcome: String,
    /// Whether it was taken.
    pub taken: bool,
    /// How a member is chosen, if the alternative names a group.
    pub by: Option<Algorithm>,
    /// Which members it considered.
    pub pool: Option<String>,
    /// Every member of the group, in the order of the group.
    pub candidates: Vec<CandidateReason>,
    /// What decided the choice.
    pub tie_break: Option<String>,
}

/// A member of the group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct CandidateReason {
    /// The id of the member.
    pub user: String,
    /// The name of the member.
    pub name: String,
    /// The presence of the member.
    pub presence: Presence,
    /// The number of open chats.
    pub chats: u32,
    /// The capacity: how many chats the member should have at most.
    pub capacity: Option<u32>,
    /// The weight under `by weighted`.
    pub weight: u32,
    /// The position in the turn order; 0 has the next turn.
    pub turn: usize,
    /// When the member had their last message; `null` if they never had one.
    #[schemars(with = "Option<String>")]
    pub last_message_at: Option<Timestamp>,
    /// The number of seconds since then.
    pub idle_seconds: Option<u64>,
    /// Why the member was not considered; `null` if they were.
    pub left_out: Option<String>,
    /// Whether the member was chosen.
    pub chosen: bool,
}

impl RuleRef {
    /// The reference to `rule`, one of `policy`.
    pub fn of(policy: &Policy, rule: &Rule) -> Self {
        Self { name: rule.name.clone(), file: Arc::clone(&policy.file), line: rule.line }
    }

    /// The rule of `policy` that is meant: the one of that name, wherever it is now, or if it has no name the one at that
    /// place.
    pub fn find<'p>(&self, policy: &'p Policy) -> Option<&'p Rule> {
        let has_name = |rule: &&Rule| rule.name == self.name;
        let is_here = |rule: &&Rule| policy.file == self.file && rule.line == self.line;
        let mut same_name = policy.rules.iter().filter(has_name);
        match &self.name {
            Some(_) => same_name.clone().find(is_here).or_else(|| same_name.next()),
            None => same_name.find(is_here),
        }
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
