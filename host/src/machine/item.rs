//! What waits for an inbox, and what becomes of it. The items of an inbox are handled in the order in which
//! they came, several in one transaction.

use std::collections::BTreeMap;
use std::sync::Arc;

use inbox_rules::desk::{CustomerName, TransferTarget};
use inbox_rules::{AttributeValue, ChatId, Decision, Folder, Presence, Release};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::incoming::NewMessage;
use crate::store::{ChatRow, CustomerRow, OutboxRow, OutboxState, UserRow};
use crate::whatsapp::{SendOutcome, StatusUpdate};

/// Something that waits for an inbox.
#[derive(Debug)]
pub enum Item {
    /// A customer writes. [`Answer::Routed`].
    Message(Box<NewMessage>),
    /// A person has other names now. [`Answer::Done`].
    Rename {
        /// Names they had before.
        old: Vec<CustomerName>,
        /// The names they have now.
        new: Vec<CustomerName>,
    },
    /// Somebody has answered the customer in the Business app. [`Answer::Done`].
    Echo {
        /// The WhatsApp number.
        number: Arc<str>,
        /// The customer.
        to: Vec<CustomerName>,
    },
    /// The text of a message has changed; `None`: it was taken back. [`Answer::Done`].
    Edit {
        /// The WhatsApp number.
        number: Arc<str>,
        /// The message's id.
        id: String,
        /// When it was changed; `None`: now.
        at: Option<Timestamp>,
        /// The text now.
        text: Option<String>,
    },
    /// Something to show people that decides nothing. [`Answer::Done`].
    Notice {
        /// The kind.
        kind: String,
        /// The WhatsApp number, if it is about one.
        number: Option<Arc<str>>,
        /// The customer's names, if it is about one.
        customer: Vec<CustomerName>,
        /// What came.
        body: Box<RawValue>,
    },
    /// WhatsApp says what became of a reply. [`Answer::Done`].
    Status(Box<StatusUpdate>),
    /// Somebody takes, moves, answers or closes a chat. [`Answer::Chat`], or [`Answer::Reply`] for a message.
    Chat(ChatId, ChatAction),
    /// A user's presence or capacity is set. [`Answer::User`].
    User(Arc<str>, UserChange),
    /// A customer is made or changed by hand. [`Answer::Customer`].
    PutCustomer(CustomerKey, Box<CustomerChange>),
    /// A customer's names and texts are forgotten. [`Answer::Done`].
    ForgetCustomer(CustomerKey),
    /// Other rules are active from now on. [`Answer::Done`].
    Rules {
        /// The rules.
        release: Arc<Release>,
        /// Who brought them: `folder`, or the name of a token.
        by: String,
    },
    /// Rules take the place of those that they were edited from, if these still are active. [`Answer::Done`].
    EditedRules {
        /// The digest of the rules that were edited.
        base: String,
        /// The rules.
        release: Arc<Release>,
        /// The name of a token.
        by: String,
    },
    /// Rules wait to be accepted, if those are still active that they were edited from. [`Answer::Done`].
    WaitingRules {
        /// The digest of the rules that were edited.
        base: String,
        /// The digest of the rules.
        digest: String,
        /// Their texts.
        folder: Box<Folder>,
        /// How many cases they decide differently.
        differences: u64,
        /// The name of a token.
        by: String,
    },
    /// Timers are due. [`Answer::Done`].
    Timers,
    /// Replies are to be sent from these numbers, at most so many each. [`Answer::Leased`].
    Lease(BTreeMap<Arc<str>, usize>),
    /// A reply was sent, or not. [`Answer::Done`].
    Sent {
        /// The reply.
        id: u64,
        /// The lease under which it was sent, by its end: another node may have one since.
        lease: Option<Timestamp>,
        /// What became of it.
        outcome: SendOutcome,
    },
}

/// How a call names a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CustomerKey {
    /// By the inbox's own id, such as `c17`.
    Id(Arc<str>),
    /// By a phone number or another id.
    Name(CustomerName),
}

/// What somebody does with a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChatAction {
    /// A user takes it.
    Take(Arc<str>),
    /// It goes to another user or a group.
    Transfer(TransferTarget),
    /// A user has written in it.
    Answered(Arc<str>),
    /// It is over.
    Close,
    /// A user writes a message, which is sent to the customer.
    Send {
        /// What the caller calls it.
        id: String,
        /// The user.
        user: Arc<str>,
        /// The text.
        text: String,
    },
}

/// What is changed about a user.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserChange {
    /// The presence.
    pub presence: Option<Presence>,
    /// For how many seconds, unless it is set once more.
    pub for_seconds: Option<u32>,
    /// The capacity; `Some(None)`: as in `inbox.toml`.
    pub capacity: Option<Option<u32>>,
}

/// What is changed about a customer. `Some(None)` takes it away.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CustomerChange {
    /// The name that people read.
    pub name: Option<Option<String>>,
    /// The language.
    pub language: Option<Option<String>>,
    /// The tags, all of them.
    pub tags: Option<Vec<String>>,
    /// Some attributes; `None` takes one away.
    pub attributes: BTreeMap<String, Option<AttributeValue>>,
    /// The owner.
    pub owner: Option<Option<Arc<str>>>,
    /// Whether they have been here before.
    pub returning: Option<bool>,
}

/// What became of an item.
#[derive(Debug, Clone)]
pub enum Answer {
    /// It is done.
    Done,
    /// The message is decided.
    Routed(Box<Routed>),
    /// The message is held, or was too old to be decided, and is noted.
    Noted,
    /// The chat now.
    Chat(Box<ChatRow>),
    /// The user now.
    User(UserRow),
    /// The customer now.
    Customer(Box<CustomerRow>),
    /// The reply now.
    Reply(Box<OutboxRow>),
    /// The replies that are to be sent now.
    Leased(Vec<OutboxRow>),
    /// Nothing has changed, because it cannot be done.
    Refused(Refused),
}

/// Why something cannot be done. Nothing has changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// There is no such chat.
    #[error("the inbox has no chat {}", .0.0)]
    UnknownChat(ChatId),
    /// The chat is closed.
    #[error("the chat is closed")]
    ChatClosed,
    /// Another user has it.
    #[error("`{0}` already has the chat")]
    ChatTaken(Arc<str>),
    /// The inbox has no such user.
    #[error("the inbox has no user called `{0}`")]
    UnknownUser(Arc<str>),
    /// The inbox has no such group.
    #[error("the inbox has no group called `{0}`")]
    UnknownGroup(Arc<str>),
    /// The group has no member besides the user who has the chat.
    #[error("`{0}` has no member who could take the chat")]
    NoMember(Arc<str>),
    /// There is no such customer.
    #[error("the inbox has no such customer")]
    UnknownCustomer,
    /// The customer has not written for 24 hours.
    #[error("the customer last wrote more than 24 hours ago, so WhatsApp takes only templates")]
    WindowClosed,
    /// Somebody else has changed the rules meanwhile, perhaps at another node.
    #[error("other rules are active than those that were edited")]
    RulesChanged,
    /// The message is older than messages are kept.
    #[error("the message is older than messages are kept")]
    TooOld,
    /// Something about it is wrong.
    #[error("{0}")]
    Invalid(String),
}

/// A decided message, as the API tells it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Routed {
    /// The position of the decision in the log.
    pub seq: u64,
    /// When it was decided.
    pub at: Timestamp,
    /// The message's id.
    pub message: Option<String>,
    /// Whether it had been decided before.
    pub repeated: bool,
    /// The customer's id.
    pub customer: Arc<str>,
    /// The chat; `None`: none is open.
    #[schemars(with = "Option<u64>")]
    pub chat: Option<ChatId>,
    /// The decision.
    pub decision: Decision,
    /// The replies.
    pub replies: Vec<ReplyAnswer>,
}

/// A reply, as the API tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReplyAnswer {
    /// The id, such as `r9`.
    pub id: String,
    /// The text.
    pub text: String,
    /// How far it is.
    pub state: OutboxState,
    /// The code of WhatsApp's error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<i64>,
}
