//! A name for a test, from what it gives and what comes of it.

use super::coverage::one_line;
use crate::engine::Decision;
use crate::inbox::{Inbox, UserId};
use crate::language::vocabulary::{MessageKind, Presence};
use crate::policy::{Attribute, Given, GivenMessage, Policy, Value};
use crate::prove::duration;

/// As `welcome: a new customer while Alice is online`.
pub(super) fn test_name(policy: &Policy, inbox: &Inbox, given: &Given, decision: &Decision) -> String {
    let mut name = match acting(policy, decision) {
        rules if rules.is_empty() => customer(inbox, given),
        rules => format!("{}: {}", list(&rules), customer(inbox, given)),
    };
    name += &given.message.as_ref().map(message).unwrap_or_default();
    let meanwhile = meanwhile(inbox, given);
    if !meanwhile.is_empty() {
        name += &format!(" while {}", list(&meanwhile));
    }
    if let Some(at) = given.at {
        name += &at.strftime(", on %A %Y-%m-%d at %H:%M").to_string();
    }
    name
}

/// The rules that act and have a name.
fn acting(policy: &Policy, decision: &Decision) -> Vec<String> {
    let deciding = match &decision.rule {
        None => Some("no rule".to_owned()),
        Some(rule) => rule.name.as_ref().map(ToString::to_string).or_else(|| {
            let mut rules = policy.rules.iter();
            let otherwise = rules.any(|other| other.line == rule.line && other.when.is_none());
            otherwise.then(|| "otherwise".to_owned())
        }),
    };
    let also = decision.also.iter().filter_map(|rule| rule.name.as_ref().map(ToString::to_string));
    deciding.into_iter().chain(also).collect()
}

fn customer(inbox: &Inbox, given: &Given) -> String {
    let kind = if given.returning || given.owner.is_some() || given.silent_for.is_some() {
        "returning"
    } else {
        "new"
    };
    let mut words = format!("a {kind} customer");
    if let Some(owner) = given.owner {
        words += &format!(" of {}", inbox.user(owner).name);
    }
    let mut with: Vec<String> = given.tags.iter().map(|tag| format!("tag {}", one_line(tag))).collect();
    let mut flags = String::new();
    for (attribute, value) in &given.attributes {
        let name = match attribute {
            Attribute::Country => "country",
            Attribute::Language => "language",
            Attribute::Name => "name",
            Attribute::Phone => "phone",
            Attribute::SilentFor => "silent_for",
            Attribute::Custom(id) => &inbox.attribute(*id).name,
        };
        match value {
            Value::Text(text) => with.push(format!("{name} {}", one_line(text))),
            Value::Number(number) => with.push(format!("{name} {}", number.normalize())),
            Value::Flag(true) => flags += &format!(", {name}"),
            Value::Flag(false) => flags += &format!(", not {name}"),
        }
    }
    if !with.is_empty() {
        words += &format!(" with {}", list(&with));
    }
    words += &flags;
    if let Some(seconds) = given.silent_for {
        words += &format!(", silent for {}", duration(seconds));
    }
    words
}

fn message(given: &GivenMessage) -> String {
    let text = given.text.as_deref().map(|text| format!(" '{}'", one_line(text))).unwrap_or_default();
    let age = given.age.map(duration);
    let late = age.as_ref().map(|age| format!(", {age} late")).unwrap_or_default();
    match (given.kind, given.text.as_deref()) {
        // What is usual need not be said.
        (None, None | Some("hello")) => {
            age.map(|age| format!(" whose message is {age} late")).unwrap_or_default()
        }
        (Some(MessageKind::Text), None) => format!(" who writes nothing{late}"),
        (None | Some(MessageKind::Text), _) => format!(" who writes{text}{late}"),
        (Some(kind), _) => format!(" who sends {}{text}{late}", article(kind.word())),
    }
}

/// `an image`
fn article(word: &str) -> String {
    let article = if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {word}")
}

/// Who is there, and what waits.
fn meanwhile(inbox: &Inbox, given: &Given) -> Vec<String> {
    let is_full =
        |user: UserId, chats: u32| inbox.user(user).capacity.is_some_and(|capacity| chats >= capacity);
    let (mut free, mut full) = (Vec::new(), Vec::new());
    for user in given.users.iter().filter(|user| user.presence == Presence::Online) {
        let name = inbox.user(user.user).name.clone();
        if is_full(user.user, user.chats) { full.push(name) } else { free.push(name) }
    }
    let mut meanwhile = Vec::new();
    meanwhile.extend(are(&free, "online"));
    meanwhile.extend(are(&full, "online and full"));
    meanwhile.extend(given.waiting.iter().map(|(group, chats)| {
        let group = &inbox.group(*group).name;
        if *chats == 1 {
            format!("1 chat waits in {group}")
        } else {
            format!("{chats} chats wait in {group}")
        }
    }));
    meanwhile
}

/// `Alice and Bob are online`
fn are(names: &[String], what: &str) -> Option<String> {
    const MOST: usize = 3;
    match names.len() {
        0 => None,
        1 => Some(format!("{} is {what}", names.concat())),
        2..=MOST => Some(format!("{} are {what}", list(names))),
        many => Some(format!("{many} users are {what}")),
    }
}

/// `Alice, Bob and Carol`
fn list(names: &[String]) -> String {
    match names {
        [rest @ .., last] if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => names.concat(),
    }
}
