//! What a decision is made from, as the outside world tells it: message, customer, moment, presence.

mod case;
mod error;
pub mod given;
mod incoming;
mod moment;
mod deserialize;
mod json;
#[cfg(test)]
mod tests;

pub use case::{Case, Chat, Owner, Text, UserNow, validate, validate_incoming};
pub use error::SituationError;
pub use incoming::Incoming;
pub use json::{Customer, Message, OpenChat, Situation, UserState};
pub use moment::Moment;
