//! The entries in which two versions of an inbox differ.

use std::collections::BTreeSet;

use super::aligned::AlignedInboxes;
use super::model::{AttributeId, AttributeKind, GroupId, Inbox, MessageAttributeId, UserId};

/// An entry in which the two versions differ, with the ids of [`AlignedInboxes`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum InboxChange {
    /// The time zone.
    Timezone,
    /// Only one version has the user.
    User(UserId),
    /// The name of a user.
    Name(UserId),
    /// The capacity of a user.
    Capacity(UserId),
    /// The skills of a user.
    Skills(UserId),
    /// The weight of a user.
    Weight(UserId),
    /// Whether a user becomes an owner by being given a chat.
    Owns(UserId),
    /// Only one version has the group.
    Group(GroupId),
    /// The members of a group, or their order.
    Members(GroupId),
    /// An attribute of customers: only one version has it, or it has other values.
    Attribute(AttributeId),
    /// An attribute of messages, likewise.
    MessageAttribute(MessageAttributeId),
    /// The file with the policy of a number.
    NumberRules(String),
}

impl AlignedInboxes {
    /// The entries in which the two versions differ, in the order of the file.
    pub fn changes(&self) -> Vec<InboxChange> {
        let [old, new] = &self.sides;
        let mut changes = Vec::new();
        if old.timezone_name != new.timezone_name {
            changes.push(InboxChange::Timezone);
        }
        for number in
            old.numbers.keys().chain(new.numbers.keys().filter(|key| !old.numbers.contains_key(*key)))
        {
            let rules = |inbox: &Inbox| Some(inbox.numbers.get(number)?.rules.as_ref()?.file.clone());
            if rules(old) != rules(new) {
                changes.push(InboxChange::NumberRules(number.clone()));
            }
        }
        for id in (0..).map(UserId).take(self.union.users.len()) {
            changes.extend(user_changes(id, [old, new]));
        }
        for id in (0..).map(GroupId).take(self.union.groups.len()) {
            let [before, after] = [old.group(id), new.group(id)];
            if before.name != after.name {
                changes.push(InboxChange::Group(id));
            } else if before.members != after.members {
                changes.push(InboxChange::Members(id));
            }
        }
        for id in (0..).map(AttributeId).take(self.union.attributes.len()) {
            let [before, after] = [old.attribute(id), new.attribute(id)];
            if before.name != after.name || !accept_the_same(&before.kind, &after.kind) {
                changes.push(InboxChange::Attribute(id));
            }
        }
        for id in (0..).map(MessageAttributeId).take(self.union.message_attributes.len()) {
            let [before, after] = [old.message_attribute(id), new.message_attribute(id)];
            if before.name != after.name || !accept_the_same(&before.kind, &after.kind) {
                changes.push(InboxChange::MessageAttribute(id));
            }
        }
        changes
    }

    /// The new inbox, but with the old entry.
    #[must_use]
    pub fn reverted(&self, change: &InboxChange) -> Inbox {
        let [old, new] = &self.sides;
        let mut inbox = new.clone();
        match change {
            InboxChange::User(id)
            | InboxChange::Name(id)
            | InboxChange::Capacity(id)
            | InboxChange::Skills(id)
            | InboxChange::Weight(id)
            | InboxChange::Owns(id) => {
                let Some(user) = inbox.users.get_mut(id.0 as usize) else { return inbox };
                let before = old.user(*id);
                match change {
                    InboxChange::Name(_) => user.name.clone_from(&before.name),
                    InboxChange::Capacity(_) => user.capacity = before.capacity,
                    InboxChange::Skills(_) => user.skills.clone_from(&before.skills),
                    InboxChange::Weight(_) => user.weight = before.weight,
                    InboxChange::Owns(_) => user.owns = before.owns,
                    _ => user.clone_from(before),
                }
            }
            InboxChange::Group(id) | InboxChange::Members(id) => {
                if let Some(group) = inbox.groups.get_mut(id.0 as usize) {
                    group.members.clone_from(&old.group(*id).members);
                }
            }
            InboxChange::Timezone
            | InboxChange::Attribute(_)
            | InboxChange::MessageAttribute(_)
            | InboxChange::NumberRules(_) => {}
        }
        inbox
    }
}

fn user_changes(id: UserId, [old, new]: [&Inbox; 2]) -> Vec<InboxChange> {
    let (old, new) = (old.user(id), new.user(id));
    if old.id != new.id {
        return vec![InboxChange::User(id)];
    }
    let [old_skills, new_skills] = [old, new].map(|user| user.skills.iter().collect::<BTreeSet<_>>());
    let changes = [
        (old.name != new.name, InboxChange::Name(id)),
        (old.capacity != new.capacity, InboxChange::Capacity(id)),
        (old_skills != new_skills, InboxChange::Skills(id)),
        (old.weight != new.weight, InboxChange::Weight(id)),
        (old.owns != new.owns, InboxChange::Owns(id)),
    ];
    changes.into_iter().filter(|(differs, _)| *differs).map(|(_, change)| change).collect()
}

/// Whether attributes of these kinds have the same values: a word counts as it is compared.
fn accept_the_same(old: &AttributeKind, new: &AttributeKind) -> bool {
    match (old, new) {
        (AttributeKind::Words(old), AttributeKind::Words(new)) => {
            old.iter().all(|(_, folded)| new.has(folded)) && new.iter().all(|(_, folded)| old.has(folded))
        }
        (old, new) => old == new,
    }
}
