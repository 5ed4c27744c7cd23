//! Two versions of an inbox side by side: the same name has the same id in both.

use super::model::{
    AttributeDefinition, AttributeKind, Group, Inbox, UNKNOWN_ATTRIBUTE, UNKNOWN_GROUP, UNKNOWN_USER, User,
    UserId,
};
use super::word_list::WordList;

/// Two versions of an inbox, with ids that mean the same user, group or attribute in both.
#[derive(Debug, Clone)]
pub struct AlignedInboxes {
    /// The old inbox and the new one. Where one of them lacks a name that the other has, it has an entry without a
    /// name and without members, which no name refers to.
    pub sides: [Inbox; 2],
    /// What both have together; what they have in common is as in the new one. An attribute has the values that both
    /// accept.
    pub union: Inbox,
}

impl AlignedInboxes {
    /// Aligns the two versions. The ids of `new` stay as they are; what only `old` has comes after them.
    pub fn new(old: &Inbox, new: &Inbox) -> Self {
        let mut union = new.settings();
        let both = [new, old];
        both.into_iter().flat_map(|inbox| &inbox.users).for_each(|user| union.add_user(user.clone()));
        for inbox in both {
            for group in &inbox.groups {
                union.add_group(renumbered(group, inbox, &union));
            }
        }
        for attribute in both.into_iter().flat_map(|inbox| &inbox.attributes) {
            let find =
                |inbox: &Inbox| inbox.attribute_id(&attribute.name).map(|id| inbox.attribute(id).clone());
            union.add_attribute(common(attribute, find(old), find(new)));
        }
        for attribute in both.into_iter().flat_map(|inbox| &inbox.message_attributes) {
            let find = |inbox: &Inbox| {
                inbox.message_attribute_id(&attribute.name).map(|id| inbox.message_attribute(id).clone())
            };
            union.add_message_attribute(common(attribute, find(old), find(new)));
        }
        Self { sides: [side(old, &union), side(new, &union)], union }
    }

    /// Which users both versions have, by id in order.
    pub fn common_users(&self) -> impl Iterator<Item = UserId> {
        let [old, new] = &self.sides;
        let ids = (0..).map(UserId).take(self.union.users.len());
        ids.filter(|user| !old.user(*user).id.is_empty() && !new.user(*user).id.is_empty())
    }
}

/// `inbox` with the ids of `union`.
fn side(inbox: &Inbox, union: &Inbox) -> Inbox {
    let mut side = inbox.settings();
    for user in &union.users {
        match inbox.user_id(&user.id) {
            Some(id) => side.add_user(inbox.user(id).clone()),
            None => side.users.push(User::clone(&UNKNOWN_USER)),
        }
    }
    for group in &union.groups {
        match inbox.group_id(&group.name) {
            Some(id) => side.add_group(renumbered(inbox.group(id), inbox, union)),
            None => side.groups.push(Group::clone(&UNKNOWN_GROUP)),
        }
    }
    for attribute in &union.attributes {
        match inbox.attribute_id(&attribute.name) {
            Some(id) => side.add_attribute(inbox.attribute(id).clone()),
            None => side.attributes.push(UNKNOWN_ATTRIBUTE.clone()),
        }
    }
    for attribute in &union.message_attributes {
        match inbox.message_attribute_id(&attribute.name) {
            Some(id) => side.add_message_attribute(inbox.message_attribute(id).clone()),
            None => side.message_attributes.push(UNKNOWN_ATTRIBUTE.clone()),
        }
    }
    side
}

/// A group of `inbox` with the ids that its members have in `union`.
fn renumbered(group: &Group, inbox: &Inbox, union: &Inbox) -> Group {
    let members = group.members.iter().filter_map(|member| union.user_id(&inbox.user(*member).id));
    Group { members: members.collect(), ..group.clone() }
}

/// The attribute with the values that both versions of it accept; none if one of them does not exist.
fn common(
    attribute: &AttributeDefinition,
    old: Option<AttributeDefinition>,
    new: Option<AttributeDefinition>,
) -> AttributeDefinition {
    let kind = match (old.map(|old| old.kind), new.map(|new| new.kind)) {
        (Some(old), Some(new)) if old == new => new,
        (Some(AttributeKind::Words(words)), Some(AttributeKind::Text))
        | (Some(AttributeKind::Text), Some(AttributeKind::Words(words))) => AttributeKind::Words(words),
        (Some(AttributeKind::Words(old)), Some(AttributeKind::Words(new))) => {
            AttributeKind::Words(new.iter().filter(|(_, folded)| old.has(folded)).cloned().collect())
        }
        _ => AttributeKind::Words(WordList::default()),
    };
    AttributeDefinition { kind, ..attribute.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inbox::{AttributeId, GroupId};
    use crate::testing::inbox_of;

    #[test]
    fn the_same_name_has_the_same_id() {
        let users = |users: &[&str]| {
            users.iter().map(|user| ["[users.", user, "]\n"].concat()).collect::<Vec<_>>().concat()
        };
        let [old, new] = [
            users(&["zoe", "alice", "bob"])
                + "[groups]\nOld = [\"zoe\"]\nSales = [\"zoe\", \"bob\"]\n"
                + "[attributes]\nplan = [\"free\", \"gold\"]\ncity = \"text\"\norders = \"number\"",
            users(&["bob", "dan", "alice"])
                + "[groups]\nSales = [\"bob\", \"dan\"]\n"
                + "[attributes]\nplan = [\"gold\", \"silver\"]\ncity = [\"Cairo\"]\norders = \"flag\"",
        ]
        .map(|toml| inbox_of(&toml));
        let aligned = AlignedInboxes::new(&old, &new);
        let ids = |inbox: &Inbox| ["bob", "dan", "alice", "zoe"].map(|id| inbox.user_id(id).map(|id| id.0));
        let [old, new] = &aligned.sides;
        assert_eq!(ids(&aligned.union), [Some(0), Some(1), Some(2), Some(3)]);
        assert_eq!(ids(old), [Some(0), None, Some(2), Some(3)]);
        assert_eq!(ids(new), [Some(0), Some(1), Some(2), None]);
        assert_eq!(aligned.common_users().collect::<Vec<_>>(), [UserId(0), UserId(2)]);
        assert_eq!(old.group(GroupId(0)).members, [UserId(3), UserId(0)]);
        assert_eq!((&*new.group(GroupId(1)).name, &*old.group(GroupId(1)).name), ("", "Old"));
        let words = |id: u32| match &aligned.union.attribute(AttributeId(id)).kind {
            AttributeKind::Words(words) => words.iter().map(|(word, _)| word.clone()).collect::<Vec<_>>(),
            other => panic!("{other:?}"),
        };
        assert_eq!(
            [words(0), words(1), words(2)],
            [vec!["gold".to_owned()], vec!["Cairo".to_owned()], vec![]]
        );
    }
}
