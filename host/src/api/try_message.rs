//! `POST {i}/rules/try`: how a message would be decided now, and why. Nothing is kept.

use std::sync::Arc;

use inbox_rules::desk::LogReplay;
use inbox_rules::{Customer, Decision};
use jiff::Timestamp;

use super::call::{Call, CallResult, ok};
use super::decisions::decision_answer;
use super::error::ApiError;
use super::messages::MessageBody;
use crate::incoming::NewMessage;
use crate::machine::{DecisionFacts, InboxReplay};
use crate::store::{ChatFilter, Page, StoreError, StoreReader};

/// `POST {i}/rules/try`
pub(super) async fn try_message(call: Call) -> CallResult {
    let body: MessageBody = call.body()?;
    let release = call.inbox()?.release();
    let new = body.message(&release.set)?;
    #[expect(clippy::disallowed_methods, reason = "the message would be decided now")]
    let now = Timestamp::now();
    let seed = call.state.seed;
    let tried = call.read(move |reader, inbox| {
        let last = reader.inbox(inbox)?.seq;
        let mut replay = InboxReplay::at(reader, inbox, last)?;
        if last == 0 {
            replay.log = LogReplay::new(release.set.inbox());
        }
        replay.set = Arc::clone(&release.set);
        let facts = facts(reader, inbox, new, now)?;
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
