//! A situation checked against its inbox: from what the outside world says to a case and a snapshot of the roster.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::case::{Case, Chat, CustomAttributes, Owner};
use super::error::SituationError;
use super::incoming::Incoming;
use super::json::{Customer, Message, OpenChat, Situation};
use super::moment::Moment;
use super::snapshot::{RosterSnapshot, UserNow};
use crate::diagnostic::one_of;
use crate::inbox::{AttributeKind, GroupId, Inbox, UserId};
use crate::language::fold;
use crate::language::vocabulary::BuiltIn;
use crate::policy::AttributeValue;

impl Situation {
    /// Checks the situation against its inbox; times without offset are read in `zone`, the policy's.
    ///
    /// # Errors
    ///
    /// When `at` is missing, or the situation contradicts itself or the inbox. The error names the field.
    pub fn validate(
        &self,
        inbox: &Inbox,
        zone: &TimeZone,
    ) -> Result<(Case<'_>, RosterSnapshot), SituationError> {
        let at = self.at.ok_or_else(|| SituationError::at("at", "`at` is missing"))?;
        let at = at.instant(zone);
        let roster = self.roster(inbox, at, zone)?;
        let incoming = Incoming {
            number: self.number.as_deref().unwrap_or_default(),
            at,
            message: &self.message,
            chat: self.chat.as_ref(),
        };
        Ok((incoming.validate(&self.customer, inbox, zone)?, roster))
    }

    fn roster(
        &self,
        inbox: &Inbox,
        at: Timestamp,
        zone: &TimeZone,
    ) -> Result<RosterSnapshot, SituationError> {
        let mut roster = RosterSnapshot::of_offline_users(inbox);
        for (id, state) in &self.users {
            let last_message_at = past(state.last_message_at, at, zone);
            let user = find_user(inbox, id, || format!("users.{id}"))?;
            let now = UserNow {
                presence: state.presence,
                chats: state.chats,
                last_message_at,
                capacity: at_least_one(id, "capacity", state.capacity)?,
                weight: at_least_one(id, "weight", state.weight)?,
            };
            roster.set_user(user, now);
        }
        for (name, chats) in &self.waiting {
            roster.set_waiting(find_group(inbox, name, || format!("waiting.{name}"))?, *chats);
        }
        for (name, last) in &self.turns {
            let place = || format!("turns.{name}");
            roster.set_last_turn(find_group(inbox, name, place)?, find_user(inbox, last, place)?);
        }
        Ok(roster)
    }
}

impl<'a> Incoming<'a> {
    /// Checks a message of `customer` against its inbox; times without offset are read in `zone`, the policy's.
    ///
    /// # Errors
    ///
    /// When the customer contradicts itself or the inbox. The error names the field.
    pub fn validate(
        self,
        customer: &'a Customer,
        inbox: &Inbox,
        zone: &TimeZone,
    ) -> Result<Case<'a>, SituationError> {
        let Incoming { number, at, message, chat } = self;
        if chat.is_none() {
            check_new(customer)?;
        }
        let last_message_at = past(customer.last_message_at, at, zone);
        Ok(Case {
            message_id: non_empty(message.id.as_ref()),
            number: Some(number).filter(|number| !number.is_empty()),
            at,
            kind: message.kind,
            text: non_empty(message.text.as_ref()),
            age: message.age_seconds,
            ad: non_empty(message.ad.as_ref()),
            ad_text: non_empty(message.ad_text.as_ref()),
            button: non_empty(message.button.as_ref()),
            forwarded: message.forwarded,
            message_attributes: message_attributes(inbox, message)?,
            chat: chat.map(|chat| open_chat(chat, inbox, at, zone)),
            returning: customer.returning || chat.is_some(),
            owner: owner(inbox, customer),
            silent_for: last_message_at.map(|last| seconds_between(last, at)),
            tags: &customer.tags,
            country: non_empty(customer.country.as_ref()),
            language: non_empty(customer.language.as_ref()),
            name: non_empty(customer.name.as_ref()),
            phone: non_empty(customer.phone.as_ref()),
            attributes: attributes(inbox, customer)?,
        })
    }
}

/// A capacity or a weight of a user, which is at least 1.
fn at_least_one(id: &str, field: &str, number: Option<u32>) -> Result<Option<u32>, SituationError> {
    if number != Some(0) {
        return Ok(number);
    }
    let place = format!("users.{id}.{field}");
    let message = format!("`{place}` must be at least 1");
    Err(SituationError::at(place, message))
}

/// A time after `at` counts as `at`.
fn past(moment: Option<Moment>, at: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
    moment.map(|moment| moment.instant(zone).min(at))
}

fn seconds_between(from: Timestamp, to: Timestamp) -> u64 {
    u64::try_from(to.duration_since(from).as_secs()).unwrap_or(0)
}

/// The chat as it was reported, with what the inbox still has of it.
fn open_chat<'a>(chat: &'a OpenChat, inbox: &Inbox, at: Timestamp, zone: &TimeZone) -> Chat<'a> {
    let user_name = non_empty(chat.user.as_ref());
    let group_name = non_empty(chat.group.as_ref());
    let since = |moment| past(moment, at, zone).map(|start| seconds_between(start, at));
    Chat {
        user_name,
        user: user_name.and_then(|id| inbox.user_id(id)),
        group_name,
        group: group_name.and_then(|name| inbox.group_id(name)),
        tags: &chat.tags,
        answered: chat.answered,
        open_for: since(chat.opened_at),
        unassigned_for: since(chat.waiting_since),
    }
}

/// The text, unless it is `""`, which counts as missing.
fn non_empty(text: Option<&String>) -> Option<&str> {
    text.map(String::as_str).filter(|text| !text.is_empty())
}

fn check_new(customer: &Customer) -> Result<(), SituationError> {
    let only_returning = |field: &str| {
        SituationError::at(
            format!("customer.{field}"),
            format!("`customer.{field}` is set, but `customer.returning` is not true"),
        )
        .help(format!("set `customer.returning` to true, or remove `customer.{field}`"))
    };
    if customer.returning {
        Ok(())
    } else if non_empty(customer.owner.as_ref()).is_some() {
        Err(only_returning("owner"))
    } else if customer.last_message_at.is_some() {
        Err(only_returning("last_message_at"))
    } else {
        Ok(())
    }
}

fn owner<'s>(inbox: &Inbox, customer: &'s Customer) -> Owner<'s> {
    match non_empty(customer.owner.as_ref()) {
        None => Owner::None,
        Some(id) => inbox.user_id(id).map_or(Owner::Former(id), Owner::User),
    }
}

fn find_user(inbox: &Inbox, id: &str, place: impl Fn() -> String) -> Result<UserId, SituationError> {
    inbox.user_id(id).ok_or_else(|| {
        SituationError::at(place(), format!("no user of the inbox is called `{id}`"))
            .nearest(id, inbox.users.iter().map(|user| &*user.id))
    })
}

fn find_group(inbox: &Inbox, name: &str, place: impl Fn() -> String) -> Result<GroupId, SituationError> {
    inbox.group_id(name).ok_or_else(|| {
        SituationError::at(place(), format!("no group of the inbox is called `{name}`"))
            .nearest(name, inbox.groups.iter().map(|group| &*group.name))
    })
}

fn attributes<'a>(inbox: &Inbox, customer: &'a Customer) -> Result<CustomAttributes<'a>, SituationError> {
    let mut attributes = CustomAttributes::default();
    for (name, value) in &customer.attributes {
        let id = inbox.attribute_id(name).ok_or_else(|| unknown_attribute(inbox, name))?;
        if let Some(value) = value_of_kind("customer", name, value, &inbox.attribute(id).kind)? {
            attributes.set(id.0, value);
        }
    }
    Ok(attributes)
}

fn message_attributes<'a>(
    inbox: &Inbox,
    message: &'a Message,
) -> Result<CustomAttributes<'a, 1>, SituationError> {
    let mut attributes = CustomAttributes::default();
    for (name, value) in &message.attributes {
        let id = inbox.message_attribute_id(name).ok_or_else(|| {
            let error = SituationError::at(
                format!("message.attributes.{name}"),
                format!("messages of the inbox have no attribute called `{name}`"),
            );
            if Message::FIELDS.contains(&name.as_str()) {
                error.help(format!("`{name}` is a field of `message` itself"))
            } else {
                error.nearest(name, inbox.message_attributes.iter().map(|one| &*one.name))
            }
        })?;
        if let Some(value) = value_of_kind("message", name, value, &inbox.message_attribute(id).kind)? {
            attributes.set(id.0, value);
        }
    }
    Ok(attributes)
}

fn unknown_attribute(inbox: &Inbox, name: &str) -> SituationError {
    let error = SituationError::at(
        format!("customer.attributes.{name}"),
        format!("the inbox has no attribute called `{name}`"),
    );
    if BuiltIn::parse(name).is_some_and(|built_in| built_in != BuiltIn::SilentFor) {
        return error.help(format!("`{name}` is a field of `customer` itself"));
    }
    error.nearest(name, inbox.attributes.iter().map(|attribute| &*attribute.name))
}

/// The value of the attribute called `name` of `subject`, which must be of its kind; `None`: an empty text.
pub(super) fn value_of_kind<'a>(
    subject: &str,
    name: &str,
    value: &'a AttributeValue,
    kind: &AttributeKind,
) -> Result<Option<AttributeValue<&'a str>>, SituationError> {
    let wrong = |message: String| {
        let place = format!("{subject}.attributes.{name}");
        let message = format!("`{place}` must be {message}");
        SituationError::at(place, message)
    };
    match (kind, value) {
        (AttributeKind::Text | AttributeKind::Unknown, AttributeValue::Text(text)) => {
            Ok(non_empty(Some(text)).map(AttributeValue::Text))
        }
        (AttributeKind::Words(words), AttributeValue::Text(text)) => {
            let Some(text) = non_empty(Some(text)) else { return Ok(None) };
            // Nearly always the word is written as in `inbox.toml`, so that it need not be folded.
            if words.iter().take(FEW_WORDS).any(|(word, _)| word == text) || words.has(&fold(text)) {
                return Ok(Some(AttributeValue::Text(text)));
            }
            let known = || words.iter().map(|(word, _)| word.as_str());
            Err(wrong(format!("{}, not `{text}`", one_of(known()))).nearest(text, known()))
        }
        (AttributeKind::Number | AttributeKind::Unknown, AttributeValue::Number(number)) => {
            Ok(Some(AttributeValue::Number(*number)))
        }
        (AttributeKind::Flag | AttributeKind::Unknown, AttributeValue::Flag(flag)) => {
            Ok(Some(AttributeValue::Flag(*flag)))
        }
        (kind, other) => Err(wrong(format!("{}, not {}", kind_in_words(kind), value_in_words(other)))),
    }
}

/// So many words are compared as they are written, which takes less than folding the text.
const FEW_WORDS: usize = 16;

fn kind_in_words(kind: &AttributeKind) -> String {
    match kind {
        AttributeKind::Text | AttributeKind::Unknown => "a text".to_owned(),
        AttributeKind::Number => "a number".to_owned(),
        AttributeKind::Flag => "true or false".to_owned(),
        AttributeKind::Words(words) => one_of(words.iter().map(|(word, _)| word.as_str())),
    }
}

fn value_in_words(value: &AttributeValue) -> String {
    match value {
        AttributeValue::Text(_) => "a text".to_owned(),
        AttributeValue::Number(number) => format!("`{number}`"),
        AttributeValue::Flag(flag) => format!("`{flag}`"),
    }
}
