//! Users, groups, attributes and numbers in words.

use super::counted;
use crate::describe::list;
use crate::ide::occurrence::Entity;
use crate::inbox::{AttributeDefinition, AttributeKind, Group, Inbox, User, UserId};
use crate::language::Folded;
use crate::policy::Folder;

/// So many members of a group, users with a skill or words of an attribute are listed.
const MAX_LISTED: usize = 20;

/// What `inbox.toml` says about `entity`; `None` if nothing.
pub(super) fn describe(folder: &Folder, entity: &Entity) -> Option<String> {
    let inbox = &*folder.inbox;
    Some(match entity {
        Entity::Group(name) => group(inbox, inbox.group(inbox.group_id(name)?)),
        Entity::User(id) => {
            let id = inbox.user_id(id)?;
            user(inbox, id, inbox.user(id))
        }
        Entity::CustomerAttribute(name) => attribute("customer", inbox.attribute(inbox.attribute_id(name)?)),
        Entity::MessageAttribute(name) => {
            attribute("message", inbox.message_attribute(inbox.message_attribute_id(name)?))
        }
        Entity::Value { attribute: name, of_message: false, .. } => {
            attribute("customer", inbox.attribute(inbox.attribute_id(name)?))
        }
        Entity::Value { attribute: name, of_message: true, .. } => {
            attribute("message", inbox.message_attribute(inbox.message_attribute_id(name)?))
        }
        Entity::Skill(skill) => having(inbox, skill),
        Entity::Number(number) => phone_number(folder, number),
        _ => return None,
    })
}

fn group(inbox: &Inbox, group: &Group) -> String {
    let mut text =
        format!("group **{}**: {}, in turn order", group.name, counted(group.members.len(), "member"));
    for member in group.members.iter().take(MAX_LISTED) {
        let user = inbox.user(*member);
        let about = facts(user);
        let about = if about.is_empty() { String::new() } else { format!(": {}", about.join("; ")) };
        text += &format!("\n- {}{about}", name(user));
    }
    text + &more(group.members.len())
}

/// `` `alice` (Alice) ``
fn name(user: &User) -> String {
    if user.name == user.id { format!("`{}`", user.id) } else { format!("`{}` ({})", user.id, user.name) }
}

/// The skills, the capacity and the weight of a user, as far as there are any.
fn facts(user: &User) -> Vec<String> {
    let mut facts = Vec::new();
    if !user.skills_as_written.is_empty() {
        facts.push(format!("skills {}", list(&user.skills_as_written)));
    }
    facts.extend(user.capacity.map(|capacity| format!("at most {}", counted(capacity as usize, "chat"))));
    if user.weight != 1 {
        facts.push(format!("weight {}", user.weight));
    }
    if !user.owns {
        facts.push("never becomes an owner".to_owned());
    }
    facts
}

fn more(count: usize) -> String {
    count.checked_sub(MAX_LISTED + 1).map_or_else(String::new, |rest| format!("\n- and {} more", rest + 1))
}

fn user(inbox: &Inbox, id: UserId, user: &User) -> String {
    let groups: Vec<String> = inbox
        .groups
        .iter()
        .filter(|group| group.members.contains(&id))
        .map(|group| group.name.to_string())
        .collect();
    let groups = if groups.is_empty() { "in no group".to_owned() } else { format!("in {}", list(&groups)) };
    let facts = [vec![groups], facts(user)].concat();
    format!("user {}\n\n{}", name(user), facts.join("; "))
}

fn attribute(of: &str, attribute: &AttributeDefinition) -> String {
    let kind = match &attribute.kind {
        AttributeKind::Text => "a text".to_owned(),
        AttributeKind::Number => "a number".to_owned(),
        AttributeKind::Flag => "true or false".to_owned(),
        AttributeKind::Words(words) => {
            let listed = words.iter().take(MAX_LISTED).map(|(word, _)| format!("`{word}`"));
            let rest = if words.len() > MAX_LISTED { ", …" } else { "" };
            format!("one of {}{rest}", listed.collect::<Vec<_>>().join(", "))
        }
        AttributeKind::Unknown => return format!("`{of}.{}`", attribute.name),
    };
    format!("`{of}.{}`: {kind}", attribute.name)
}

fn having(inbox: &Inbox, skill: &Folded) -> String {
    let users: Vec<String> = inbox
        .users
        .iter()
        .filter(|user| user.skills.contains(skill))
        .map(|user| user.name.to_string())
        .collect();
    match users.len() {
        0 => "a skill that nobody has".to_owned(),
        count if count > MAX_LISTED => format!("a skill that {count} users have"),
        count => format!("a skill that {} {}", list(&users), if count == 1 { "has" } else { "have" }),
    }
}

fn phone_number(folder: &Folder, number: &str) -> String {
    let entry = folder.inbox.numbers.get(number);
    let name = entry.and_then(|entry| entry.name.as_ref()).map(|name| format!(" ({name})"));
    let named = entry.and_then(|entry| entry.rules.as_ref()).map(|rules| rules.file.to_string());
    let own = format!("{number}.rules");
    let file = named.or_else(|| folder.files.contains(&own).then_some(own));
    let file = file.or_else(|| folder.files.contains("default.rules").then(|| "default.rules".to_owned()));
    let policy = file.map_or_else(|| "it has no policy".to_owned(), |file| format!("its policy is `{file}`"));
    format!("number `{number}`{}; {policy}", name.unwrap_or_default())
}
