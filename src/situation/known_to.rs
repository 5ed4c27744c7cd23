//! Situations, customers and messages without what an inbox does not know, so that it stops no message.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};

use schemars::JsonSchema;
use serde::Serialize;

use super::json::{Customer, Message, Situation};
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

/// Something that a situation mentions and the inbox does not have.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(tag = "kind", content = "name", rename_all = "snake_case")]
#[non_exhaustive]
pub enum NotInInbox {
    /// A user, by id.
    User(String),
    /// A group.
    Group(String),
    /// An attribute, or a value of it that the inbox does not allow, as `customer.plan`.
    Attribute(String),
}

impl Situation {
    /// The situation without the users, groups and attributes that the inbox does not have, and these.
    pub fn known_to(&self, inbox: &Inbox) -> (Cow<'_, Self>, Vec<NotInInbox>) {
        let is_user = |id: &str| inbox.user_id(id).is_some();
        let is_group = |name: &str| inbox.group_id(name).is_some();
        let (mut unknown, mut seen) = (Vec::new(), HashSet::new());
        let mut add = |one: NotInInbox| {
            if seen.insert(one.clone()) {
                unknown.push(one);
            }
        };
        let users = self.users.keys().chain(self.turns.values()).filter(|id| !is_user(id));
        users.for_each(|id| add(NotInInbox::User(id.clone())));
        let groups = self.waiting.keys().chain(self.turns.keys()).filter(|name| !is_group(name));
        groups.for_each(|name| add(NotInInbox::Group(name.clone())));
        let (message, customer) = (self.message.known_to(inbox), self.customer.known_to(inbox));
        for (of, before, after) in [
            ("customer", &self.customer.attributes, &customer.attributes),
            ("message", &self.message.attributes, &message.attributes),
        ] {
            let others = before.keys().filter(|name| !after.contains_key(*name));
            others.for_each(|name| add(NotInInbox::Attribute(format!("{of}.{name}"))));
        }
        if unknown.is_empty() {
            return (Cow::Borrowed(self), unknown);
        }
        let mut known =
            Self { message: message.into_owned(), customer: customer.into_owned(), ..self.clone() };
        known.users.retain(|id, _| is_user(id));
        known.waiting.retain(|name, _| is_group(name));
        known.turns.retain(|name, last| is_group(name) && is_user(last));
        (Cow::Owned(known), unknown)
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
