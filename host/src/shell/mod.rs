//! What the program does in the world: it listens, writes the store, sends replies, and ends when it is told
//! to.

mod logs;
mod first_token;
mod live_rules;
mod live_settings;
mod open_store;
mod store_threads;
mod writer;
mod ingest;
mod outbox;
mod admin;
mod connection;
mod serve;
mod service;
mod signals;
mod start;
#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) use ingest::items;
pub use start::run;
