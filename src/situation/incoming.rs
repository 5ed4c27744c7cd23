//! A message as it reaches a host, which keeps who is there in a roster of its own.

use jiff::Timestamp;

use super::json::{Message, OpenChat};

/// A message as it reaches a host: all that a situation says, but for the customer and who is there.
#[derive(Debug, Clone, Copy)]
pub struct Incoming<'a> {
    /// The WhatsApp number that was written to, in E.164.
    pub number: &'a str,
    /// When it came.
    pub at: Timestamp,
    /// What was written.
    pub message: &'a Message,
    /// The customer's open chat; `None`: none is open.
    pub chat: Option<&'a OpenChat>,
}
