//! Messages of customers: each is decided once.

use std::sync::Arc;
use std::time::Duration;

use inbox_rules::desk::{CustomerName, DeskEvent, LogRecordKind};
use inbox_rules::{Message, MessageKind};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use super::batch::{Batch, Handled, ItemError};
use super::effects::{About, later};
use super::item::{Answer, Refused, ReplyAnswer, Routed};
use super::why::{DecisionFacts, unknown_attributes};
use crate::incoming::{NewMessage, Profile, SendBy};
use crate::store::{HostTimer, MessageKey, MessageRow, StoreError, TextRow, TimerRow};

/// Messages of the API are told that they are too old; WhatsApp is not, since it would send them again.
pub(super) const TOO_OLD: &str = "too_old";

impl NewMessage {
    /// The names that the customer came with.
    pub(super) fn customer_names(&self) -> Vec<CustomerName> {
        self.names.iter().filter_map(|name| CustomerName::parse(name)).collect()
    }
}

/// Which message it is; `None` without an id.
pub(super) fn key(new: &NewMessage, now: Timestamp) -> Option<MessageKey> {
    let id = new.message.id.as_deref().filter(|id| !id.is_empty())?;
    Some(key_of(&new.number, id, new.sent_at.unwrap_or(now)))
}

/// The key of the message with this id that was sent to the number at this time.
pub(super) fn key_of(number: &str, id: &str, sent_at: Timestamp) -> MessageKey {
    let mut hasher = Sha256::new();
    hasher.update(number);
    hasher.update([0]);
    hasher.update(id);
    let mut hash = [0; 16];
    hash.copy_from_slice(hasher.finalize().split_at(16).0);
    let day = i32::try_from(sent_at.as_second().div_euclid(86_400)).unwrap_or(i32::MAX);
    MessageKey { day, hash }
}

/// A customer writes. A message that was decided before gets the answer that it had then.
pub(super) fn message(batch: &mut Batch, new: &NewMessage) -> Handled {
    let key = key(new, batch.now);
    let before = match &key {
        Some(key) => batch.tx.message(key)?,
        None => None,
    };
    match before {
        Some(MessageRow { held: false, seq }) => return repeat(batch, new, seq),
        Some(MessageRow { held: true, .. }) if new.held => return Ok(Answer::Noted),
        Some(MessageRow { held: true, .. }) => batch.tx.drop_timer(&held_timer(new))?,
        None => {}
    }
    let sent_at = new.sent_at.unwrap_or(batch.now);
    if later(sent_at, batch.settings.keep_messages) < batch.now && before.is_none() {
        return too_old(batch, new);
    }
    if let (true, Some(key)) = (new.held, &key) {
        batch.tx.put_message(key, MessageRow { seq: 0, held: true })?;
        let due = later(batch.now, batch.account(&new.number).ghost_wait);
        batch.tx.set_timer(&TimerRow { due, timer: held_timer(new) })?;
        return Ok(Answer::Noted);
    }
    // A clock that is wrong must not say that the customer wrote in the future. The message is still known by its own time.
    let routed = route(batch, new, sent_at.min(batch.now))?;
    if let Some(key) = &key {
        batch.tx.put_message(key, MessageRow { seq: routed.seq, held: false })?;
    }
    Ok(Answer::Routed(Box::new(routed)))
}

/// The timer at which a message that is held is decided without its content.
fn held_timer(new: &NewMessage) -> HostTimer {
    let message =
        Message { id: new.message.id.clone(), kind: MessageKind::Unsupported, ..Message::default() };
    HostTimer::Held(Box::new(NewMessage { held: false, message, ..new.clone() }))
}

/// Decides a message.
fn route(batch: &mut Batch, new: &NewMessage, sent_at: Timestamp) -> Result<Routed, ItemError> {
    let NewMessage { number, profile, mut message, send, .. } = new.clone();
    let mut customer = batch.identify(&new.customer_names())?;
    update_profile(&mut customer, profile);
    // The customer's row comes first: what follows may give it an owner. The decision is about the customer as
    // they were before this message.
    let mut row = customer.clone();
    row.returning = true;
    row.first_at = Some(row.first_at.map_or(sent_at, |first| first.min(sent_at)));
    row.last_at = Some(row.last_at.map_or(sent_at, |last| last.max(sent_at)));
    batch.tx.put_customer(&row)?;
    let open = batch.tx.chats_of_customer(&customer.id)?;
    let (chat, others): (Vec<_>, Vec<_>) = open.into_iter().partition(|row| row.number == number);
    let age = batch.now.duration_since(sent_at).as_secs();
    message.age_seconds = u64::try_from(age).unwrap_or(0);
    let text = message.text.clone();
    let about = About {
        customer,
        chat: chat.into_iter().next(),
        number: Arc::clone(&number),
        send,
        reply_from: sent_at,
        message: message.id.clone(),
    };
    let facts = batch.facts(&about)?;
    let unknown = unknown_attributes(&message, &facts.customer, batch.live.release.set.inbox()).len();
    if unknown > 0 {
        *batch.result.ignored.entry("unknown_attribute").or_default() += u64::try_from(unknown).unwrap_or(0);
    }
    let kept = DecisionFacts::new(&number, batch.now, &message, &facts);
    let event = DeskEvent::Message { number, message: Box::new(message) };
    let routed = batch.handle_with(event, &facts, Some(&about))?;
    let routed = routed.ok_or_else(|| Refused::Invalid("the message was not decided".to_owned()))?;
    let facts = serde_json::to_string(&kept).map_err(|error| StoreError::Damaged(error.to_string()))?;
    batch.tx.put_text(&TextRow { seq: routed.seq, customer: Arc::clone(&row.id), text, facts })?;
    for other in others.iter().filter(|other| other.chat.user().is_none()) {
        // Read again: what was decided may have given the customer an owner.
        if let Some(about) = batch.about_open_chat(other.chat.id)? {
            batch.handle_about(DeskEvent::CustomerChanged, &about)?;
        }
    }
    Ok(routed)
}

/// What a channel says about the customer takes the place of what was known.
fn update_profile(customer: &mut inbox_rules::desk::CustomerRecord, profile: Profile) {
    let Profile { name, language, country, tags, attributes } = profile;
    customer.name = name.or(customer.name.take());
    customer.language = language.or(customer.language.take());
    customer.country = country.or(customer.country.take());
    if let Some(tags) = tags {
        customer.tags = tags;
    }
    customer.attributes.extend(attributes);
}

/// The answer that a message had when it was decided, with the replies as they are now. Content that comes
/// later is added.
fn repeat(batch: &mut Batch, new: &NewMessage, seq: u64) -> Handled {
    *batch.result.ignored.entry("repeated").or_default() += 1;
    let Some(mut routed) = batch.routed(seq)? else { return Ok(Answer::Noted) };
    if let (Some(text), false) = (&new.message.text, new.held) {
        batch.tx.add_text(seq, text)?;
    }
    routed.repeated = true;
    for reply in &mut routed.replies {
        let id = reply.id.trim_start_matches('r').parse().unwrap_or(0);
        if let Some(row) = batch.tx.reply(id)? {
            *reply = ReplyAnswer { id: reply.id.clone(), text: row.text, state: row.state, code: row.code };
        }
    }
    Ok(Answer::Routed(Box::new(routed)))
}

fn too_old(batch: &mut Batch, new: &NewMessage) -> Handled {
    *batch.result.ignored.entry(TOO_OLD).or_default() += 1;
    if new.send == SendBy::Caller {
        return Err(Refused::TooOld.into());
    }
    let body = serde_json::value::to_raw_value(
        &serde_json::json!({ "message": new.message.id, "sent_at": new.sent_at }),
    )
    .map_err(|error| StoreError::Damaged(error.to_string()))?;
    super::notices::notice(batch, TOO_OLD, Some(&new.number), &new.customer_names(), &body)?;
    Ok(Answer::Noted)
}

/// How long after a message it can be taken back, at most: WhatsApp says 60 hours.
const MAX_EDIT: Duration = Duration::from_secs(72 * 3600);

/// The text of a message was changed, or taken back, at this time.
pub(super) fn edit(
    batch: &mut Batch,
    number: &str,
    id: &str,
    at: Option<Timestamp>,
    text: Option<&str>,
) -> Handled {
    let at = at.unwrap_or(batch.now);
    // A message is looked for on the day of its own time, and the days before and after.
    for sent_at in
        [at, at.saturating_sub(SignedDuration::try_from(MAX_EDIT).unwrap_or_default()).unwrap_or(at)]
    {
        if let Some(row) = batch.tx.message(&key_of(number, id, sent_at))?.filter(|row| !row.held) {
            batch.tx.edit_text(row.seq, text)?;
            break;
        }
    }
    Ok(Answer::Done)
}

impl Batch<'_> {
    /// What was told of the message that was decided at this position of the log.
    pub(super) fn routed(&mut self, seq: u64) -> Result<Option<Routed>, StoreError> {
        let Some(row) = self.tx.logged(seq)? else { return Ok(None) };
        debug_assert!(matches!(row.record.kind, LogRecordKind::Message { .. }));
        let Some(json) = row.routed else { return Ok(None) };
        serde_json::from_str(json.get()).map(Some).map_err(|error| StoreError::Damaged(error.to_string()))
    }
}
