//! What the store knows about an event: its customer and their open chat.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::chat::ChatRecord;
use crate::situation::Customer;

/// What the store knows about the customer and the chat of an event. An event about a user or the rules needs none.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// The customer's id.
    pub customer_id: Arc<str>,
    /// What is known about the customer, before the event. Attributes that the inbox does not define, and values that they cannot
    /// have, are not shown to the rules.
    pub customer: Customer,
    /// The customer's open chat with the number; `None` if none is open.
    pub chat: Option<Arc<ChatRecord>>,
    /// When replies with `once per` were last sent to the customer, by [`once_key`](crate::SentReply::once_key).
    pub sent: BTreeMap<String, Timestamp>,
}
