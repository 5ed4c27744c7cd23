//! What is the case, as people say it.

use super::difference::Difference;
use super::weekdays::weekdays;
use super::when::TimePattern;
use crate::inbox::{AttributeKind, Inbox};
use crate::language::vocabulary::{MessageKind, Presence};
use crate::policy::{Attribute, Given, GivenMessage, Value};

/// Of whom and when it is, as `returning customers whose owner is away, on Fridays after 14:00`.
pub fn plainly(inbox: &Inbox, difference: &Difference) -> String {
    let given = &difference.example.given;
    let whom = match (given.returning || given.owner.is_some(), difference.only_new_customers) {
        (true, _) => "returning customers",
        (false, true) => "new customers",
        (false, false) => "customers",
    };
    let who = [customer(inbox, given), given.message.as_ref().map(message).unwrap_or_default()].concat();
    let mut words = format!("{whom}{}", joined(&who));
    for circumstance in circumstances(inbox, given, difference.only_when_nobody_online) {
        words += &format!(", {circumstance}");
    }
    words + &occasion(difference)
}

/// ` whose owner is away and who write "refund"`
fn joined(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [rest @ .., last] if !rest.is_empty() => format!(" {} and {last}", rest.join(", ")),
        parts => format!(" {}", parts.concat()),
    }
}

fn is_online(given: &Given, user: crate::inbox::UserId) -> bool {
    given.users.iter().any(|one| one.user == user && one.presence == Presence::Online)
}

fn customer(inbox: &Inbox, given: &Given) -> Vec<String> {
    let mut parts = Vec::new();
    if let Some(owner) = given.owner {
        let is = if is_online(given, owner) { "online" } else { "away" };
        parts.push(format!("whose owner is {is}"));
    }
    let tags: Vec<String> = given.tags.iter().map(|tag| format!("“{tag}”")).collect();
    if let Some(tags) = listed(&tags) {
        parts.push(format!("with the tag {tags}"));
    }
    for (attribute, value) in &given.attributes {
        let name = match attribute {
            Attribute::Country => "country",
            Attribute::Language => "language",
            Attribute::Name => "name",
            Attribute::Phone => "phone",
            Attribute::SilentFor => continue,
            Attribute::Custom(id) => &inbox.attribute(*id).name,
        };
        parts.push(match value {
            Value::Text(text) if is_list(inbox, *attribute) => format!("whose {name} is {text}"),
            Value::Text(text) => format!("whose {name} is “{text}”"),
            Value::Number(number) => format!("whose {name} is {}", number.normalize()),
            Value::Flag(true) => format!("who are {name}"),
            Value::Flag(false) => format!("who are not {name}"),
        });
    }
    parts.extend(given.silent_for.map(|time| format!("who were silent for {}", duration(time))));
    parts
}

fn is_list(inbox: &Inbox, attribute: Attribute) -> bool {
    matches!(attribute, Attribute::Custom(id) if matches!(inbox.attribute(id).kind, AttributeKind::Words(_)))
}

fn message(given: &GivenMessage) -> Vec<String> {
    let mut parts = Vec::new();
    let kind = given.kind.filter(|kind| *kind != MessageKind::Text);
    match (kind, &given.text) {
        (Some(kind), None) => parts.push(format!("who send {}", of_kind(kind))),
        (Some(kind), Some(text)) => parts.push(format!("who send {} with “{text}”", of_kind(kind))),
        (None, Some(text)) if text != "hello" => parts.push(format!("who write “{text}”")),
        (None, None) if given.kind.is_some() => parts.push("who write nothing".to_owned()),
        (None, _) => {}
    }
    parts.extend(given.age.map(|age| format!("whose message is {} old", duration(age))));
    parts
}

/// `an image`
fn of_kind(kind: MessageKind) -> String {
    let word = kind.word();
    let article = if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    match kind {
        MessageKind::Other => "a message of another kind".to_owned(),
        _ => format!("{article} {word}"),
    }
}

fn circumstances(inbox: &Inbox, given: &Given, only_when_nobody_online: bool) -> Vec<String> {
    let mut parts = Vec::new();
    let there = given.users.iter().filter(|user| user.presence == Presence::Online);
    // Of the owner it was said.
    let others: Vec<_> = there.filter(|user| Some(user.user) != given.owner).collect();
    let names: Vec<String> = others.iter().map(|user| inbox.user(user.user).name.clone()).collect();
    match listed(&names) {
        Some(names) if others.len() == 1 => parts.push(format!("while {names} is online")),
        Some(names) => parts.push(format!("while {names} are online")),
        None if given.users.is_empty() && only_when_nobody_online => {
            parts.push("while nobody is online".to_owned())
        }
        None => {}
    }
    for (group, chats) in &given.waiting {
        let chats = if *chats == 1 { "1 chat waits".to_owned() } else { format!("{chats} chats wait") };
        parts.push(format!("while {chats} in {}", inbox.group(*group).name));
    }
    parts
}

/// `, on Fridays after 14:00`; nothing where it is always so.
fn occasion(difference: &Difference) -> String {
    let at = difference.example.given.at.map(|at| format!("on {}", at.strftime("%A %-d %B %Y at %H:%M")));
    match &difference.when {
        TimePattern::Always => String::new(),
        TimePattern::Weekly(stretches) => match (weekdays(stretches), at) {
            (Some(words), _) if words.is_empty() => ", but for certain dates".to_owned(),
            (Some(words), _) => format!(", {words}"),
            (None, Some(at)) => format!(", at certain hours, as {at}"),
            (None, None) => ", at certain hours".to_owned(),
        },
        TimePattern::Unknown => at.map(|at| format!(", {at}")).unwrap_or_default(),
    }
}

/// `a, b and c`
pub(super) fn listed(names: &[String]) -> Option<String> {
    let (last, rest) = names.split_last()?;
    Some(if rest.is_empty() { last.clone() } else { format!("{} and {last}", rest.join(", ")) })
}

fn duration(seconds: u64) -> String {
    let units = [(86_400, "day"), (3_600, "hour"), (60, "minute")];
    let whole = units.into_iter().find(|(unit, _)| seconds > 0 && seconds.is_multiple_of(*unit));
    let (count, unit) = whole.map_or((seconds, "second"), |(size, unit)| (seconds / size, unit));
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}
