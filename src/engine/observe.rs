//! What a condition was evaluated on, in words: the observations that made it hold or not.

use super::condition::{count, holds};
use super::reply::plain;
use super::view::View;
use crate::describe::{attribute_name, chats_wait, names_are, rough_duration, truncated};
use crate::language::vocabulary::{ChatTime, Count};
use crate::policy::{Attribute, AttributeValue, Condition, ConditionKind, Fact, Scope};
use crate::roster::Candidate;
use crate::situation::{Chat, Owner};

/// How many observations are given for one condition, and how far definitions are followed: enough to see why, and a bound
/// on the work where definitions branch again and again.
const MOST: usize = 8;
const MAX_DEPTH: usize = 8;

/// What made `condition` hold, or not: each part that mattered, as `Alice is offline; nobody is online in Sales`.
pub(super) fn observations(view: &View, condition: &Condition) -> String {
    let mut found = Vec::new();
    collect(view, condition, MAX_DEPTH, &mut found);
    found.join("; ")
}

fn collect(view: &View, condition: &Condition, depth: usize, found: &mut Vec<String>) {
    if found.len() >= MOST {
        return;
    }
    match &condition.kind {
        ConditionKind::Fact(fact) => {
            let words = observe(view, fact);
            if !found.contains(&words) {
                found.push(words);
            }
        }
        ConditionKind::Not(part) => collect(view, part, depth, found),
        ConditionKind::Definition(place) => match view.policy.definitions.get(*place) {
            Some(definition) if depth > 0 => collect(view, &definition.condition, depth - 1, found),
            Some(definition) if holds(view, condition) => found.push(format!("`{}` holds", definition.name)),
            Some(definition) => found.push(format!("`{}` does not hold", definition.name)),
            None => {}
        },
        ConditionKind::And(parts) => collect_parts(view, parts, false, depth, found),
        ConditionKind::Or(parts) => collect_parts(view, parts, true, depth, found),
    }
}

/// One part that is `decisive` decides the whole condition; if there is none, all parts do together.
fn collect_parts(view: &View, parts: &[Condition], decisive: bool, depth: usize, found: &mut Vec<String>) {
    match parts.iter().find(|part| holds(view, part) == decisive) {
        Some(part) => collect(view, part, depth, found),
        None => {
            for part in parts.iter().take(MOST) {
                collect(view, part, depth, found);
            }
        }
    }
}

/// What the situation says about a fact.
fn observe(view: &View, fact: &Fact) -> String {
    let case = view.case;
    let who = customer(view);
    match fact {
        Fact::NewCustomer | Fact::ReturningCustomer => {
            let kind = if case.returning { "returning" } else { "new" };
            format!("{who} is a {kind} customer")
        }
        Fact::HasOwner | Fact::OwnerOnline | Fact::OwnerOffline | Fact::OwnerAway => match case.owner {
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
            users(view, view.counts(*scope).online, "online", *scope, Candidate::is_online)
        }
        Fact::AnyAvailable(scope) => {
            users(view, view.counts(*scope).available, "available", *scope, Candidate::is_available)
        }
        Fact::Count { of, scope, .. } => counted(view, *of, *scope),
        Fact::During { .. } => format!("it is {}", view.local().strftime("%a %Y-%m-%d %H:%M")),
        Fact::MessageText(_) => match &case.text {
            Some(text) => format!("the message is `{}`", truncated(text)),
            None => "the message has no text".to_owned(),
        },
        Fact::MessageKind { .. } => format!("the message is of the kind `{}`", case.kind),
        Fact::MessageAge { .. } => {
            format!("the message was {} old", rough_duration(case.age))
        }
        Fact::ChatOpen
        | Fact::ChatWaiting
        | Fact::ChatAnswered
        | Fact::UserOnline
        | Fact::UserOffline
        | Fact::UserAway
        | Fact::ChatWith(_)
        | Fact::ChatIn(_)
        | Fact::ChatHasTag(_)
        | Fact::ChatTime { .. } => match case.chat {
            Some(chat) => chat_words(view, fact, &chat),
            None => "no chat is open".to_owned(),
        },
        Fact::HasTag(_) => tags(case.tags, &who),
        Fact::SilentFor { .. } | Fact::HasAttribute(Attribute::SilentFor) => match case.silent_for {
            Some(seconds) => format!("{who} was silent for {}", rough_duration(seconds)),
            None => format!("it is not known when {who} last wrote"),
        },
        Fact::Attribute { attribute: Attribute::Forwarded, .. } if case.forwarded => {
            "the message was forwarded".to_owned()
        }
        Fact::Attribute { attribute: Attribute::Forwarded, .. } => "the message was not forwarded".to_owned(),
        Fact::HasAttribute(attribute) | Fact::Attribute { attribute, .. } => {
            let name = attribute_name(view.inbox, *attribute);
            let subject = attribute.subject();
            match case.attribute(*attribute) {
                Some(value) => format!("the {subject}'s {name} is `{}`", value_words(value)),
                None if subject == "message" => format!("the message has no {name}"),
                None => format!("the customer's {name} is not known"),
            }
        }
    }
}

/// What the situation says about the open chat.
fn chat_words(view: &View, fact: &Fact, chat: &Chat) -> String {
    let holder = match (chat.user, chat.user_name) {
        (Some(user), _) => format!("{} has the chat", view.inbox.user(user).name),
        (None, Some(id)) => format!("the chat waits, because `{id}` is no longer in the inbox"),
        (None, None) => "the chat waits".to_owned(),
    };
    match fact {
        Fact::ChatAnswered if chat.answered => "a user has written in the chat".to_owned(),
        Fact::ChatAnswered => "no user has written in the chat".to_owned(),
        Fact::UserOnline | Fact::UserOffline | Fact::UserAway => match chat.user {
            Some(user) => format!(
                "{}, who has the chat, is {}",
                view.inbox.user(user).name,
                view.now.user(user).presence
            ),
            None => holder,
        },
        Fact::ChatIn(_) => match (chat.user, chat.group_name) {
            (Some(_), Some(group)) => format!("the chat came through {group}"),
            (None, Some(group)) => format!("the chat waits in {group}"),
            (_, None) => "the chat is in no group".to_owned(),
        },
        Fact::ChatHasTag(_) => tags(chat.tags, "the chat"),
        Fact::ChatTime { of: ChatTime::OpenFor, .. } => match chat.open_for {
            Some(seconds) => format!("the chat was opened {} ago", rough_duration(seconds)),
            None => "it is not known when the chat was opened".to_owned(),
        },
        Fact::ChatTime { of: ChatTime::WaitingFor, .. } if chat.user.is_none() => match chat.waiting_for() {
            Some(seconds) => format!("the chat has waited for {}", rough_duration(seconds)),
            None => "it is not known since when the chat waits".to_owned(),
        },
        _ => holder,
    }
}

/// Who has the open chat, or where it is waiting.
pub(super) fn open_chat(view: &View, chat: &Chat) -> String {
    match (chat.user, chat.user_name, chat.group.and(chat.group_name)) {
        (Some(user), ..) => format!("the chat is open with {}", view.inbox.user(user).name),
        (None, Some(id), _) => format!("the chat is open with `{id}`, who is no longer in the inbox"),
        (None, None, Some(group)) => format!("the chat is already waiting in the {group} queue"),
        (None, None, None) => "the chat is already waiting".to_owned(),
    }
}

/// The customer's name, or `the customer`.
pub(super) fn customer(view: &View) -> String {
    view.case.name.map_or_else(|| "the customer".to_owned(), truncated)
}

/// How many users are so, and the names of the first few.
fn users(view: &View, many: u64, what: &str, scope: Scope, is_so: fn(&Candidate) -> bool) -> String {
    const NAMED: usize = 3;
    let place = place(view, scope);
    let some = view.users(scope).filter(is_so).take(NAMED);
    let mut names: Vec<String> = some.map(|user| view.inbox.user(user.user).name.to_string()).collect();
    match many.saturating_sub(names.len() as u64) {
        0 => {}
        1 => names.push("1 other".to_owned()),
        more => names.push(format!("{more} others")),
    }
    let what = format!("{what}{place}");
    names_are(&names, &what).unwrap_or_else(|| format!("nobody is {what}"))
}

fn counted(view: &View, of: Count, scope: Scope) -> String {
    let place = place(view, scope);
    match (of, count(view, of, scope)) {
        (Count::Waiting, chats) => format!("{}{place}", chats_wait(chats)),
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

fn value_words(value: AttributeValue<&str>) -> String {
    match value {
        AttributeValue::Text(text) => truncated(text),
        AttributeValue::Number(number) => plain(number),
        AttributeValue::Flag(flag) => if flag { "yes" } else { "no" }.to_owned(),
    }
}
