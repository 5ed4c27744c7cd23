//! A chat that waits, with what is needed to give it to somebody.

use std::cmp::Reverse;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::engine::decision::{Assignment, Decision, Step};
use crate::language::vocabulary::Priority;
use crate::policy::RuleRef;
use crate::situation::{Customer, Message, OpenChat};

/// The id by which a host knows a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChatId(pub u64);

/// A chat that waits, with what is needed to give it to somebody. A host can store it, for example as JSON; when it is read, an
/// unknown field is an error.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct WaitingChat {
    /// The chat.
    pub id: ChatId,
    /// The WhatsApp number that the customer wrote to.
    pub number: Arc<str>,
    /// The id of the message that led to the assignment.
    pub message: Option<Arc<str>>,
    /// The customer, as far as assignments depend on them: their owner, and attributes that name skills.
    pub customer: Customer,
    /// The rule that assigns the chat.
    pub rule: RuleRef,
    /// The digest of its policy.
    pub policy: Arc<str>,
    /// The group in whose queue the chat waits; `None` if the rule names no group.
    pub group: Option<Arc<str>>,
    /// The position of the alternative that was tried last.
    pub last_alternative: usize,
    /// The step of the assignment that left the chat waiting, with the chat's priority; `None` counts as `normal`.
    #[serde(default)]
    pub step: Step,
    /// Since when nobody has had it.
    pub since: Timestamp,
}

impl WaitingChat {
    /// The chat of a decision that leaves it waiting; `None` if it does not. [`WaitingChats::update`](super::WaitingChats::update)
    /// does this for a host; it is for one that makes its chats from stored decisions, and knows `since` when they have waited.
    pub fn new(id: ChatId, decision: &Decision, customer: Customer, since: Timestamp) -> Option<Self> {
        let Some(Assignment::Queue { group, alternative, .. }) = &decision.assign else { return None };
        Some(Self {
            id,
            number: decision.number.clone().unwrap_or_default(),
            message: decision.message.clone(),
            customer,
            rule: decision.rule.clone()?,
            policy: Arc::clone(&decision.policy),
            group: group.clone(),
            last_alternative: *alternative,
            step: decision.step.clone(),
            since,
        })
    }

    /// The chat, and in which queue it waits. The rest is for the host to add.
    pub fn open_chat(&self) -> OpenChat {
        let group = self.group.as_ref().map(ToString::to_string);
        OpenChat { group, priority: self.step.priority, ..OpenChat::default() }
    }

    /// For how many seconds nobody has had it, at the moment `at`.
    pub fn age(&self, at: Timestamp) -> u64 {
        u64::try_from(at.duration_since(self.since).as_secs()).unwrap_or(0)
    }

    /// The message, as far as assignments depend on it.
    pub(super) fn message(&self) -> Message {
        Message { id: self.message.as_deref().map(str::to_owned), ..Message::default() }
    }

    /// The decision that left it waiting, as far as it is kept.
    pub(super) fn decision(&self) -> Decision {
        let (group, alternative) = (self.group.clone(), self.last_alternative);
        let reason = String::new();
        Decision {
            message: self.message.clone(),
            number: Some(Arc::clone(&self.number)),
            rule: Some(self.rule.clone()),
            assign: Some(Assignment::Queue { user: (), group, by: None, alternative, reason }),
            step: self.step.clone(),
            ..Decision::empty(Arc::clone(&self.policy))
        }
    }

    /// Where it stands among the others.
    pub(super) fn rank(&self) -> Rank {
        Rank(Reverse(self.step.priority.unwrap_or(Priority::Normal)), self.since, self.id)
    }
}

/// Where a chat stands among those that wait: the most urgent come first, then those that have waited longest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Rank(Reverse<Priority>, Timestamp, ChatId);

impl Rank {
    pub(super) fn id(self) -> ChatId {
        self.2
    }
}
