//! The customers that a situation describes, in the plural: `returning customers whose owner is not online`.

use super::{attribute_name, chats_wait, duration, list, names_are, with_article};
use crate::inbox::{AttributeKind, Inbox};
use crate::language::vocabulary::{MessageKind, Presence};
use crate::policy::{Attribute, AttributeValue, Given, GivenMessage};

/// As `returning customers whose owner is not online and who write “refund”, while Alice is online`.
///
/// `only_new`: no customer who has written before is one of them. `nobody_online`: they are met only while nobody is
/// online.
pub(crate) fn customers(inbox: &Inbox, given: &Given, only_new: bool, nobody_online: bool) -> String {
    let customers = match (given.returning || given.owner.is_some(), only_new) {
        (true, _) => "returning customers",
        (false, true) => "new customers",
        (false, false) => "customers",
    };
    let mut attributes = customer(inbox, given);
    attributes.extend(given.message.iter().flat_map(message));
    let mut words = customers.to_owned();
    if !attributes.is_empty() {
        words += &format!(" {}", list(&attributes));
    }
    for circumstance in circumstances(inbox, given, nobody_online) {
        words += &format!(", while {circumstance}");
    }
    words
}

fn customer(inbox: &Inbox, given: &Given) -> Vec<String> {
    let mut clauses = Vec::new();
    if let Some(owner) = given.owner {
        let presence = given.users.iter().find(|user| user.user == owner).map(|user| user.presence);
        let presence = match presence {
            Some(Presence::Online) => "online",
            Some(Presence::Away) => "away",
            Some(Presence::Offline) | None => "not online",
        };
        clauses.push(format!("whose owner is {presence}"));
    }
    let tags: Vec<String> = given.tags.iter().map(|tag| format!("“{tag}”")).collect();
    match tags.len() {
        0 => {}
        1 => clauses.push(format!("with the tag {}", list(&tags))),
        _ => clauses.push(format!("with the tags {}", list(&tags))),
    }
    // Its value is `given.silent_for`.
    let attributes = given.attributes.iter().filter(|(attribute, _)| *attribute != Attribute::SilentFor);
    for (attribute, value) in attributes {
        let name = attribute_name(inbox, *attribute);
        clauses.push(match value {
            AttributeValue::Text(text) if is_list(inbox, *attribute) => format!("whose {name} is {text}"),
            AttributeValue::Text(text) => format!("whose {name} is “{text}”"),
            AttributeValue::Number(number) => format!("with `{name}` {}", number.normalize()),
            AttributeValue::Flag(true) => format!("who are {name}"),
            AttributeValue::Flag(false) => format!("who are not {name}"),
        });
    }
    clauses.extend(given.silent_for.map(|time| format!("who were silent for {}", duration(time))));
    clauses
}

fn is_list(inbox: &Inbox, attribute: Attribute) -> bool {
    matches!(attribute, Attribute::Custom(id) if matches!(inbox.attribute(id).kind, AttributeKind::Words(_)))
}

fn message(given: &GivenMessage) -> Vec<String> {
    let mut clauses = Vec::new();
    let kind = given.kind.filter(|kind| *kind != MessageKind::Text);
    match (kind, &given.text) {
        (Some(kind), None) => clauses.push(format!("who send {}", of_kind(kind))),
        (Some(kind), Some(text)) => clauses.push(format!("who send {} with “{text}”", of_kind(kind))),
        (None, Some(text)) if text != "hello" => clauses.push(format!("who write “{text}”")),
        (None, None) if given.kind.is_some() => clauses.push("who write nothing".to_owned()),
        (None, _) => {}
    }
    clauses.extend(given.age.map(|age| format!("whose message is {} old", duration(age))));
    clauses
}

fn of_kind(kind: MessageKind) -> String {
    match kind {
        MessageKind::Other => "a message of another kind".to_owned(),
        _ => with_article(kind.word()),
    }
}

fn circumstances(inbox: &Inbox, given: &Given, nobody_online: bool) -> Vec<String> {
    // The owner's presence is part of the customer's description.
    let others = given.users.iter().filter(|user| Some(user.user) != given.owner);
    let online = others.filter(|user| user.presence == Presence::Online);
    let names: Vec<String> = online.map(|user| inbox.user(user.user).name.to_string()).collect();
    let mut circumstances = Vec::from_iter(names_are(&names, "online"));
    if names.is_empty() && given.users.is_empty() && nobody_online {
        circumstances.push("nobody is online".to_owned());
    }
    let waiting = given.waiting.iter();
    circumstances
        .extend(waiting.map(|(group, chats)| {
            format!("{} in {}", chats_wait((*chats).into()), inbox.group(*group).name)
        }));
    circumstances
}
