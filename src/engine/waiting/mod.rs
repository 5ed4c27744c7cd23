//! Chats that wait, and how they are given to users as soon as users can take them.

mod chat;
mod chats;
mod targets;
mod index;
mod drain;

pub use chat::{ChatId, WaitingChat};
pub use chats::{TakeError, WaitingChats};
pub use drain::{DrainContext, drain, outdated};
