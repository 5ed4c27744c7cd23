//! What a decision is made from, as the outside world says it: message, customer, moment, presence.

mod error;
mod moment;
mod deserialize;
mod json;
pub mod given;
mod incoming;
mod snapshot;
mod case;
mod validate;
mod known_to;
#[cfg(test)]
mod tests;

pub use case::{Case, Chat, CustomAttributes, Owner};
#[cfg(feature = "check")]
pub(crate) use deserialize::syntax_error;
pub use error::SituationError;
pub use incoming::Incoming;
pub use json::{Customer, Message, OpenChat, ResumeRequest, Situation, UserState};
pub use known_to::NotInInbox;
pub use moment::Moment;
pub use snapshot::{RosterSnapshot, UserNow};
