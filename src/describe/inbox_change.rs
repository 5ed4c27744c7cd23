//! A difference between two versions of an inbox, in words.

use std::collections::BTreeSet;

use super::list;
use crate::inbox::{
    AlignedInboxes, AttributeDefinition, AttributeKind, GroupId, Inbox, InboxChange, User, UserId, WordList,
};

/// As `` `bob` is no longer in Sales ``.
pub(crate) fn inbox_change(inboxes: &AlignedInboxes, change: &InboxChange) -> String {
    let [old, new] = &inboxes.sides;
    let user = |id: &UserId| format!("`{}`", inboxes.union.user(*id).id);
    let was_now = |what: String, before: String, after: String| format!("{what} was {before}, now {after}");
    match change {
        InboxChange::Timezone => {
            was_now("the time zone".to_owned(), old.timezone_name.clone(), new.timezone_name.clone())
        }
        InboxChange::User(id) => one_sided(&format!("the user {}", user(id)), new.user(*id).id.is_empty()),
        InboxChange::Name(id) => {
            let name = |inbox: &Inbox| format!("“{}”", inbox.user(*id).name);
            was_now(format!("the name of {}", user(id)), name(old), name(new))
        }
        InboxChange::Capacity(id) => {
            let capacity = |inbox: &Inbox| {
                inbox.user(*id).capacity.map_or("unlimited".to_owned(), |capacity| capacity.to_string())
            };
            was_now(format!("the capacity of {}", user(id)), capacity(old), capacity(new))
        }
        InboxChange::Skills(id) => skills(&user(id), inboxes, *id),
        InboxChange::Weight(id) => {
            let weight = |inbox: &Inbox| inbox.user(*id).weight.to_string();
            was_now(format!("the weight of {}", user(id)), weight(old), weight(new))
        }
        InboxChange::Owns(id) if new.user(*id).owns => format!("{} can become an owner now", user(id)),
        InboxChange::Owns(id) => format!("{} no longer becomes an owner", user(id)),
        InboxChange::Group(id) => {
            one_sided(&format!("the group {}", inboxes.union.group(*id).name), new.group(*id).name.is_empty())
        }
        InboxChange::Members(id) => members(inboxes, *id),
        InboxChange::Attribute(id) => {
            let (before, after) = (old.attribute(*id), new.attribute(*id));
            attribute(&format!("the attribute `{}`", inboxes.union.attribute(*id).name), before, after)
        }
        InboxChange::MessageAttribute(id) => {
            let (before, after) = (old.message_attribute(*id), new.message_attribute(*id));
            let name = &inboxes.union.message_attribute(*id).name;
            attribute(&format!("the attribute `{name}` of messages"), before, after)
        }
        InboxChange::NumberRules(number) => {
            let file = |inbox: &Inbox| {
                let rules = inbox.numbers.get(number).and_then(|number| number.rules.as_ref());
                rules.map_or("the one that is named after it".to_owned(), |rules| format!("`{}`", rules.file))
            };
            was_now(format!("the policy of {number}"), file(old), file(new))
        }
    }
}

fn one_sided(what: &str, is_removed: bool) -> String {
    format!("{what} was {}", if is_removed { "removed" } else { "added" })
}

fn skills(user: &str, inboxes: &AlignedInboxes, id: UserId) -> String {
    let [old, new] = inboxes.sides.each_ref().map(|side| side.user(id));
    let only_in = |one: &User, other: &User| -> Vec<String> {
        let skills = one.skills.iter().zip(&one.skills_as_written);
        let only = skills.filter(|(folded, _)| !other.skills.contains(folded));
        only.map(|(_, written)| format!("“{written}”")).collect()
    };
    let (gained, lost) = (only_in(new, old), only_in(old, new));
    let plural = |skills: &[String]| if skills.len() == 1 { "skill" } else { "skills" };
    let mut changes = Vec::new();
    if !gained.is_empty() {
        changes.push(format!("{user} has the {} {} now", plural(&gained), list(&gained)));
    }
    if !lost.is_empty() {
        changes.push(format!("{user} no longer has the {} {}", plural(&lost), list(&lost)));
    }
    list(&changes)
}

fn members(inboxes: &AlignedInboxes, id: GroupId) -> String {
    let [old, new] = inboxes.sides.each_ref().map(|side| side.group(id).members.as_slice());
    let name = &inboxes.union.group(id).name;
    let id_of = |user: &UserId| format!("`{}`", inboxes.union.user(*user).id);
    let only_in = |one: &[UserId], other: &[UserId]| -> Vec<String> {
        let other: BTreeSet<_> = other.iter().collect();
        one.iter().filter(|user| !other.contains(user)).map(id_of).collect()
    };
    let (joined, left) = (only_in(new, old), only_in(old, new));
    let are = |users: &[String]| if users.len() == 1 { "is" } else { "are" };
    let mut changes = Vec::new();
    if !joined.is_empty() {
        changes.push(format!("{} {} in {name} now", list(&joined), are(&joined)));
    }
    if !left.is_empty() {
        changes.push(format!("{} {} no longer in {name}", list(&left), are(&left)));
    }
    if changes.is_empty() {
        let order = |users: &[UserId]| list(&users.iter().map(id_of).collect::<Vec<_>>());
        changes.push(format!("the turn order of {name} was {}, now {}", order(old), order(new)));
    }
    list(&changes)
}

fn attribute(what: &str, old: &AttributeDefinition, new: &AttributeDefinition) -> String {
    if old.name.is_empty() || new.name.is_empty() {
        return one_sided(what, new.name.is_empty());
    }
    if let (AttributeKind::Words(before), AttributeKind::Words(after)) = (&old.kind, &new.kind) {
        let only_in = |one: &WordList, other: &WordList| -> Vec<String> {
            let only = one.iter().filter(|(_, folded)| !other.has(folded));
            only.map(|(written, _)| format!("“{written}”")).collect()
        };
        let (gained, lost) = (only_in(after, before), only_in(before, after));
        let mut changes = Vec::new();
        if !gained.is_empty() {
            changes.push(format!("{what} can be {} now", gained.join(" or ")));
        }
        if !lost.is_empty() {
            changes.push(format!("{what} can no longer be {}", lost.join(" or ")));
        }
        return list(&changes);
    }
    let kind = |attribute: &AttributeDefinition| match &attribute.kind {
        AttributeKind::Text => "a text",
        AttributeKind::Number => "a number",
        AttributeKind::Flag => "a flag",
        AttributeKind::Words(_) => "one of some words",
        AttributeKind::Unknown => "not known",
    };
    format!("{what} was {}, now {}", kind(old), kind(new))
}
