//! What a program is asked about, in plain slots that a host fills from what it has at no cost.

use jiff::Timestamp;
use rust_decimal::Decimal;

use crate::inbox::{AttributeId, UserId};
use crate::language::vocabulary::MessageKind;
use crate::policy::{Attribute, AttributeValue};
use crate::situation::{Case, Owner};

/// One message and its customer. Who is there is told by [`RosterView`](crate::roster::RosterView).
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// When the message came.
    pub at: Timestamp,
    /// Its kind.
    pub kind: MessageKind,
    /// Its text as it came; `""` is no text.
    pub text: Option<&'a str>,
    /// How old it was when it reached the host, in seconds.
    pub age: u64,
    /// Whether the customer has written before.
    pub returning: bool,
    /// The user of the inbox who owns the customer.
    pub owner: Option<UserId>,
    /// Whether a chat of the customer is open: then no rule decides, and only `also` rules act.
    pub open_chat: bool,
    /// Seconds since the customer's last message before this one.
    pub silent_for: Option<u64>,
    /// The customer's tags.
    pub tags: &'a [String],
    /// ISO 3166-1 alpha-2.
    pub country: Option<&'a str>,
    /// BCP 47 primary tag.
    pub language: Option<&'a str>,
    /// The customer's name.
    pub name: Option<&'a str>,
    /// The customer's telephone number, in E.164.
    pub phone: Option<&'a str>,
    /// The inbox's attributes, each at the place of its [`AttributeId`]; what is past the end is absent.
    pub attributes: &'a [Option<AttributeValue<&'a str>>],
}

impl Default for Facts<'_> {
    /// A text message without a text, at the beginning of 1970, of a new customer of whom nothing is known.
    fn default() -> Self {
        Self {
            at: Timestamp::UNIX_EPOCH,
            kind: MessageKind::Text,
            text: None,
            age: 0,
            returning: false,
            owner: None,
            open_chat: false,
            silent_for: None,
            tags: &[],
            country: None,
            language: None,
            name: None,
            phone: None,
            attributes: &[],
        }
    }
}

impl<'a> Facts<'a> {
    /// Of a case; `attributes` are those of its customer, at the places of their ids.
    pub fn of(case: &'a Case, attributes: &'a [Option<AttributeValue<&'a str>>]) -> Self {
        let customer = case.customer;
        Self {
            at: case.at,
            kind: case.message.kind,
            text: case.text.as_ref().map(|text| text.raw),
            age: case.message.age_seconds,
            returning: customer.returning,
            owner: match case.owner {
                Owner::User(user) => Some(user),
                Owner::None | Owner::Former(_) => None,
            },
            open_chat: case.chat.is_some(),
            silent_for: case.silent_for,
            tags: &customer.tags,
            country: customer.country.as_deref(),
            language: customer.language.as_deref(),
            name: customer.name.as_deref(),
            phone: customer.phone.as_deref(),
            attributes,
        }
    }

    /// The text of an attribute, if the customer has it and it is one.
    pub(super) fn text_of(&self, attribute: Attribute) -> Option<&'a str> {
        let text = match attribute {
            Attribute::Country => self.country,
            Attribute::Language => self.language,
            Attribute::Name => self.name,
            Attribute::Phone => self.phone,
            Attribute::SilentFor => None,
            Attribute::Custom(id) => match self.value(id) {
                Some(AttributeValue::Text(text)) => Some(text),
                _ => None,
            },
        };
        text.filter(|text| !text.is_empty())
    }

    /// The number of an attribute, if the customer has it and it is one.
    pub(super) fn number_of(&self, attribute: AttributeId) -> Option<Decimal> {
        match self.value(attribute) {
            Some(AttributeValue::Number(number)) => Some(number),
            _ => None,
        }
    }

    /// The flag of an attribute, if the customer has it and it is one.
    pub(super) fn flag_of(&self, attribute: AttributeId) -> Option<bool> {
        match self.value(attribute) {
            Some(AttributeValue::Flag(flag)) => Some(flag),
            _ => None,
        }
    }

    /// Whether the customer has the attribute, whatever its value.
    pub(super) fn has(&self, attribute: Attribute) -> bool {
        match attribute {
            Attribute::SilentFor => self.silent_for.is_some(),
            Attribute::Custom(id) => self.value(id).is_some_and(|value| value != AttributeValue::Text("")),
            built_in => self.text_of(built_in).is_some(),
        }
    }

    fn value(&self, id: AttributeId) -> Option<AttributeValue<&'a str>> {
        self.attributes.get(id.0 as usize).copied().flatten()
    }
}

/// The inbox's attributes that the customer of `case` has, by their places.
pub(in crate::engine) fn attributes_of<'a>(case: &'a Case) -> Vec<Option<AttributeValue<&'a str>>> {
    let mut slots = Vec::new();
    for (attribute, value) in case.attributes() {
        let Attribute::Custom(id) = attribute else { continue };
        let place = id.0 as usize;
        if slots.len() <= place {
            slots.resize(place + 1, None);
        }
        if let Some(slot) = slots.get_mut(place) {
            *slot = Some(value.map_text(|text| text.raw));
        }
    }
    slots
}
