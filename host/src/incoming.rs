//! A message of a customer, from whichever channel it comes.

use std::collections::BTreeMap;
use std::sync::Arc;

use inbox_rules::{AttributeValue, Message};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A message that a customer has sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NewMessage {
    /// The WhatsApp number that they wrote to, in E.164.
    pub number: Arc<str>,
    /// The names that they came with.
    pub names: Vec<Arc<str>>,
    /// What the channel says about them.
    pub profile: Profile,
    /// The message, without its age. One without an id is never a repeat.
    pub message: Message,
    /// When they sent it; `None`: now.
    pub sent_at: Option<Timestamp>,
    /// Whether it is held for its content (code 131060) before it is decided.
    pub held: bool,
    /// How its replies go out.
    pub send: SendBy,
}

/// How replies go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SendBy {
    /// By the WhatsApp account of the number.
    WhatsApp,
    /// Not at all: the caller has them.
    Caller,
}

/// What a channel says about a customer. What it does not say stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// The name that people read.
    pub name: Option<String>,
    /// The language.
    pub language: Option<String>,
    /// The country: ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// The tags, all of them.
    pub tags: Option<Vec<String>>,
    /// Some attributes.
    pub attributes: BTreeMap<String, AttributeValue>,
}
