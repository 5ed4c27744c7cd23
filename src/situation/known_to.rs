//! Customers and messages without what an inbox does not know, so that it stops no message.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::json::{Customer, Message};
use super::validate::value_of_kind;
use crate::inbox::{AttributeKind, Inbox};
use crate::policy::AttributeValue;

impl Customer {
    /// The customer without the attributes that the inbox does not define, and those whose values it does not allow.
    pub fn known_to(&self, inbox: &Inbox) -> Cow<'_, Self> {
        let kind = |name: &str| inbox.attribute_id(name).map(|id| &inbox.attribute(id).kind);
        let fits = |name: &str, value: &AttributeValue| fits(kind(name), value);
        match known(&self.attributes, fits) {
            Some(attributes) => Cow::Owned(Self { attributes, ..self.clone() }),
            None => Cow::Borrowed(self),
        }
    }
}

impl Message {
    /// The message without the attributes that the inbox does not define, and those whose values it does not allow.
    pub fn known_to(&self, inbox: &Inbox) -> Cow<'_, Self> {
        let kind = |name: &str| inbox.message_attribute_id(name).map(|id| &inbox.message_attribute(id).kind);
        let fits = |name: &str, value: &AttributeValue| fits(kind(name), value);
        match known(&self.attributes, fits) {
            Some(attributes) => Cow::Owned(Self { attributes, ..self.clone() }),
            None => Cow::Borrowed(self),
        }
    }
}

fn fits(kind: Option<&AttributeKind>, value: &AttributeValue) -> bool {
    kind.is_some_and(|kind| value_of_kind("", "", value, kind).is_ok())
}

/// The attributes that fit; `None` if all do.
fn known(
    attributes: &BTreeMap<String, AttributeValue>,
    fits: impl Fn(&str, &AttributeValue) -> bool,
) -> Option<BTreeMap<String, AttributeValue>> {
    if attributes.iter().all(|(name, value)| fits(name, value)) {
        return None;
    }
    let known = attributes.iter().filter(|(name, value)| fits(name, value));
    Some(known.map(|(name, value)| (name.clone(), value.clone())).collect())
}
