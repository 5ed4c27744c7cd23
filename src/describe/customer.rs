//! The customer and the circumstances of one situation, in the singular: `a new customer while Alice is online`.

use super::{attribute_name, chats_wait, duration_literal, list, names_are, truncated, with_article};
use crate::inbox::{Inbox, UserId};
use crate::language::vocabulary::{MessageKind, Presence};
use crate::policy::{Attribute, AttributeValue, Given, GivenChat, GivenMessage};

/// As `a returning customer of Alice who writes 'refund' while Bob is online`.
pub(crate) fn customer(inbox: &Inbox, given: &Given) -> String {
    let mut words = who(inbox, given);
    words += &given.message.as_ref().map(|given| message(inbox, given)).unwrap_or_default();
    let circumstances = circumstances(inbox, given);
    if !circumstances.is_empty() {
        words += &format!(" while {}", list(&circumstances));
    }
    if let Some(at) = given.at {
        words += &at.strftime(", on %A %Y-%m-%d at %H:%M").to_string();
    }
    words
}

fn who(inbox: &Inbox, given: &Given) -> String {
    let is_returning =
        given.returning || given.owner.is_some() || given.silent_for.is_some() || given.chat.is_some();
    let kind = if is_returning { "returning" } else { "new" };
    let mut words = format!("a {kind} customer");
    if let Some(owner) = given.owner {
        words += &format!(" of {}", inbox.user(owner).name);
    }
    words += &with(inbox, &given.tags, &given.attributes);
    if let Some(seconds) = given.silent_for {
        words += &format!(", silent for {}", duration_literal(seconds));
    }
    words += &given.chat.as_ref().map(|chat| open_chat(inbox, chat)).unwrap_or_default();
    words
}

/// As ` with tag vip and plan gold, blocked`.
fn with(inbox: &Inbox, tags: &[String], attributes: &[(Attribute, AttributeValue)]) -> String {
    let mut with: Vec<String> = tags.iter().map(|tag| format!("tag {}", truncated(tag))).collect();
    let mut flags = String::new();
    for (attribute, value) in attributes {
        let name = attribute_name(inbox, *attribute);
        match value {
            AttributeValue::Text(text) => with.push(format!("{name} {}", truncated(text))),
            AttributeValue::Number(number) => with.push(format!("{name} {}", number.normalize())),
            AttributeValue::Flag(true) => flags += &format!(", {name}"),
            AttributeValue::Flag(false) => flags += &format!(", not {name}"),
        }
    }
    if with.is_empty() { flags } else { format!(" with {}{flags}", list(&with)) }
}

/// As ` in an answered chat with Bob through Sales` or ` in a chat that waits in Sales`.
fn open_chat(inbox: &Inbox, chat: &GivenChat) -> String {
    let group = chat.group.map(|group| &inbox.group(group).name);
    let mut words = match (chat.user, chat.answered) {
        (Some(user), true) => format!(" in an answered chat with {}", inbox.user(user).name),
        (Some(user), false) => format!(" in an open chat with {}", inbox.user(user).name),
        (None, true) => " in an answered chat that waits".to_owned(),
        (None, false) => " in a chat that waits".to_owned(),
    };
    let through = if chat.user.is_some() { "through" } else { "in" };
    words += &group.map(|group| format!(" {through} {group}")).unwrap_or_default();
    words += &with(inbox, &chat.tags, &[]);
    for (name, time) in [("open for", chat.open_for), ("waiting for", chat.waiting_for)] {
        words += &time.map(|time| format!(", {name} {}", duration_literal(time))).unwrap_or_default();
    }
    words
}

fn message(inbox: &Inbox, given: &GivenMessage) -> String {
    let with = with(inbox, &[], &given.attributes);
    let text = given.text.as_deref().map(|text| format!(" '{}'", truncated(text))).unwrap_or_default();
    let age = given.age.map(duration_literal);
    let late = age.as_ref().map(|age| format!(", {age} late")).unwrap_or_default();
    let words = match (given.kind, given.text.as_deref()) {
        // The default text is not worth mentioning.
        (None, None | Some("hello")) if with.is_empty() => {
            age.map(|age| format!(" whose message is {age} late")).unwrap_or_default()
        }
        (None, None) => format!(" who writes 'hello'{late}"),
        (Some(MessageKind::Text), None) => format!(" who writes nothing{late}"),
        (None | Some(MessageKind::Text), _) => format!(" who writes{text}{late}"),
        (Some(kind), _) => format!(" who sends {}{text}{late}", with_article(kind.word())),
    };
    words + &with
}

/// Who is online, and which chats wait.
fn circumstances(inbox: &Inbox, given: &Given) -> Vec<String> {
    let is_full =
        |user: UserId, chats: u32| inbox.user(user).capacity.is_some_and(|capacity| chats >= capacity);
    let (mut free, mut full) = (Vec::new(), Vec::new());
    for user in given.users.iter().filter(|user| user.presence == Presence::Online) {
        let name = inbox.user(user.user).name.to_string();
        if is_full(user.user, user.chats) { full.push(name) } else { free.push(name) }
    }
    let mut circumstances = Vec::new();
    circumstances.extend(few_are(&free, "online"));
    circumstances.extend(few_are(&full, "online and full"));
    let waiting = given.waiting.iter();
    circumstances
        .extend(waiting.map(|(group, chats)| {
            format!("{} in {}", chats_wait((*chats).into()), inbox.group(*group).name)
        }));
    circumstances
}

/// `Alice and Bob are online`, or `5 users are online` where there are too many names.
fn few_are(names: &[String], what: &str) -> Option<String> {
    const MAX_NAMES: usize = 3;
    match names.len() {
        0..=MAX_NAMES => names_are(names, what),
        many => Some(format!("{many} users are {what}")),
    }
}
