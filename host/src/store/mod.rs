//! Where an inbox is kept: what a transaction reads and writes, and what is read outside of one. The stores
//! behind it are SQLite, for one process, and PostgreSQL, for several.

mod error;
mod read;
mod rows;
mod transaction;
mod columns;
#[cfg(feature = "postgres")]
mod postgres;
mod sqlite;
#[cfg(test)]
mod contract;

pub use error::StoreError;
#[cfg(all(test, feature = "postgres"))]
pub(crate) use postgres::TestDatabase;
#[cfg(feature = "postgres")]
pub use postgres::{PostgresReader, PostgresStore};
pub use read::{ChatFilter, ChatState, DecisionFilter, Page, StoreReader};
pub use rows::{
    ChatRow, CustomerRow, DueInbox, DueReplies, HostTimer, InboxHead, InboxRow, LogRow, MessageKey,
    MessageRow, NoticeRow, OutboxRow, OutboxState, RuleSetHead, RuleSetRow, SessionRow, TextRow, TimerRow,
    TurnRow, UserRow, WaitingSetRow,
};
pub use sqlite::{SqliteReader, SqliteStore};
pub use transaction::{ReplyName, Store, Transaction};
