//! `POST {i}/messages`: a message of any channel.

use std::collections::BTreeMap;
use std::sync::Arc;

use inbox_rules::desk::CustomerName;
use inbox_rules::{AttributeValue, Message, MessageKind, RuleSet};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Deserialize;

use super::call::{Call, CallResult, ok, unexpected};
use super::decisions::routed_answer;
use super::error::ApiError;
use super::json_body::object;
use super::sizes::{MAX_LISTED, MAX_NAME, check_attributes, check_names, check_tags};
use super::timestamps::sent_at;
use crate::machine::{Answer, Item, NewMessage, Profile, SendBy};

/// A number, as people may write it.
pub(super) const NUMBER: &str = r"^[ ()-]*\+[ ()-]*[1-9]([ ()-]*[0-9]){6,14}[ ()-]*$";

/// A message of any channel.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewMessage")]
pub(super) struct MessageBody {
    /// The number that the customer wrote to, in E.164.
    #[schemars(regex(pattern = NUMBER))]
    pub(super) number: String,
    /// The message.
    #[serde(deserialize_with = "object")]
    pub(super) message: MessageFields,
    /// Who wrote it.
    #[serde(deserialize_with = "object")]
    pub(super) customer: CustomerFields,
    /// Whether replies go out by the number's WhatsApp account; else the caller has them.
    #[serde(default)]
    pub(super) send: bool,
}

/// The message.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MessageFields {
    /// What the channel calls it: a second one with the same id is a repeat. Without one there are no
    /// repeats.
    #[serde(default)]
    #[schemars(length(max = MAX_NAME))]
    id: Option<String>,
    /// The kind; `text` if it is left out. One that is not known is `other`.
    #[serde(default)]
    #[schemars(length(max = MAX_NAME))]
    kind: Option<String>,
    /// The text, or the caption.
    #[serde(default)]
    text: Option<String>,
    /// When the customer sent it; now if it is left out.
    #[serde(default, deserialize_with = "sent_at")]
    #[schemars(with = "Option<Timestamp>")]
    sent_at: Option<Timestamp>,
    /// The id of the ad or post that the customer tapped to write.
    #[serde(default)]
    #[schemars(length(max = MAX_NAME))]
    ad: Option<String>,
    /// The headline and text of that ad or post.
    #[serde(default)]
    ad_text: Option<String>,
    /// The id of the button or list row that the customer pressed.
    #[serde(default)]
    #[schemars(length(max = MAX_NAME))]
    button: Option<String>,
    /// Whether the message was passed on from another chat.
    #[serde(default)]
    forwarded: Option<bool>,
    /// What `inbox.toml` defines under `[message]`, by name.
    #[serde(default)]
    #[schemars(extend("maxProperties" = MAX_LISTED))]
    attributes: Option<BTreeMap<String, Option<AttributeValue>>>,
}

/// Who wrote it, by a phone number, another id, or both. What is left out stays as it is.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("anyOf" = [
    { "required": ["phone"], "properties": { "phone": { "type": "string", "minLength": 1 } } },
    { "required": ["user_id"], "properties": { "user_id": { "type": "string", "minLength": 1 } } },
]))]
pub(super) struct CustomerFields {
    /// The phone number.
    #[serde(default)]
    #[schemars(extend("pattern" = r"^(\+?[0-9]{5,15})?$"))]
    phone: Option<String>,
    /// Another id that the channel knows them by.
    #[serde(default)]
    #[schemars(extend("maxLength" = 256))]
    user_id: Option<String>,
    /// The name that people read.
    #[serde(default)]
    #[schemars(length(max = MAX_NAME))]
    name: Option<String>,
    /// The language: a primary tag of BCP 47.
    #[serde(default)]
    #[schemars(length(max = MAX_NAME))]
    language: Option<String>,
    /// The tags, all of them.
    #[serde(default)]
    #[schemars(extend("maxItems" = MAX_LISTED))]
    tags: Option<Vec<String>>,
    /// Some attributes.
    #[serde(default)]
    #[schemars(extend("maxProperties" = MAX_LISTED))]
    attributes: Option<BTreeMap<String, Option<AttributeValue>>>,
}

/// `POST {i}/messages`
pub(super) async fn post(call: Call) -> CallResult {
    let body: MessageBody = call.body()?;
    let message = body.message(&call.inbox()?.release().set)?;
    match call.submit(Item::Message(Box::new(message))).await? {
        Answer::Routed(routed) => ok(routed_answer(*routed, None)),
        Answer::Noted => Err(ApiError::conflict("too-old", "the message is older than messages are kept")),
        _ => Err(unexpected()),
    }
}

impl MessageBody {
    pub(super) fn message(self, set: &RuleSet) -> Result<NewMessage, ApiError> {
        let Self { number, message, customer, send } = self;
        let number = known_number(&number, set)?;
        let names = customer.names()?;
        message.check()?;
        customer.check()?;
        let kind = message.kind.as_deref().filter(|kind| !kind.is_empty());
        let known = |word| MessageKind::parse(word).unwrap_or(MessageKind::Other);
        let profile = Profile {
            name: customer.name,
            language: customer.language,
            country: crate::whatsapp::country(&names),
            tags: customer.tags,
            attributes: present(customer.attributes),
        };
        Ok(NewMessage {
            number,
            names: names.iter().map(|name| name.as_str().into()).collect(),
            profile,
            message: Message {
                id: message.id.filter(|id| !id.is_empty()),
                kind: kind.map_or(MessageKind::Text, known),
                text: message.text,
                ad: message.ad,
                ad_text: message.ad_text,
                button: message.button,
                forwarded: message.forwarded.unwrap_or_default(),
                attributes: present(message.attributes),
                ..Message::default()
            },
            sent_at: message.sent_at,
            held: false,
            send: if send { SendBy::WhatsApp } else { SendBy::Caller },
        })
    }
}

impl MessageFields {
    /// Nothing is too long.
    fn check(&self) -> Result<(), ApiError> {
        check_names(&[
            ("message.id", self.id.as_deref()),
            ("message.kind", self.kind.as_deref()),
            ("message.ad", self.ad.as_deref()),
            ("message.button", self.button.as_deref()),
        ])?;
        check_attributes("message.attributes", self.attributes.as_ref())
    }
}

impl CustomerFields {
    /// Nothing is too long.
    fn check(&self) -> Result<(), ApiError> {
        let names =
            [("customer.name", self.name.as_deref()), ("customer.language", self.language.as_deref())];
        check_names(&names)?;
        check_tags("customer.tags", self.tags.as_deref())?;
        check_attributes("customer.attributes", self.attributes.as_ref())
    }

    /// The names of the customer, of which there must be one.
    fn names(&self) -> Result<Vec<CustomerName>, ApiError> {
        let mut names = Vec::new();
        for (place, name) in [("customer.phone", &self.phone), ("customer.user_id", &self.user_id)] {
            let Some(text) = name.as_deref().filter(|name| !name.is_empty()) else { continue };
            let wrong = || {
                let form = if place == "customer.phone" {
                    "a phone number such as `+201001234567`"
                } else {
                    "an id of at most 256 characters"
                };
                ApiError::bad_field(place, format!("`{place}` must be {form}"))
            };
            let name = CustomerName::parse(text).ok_or_else(wrong)?;
            if place == "customer.phone" && !matches!(name, CustomerName::Phone(_)) {
                return Err(wrong());
            }
            names.push(name);
        }
        if names.is_empty() {
            let message = "it must be known who wrote: by `phone`, by `user_id` or by both";
            return Err(ApiError::bad_field("customer", message));
        }
        Ok(names)
    }
}

/// A number that the inbox has rules for, or lists.
fn known_number(number: &str, set: &RuleSet) -> Result<Arc<str>, ApiError> {
    let plain: String = number.chars().filter(|sign| !matches!(sign, ' ' | '-' | '(' | ')')).collect();
    if !inbox_rules::inbox::is_e164(&plain) {
        let message = format!("`{number}` is not a number such as `+15550100`");
        return Err(ApiError::bad_field("number", message));
    }
    if set.inbox().numbers.contains_key(&plain) || set.policy(&plain).is_some() {
        return Ok(plain.into());
    }
    let known = set.inbox().numbers.keys().map(String::as_str);
    let error = ApiError::unknown("unknown-number", format!("the inbox has no number `{plain}`"));
    Err(error.in_body(Some("number")).did_you_mean(&plain, known))
}

/// Those that are not null.
fn present(attributes: Option<BTreeMap<String, Option<AttributeValue>>>) -> BTreeMap<String, AttributeValue> {
    let attributes = attributes.unwrap_or_default();
    attributes.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}
