//! `POST {i}/rules/try`: how a message would be decided now, and why. Nothing is kept.

use std::collections::BTreeMap;
use std::sync::Arc;

use inbox_rules::desk::LogReplay;
use inbox_rules::{Customer, Decision};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Deserialize;

use super::call::{Call, CallResult, known_user, ok};
use super::decisions::decision_answer;
use super::error::ApiError;
use super::json_body::object;
use super::messages::{CustomerFields, MessageBody, MessageFields, NUMBER};
use super::rules::on_rules;
use crate::incoming::NewMessage;
use crate::machine::{DecisionFacts, InboxReplay};
use crate::rules::{FILE_NAME, RulesEdit};
use crate::store::{ChatFilter, Page, StoreError, StoreReader};

/// A message that is tried.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "TriedMessage")]
pub(super) struct TryBody {
    /// The number that the customer wrote to, in E.164.
    #[schemars(regex(pattern = NUMBER))]
    number: String,
    /// The message.
    #[serde(deserialize_with = "object")]
    message: MessageFields,
    /// Who wrote it.
    #[serde(deserialize_with = "object")]
    customer: CustomerFields,
    /// As if the customer had written before, or not; left out: as it is.
    #[serde(default)]
    returning: Option<bool>,
    /// As if this user owned the customer; left out: as it is.
    #[serde(default)]
    owner: Option<String>,
    /// Other texts for some of the files of the rules, by name; null removes a file.
    #[serde(default)]
    #[schemars(extend("propertyNames" = { "pattern": FILE_NAME }))]
    files: BTreeMap<String, Option<String>>,
}

/// `POST {i}/rules/try`
pub(super) async fn try_message(call: Call) -> CallResult {
    let TryBody { number, message, customer, returning, owner, files } = call.body()?;
    let set = if files.is_empty() {
        Arc::clone(&call.inbox()?.release().set)
    } else {
        let edit = RulesEdit { base: None, files };
        Arc::new(on_rules(&call, move |rules| rules.edited(&edit)).await?)
    };
    if let Some(owner) = &owner {
        known_user(set.inbox(), owner, Some("owner"))?;
    }
    if owner.is_some() && returning == Some(false) {
        let message = "who has an owner has written before, so leave out `returning` or `owner`";
        return Err(ApiError::bad_field("returning", message).in_body(Some("returning")));
    }
    let new = MessageBody { number, message, customer, send: false }.message(&set)?;
    #[expect(clippy::disallowed_methods, reason = "the message would be decided now")]
    let now = Timestamp::now();
    let seed = call.state.seed;
    let tried = call.read(move |reader, inbox| {
        let last = reader.inbox(inbox)?.seq;
        let mut replay = InboxReplay::at(reader, inbox, last)?;
        if last == 0 {
            replay.log = LogReplay::new(set.inbox());
        }
        replay.set = Arc::clone(&set);
        let mut facts = facts(reader, inbox, new, now)?;
        facts.customer.returning = returning.unwrap_or(facts.customer.returning || owner.is_some());
        facts.customer.owner = owner.or(facts.customer.owner);
        // Rules that do not fit the message are the caller's affair, not the store's.
        Ok(facts.explain(&replay, seed).map_err(|error| error.to_string()))
    });
    let decision: Decision = tried
        .await?
        .map_err(|why| ApiError::bad_field("message", format!("this cannot be decided: {why}")))?;
    ok(decision_answer(decision))
}

/// What the message would be decided from, besides the roster.
fn facts(
    reader: &mut dyn StoreReader,
    inbox: &str,
    new: NewMessage,
    now: Timestamp,
) -> Result<DecisionFacts, StoreError> {
    let NewMessage { number, names, profile, mut message, sent_at, .. } = new;
    let mut known = None;
    for name in &names {
        known = match known {
            None => reader.customer(inbox, name)?,
            known => known,
        };
    }
    let mut chat = None;
    if let Some(known) = &known {
        let filter = ChatFilter {
            number: Some(number.to_string()),
            customer: Some(Arc::clone(&known.id)),
            ..ChatFilter::default()
        };
        let open = reader.chats(inbox, &filter, Page { after: 0, limit: 1 })?;
        chat = open.first().map(|row| row.chat.open_chat());
    }
    let phone = names.iter().find(|name| name.starts_with('+'));
    let new_customer = || Customer {
        id: names.first().map(|name| name.trim_start_matches('+').to_owned()),
        phone: phone.map(ToString::to_string),
        ..Customer::default()
    };
    let mut customer = known.map_or_else(new_customer, |known| known.customer());
    customer.name = profile.name.or(customer.name);
    customer.language = profile.language.or(customer.language);
    customer.country = profile.country.or(customer.country);
    customer.tags = profile.tags.unwrap_or(customer.tags);
    customer.attributes.extend(profile.attributes);
    let age = now.duration_since(sent_at.unwrap_or(now)).as_secs();
    message.age_seconds = u64::try_from(age).unwrap_or_default();
    Ok(DecisionFacts { number, at: now, message, customer, chat })
}
