//! What is read outside of a transaction: what the API lists.

use std::sync::Arc;

use inbox_rules::ChatId;

use super::error::StoreError;
use super::rows::{
    ChatRow, CustomerRow, InboxRow, LogRow, NoticeRow, OutboxRow, OutboxState, RuleSetHead, RuleSetRow,
    SessionRow, TextRow, TurnRow, UserRow,
};

/// Which part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// After the item with this position; 0: from the beginning.
    pub after: u64,
    /// How many items, at most.
    pub limit: usize,
}

/// Which chats.
#[derive(Debug, Clone, Default)]
pub struct ChatFilter {
    /// In which state; `None`: open or waiting.
    pub state: Option<ChatState>,
    /// Of this user.
    pub user: Option<String>,
    /// Assigned through, or waiting in, this group.
    pub group: Option<String>,
    /// With this number.
    pub number: Option<String>,
    /// Of the customer with this id.
    pub customer: Option<Arc<str>>,
}

/// The state of a chat that is not closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChatState {
    /// A user has it.
    Open,
    /// It waits.
    Waiting,
}

/// Which decisions.
#[derive(Debug, Clone, Default)]
pub struct DecisionFilter {
    /// By the rule with this name.
    pub rule: Option<String>,
    /// About the customer with this id.
    pub customer: Option<Arc<str>>,
    /// About the message with this id.
    pub message: Option<String>,
}

/// Reads what is committed. Lists are in the order of their position, except rule sets, the latest of which comes first, and the
/// chats that wait: by priority, then age. After a chat that waits no more, their list goes on from the place that it had.
#[expect(clippy::missing_errors_doc, reason = "each call fails as the store does: `StoreError`")]
pub trait StoreReader {
    /// The inbox; the default if nothing has happened in it.
    fn inbox(&mut self, inbox: &str) -> Result<InboxRow, StoreError>;
    /// Chats by id.
    fn chats(&mut self, inbox: &str, filter: &ChatFilter, page: Page) -> Result<Vec<ChatRow>, StoreError>;
    /// A chat, open or closed.
    fn chat(&mut self, inbox: &str, id: ChatId) -> Result<Option<ChatRow>, StoreError>;
    /// The customer with this id, or into whom the one with this id was merged, or with this name as it is
    /// stored.
    fn customer(&mut self, inbox: &str, id_or_name: &str) -> Result<Option<CustomerRow>, StoreError>;
    /// Customers by id.
    fn customers(&mut self, inbox: &str, page: Page) -> Result<Vec<CustomerRow>, StoreError>;
    /// The figures of all users who have some.
    fn users(&mut self, inbox: &str) -> Result<Vec<UserRow>, StoreError>;
    /// Whose turn it was last in each group.
    fn turns(&mut self, inbox: &str) -> Result<Vec<TurnRow>, StoreError>;
    /// Entries of the log by `seq`.
    fn log(&mut self, inbox: &str, page: Page) -> Result<Vec<LogRow>, StoreError>;
    /// The message entries of the log by `seq`, without those of customers who were forgotten.
    fn decisions(
        &mut self,
        inbox: &str,
        filter: &DecisionFilter,
        page: Page,
    ) -> Result<Vec<LogRow>, StoreError>;
    /// The text and the facts of a decision.
    fn text(&mut self, inbox: &str, seq: u64) -> Result<Option<TextRow>, StoreError>;
    /// Replies by id.
    fn replies(
        &mut self,
        inbox: &str,
        state: Option<OutboxState>,
        page: Page,
    ) -> Result<Vec<OutboxRow>, StoreError>;
    /// The replies of a decision.
    fn replies_of(&mut self, inbox: &str, seq: u64) -> Result<Vec<OutboxRow>, StoreError>;
    /// The replies to the customer with this id from a number, by id.
    fn replies_to(&mut self, inbox: &str, customer: &str, number: &str)
    -> Result<Vec<OutboxRow>, StoreError>;
    /// Notices by `seq`.
    fn notices(&mut self, inbox: &str, page: Page) -> Result<Vec<NoticeRow>, StoreError>;
    /// The rule sets that were active, each once, the one that became so last first. `page.after` is the position
    /// of the last that was seen.
    fn rule_sets(&mut self, inbox: &str, page: Page) -> Result<Vec<RuleSetHead>, StoreError>;
    /// The rule set with this digest, which was active or waits to be accepted.
    fn rule_set(&mut self, inbox: &str, digest: &str) -> Result<Option<RuleSetRow>, StoreError>;
    /// The latest snapshot at or before the entry `seq`, with its position.
    fn snapshot(&mut self, inbox: &str, seq: u64) -> Result<Option<(u64, String)>, StoreError>;
    /// How many replies are in each state.
    fn count_replies(&mut self, inbox: &str) -> Result<Vec<(OutboxState, u64)>, StoreError>;
    /// How many chats wait.
    fn count_waiting(&mut self, inbox: &str) -> Result<u64, StoreError>;
    /// The session of the page with this hash. It may have ended.
    fn session(&mut self, hash: &[u8; 32]) -> Result<Option<SessionRow>, StoreError>;
}
