//! The store in PostgreSQL, for any number of nodes.
//!
//! A transaction over an inbox locks the inbox's row. What it will read is read at once, what it writes is
//! gathered, and written together with the `COMMIT`: two round trips for most batches.
//!
//! Each [`PostgresStore`] is a connection of its own, for one thread. Several writers of a node are several
//! stores on one address; so are those of several nodes. The calls block: they are made by threads, and never
//! by a task of a runtime.

mod text;
mod error;
mod query;
mod tls;
mod address;
mod session;
mod database;
mod migrate;
mod keys;
mod days;
mod inboxes;
mod messages;
mod log;
mod customers;
mod chats;
mod timers;
mod outbox;
mod notices;
mod transaction;
mod lookups;
mod expire;
mod sessions;
mod writer;
mod reader;
#[cfg(test)]
mod tests;

pub use reader::PostgresReader;
#[cfg(test)]
pub(crate) use tests::TestDatabase;
pub use writer::PostgresStore;
