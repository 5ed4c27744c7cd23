//! Situations and values as a rule file writes them.

use crate::inbox::Inbox;
use crate::policy::{Attribute, AttributeValue, Given, GivenChat, GivenMessage, GivenUser};

/// The `given` lines of a test for this situation: at least one, which is `given customer new` for the default
/// situation.
pub(crate) fn given_lines(inbox: &Inbox, given: &Given) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = |what: &str, entries: Vec<String>| {
        if !entries.is_empty() {
            lines.push(format!("given {what} {}", entries.join(", ")));
        }
    };
    let group = |group| string_literal(&inbox.group(group).name);
    let user = |user| string_literal(&inbox.user(user).id);
    line("customer", customer(inbox, given));
    for presence in ["online", "away", "offline"] {
        let users = given.users.iter().filter(|user| user.presence.word() == presence);
        line(presence, users.map(|given| given_user(inbox, given)).collect());
    }
    line("waiting", given.waiting.iter().map(|(of, chats)| format!("{chats} in {}", group(*of))).collect());
    line(
        "turn",
        given.turns.iter().map(|(of, last)| format!("{} after {}", group(*of), user(*last))).collect(),
    );
    line("message", given.message.iter().map(|given| message(inbox, given)).collect());
    line("chat", given.chat.iter().flat_map(|given| chat(inbox, given)).collect());
    line("number", given.number.iter().map(|number| string_literal(number)).collect());
    line("at", given.at.iter().map(|at| at.strftime("%Y-%m-%d %H:%M").to_string()).collect());
    if lines.is_empty() {
        lines.push("given customer new".to_owned());
    }
    lines
}

fn customer(inbox: &Inbox, given: &Given) -> Vec<String> {
    let mut facts = Vec::new();
    if given.returning {
        facts.push("returning".to_owned());
    }
    facts.extend(given.owner.map(|owner| format!("owner {}", string_literal(&inbox.user(owner).id))));
    facts.extend(given.tags.iter().map(|tag| format!("tag {}", string_literal(tag))));
    facts.extend(given.silent_for.map(|seconds| format!("silent_for {}", duration_literal(seconds))));
    // Its value is `given.silent_for`.
    let attributes = given.attributes.iter().filter(|(attribute, _)| *attribute != Attribute::SilentFor);
    facts.extend(attributes.map(|(attribute, value)| attribute_literal(inbox, *attribute, value)));
    if !facts.is_empty() && !given.returning {
        facts.insert(0, "new".to_owned());
    }
    facts
}

/// `plan "gold"`, `orders 12`, `not blocked`
fn attribute_literal(inbox: &Inbox, attribute: Attribute, value: &AttributeValue) -> String {
    let name = attribute_name(inbox, attribute);
    match value {
        AttributeValue::Text(value) => format!("{name} {}", string_literal(value)),
        AttributeValue::Number(number) => format!("{name} {}", number.normalize()),
        AttributeValue::Flag(true) => name.to_owned(),
        AttributeValue::Flag(false) => format!("not {name}"),
    }
}

fn chat(inbox: &Inbox, given: &GivenChat) -> Vec<String> {
    let mut facts = vec![match given.user {
        Some(user) => format!("with {}", string_literal(&inbox.user(user).id)),
        None => "waiting".to_owned(),
    }];
    facts.extend(given.group.map(|group| format!("in {}", string_literal(&inbox.group(group).name))));
    facts.extend(given.tags.iter().map(|tag| format!("tag {}", string_literal(tag))));
    facts.extend(given.answered.then(|| "answered".to_owned()));
    facts.extend(given.open_for.map(|seconds| format!("open_for {}", duration_literal(seconds))));
    facts.extend(given.waiting_for.map(|seconds| format!("waiting_for {}", duration_literal(seconds))));
    facts
}

fn given_user(inbox: &Inbox, given: &GivenUser) -> String {
    let mut words = string_literal(&inbox.user(given.user).id);
    match given.chats {
        0 => {}
        1 => words += " with 1 chat",
        chats => words += &format!(" with {chats} chats"),
    }
    if let Some(idle) = given.idle {
        words += &format!(" idle {}", duration_literal(idle));
    }
    words
}

fn message(inbox: &Inbox, given: &GivenMessage) -> String {
    let kind = given.kind.map(|kind| kind.word().to_owned());
    let text = given.text.as_deref().map(string_literal);
    let age = given.age.map(|age| format!("aged {}", duration_literal(age)));
    let text = if kind.is_none() { text.or(Some("\"hello\"".to_owned())) } else { text };
    let head = kind.into_iter().chain(text).chain(age).collect::<Vec<_>>().join(" ");
    let attributes = given.attributes.iter();
    let attributes = attributes.map(|(attribute, value)| attribute_literal(inbox, *attribute, value));
    [head].into_iter().chain(attributes).collect::<Vec<_>>().join(", ")
}

/// The name of an attribute, as it follows `customer.` or `message.` in a rule.
pub(crate) fn attribute_name(inbox: &Inbox, attribute: Attribute) -> &str {
    match attribute {
        Attribute::Country => "country",
        Attribute::Language => "language",
        Attribute::Name => "name",
        Attribute::Phone => "phone",
        Attribute::SilentFor => "silent_for",
        Attribute::Custom(id) => &inbox.attribute(id).name,
        Attribute::Ad => "ad",
        Attribute::AdText => "ad_text",
        Attribute::Button => "button",
        Attribute::Forwarded => "forwarded",
        Attribute::Message(id) => &inbox.message_attribute(id).name,
    }
}

/// `text` in quotes, with escapes.
pub(crate) fn string_literal(text: &str) -> String {
    let mut literal = String::from("\"");
    for character in text.chars() {
        match character {
            '\\' | '"' => literal.extend(['\\', character]),
            '\n' => literal += "\\n",
            '\t' => literal += "\\t",
            _ if character.is_control() => literal += &format!("\\u{{{:x}}}", u32::from(character)),
            _ => literal.push(character),
        }
    }
    literal.push('"');
    literal
}

/// A duration in the largest unit that divides it: `90m`, `1h`.
pub(crate) fn duration_literal(seconds: u64) -> String {
    let units = [(86_400, 'd'), (3_600, 'h'), (60, 'm')];
    let whole = units.into_iter().find(|(unit, _)| seconds > 0 && seconds.is_multiple_of(*unit));
    whole.map_or_else(|| format!("{seconds}s"), |(unit, sign)| format!("{}{sign}", seconds / unit))
}
