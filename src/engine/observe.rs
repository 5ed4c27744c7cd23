//! What a condition saw, in words.

use super::condition::{count, holds};
use super::reply::plain;
use super::view::View;
use crate::describe::{attribute_name, list, rough_duration, truncated};
use crate::inbox::UserId;
use crate::language::vocabulary::Count;
use crate::policy::{Attribute, AttributeValue, Condition, ConditionKind, Fact, Scope};
use crate::situation::{Owner, Text};

/// How many things are told of one condition, and how far definitions are followed: enough to see why, and a
/// bound on the work where definitions branch again and again.
const MOST: usize = 8;
const DEEPEST: usize = 8;

/// What made `condition` hold, or not: each part that mattered, as `Alice is offline; nobody is online in Sales`.
pub(super) fn saw(view: &View, condition: &Condition) -> String {
    let mut told = Vec::new();
    tell(view, condition, DEEPEST, &mut told);
    told.join("; ")
}

fn tell(view: &View, condition: &Condition, depth: usize, told: &mut Vec<String>) {
    if told.len() >= MOST {
        return;
    }
    match &condition.kind {
        ConditionKind::Fact(fact) => {
            let words = seen(view, fact);
            if !told.contains(&words) {
                told.push(words);
            }
        }
        ConditionKind::Not(part) => tell(view, part, depth, told),
        ConditionKind::Definition(place) => match view.policy.definitions.get(*place) {
            Some(definition) if depth > 0 => tell(view, &definition.condition, depth - 1, told),
            Some(definition) if holds(view, condition) => told.push(format!("`{}` holds", definition.name)),
            Some(definition) => told.push(format!("`{}` does not hold", definition.name)),
            None => {}
        },
        ConditionKind::And(parts) => tell_parts(view, parts, false, depth, told),
        ConditionKind::Or(parts) => tell_parts(view, parts, true, depth, told),
    }
}

/// One part that is `decisive` settles the whole; where there is none, all of them do.
fn tell_parts(view: &View, parts: &[Condition], decisive: bool, depth: usize, told: &mut Vec<String>) {
    match parts.iter().find(|part| holds(view, part) == decisive) {
        Some(part) => tell(view, part, depth, told),
        None => {
            for part in parts.iter().take(MOST) {
                tell(view, part, depth, told);
            }
        }
    }
}

/// What the situation says to a question.
fn seen(view: &View, fact: &Fact) -> String {
    let case = view.case;
    let who = customer(view);
    match fact {
        Fact::NewCustomer | Fact::ReturningCustomer => {
            let kind = if case.customer.returning { "returning" } else { "new" };
            format!("{who} is a {kind} customer")
        }
        Fact::HasOwner | Fact::OwnerOnline | Fact::OwnerOffline => match case.owner {
            Owner::User(owner) if matches!(fact, Fact::HasOwner) => {
                format!("{} owns {who}", view.inbox.user(owner).name)
            }
            Owner::User(owner) => format!(
                "{}, who owns {who}, is {}",
                view.inbox.user(owner).name,
                view.now.user(owner).presence
            ),
            Owner::None => format!("{who} has no owner"),
            Owner::Former(id) => format!("`{id}`, who owned {who}, is no longer in the inbox"),
        },
        Fact::AnyOnline(scope) | Fact::AllOffline(scope) => {
            let heads = view.heads(*scope);
            some(view, heads.online, &heads.some_online, "online", *scope)
        }
        Fact::AnyAvailable(scope) => {
            let heads = view.heads(*scope);
            some(view, heads.available, &heads.some_available, "available", *scope)
        }
        Fact::Count { of, scope, .. } => counted(view, *of, *scope),
        Fact::During { .. } => format!("it is {}", view.local().strftime("%a %Y-%m-%d %H:%M")),
        Fact::MessageText(_) => match &case.text {
            Some(text) => format!("the message is `{}`", truncated(text.raw)),
            None => "the message has no text".to_owned(),
        },
        Fact::MessageKind { .. } => format!("the message is of the kind `{}`", case.message.kind),
        Fact::MessageAge { .. } => {
            format!("the message was {} old", rough_duration(case.message.age_seconds))
        }
        Fact::HasTag(_) => tags(&case.customer.tags, &who),
        Fact::SilentFor { .. } | Fact::HasAttribute(Attribute::SilentFor) => match case.silent_for {
            Some(seconds) => format!("{who} was silent for {}", rough_duration(seconds)),
            None => format!("it is not known when {who} last wrote"),
        },
        Fact::HasAttribute(attribute) | Fact::Attribute { attribute, .. } => {
            let name = attribute_name(view.inbox, *attribute);
            match case.attribute(*attribute) {
                Some(value) => format!("the customer's {name} is `{}`", value_words(value)),
                None => format!("the customer's {name} is not known"),
            }
        }
    }
}

/// The customer's name, or `the customer`.
pub(super) fn customer(view: &View) -> String {
    match view.case.attribute(Attribute::Name) {
        Some(AttributeValue::Text(name)) => truncated(name.raw),
        _ => "the customer".to_owned(),
    }
}

fn some(view: &View, many: u64, some: &[UserId], what: &str, scope: Scope) -> String {
    let place = place(view, scope);
    let mut names: Vec<String> = some.iter().map(|user| view.inbox.user(*user).name.clone()).collect();
    match many.saturating_sub(names.len() as u64) {
        0 => {}
        1 => names.push("1 other".to_owned()),
        more => names.push(format!("{more} others")),
    }
    match many {
        0 => format!("nobody is {what}{place}"),
        1 => format!("{} is {what}{place}", list(&names)),
        _ => format!("{} are {what}{place}", list(&names)),
    }
}

fn counted(view: &View, of: Count, scope: Scope) -> String {
    let place = place(view, scope);
    match (of, count(view, of, scope)) {
        (Count::Waiting, 1) => format!("1 chat waits{place}"),
        (Count::Waiting, n) => format!("{n} chats wait{place}"),
        (_, 1) => format!("1 user is {of}{place}"),
        (_, n) => format!("{n} users are {of}{place}"),
    }
}

fn place(view: &View, scope: Scope) -> String {
    match scope {
        Scope::Inbox => String::new(),
        Scope::Group(group) => format!(" in {}", view.inbox.group(group).name),
    }
}

fn tags(tags: &[String], who: &str) -> String {
    if tags.is_empty() {
        return format!("{who} has no tags");
    }
    let shown: Vec<_> = tags.iter().take(MOST).map(|tag| format!("`{}`", truncated(tag))).collect();
    let more = if tags.len() > MOST { ", …" } else { "" };
    format!("{who} has the tags {}{more}", shown.join(", "))
}

fn value_words(value: &AttributeValue<Text<'_>>) -> String {
    match value {
        AttributeValue::Text(text) => truncated(text.raw),
        AttributeValue::Number(number) => plain(*number),
        AttributeValue::Flag(flag) => if *flag { "yes" } else { "no" }.to_owned(),
    }
}
