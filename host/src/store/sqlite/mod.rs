//! The store in SQLite: one connection that writes, and others that only read.
//!
//! A transaction over an inbox is `BEGIN IMMEDIATE`, or a savepoint if other inboxes have written since the
//! last `COMMIT`, which is [`Store::sync`](super::Store::sync). All rows of an inbox lie together: their keys
//! begin with its number.

mod error;
mod query;
mod keys;
mod customer_cache;
mod migrate;
mod connect;
mod checkpoints;
mod inboxes;
mod log;
mod customers;
mod chats;
mod timers;
mod outbox;
mod expire;
mod sessions;
mod transaction;
mod writer;
mod reader;
#[cfg(test)]
mod tests;

pub use reader::SqliteReader;
pub use writer::SqliteStore;
