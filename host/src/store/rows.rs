//! The rows of a store. An inbox is named by the transaction; times are microseconds in the tables.

use std::collections::BTreeMap;
use std::sync::Arc;

use inbox_rules::desk::{ChatRecord, CustomerRecord, DeskTimer, LogRecord};
use inbox_rules::{ChatId, Presence};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::incoming::{NewMessage, SendBy};

/// What is kept of an inbox.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct InboxRow {
    /// The `seq` of the last entry of its log; 0: there is none.
    pub seq: u64,
    /// Another number at each commit, by chance, so that a node sees that another one has written, or that the
    /// store was restored.
    pub stamp: u64,
    /// Another number each time the live state of the inbox is changed in a way that its log does not tell. By chance, because
    /// after a failover as many other changes may follow as were lost.
    pub unlogged: u64,
    /// The digest of the rules that are active; `None`: none ever were.
    pub rules: Option<Arc<str>>,
    /// Since when they are.
    pub rules_since: Option<Timestamp>,
    /// The rules that wait to be accepted.
    pub waiting: Option<WaitingSetRow>,
}

/// A rule set that waits to be accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingSetRow {
    /// The digest.
    pub digest: Arc<str>,
    /// How many cases it decides differently from the one that is active.
    pub differences: u64,
}

impl WaitingSetRow {
    /// A set with so many differences.
    pub(super) fn of((set, differences): (&RuleSetRow, u64)) -> Self {
        Self { digest: Arc::clone(&set.digest), differences }
    }
}

/// An entry of the log, with what the API tells of it later.
#[derive(Debug)]
pub struct LogRow {
    /// The entry.
    pub record: LogRecord,
    /// For a message: what `Routed` tells, as JSON.
    pub routed: Option<Box<RawValue>>,
}

/// Which message it is: the number, the id, and the day of its own time, in which a repeat is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MessageKey {
    /// Days since 1970-01-01 in UTC. A repeat is looked for on the days before and after, too.
    pub day: i32,
    /// The first 16 bytes of the SHA-256 over the number, a zero byte and the id.
    pub hash: [u8; 16],
}

/// What is kept of a message for as long as it may come again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MessageRow {
    /// The `seq` of its decision; 0 while it is held.
    pub seq: u64,
    /// Whether it waits for its content (code 131060).
    pub held: bool,
}

/// The text of a message and what it was decided from, kept for a shorter time than the log.
#[derive(Debug, Clone, PartialEq)]
pub struct TextRow {
    /// The `seq` of the decision.
    pub seq: u64,
    /// The customer, by whom it is found when they are to be forgotten.
    pub customer: Arc<str>,
    /// The text now.
    pub text: Option<String>,
    /// The facts that the decision was made from, as JSON; empty if the text was struck out.
    pub facts: String,
}

/// A customer with what the store finds them by: a row and its names. The id is `c` and a number of the
/// inbox, such as `c17`.
pub type CustomerRow = CustomerRecord;

/// A chat, open or closed, with the number and what an API shows of it besides.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChatRow {
    /// The chat.
    pub chat: Arc<ChatRecord>,
    /// The WhatsApp number.
    pub number: Arc<str>,
    /// How replies go out: as its last message came.
    pub send: SendBy,
    /// When it was closed; `None`: it is open.
    pub closed_at: Option<Timestamp>,
    /// When its assignment goes on if nobody has answered; `None`: it does not.
    pub resume_at: Option<Timestamp>,
}

/// A user's figures. A user without a row is offline and has no chats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserRow {
    /// The id.
    pub id: Arc<str>,
    /// The presence.
    pub presence: Presence,
    /// When the user is offline again; `None`: it stays.
    pub until: Option<Timestamp>,
    /// Open chats.
    pub chats: u32,
    /// When a chat was last given to them or a message last came in one.
    pub last_at: Option<Timestamp>,
    /// The capacity that was set; `None`: as in `inbox.toml`.
    pub capacity: Option<u32>,
}

/// Whose turn it was last in a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TurnRow {
    /// The group.
    pub group: Arc<str>,
    /// The user.
    pub user: Arc<str>,
}

/// A timer that is set.
#[derive(Debug, Clone, PartialEq)]
pub struct TimerRow {
    /// When it fires.
    pub due: Timestamp,
    /// What fires.
    pub timer: HostTimer,
}

/// What a timer does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HostTimer {
    /// A timer of the desk.
    Desk(DeskTimer),
    /// A message that was held for its content is decided without it. There is one of a message, told by its
    /// number and id.
    Held(Box<NewMessage>),
}

/// A reply on its way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxRow {
    /// The id, unique in the store. 0 in a row that is to be added.
    pub id: u64,
    /// The WhatsApp number that it goes out from.
    pub number: Arc<str>,
    /// The customer.
    pub customer: Arc<str>,
    /// The chat, and the `seq` of the decision that it belongs to.
    pub chat: Option<ChatId>,
    /// The `seq` of the decision that it belongs to; `None`: a user wrote it.
    pub seq: Option<u64>,
    /// What the caller calls it: makes a second call with the same name find the first.
    pub caller_id: Option<String>,
    /// The name that it goes to: a phone number as `+` and digits, or another id.
    pub recipient: Arc<str>,
    /// The text.
    pub text: String,
    /// How far it is.
    pub state: OutboxState,
    /// When it is to be sent, or sent again; the latest moment that there is once it is settled, so that the
    /// next can follow.
    pub due: Timestamp,
    /// Until when whoever sends it has it.
    pub lease: Option<Timestamp>,
    /// How often it was tried.
    pub tries: u32,
    /// The id that WhatsApp gave it.
    pub wamid: Option<String>,
    /// The code of WhatsApp's error.
    pub code: Option<i64>,
    /// After this it is too late.
    pub expires: Timestamp,
    /// When it was decided.
    pub at: Timestamp,
}

impl OutboxRow {
    /// Whether nothing is to be sent any more, so that the next can follow.
    pub fn is_settled(&self) -> bool {
        !matches!(self.state, OutboxState::Waiting | OutboxState::Sending | OutboxState::Unknown)
            || self.due == Timestamp::MAX
    }
}

/// How far a reply is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OutboxState {
    /// It is to be sent.
    Waiting,
    /// It is being sent, under a lease.
    Sending,
    /// WhatsApp has taken it.
    Sent,
    /// It is on the customer's device.
    Delivered,
    /// The customer has read it, or played it.
    Read,
    /// WhatsApp refuses it.
    Failed,
    /// It was sent, and the answer was lost.
    Unknown,
    /// The customer had it within the time of `once per`.
    Suppressed,
    /// It was not sent in time.
    TooLate,
    /// The caller has it; nothing is sent.
    Returned,
}

impl OutboxState {
    /// Every state, by the word for it.
    pub const WORDS: [(&'static str, Self); 10] = [
        ("waiting", Self::Waiting),
        ("sending", Self::Sending),
        ("sent", Self::Sent),
        ("delivered", Self::Delivered),
        ("read", Self::Read),
        ("failed", Self::Failed),
        ("unknown", Self::Unknown),
        ("suppressed", Self::Suppressed),
        ("too_late", Self::TooLate),
        ("returned", Self::Returned),
    ];

    /// All states. A store may hold their positions in this list, so new ones come last.
    #[expect(clippy::indexing_slicing, reason = "both lists have the same length")]
    pub const ALL: [Self; Self::WORDS.len()] = {
        let mut all = [Self::Waiting; Self::WORDS.len()];
        let mut position = 0;
        while position < all.len() {
            all[position] = Self::WORDS[position].1;
            position += 1;
        }
        all
    };

    /// The word for it.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, state)| *state == self).map_or("", |(word, _)| word)
    }
}

/// Something that happened and does not decide anything.
#[derive(Debug, Clone)]
pub struct NoticeRow {
    /// Its position among the notices of the inbox. 0 in a row that is to be added.
    pub seq: u64,
    /// When it came.
    pub at: Timestamp,
    /// The kind.
    pub kind: String,
    /// The WhatsApp number, if it is about one.
    pub number: Option<Arc<str>>,
    /// The customer, if it is about one.
    pub customer: Option<Arc<str>>,
    /// What came.
    pub body: Box<RawValue>,
}

/// A rule set that was active, or waits to be accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleSetRow {
    /// The digest.
    pub digest: Arc<str>,
    /// The texts by file name.
    pub files: BTreeMap<String, String>,
    /// When it was last made active; if it never was, when it began to wait.
    pub at: Timestamp,
    /// Who brought it: `folder`, or the name of a token.
    pub by: String,
}

/// A rule set that was active, without its texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleSetHead {
    /// Its position among the rule sets of the inbox, which grows each time one becomes active.
    pub seq: u64,
    /// The digest.
    pub digest: Arc<str>,
    /// When it was last made active.
    pub at: Timestamp,
    /// Who brought it: `folder`, or the name of a token.
    pub by: String,
}

/// A session of the page, which any node knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// The SHA-256 of what its cookie holds.
    pub hash: [u8; 32],
    /// The SHA-256 of the token that it was begun with.
    pub token: [u8; 32],
    /// When it began.
    pub created: Timestamp,
    /// When it ends. A store may know it for some time after.
    pub expires: Timestamp,
}

/// How far an inbox is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxHead {
    /// The inbox.
    pub inbox: Arc<str>,
    /// The `seq` of the last entry of its log.
    pub seq: u64,
    /// The digest of the rules that are active; `None`: none ever were.
    pub rules: Option<Arc<str>>,
}

/// An inbox that has something to do at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueInbox {
    /// The inbox.
    pub inbox: Arc<str>,
    /// The earliest moment.
    pub due: Timestamp,
}

/// A number that has replies to be tried at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueReplies {
    /// The inbox.
    pub inbox: Arc<str>,
    /// The WhatsApp number.
    pub number: Arc<str>,
    /// The earliest moment.
    pub due: Timestamp,
}
