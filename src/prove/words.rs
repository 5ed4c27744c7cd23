//! What is the case, in the words of a test.

use crate::inbox::Inbox;
use crate::policy::{Attribute, Given, GivenUser, Value};

/// The lines of a test that give it, as `given customer returning, tag "vip"`; none where all is as usual.
pub fn given(inbox: &Inbox, given: &Given) -> Vec<String> {
    let mut lines = Vec::new();
    let mut list = |what: &str, entries: Vec<String>| {
        if !entries.is_empty() {
            lines.push(format!("given {what} {}", entries.join(", ")));
        }
    };
    list("customer", customer(inbox, given));
    for presence in ["online", "away", "offline"] {
        let users = given.users.iter().filter(|user| user.presence.word() == presence);
        list(presence, users.map(|given| user(inbox, given)).collect());
    }
    let waiting = given.waiting.iter();
    list(
        "waiting",
        waiting.map(|(group, n)| format!("{n} in {}", literal(&inbox.group(*group).name))).collect(),
    );
    let turns = given.turns.iter().map(|(group, user)| {
        format!("{} after {}", literal(&inbox.group(*group).name), literal(&inbox.user(*user).id))
    });
    list("turn", turns.collect());
    list("message", given.message.iter().map(message).collect());
    list("number", given.number.iter().map(|number| literal(number)).collect());
    list("at", given.at.iter().map(|at| at.strftime("%Y-%m-%d %H:%M").to_string()).collect());
    lines
}

fn customer(inbox: &Inbox, given: &Given) -> Vec<String> {
    let mut said = Vec::new();
    if given.returning {
        said.push("returning".to_owned());
    }
    said.extend(given.owner.map(|owner| format!("owner {}", literal(&inbox.user(owner).id))));
    said.extend(given.tags.iter().map(|tag| format!("tag {}", literal(tag))));
    said.extend(given.silent_for.map(|seconds| format!("silent_for {}", duration(seconds))));
    for (attribute, value) in &given.attributes {
        let name = match attribute {
            Attribute::Country => "country",
            Attribute::Language => "language",
            Attribute::Name => "name",
            Attribute::Phone => "phone",
            Attribute::SilentFor => continue,
            Attribute::Custom(id) => &inbox.attribute(*id).name,
        };
        said.push(match value {
            Value::Text(value) => format!("{name} {}", literal(value)),
            Value::Number(number) => format!("{name} {}", number.normalize()),
            Value::Flag(true) => name.to_owned(),
            Value::Flag(false) => format!("not {name}"),
        });
    }
    if !said.is_empty() && !given.returning {
        said.insert(0, "new".to_owned());
    }
    said
}

fn user(inbox: &Inbox, given: &GivenUser) -> String {
    let mut words = literal(&inbox.user(given.user).id);
    match given.chats {
        0 => {}
        1 => words += " with 1 chat",
        chats => words += &format!(" with {chats} chats"),
    }
    if let Some(idle) = given.idle {
        words += &format!(" idle {}", duration(idle));
    }
    words
}

fn message(given: &crate::policy::GivenMessage) -> String {
    let kind = given.kind.map(|kind| kind.word().to_owned());
    let text = given.text.as_deref().map(literal);
    let age = given.age.map(|age| format!("aged {}", duration(age)));
    let age = match (&kind, &text) {
        (None, None) => age.map(|age| format!("\"hello\" {age}")),
        _ => age,
    };
    kind.into_iter().chain(text).chain(age).collect::<Vec<_>>().join(" ")
}

/// `text` as it is written in a rule, between quotes.
pub fn literal(text: &str) -> String {
    let mut written = String::from("\"");
    for character in text.chars() {
        match character {
            '\\' | '"' => written.extend(['\\', character]),
            '\n' => written += "\\n",
            '\t' => written += "\\t",
            _ if character.is_control() => written += &format!("\\u{{{:x}}}", u32::from(character)),
            _ => written.push(character),
        }
    }
    written.push('"');
    written
}

/// A length of time as it is written in a rule: in the largest unit that leaves no rest.
pub fn duration(seconds: u64) -> String {
    let units = [(86_400, 'd'), (3_600, 'h'), (60, 'm')];
    let whole = units.into_iter().find(|(unit, _)| seconds > 0 && seconds.is_multiple_of(*unit));
    whole.map_or_else(|| format!("{seconds}s"), |(unit, sign)| format!("{}{sign}", seconds / unit))
}
