//! Where an inbox is kept: what a transaction reads and writes, and what is read outside of one. The stores
//! behind it are SQLite and, in tests, one with faults.

mod error;
mod read;
mod rows;
mod transaction;
mod sqlite;
#[cfg(test)]
mod contract;

pub use error::StoreError;
pub use read::{ChatFilter, ChatState, DecisionFilter, Page, StoreReader};
pub use rows::{
    ChatRow, CustomerRow, DueInbox, DueReplies, HostTimer, InboxHead, InboxRow, LogRow, MessageKey,
    MessageRow, NoticeRow, OutboxRow, OutboxState, RuleSetRow, TextRow, TimerRow, TurnRow, UserRow,
};
pub use sqlite::{SqliteReader, SqliteStore};
pub use transaction::{ReplyName, Store, Transaction};
