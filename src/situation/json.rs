//! A situation in the shape that `rules route` reads. Missing is `None`, empty or the default.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::deserialize;
use super::moment::Moment;
use crate::language::vocabulary::{MessageKind, Presence, Priority};
use crate::policy::{AttributeValue, RuleRef};

/// One message, and everything that its decision depends on.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Situation {
    /// The WhatsApp number that the message was sent to, in E.164 (`+15550100`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// When the message arrived. If this is missing, `rules route` uses the current time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<Moment>,
    /// The message. If this is missing, it is of kind `text` and has no text.
    #[serde(deserialize_with = "deserialize::object_or_default", skip_serializing_if = "is_default")]
    #[schemars(with = "Option<Message>")]
    pub message: Message,
    /// The customer who wrote it. If this is missing, it is a new customer about whom nothing is known.
    #[serde(deserialize_with = "deserialize::object_or_default", skip_serializing_if = "is_default")]
    #[schemars(with = "Option<Customer>")]
    pub customer: Customer,
    /// Users by id. A user who is not listed is offline and has no chats.
    #[serde(deserialize_with = "deserialize::objects", skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(with = "Option<BTreeMap<String, Option<UserState>>>")]
    pub users: BTreeMap<String, UserState>,
    /// The number of chats that wait in the queue of each group, without a user.
    #[serde(deserialize_with = "deserialize::entries", skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(with = "Option<BTreeMap<String, Option<u32>>>")]
    pub waiting: BTreeMap<String, u32>,
    /// The id of the user who had the last `in_order` turn of each group.
    #[serde(deserialize_with = "deserialize::entries", skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(with = "Option<BTreeMap<String, Option<String>>>")]
    pub turns: BTreeMap<String, String>,
    /// The customer's open chat. If this is missing, no chat is open.
    #[serde(deserialize_with = "deserialize::object", skip_serializing_if = "Option::is_none")]
    pub chat: Option<OpenChat>,
    /// The assignment to go on with, because nobody has answered. If this is missing, the message is decided.
    #[serde(deserialize_with = "deserialize::object", skip_serializing_if = "Option::is_none")]
    pub resume: Option<ResumeRequest>,
}

/// The message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Message {
    /// The message id of WhatsApp. Random choices are seeded from it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The kind; `text` if missing. A kind that is not in the list is `other`.
    #[serde(deserialize_with = "deserialize::kind")]
    #[schemars(with = "Option<String>")]
    pub kind: MessageKind,
    /// The text, or the caption. `""` counts as no text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// How old the message was, in seconds, when it reached the host.
    #[serde(deserialize_with = "deserialize::or_default", skip_serializing_if = "is_default")]
    #[schemars(with = "Option<u64>")]
    pub age_seconds: u64,
    /// The id of the ad or post that the customer tapped to write.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ad: Option<String>,
    /// The headline and text of that ad or post.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ad_text: Option<String>,
    /// The id of the button or list row that the customer pressed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub button: Option<String>,
    /// Whether the message was passed on from another chat.
    #[serde(deserialize_with = "deserialize::or_default", skip_serializing_if = "is_default")]
    #[schemars(with = "Option<bool>")]
    pub forwarded: bool,
    /// The attributes of messages that `inbox.toml` defines under `[message]`, by name.
    #[serde(deserialize_with = "deserialize::values", skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(with = "Option<BTreeMap<String, Option<AttributeValue>>>")]
    pub attributes: BTreeMap<String, AttributeValue>,
}

impl Message {
    /// The names of its fields that a rule can ask about as `message.NAME`.
    pub(super) const FIELDS: [&str; 6] = ["ad", "ad_text", "button", "forwarded", "kind", "text"];
}

impl Default for Message {
    fn default() -> Self {
        Self {
            id: None,
            kind: MessageKind::Text,
            text: None,
            age_seconds: 0,
            ad: None,
            ad_text: None,
            button: None,
            forwarded: false,
            attributes: BTreeMap::new(),
        }
    }
}

/// The customer who wrote the message.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Customer {
    /// The id of the customer in WhatsApp.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The phone number, in E.164.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// The customer's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whether the customer has written to this inbox before.
    #[serde(deserialize_with = "deserialize::or_default", skip_serializing_if = "is_default")]
    #[schemars(with = "Option<bool>")]
    pub returning: bool,
    /// The id of the user who owns the customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// The customer's tags.
    #[serde(deserialize_with = "deserialize::list", skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Option<Vec<Option<String>>>")]
    pub tags: Vec<String>,
    /// The country: two letters, as in ISO 3166-1 alpha-2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// The language: two or three letters, a primary tag of BCP 47.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The attributes that `inbox.toml` defines, by name.
    #[serde(deserialize_with = "deserialize::values", skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(with = "Option<BTreeMap<String, Option<AttributeValue>>>")]
    pub attributes: BTreeMap<String, AttributeValue>,
    /// When the customer's previous message arrived.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_message_at: Option<Moment>,
}

/// A user at the moment of the message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct UserState {
    /// Only `online` counts as online; `offline` if missing.
    #[serde(deserialize_with = "deserialize::presence")]
    #[schemars(with = "Option<Presence>")]
    pub presence: Presence,
    /// The number of open chats, over all groups and numbers.
    #[serde(deserialize_with = "deserialize::or_default", skip_serializing_if = "is_default")]
    #[schemars(with = "Option<u32>")]
    pub chats: u32,
    /// When a message was last assigned to the user or exchanged with a customer. Missing if there was none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_message_at: Option<Moment>,
    /// The capacity, at least 1, where the host has set another one than `inbox.toml` says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub capacity: Option<u32>,
    /// The weight, at least 1, where the host has set another one than `inbox.toml` says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<u32>,
}

impl Default for UserState {
    fn default() -> Self {
        Self { presence: Presence::Offline, chats: 0, last_message_at: None, capacity: None, weight: None }
    }
}

/// The customer's open chat.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct OpenChat {
    /// The id of the user who has it. If this is missing, the chat waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The group that it was assigned through, or in whose queue it waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// The tags that it carries.
    #[serde(deserialize_with = "deserialize::list", skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Option<Vec<Option<String>>>")]
    pub tags: Vec<String>,
    /// Whether a user has written in it since it was last given to one, or began to wait.
    #[serde(deserialize_with = "deserialize::or_default", skip_serializing_if = "is_default")]
    #[schemars(with = "Option<bool>")]
    pub answered: bool,
    /// When it was opened, if that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opened_at: Option<Moment>,
    /// Since when nobody has had it, if that is known. It counts only while nobody has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiting_since: Option<Moment>,
    /// The highest priority that decisions about it have set. No rule reads it; a roster hands it on when the chat moves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
}

/// An assignment that was not answered in time: what a decision's `rule` and `resume` said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ResumeRequest {
    /// The rule that assigned the chat.
    #[serde(deserialize_with = "deserialize::rule")]
    pub rule: RuleRef,
    /// The position of the alternative to try next, from 0.
    pub alternative: usize,
    /// The ids of the users who are left out. One who has left the inbox is passed over.
    #[serde(default, deserialize_with = "deserialize::list", skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Option<Vec<Option<String>>>")]
    pub had: Vec<String>,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
