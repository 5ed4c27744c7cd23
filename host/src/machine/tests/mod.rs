//! Items, batches and replies, over a store in memory and a clock that tests move.

mod test_host;

mod chats;
mod customers;
mod messages;
mod nodes;
mod outbox;
mod rules;
mod run;
