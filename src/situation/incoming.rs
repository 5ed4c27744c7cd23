//! A message as it reaches a host that keeps a live roster.

use jiff::Timestamp;

use super::json::{Message, OpenChat};

/// A message as it reaches a host: what a [`Situation`](super::Situation) says, without the customer and the users. A
/// [`Roster`](crate::Roster) says who is online.
#[derive(Debug, Clone, Copy)]
pub struct Incoming<'a> {
    /// The WhatsApp number that the message was sent to, in E.164.
    pub number: &'a str,
    /// When the message arrived.
    pub at: Timestamp,
    /// The message.
    pub message: &'a Message,
    /// The customer's open chat; `None` if none is open.
    pub chat: Option<&'a OpenChat>,
}
