//! The live side of an inbox: open chats, queues, timers and owners over a roster. An event and what is stored about its customer
//! → effects, which the host stores and carries out. Pure: the moment is an argument, and nothing is stored or sent here.

mod chat;
mod customer;
mod facts;
mod event;
mod record;
mod effect;
mod error;
mod tables;
mod state;
mod context;
mod message;
mod by_hand;
mod resume;
mod users;
mod rules;
mod replay;
mod follow;
#[cfg(test)]
mod tests;

pub use chat::ChatRecord;
pub use customer::{CustomerName, CustomerRecord, Identified, identify};
pub use effect::{ChatChange, DeskReply, DeskTimer, Effects, ReplyState, TimerChange};
pub use error::DeskError;
pub use event::{DeskEvent, TransferTarget};
pub use facts::Facts;
pub use record::{ChatCause, ChatHolder, LogRecord, LogRecordKind};
pub use replay::LogReplay;
pub use state::{Desk, DeskSettings, DeskState};
pub use tables::DeskTables;
