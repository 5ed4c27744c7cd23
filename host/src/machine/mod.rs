//! Decides what the host does, without doing it: what arrives and what has been done comes in, and what is to
//! be done goes out.

mod item;
mod live_inbox;
mod batch;
mod effects;
mod messages;
mod customers;
mod chats;
mod users;
mod notices;
mod timers;
mod outbox;
mod rules;
mod send_rate;
mod host_machine;
mod run;
mod why;
#[cfg(test)]
mod tests;

pub use crate::incoming::{NewMessage, Profile, SendBy};
pub use batch::{BatchResult, FollowedRules, handle_batch};
pub use host_machine::{
    BatchRun, Command, HostMachine, Input, MAX_BATCH, MAX_QUEUE, StoreNews, Ticket, Unavailable,
};
pub use item::{
    Answer, ChatAction, CustomerChange, CustomerKey, Item, Refused, ReplyAnswer, Routed, UserChange,
};
pub use live_inbox::{Account, Accounts, InboxSettings, LiveInbox};
pub use run::run_batches;
pub use why::{DecisionFacts, InboxReplay, compile, why};
