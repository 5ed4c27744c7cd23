//! A situation held against its inbox: every name looked up, every time an instant, texts folded when asked for.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::error::SituationError;
use super::incoming::Incoming;
use super::json::{Customer, Message, OpenChat, Situation};
use super::moment::Moment;
use crate::inbox::{AttributeKind, GroupId, Inbox, UserId};
use crate::language::vocabulary::{BuiltIn, Presence};
use crate::language::{Folded, fold};
use crate::policy::{Attribute, AttributeValue};

/// A situation that fits its inbox.
#[derive(Debug)]
pub struct Case<'s> {
    /// The message, as it was told.
    pub message: &'s Message,
    /// The customer, as they were told of.
    pub customer: &'s Customer,
    /// The message's id.
    pub message_id: Option<&'s str>,
    /// The WhatsApp number that was written to.
    pub number: Option<&'s str>,
    /// When the message came.
    pub at: Timestamp,
    /// The message's text.
    pub text: Option<Text<'s>>,
    /// Who owns the customer.
    pub owner: Owner<'s>,
    /// Seconds since the customer's last message before this one.
    pub silent_for: Option<u64>,
    /// Those that were said something of.
    pub users: Vec<(UserId, UserNow)>,
    /// The customer's open chat.
    pub chat: Option<Chat<'s>>,
    /// Chats that wait.
    pub waiting: Vec<(GroupId, u32)>,
    /// Last `in_order` turns.
    pub turns: Vec<(GroupId, UserId)>,
    attributes: BTreeMap<Attribute, AttributeValue<Text<'s>>>,
    tags: OnceCell<BTreeSet<Folded>>,
}

/// Who owns the customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner<'s> {
    /// Nobody.
    None,
    /// That user.
    User(UserId),
    /// A user whom the inbox no longer has, by id: the customer counts as having no owner.
    Former(&'s str),
}

/// An open chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chat<'s> {
    /// Who has it, by id; `None`: it waits.
    pub user: Option<&'s str>,
    /// The group it came through, or waits in.
    pub group: Option<GroupId>,
}

/// A user at the moment of the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UserNow {
    /// Whether the user is there.
    pub presence: Presence,
    /// Open chats.
    pub chats: u32,
    /// The user's last message; `None`: never had one.
    pub last_message_at: Option<Timestamp>,
}

impl Default for UserNow {
    fn default() -> Self {
        Self { presence: Presence::Offline, chats: 0, last_message_at: None }
    }
}

/// A text, folded once, when it is first asked for.
#[derive(Debug)]
pub struct Text<'s> {
    /// As it came.
    pub raw: &'s str,
    folded: OnceCell<Folded>,
}

impl<'s> Text<'s> {
    fn new(raw: &'s str) -> Self {
        Self { raw, folded: OnceCell::new() }
    }

    /// As text tests compare it.
    pub fn folded(&self) -> &Folded {
        self.folded.get_or_init(|| fold(self.raw))
    }
}

impl Case<'_> {
    /// The customer's attribute, if they have it. `silent_for` is [`Case::silent_for`].
    pub fn attribute(&self, attribute: Attribute) -> Option<&AttributeValue<Text<'_>>> {
        self.attributes.get(&attribute)
    }

    /// Each attribute that the customer has, built-in ones too.
    pub fn attributes(&self) -> impl Iterator<Item = (Attribute, &AttributeValue<Text<'_>>)> {
        self.attributes.iter().map(|(attribute, value)| (*attribute, value))
    }

    /// The customer's tags, folded.
    pub fn tags(&self) -> &BTreeSet<Folded> {
        self.tags.get_or_init(|| self.customer.tags.iter().map(|tag| fold(tag)).collect())
    }
}

/// Holds `situation` against its inbox; times without offset are read in `zone`, the policy's.
///
/// # Errors
///
/// When `at` is missing, or the situation contradicts itself or the inbox; the error names the field.
pub fn validate<'s>(
    situation: &'s Situation,
    inbox: &Inbox,
    zone: &TimeZone,
) -> Result<Case<'s>, SituationError> {
    let at = situation.at.ok_or_else(|| SituationError::at("at", "`at` is missing"))?;
    let at = at.instant(zone);
    let mut users = Vec::with_capacity(situation.users.len());
    for (id, state) in &situation.users {
        let last_message_at = past(state.last_message_at, at, zone);
        let now = UserNow { presence: state.presence, chats: state.chats, last_message_at };
        users.push((user(inbox, id, || format!("users.{id}"))?, now));
    }
    let mut waiting = Vec::with_capacity(situation.waiting.len());
    for (name, chats) in &situation.waiting {
        waiting.push((group(inbox, name, || format!("waiting.{name}"))?, *chats));
    }
    let mut turns = Vec::with_capacity(situation.turns.len());
    for (name, last) in &situation.turns {
        let place = || format!("turns.{name}");
        turns.push((group(inbox, name, place)?, user(inbox, last, place)?));
    }
    let incoming = Incoming {
        number: situation.number.as_deref().unwrap_or_default(),
        at,
        message: &situation.message,
        chat: situation.chat.as_ref(),
    };
    Ok(Case { users, waiting, turns, ..validate_incoming(incoming, &situation.customer, inbox, zone)? })
}

/// Holds a message of `customer` against its inbox, in which nothing is said of the users; times without offset are
/// read in `zone`, the policy's.
///
/// # Errors
///
/// When the customer contradicts itself or the inbox; the error names the field.
pub fn validate_incoming<'s>(
    incoming: Incoming<'s>,
    customer: &'s Customer,
    inbox: &Inbox,
    zone: &TimeZone,
) -> Result<Case<'s>, SituationError> {
    let Incoming { number, at, message, chat } = incoming;
    check_new(customer)?;
    let last_message_at = past(customer.last_message_at, at, zone);
    let open = |chat: &'s OpenChat| {
        let group = said(chat.group.as_ref()).map(|name| group(inbox, name, || "chat.group".to_owned()));
        Ok(Chat { user: said(chat.user.as_ref()), group: group.transpose()? })
    };
    Ok(Case {
        message,
        customer,
        message_id: said(message.id.as_ref()),
        number: Some(number).filter(|number| !number.is_empty()),
        at,
        text: said(message.text.as_ref()).map(Text::new),
        owner: owner(inbox, customer),
        silent_for: last_message_at.map(|last| u64::try_from(at.duration_since(last).as_secs()).unwrap_or(0)),
        users: Vec::new(),
        chat: chat.map(open).transpose()?,
        waiting: Vec::new(),
        turns: Vec::new(),
        attributes: attributes(inbox, customer)?,
        tags: OnceCell::new(),
    })
}

/// A time after `at` counts as `at`.
fn past(moment: Option<Moment>, at: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
    moment.map(|moment| moment.instant(zone).min(at))
}

/// A text of which there is something: `""` is no text.
fn said(text: Option<&String>) -> Option<&str> {
    text.map(String::as_str).filter(|text| !text.is_empty())
}

fn check_new(customer: &Customer) -> Result<(), SituationError> {
    let only_returning = |field: &str, what: &str| {
        SituationError::at(
            format!("customer.{field}"),
            format!("a new customer has no {what}, and `customer.returning` is not true"),
        )
        .help(format!("set `customer.returning` to true, or leave `customer.{field}` out"))
    };
    if customer.returning {
        Ok(())
    } else if said(customer.owner.as_ref()).is_some() {
        Err(only_returning("owner", "owner"))
    } else if customer.last_message_at.is_some() {
        Err(only_returning("last_message_at", "earlier message"))
    } else {
        Ok(())
    }
}

fn owner<'s>(inbox: &Inbox, customer: &'s Customer) -> Owner<'s> {
    match said(customer.owner.as_ref()) {
        None => Owner::None,
        Some(id) => inbox.user_id(id).map_or(Owner::Former(id), Owner::User),
    }
}

fn user(inbox: &Inbox, id: &str, place: impl Fn() -> String) -> Result<UserId, SituationError> {
    inbox.user_id(id).ok_or_else(|| {
        SituationError::at(place(), format!("no user of the inbox is called `{id}`"))
            .nearest(id, inbox.users.iter().map(|user| &*user.id))
    })
}

fn group(inbox: &Inbox, name: &str, place: impl Fn() -> String) -> Result<GroupId, SituationError> {
    inbox.group_id(name).ok_or_else(|| {
        SituationError::at(place(), format!("no group of the inbox is called `{name}`"))
            .nearest(name, inbox.groups.iter().map(|group| &*group.name))
    })
}

fn attributes<'s>(
    inbox: &Inbox,
    customer: &'s Customer,
) -> Result<BTreeMap<Attribute, AttributeValue<Text<'s>>>, SituationError> {
    let built_in = [
        (Attribute::Country, &customer.country),
        (Attribute::Language, &customer.language),
        (Attribute::Name, &customer.name),
        (Attribute::Phone, &customer.phone),
    ];
    let built_in = built_in.into_iter().filter_map(|(attribute, text)| {
        Some((attribute, AttributeValue::Text(Text::new(said(text.as_ref())?))))
    });
    let mut known: BTreeMap<_, _> = built_in.collect();
    for (name, value) in &customer.attributes {
        let id = inbox.attribute_id(name).ok_or_else(|| unknown_attribute(inbox, name))?;
        let kind = &inbox.attribute(id).kind;
        if let Some(value) = fitting(name, value, kind)? {
            known.insert(Attribute::Custom(id), value);
        }
    }
    Ok(known)
}

fn unknown_attribute(inbox: &Inbox, name: &str) -> SituationError {
    let error = SituationError::at(
        format!("customer.attributes.{name}"),
        format!("the inbox has no attribute called `{name}`"),
    );
    if BuiltIn::parse(name).is_some_and(|built_in| built_in != BuiltIn::SilentFor) {
        return error.help(format!("`{name}` stands in `customer` itself"));
    }
    error.nearest(name, inbox.attributes.iter().map(|attribute| &*attribute.name))
}

/// The value of the attribute called `name`, if it is one of its kind.
fn fitting<'s>(
    name: &str,
    value: &'s AttributeValue,
    kind: &AttributeKind,
) -> Result<Option<AttributeValue<Text<'s>>>, SituationError> {
    let wrong = |message: String| {
        let place = format!("customer.attributes.{name}");
        let message = format!("`{place}` is {message}");
        SituationError::at(place, message)
    };
    let any = matches!(kind, AttributeKind::Unknown);
    match value {
        AttributeValue::Text(text)
            if any || matches!(kind, AttributeKind::Text | AttributeKind::Words(_)) =>
        {
            let Some(text) = said(Some(text)).map(Text::new) else { return Ok(None) };
            if let AttributeKind::Words(words) = kind
                && !words.iter().any(|(_, folded)| folded == text.folded())
            {
                let known = || words.iter().map(|(word, _)| word.as_str());
                return Err(
                    wrong(format!("{}, not `{}`", one_of(known()), text.raw)).nearest(text.raw, known())
                );
            }
            Ok(Some(AttributeValue::Text(text)))
        }
        AttributeValue::Number(number) if any || *kind == AttributeKind::Number => {
            Ok(Some(AttributeValue::Number(*number)))
        }
        AttributeValue::Flag(flag) if any || *kind == AttributeKind::Flag => {
            Ok(Some(AttributeValue::Flag(*flag)))
        }
        other => Err(wrong(format!("{}, not {}", kind_in_words(kind), value_in_words(other)))),
    }
}

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

/// `` `free`, `silver` or `gold` ``
fn one_of<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let words: Vec<_> = words.map(|word| format!("`{word}`")).collect();
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => words.concat(),
    }
}
