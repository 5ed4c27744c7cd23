//! A situation in the shape that `rules route` reads. Missing is `None`, empty or the default.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::deserialize;
use super::moment::Moment;
use crate::language::vocabulary::{MessageKind, Presence};
use crate::policy::AttributeValue;

/// One message, and everything its decision depends on.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Situation {
    /// The WhatsApp number that was written to, in E.164.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// When the message came. `rules route` takes the present moment where it is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<Moment>,
    /// The message; missing: of kind `text`, without a text.
    #[serde(deserialize_with = "deserialize::object_or_default", skip_serializing_if = "is_default")]
    #[schemars(with = "Option<Message>")]
    pub message: Message,
    /// Who wrote it; missing: a new customer of whom nothing is known.
    #[serde(deserialize_with = "deserialize::object_or_default", skip_serializing_if = "is_default")]
    #[schemars(with = "Option<Customer>")]
    pub customer: Customer,
    /// Users by id. One who is not listed is offline and has no chats.
    #[serde(deserialize_with = "deserialize::objects", skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(with = "Option<BTreeMap<String, Option<UserState>>>")]
    pub users: BTreeMap<String, UserState>,
    /// How many chats wait in each group without a user.
    #[serde(deserialize_with = "deserialize::entries", skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(with = "Option<BTreeMap<String, Option<u32>>>")]
    pub waiting: BTreeMap<String, u32>,
    /// The last user that each group's `in_order` turn went to.
    #[serde(deserialize_with = "deserialize::entries", skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(with = "Option<BTreeMap<String, Option<String>>>")]
    pub turns: BTreeMap<String, String>,
    /// The customer's open chat; missing: none is open.
    #[serde(deserialize_with = "deserialize::object", skip_serializing_if = "Option::is_none")]
    pub chat: Option<OpenChat>,
}

/// The message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Message {
    /// How WhatsApp names it. Its dice come from this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Missing: `text`. A kind that is not known here is `other`.
    #[serde(deserialize_with = "deserialize::kind")]
    #[schemars(with = "Option<String>")]
    pub kind: MessageKind,
    /// The words, or the caption; `""` is no text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// How old the message was when it reached the host.
    #[serde(deserialize_with = "deserialize::or_default", skip_serializing_if = "is_default")]
    #[schemars(with = "Option<u64>")]
    pub age_seconds: u64,
}

impl Default for Message {
    fn default() -> Self {
        Self { id: None, kind: MessageKind::Text, text: None, age_seconds: 0 }
    }
}

/// The customer who wrote the message.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Customer {
    /// How WhatsApp names the customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The phone number, in E.164.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// The name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whether the customer has written to this inbox before.
    #[serde(deserialize_with = "deserialize::or_default", skip_serializing_if = "is_default")]
    #[schemars(with = "Option<bool>")]
    pub returning: bool,
    /// The id of the user who owns the customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// The tags that the customer carries.
    #[serde(deserialize_with = "deserialize::list", skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Option<Vec<Option<String>>>")]
    pub tags: Vec<String>,
    /// ISO 3166-1 alpha-2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// BCP 47 primary tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The attributes of `inbox.toml`.
    #[serde(
        deserialize_with = "deserialize::values",
        serialize_with = "deserialize::write_values",
        skip_serializing_if = "BTreeMap::is_empty"
    )]
    #[schemars(with = "Option<BTreeMap<String, Option<AttributeValue>>>")]
    pub attributes: BTreeMap<String, AttributeValue>,
    /// When the customer's last message before this one came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_message_at: Option<Moment>,
}

/// A user, at this moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct UserState {
    /// Only `online` counts as online; missing: `offline`.
    #[serde(deserialize_with = "deserialize::presence")]
    #[schemars(with = "Option<Presence>")]
    pub presence: Presence,
    /// Open chats, over all groups and numbers.
    #[serde(deserialize_with = "deserialize::or_default", skip_serializing_if = "is_default")]
    #[schemars(with = "Option<u32>")]
    pub chats: u32,
    /// The user's last message, assigned or exchanged; missing: never had one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_message_at: Option<Moment>,
}

impl Default for UserState {
    fn default() -> Self {
        Self { presence: Presence::Offline, chats: 0, last_message_at: None }
    }
}

/// The customer's open chat.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct OpenChat {
    /// Who has it; missing: it waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The group it came through, or waits in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
