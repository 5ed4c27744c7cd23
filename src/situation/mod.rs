//! What a decision is made from, as the outside world tells it: message, customer, moment, presence.

mod case;
mod error;
pub mod given;
mod incoming;
mod moment;
mod read;
mod shape;
#[cfg(test)]
mod tests;

pub use case::{Case, Chat, Known, Owner, Text, UserNow, receive, situate};
pub use error::SituationError;
pub use incoming::Incoming;
pub use moment::Moment;
pub use shape::{Customer, Message, OpenChat, Situation, UserState};
