//! What an inbox has: numbers, users, groups, the attributes of customers, lint levels.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use jiff::tz::TimeZone;

use super::digest::RosterDigest;
use super::name_index::NameIndex;
use super::word_list::WordList;
use crate::diagnostic::Code;
use crate::language::Folded;
use crate::text::Span;

/// The index of a user in [`Inbox::users`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UserId(pub u32);

/// The index of a group in [`Inbox::groups`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GroupId(pub u32);

/// The index of an attribute in [`Inbox::attributes`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AttributeId(pub u32);

/// The index of an attribute in [`Inbox::message_attributes`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MessageAttributeId(pub u32);

/// The content of an `inbox.toml`.
#[derive(Debug, Clone, PartialEq)]
pub struct Inbox {
    /// The time zone of policies that do not set one.
    pub timezone: TimeZone,
    /// The IANA name of the time zone.
    pub timezone_name: String,
    /// The WhatsApp numbers that have an entry, by their number in E.164. A number needs no entry.
    pub numbers: BTreeMap<String, PhoneNumber>,
    /// The files that numbers name as their policies.
    pub policy_files: BTreeSet<Arc<str>>,
    /// In the order of the file.
    pub users: Vec<User>,
    /// In the order of the file.
    pub groups: Vec<Group>,
    /// What customers carry beyond the built-in attributes, in the order of the file.
    pub attributes: Vec<AttributeDefinition>,
    /// What messages carry beside their text, in the order of the file.
    pub message_attributes: Vec<AttributeDefinition>,
    /// The levels that `[lints]` sets.
    pub lints: BTreeMap<Code, LintLevel>,
    /// Whether the inbox was inferred from rule files, because there is no `inbox.toml`. Its names are those that the
    /// files mention.
    pub is_inferred: bool,
    /// Whether the whole file could be read. If not, a name that is missing here may be in the part that was lost.
    pub is_complete: bool,
    name_index: NameIndexes,
    pub(super) roster_digest: RosterDigest,
}

/// The index of each name in its list.
#[derive(Debug, Clone, Default, PartialEq)]
struct NameIndexes {
    users: NameIndex<UserId>,
    groups: NameIndex<GroupId>,
    attributes: NameIndex<AttributeId>,
    message_attributes: NameIndex<MessageAttributeId>,
}

/// `[numbers."+15550100"]`
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PhoneNumber {
    /// The id of the number in the WhatsApp Cloud API.
    pub phone_number_id: Option<String>,
    /// A name for people.
    pub name: Option<String>,
    /// `rules = "store.rules"`: the file with its policy, where that is not the file named after the number.
    pub rules: Option<PolicyPath>,
    /// The place of the number.
    pub span: Span,
}

/// `"store.rules"`, where an inbox names the file of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyPath {
    /// The path of the file, relative to the folder.
    pub file: Arc<str>,
    /// The place of the path.
    pub span: Span,
}

/// `[users.alice]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// `alice`
    pub id: Arc<str>,
    /// `name = "Alice"`; by default the id
    pub name: Arc<str>,
    /// `capacity = 5`: the most open chats at a time; `None`: no limit
    pub capacity: Option<u32>,
    /// `skills = ["en"]`, folded
    pub skills: Vec<Folded>,
    /// The skills as written.
    pub skills_as_written: Vec<String>,
    /// `weight = 2`: the share of chats under `by weighted`; by default 1
    pub weight: u32,
    /// `owns = false`: never becomes an owner by being given a chat; by default true
    pub owns: bool,
    /// The place of the id.
    pub span: Span,
}

/// `Sales = ["alice", "bob"]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// `Sales`
    pub name: Arc<str>,
    /// In the order in which they take turns.
    pub members: Vec<UserId>,
    /// The place of the name.
    pub span: Span,
}

/// `plan = ["free", "gold"]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttributeDefinition {
    /// `plan`
    pub name: String,
    /// The kind of its values.
    pub kind: AttributeKind,
    /// The place of the name.
    pub span: Span,
}

/// The kind of values that an attribute has.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum AttributeKind {
    /// `"text"`
    Text,
    /// `"number"`
    Number,
    /// `"flag"`
    Flag,
    /// `["free", "gold"]`: one of these words, each as written and folded
    Words(WordList),
    /// Not known, because the inbox was inferred or the line is wrong. Any test is accepted.
    Unknown,
}

/// The level that `[lints]` gives a finding: `unused-definition = "allow"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum LintLevel {
    /// `"allow"`: not shown
    Allow,
    /// `"note"`
    Note,
    /// `"warn"`
    Warn,
    /// `"deny"`: an error
    Deny,
}

impl LintLevel {
    /// Each level with its word.
    pub const ALL: [(&str, Self); 4] =
        [("allow", Self::Allow), ("note", Self::Note), ("warn", Self::Warn), ("deny", Self::Deny)];
}

impl Default for Inbox {
    /// The inbox of an empty `inbox.toml`.
    fn default() -> Self {
        Self {
            timezone: TimeZone::UTC,
            timezone_name: "UTC".into(),
            numbers: BTreeMap::new(),
            policy_files: BTreeSet::new(),
            users: Vec::new(),
            groups: Vec::new(),
            attributes: Vec::new(),
            message_attributes: Vec::new(),
            lints: BTreeMap::new(),
            is_inferred: false,
            is_complete: true,
            name_index: NameIndexes::default(),
            roster_digest: RosterDigest::default(),
        }
    }
}

/// The user of an id that this inbox does not have.
pub(super) static UNKNOWN_USER: LazyLock<User> = LazyLock::new(|| User {
    id: Arc::default(),
    name: Arc::default(),
    capacity: None,
    skills: Vec::new(),
    skills_as_written: Vec::new(),
    weight: 1,
    owns: true,
    span: Span { start: 0, end: 0 },
});

/// The group of an id that this inbox does not have.
pub(super) static UNKNOWN_GROUP: LazyLock<Group> =
    LazyLock::new(|| Group { name: Arc::default(), members: Vec::new(), span: Span { start: 0, end: 0 } });

/// The attribute of an id that this inbox does not have.
pub(super) static UNKNOWN_ATTRIBUTE: AttributeDefinition = AttributeDefinition {
    name: String::new(),
    kind: AttributeKind::Unknown,
    span: Span { start: 0, end: 0 },
};

impl Inbox {
    /// An inbox inferred from the names that rule files mention, where there is no `inbox.toml`.
    pub fn inferred(
        users: impl IntoIterator<Item = String>,
        groups: impl IntoIterator<Item = String>,
        attributes: impl IntoIterator<Item = String>,
        message_attributes: impl IntoIterator<Item = String>,
    ) -> Self {
        let mut inbox = Self { is_inferred: true, ..Self::default() };
        for id in users {
            let id: Arc<str> = id.into();
            inbox.add_user(User { name: Arc::clone(&id), id, ..User::clone(&UNKNOWN_USER) });
        }
        for name in groups {
            inbox.add_group(Group { name: name.into(), ..Group::clone(&UNKNOWN_GROUP) });
        }
        for name in attributes {
            inbox.add_attribute(AttributeDefinition { name, ..UNKNOWN_ATTRIBUTE.clone() });
        }
        for name in message_attributes {
            inbox.add_message_attribute(AttributeDefinition { name, ..UNKNOWN_ATTRIBUTE.clone() });
        }
        inbox
    }

    /// The same inbox without users, groups and attributes.
    pub(super) fn settings(&self) -> Self {
        Self {
            users: Vec::new(),
            groups: Vec::new(),
            attributes: Vec::new(),
            message_attributes: Vec::new(),
            name_index: NameIndexes::default(),
            ..self.clone()
        }
    }

    /// The user with that id.
    pub fn user_id(&self, id: &str) -> Option<UserId> {
        self.name_index.users.get(id).copied()
    }

    /// The group with that name.
    pub fn group_id(&self, name: &str) -> Option<GroupId> {
        self.name_index.groups.get(name).copied()
    }

    /// The attribute with that name, if `[attributes]` defines it.
    pub fn attribute_id(&self, name: &str) -> Option<AttributeId> {
        self.name_index.attributes.get(name).copied()
    }

    /// The attribute of messages with that name, if `[message]` defines it.
    pub fn message_attribute_id(&self, name: &str) -> Option<MessageAttributeId> {
        self.name_index.message_attributes.get(name).copied()
    }

    /// The user with that index. An index from another inbox gives another user or one without a name; it never panics.
    pub fn user(&self, id: UserId) -> &User {
        self.users.get(id.0 as usize).unwrap_or(&UNKNOWN_USER)
    }

    /// The group with that index. An index from another inbox gives another group or one without a name; it never
    /// panics.
    pub fn group(&self, id: GroupId) -> &Group {
        self.groups.get(id.0 as usize).unwrap_or(&UNKNOWN_GROUP)
    }

    /// The attribute with that index. An index from another inbox gives another attribute or one without a name; it
    /// never panics.
    pub fn attribute(&self, id: AttributeId) -> &AttributeDefinition {
        self.attributes.get(id.0 as usize).unwrap_or(&UNKNOWN_ATTRIBUTE)
    }

    /// The attribute of messages with that index. An index from another inbox gives another attribute or one without a
    /// name; it never panics.
    pub fn message_attribute(&self, id: MessageAttributeId) -> &AttributeDefinition {
        self.message_attributes.get(id.0 as usize).unwrap_or(&UNKNOWN_ATTRIBUTE)
    }

    /// Adds a user, unless there is one with that id.
    pub(super) fn add_user(&mut self, user: User) {
        if let Some(index) = next_id(&self.name_index.users, self.users.len(), &user.id) {
            self.name_index.users.insert(Arc::clone(&user.id), UserId(index));
            self.users.push(user);
        }
    }

    /// Adds a group, unless there is one with that name.
    pub(super) fn add_group(&mut self, group: Group) {
        if let Some(index) = next_id(&self.name_index.groups, self.groups.len(), &group.name) {
            self.name_index.groups.insert(Arc::clone(&group.name), GroupId(index));
            self.groups.push(group);
        }
    }

    /// Adds an attribute, unless there is one with that name.
    pub(super) fn add_attribute(&mut self, attribute: AttributeDefinition) {
        if let Some(index) = next_id(&self.name_index.attributes, self.attributes.len(), &attribute.name) {
            self.name_index.attributes.insert(Arc::from(&*attribute.name), AttributeId(index));
            self.attributes.push(attribute);
        }
    }

    /// Adds an attribute of messages, unless there is one with that name.
    pub(super) fn add_message_attribute(&mut self, attribute: AttributeDefinition) {
        if let Some(index) =
            next_id(&self.name_index.message_attributes, self.message_attributes.len(), &attribute.name)
        {
            let id = MessageAttributeId(index);
            self.name_index.message_attributes.insert(Arc::from(&*attribute.name), id);
            self.message_attributes.push(attribute);
        }
    }
}

/// The index of a new entry called `name` in a list of this length; `None` if there is one already.
fn next_id<Id>(names: &NameIndex<Id>, length: usize, name: &str) -> Option<u32> {
    if names.contains_key(name) { None } else { u32::try_from(length).ok() }
}

/// Whether `text` is a phone number in the form of ITU-T E.164: `+`, then the country code and the number, together at
/// most 15 digits. Country codes never begin with 0. E.164 sets no minimum; the shortest numbers in use have 7 digits.
pub fn is_e164(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| {
        (7..=15).contains(&digits.len())
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && !digits.starts_with('0')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn an_inferred_inbox_has_each_name_once() {
        let inbox = Inbox::inferred(
            names(&["bob", "alice", "bob"]),
            names(&["Sales"]),
            names(&["plan"]),
            names(&["campaign"]),
        );
        assert!(inbox.is_inferred);
        assert_eq!(inbox.users.len(), 2);
        assert_eq!(inbox.user_id("alice"), Some(UserId(1)));
        assert_eq!(&*inbox.user(UserId(1)).name, "alice");
        assert_eq!(inbox.group_id("Sales"), Some(GroupId(0)));
        assert_eq!(inbox.attribute(inbox.attribute_id("plan").unwrap()).kind, AttributeKind::Unknown);
        assert_eq!(inbox.message_attribute_id("campaign"), Some(MessageAttributeId(0)));
        assert_eq!(inbox.message_attribute_id("plan"), None);
        assert_eq!(inbox.user_id("carol"), None);
    }

    #[test]
    fn ids_of_another_inbox_do_not_panic() {
        let inbox = Inbox::default();
        assert_eq!(&*inbox.user(UserId(7)).id, "");
        assert_eq!(&*inbox.group(GroupId(u32::MAX)).name, "");
        assert_eq!(inbox.attribute(AttributeId(1)).name, "");
        assert_eq!(inbox.message_attribute(MessageAttributeId(1)).name, "");
    }

    #[test]
    fn numbers_in_e164() {
        assert!(is_e164("+15550100") && is_e164("+1234567") && is_e164("+123456789012345"));
        for wrong in
            ["15550100", "+05550100", "+123456", "+1234567890123456", "+1555 0100", "+", "", "+١٢٣٤٥٦٧٨"]
        {
            assert!(!is_e164(wrong), "{wrong}");
        }
    }
}
