//! The live side of an inbox: open chats, queues, timers and owners over a roster. An event and what is stored about its customer
//! → effects, which the host stores and carries out. Pure: the moment is an argument, and nothing is stored or sent here.

mod chat;
mod customer;
mod facts;
mod event;
mod record;
mod effect;
mod error;
mod state;
mod step;
mod message;
mod queue;
mod resume;
mod users;
mod rules;
mod replay;
#[cfg(test)]
mod tests;

pub use chat::ChatRecord;
pub use customer::{CustomerName, CustomerRecord, Identified, identify};
pub use effect::{ChatChange, DeskTimer, Effects, QueuedReply, ReplyState, TimerChange};
pub use error::DeskError;
pub use event::{DeskEvent, TransferTarget};
pub use facts::Facts;
pub use record::{ChatCause, Record, RecordKind};
pub use replay::{LogReplay, ReplayState};
pub use state::{Desk, DeskSettings, DeskState};
