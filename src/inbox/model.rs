//! What an inbox has: who answers, in which groups, and what customers carry.

use std::collections::{BTreeMap, HashMap};

use jiff::tz::TimeZone;

use super::parse;
use crate::diagnostic::{Code, Finding};
use crate::language::Folded;
use crate::text::{Source, Span};

/// A user's place in [`Inbox::users`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UserId(pub u32);

/// A group's place in [`Inbox::groups`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GroupId(pub u32);

/// An attribute's place in [`Inbox::attributes`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AttributeId(pub u32);

/// What `inbox.toml` says.
#[derive(Debug, Clone, PartialEq)]
pub struct Inbox {
    /// The time zone of policies that name none.
    pub timezone: TimeZone,
    /// Its IANA name.
    pub timezone_name: String,
    /// WhatsApp numbers by E.164; a number needs no entry.
    pub numbers: BTreeMap<String, PhoneNumber>,
    /// In the order of the file.
    pub users: Vec<User>,
    /// In the order of the file.
    pub groups: Vec<Group>,
    /// In the order of the file.
    pub attributes: Vec<AttributeDefinition>,
    /// The level of each finding that has another than its own, by code.
    pub lints: BTreeMap<Code, LintLevel>,
    /// There is no `inbox.toml` to go by: the names are those that the rule files mention.
    pub is_inferred: bool,
    /// Whether the whole file could be read. If not, a name that is missing here may stand in the broken part.
    pub is_complete: bool,
    names: NameIndex,
}

/// The place of each name, so that a lookup does not go through the list.
#[derive(Debug, Clone, Default, PartialEq)]
struct NameIndex {
    users: HashMap<String, UserId>,
    groups: HashMap<String, GroupId>,
    attributes: HashMap<String, AttributeId>,
}

/// `[numbers."+15550100"]`
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PhoneNumber {
    /// How the WhatsApp Cloud API names the number.
    pub phone_number_id: Option<String>,
    /// What people call it.
    pub name: Option<String>,
}

/// `[users.alice]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// `alice`
    pub id: String,
    /// `name = "Alice"`; not said: the id
    pub name: String,
    /// `capacity = 5`: so many open chats at once
    pub capacity: Option<u32>,
    /// `skills = ["en"]`, as text tests compare them
    pub skills: Vec<Folded>,
    /// The same as written.
    pub skills_as_written: Vec<String>,
    /// `weight = 2`: the share under `by weighted`; not said: 1
    pub weight: u32,
    /// Where the id stands.
    pub span: Span,
}

/// `Sales = ["alice", "bob"]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// `Sales`
    pub name: String,
    /// In turn order.
    pub members: Vec<UserId>,
    /// Where the name stands.
    pub span: Span,
}

/// `plan = ["free", "gold"]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttributeDefinition {
    /// `plan`
    pub name: String,
    /// What it holds.
    pub kind: AttributeKind,
    /// Where the name stands.
    pub span: Span,
}

/// What a customer's attribute holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttributeKind {
    /// `"text"`
    Text,
    /// `"number"`
    Number,
    /// `"flag"`
    Flag,
    /// `["free", "gold"]`: one of these words, each as written and as text tests compare it
    Words(Vec<(String, Folded)>),
    /// Not known, because the inbox is imagined or the line is mistaken: any test fits.
    Unknown,
}

/// How a finding is taken: `unused-definition = "allow"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    /// Every one with its word.
    pub const ALL: [(&str, Self); 4] =
        [("allow", Self::Allow), ("note", Self::Note), ("warn", Self::Warn), ("deny", Self::Deny)];
}

impl Default for Inbox {
    /// Of an empty `inbox.toml`.
    fn default() -> Self {
        Self {
            timezone: TimeZone::UTC,
            timezone_name: "UTC".into(),
            numbers: BTreeMap::new(),
            users: Vec::new(),
            groups: Vec::new(),
            attributes: Vec::new(),
            lints: BTreeMap::new(),
            is_inferred: false,
            is_complete: true,
            names: NameIndex::default(),
        }
    }
}

/// Whom a [`UserId`] of another inbox names.
static UNKNOWN_USER: User = User {
    id: String::new(),
    name: String::new(),
    capacity: None,
    skills: Vec::new(),
    skills_as_written: Vec::new(),
    weight: 1,
    span: Span { start: 0, end: 0 },
};

/// What a [`GroupId`] of another inbox names.
static UNKNOWN_GROUP: Group =
    Group { name: String::new(), members: Vec::new(), span: Span { start: 0, end: 0 } };

/// What an [`AttributeId`] of another inbox names.
static UNKNOWN_ATTRIBUTE: AttributeDefinition = AttributeDefinition {
    name: String::new(),
    kind: AttributeKind::Unknown,
    span: Span { start: 0, end: 0 },
};

impl Inbox {
    /// Reads an `inbox.toml`: all that could be read, and everything that is wrong with it.
    pub fn parse(source: &Source) -> (Self, Vec<Finding>) {
        parse::parse(source)
    }

    /// The inbox of a rule file that is checked without an `inbox.toml`: it has whatever the file names.
    pub fn inferred(
        users: impl IntoIterator<Item = String>,
        groups: impl IntoIterator<Item = String>,
        attributes: impl IntoIterator<Item = String>,
    ) -> Self {
        let mut inbox = Self { is_inferred: true, ..Self::default() };
        for id in users {
            inbox.add_user(User { name: id.clone(), id, ..UNKNOWN_USER.clone() });
        }
        for name in groups {
            inbox.add_group(Group { name, ..UNKNOWN_GROUP.clone() });
        }
        for name in attributes {
            inbox.add_attribute(AttributeDefinition { name, ..UNKNOWN_ATTRIBUTE.clone() });
        }
        inbox
    }

    /// The user called `id`.
    pub fn user_id(&self, id: &str) -> Option<UserId> {
        self.names.users.get(id).copied()
    }

    /// The group called `name`.
    pub fn group_id(&self, name: &str) -> Option<GroupId> {
        self.names.groups.get(name).copied()
    }

    /// The attribute called `name`, of those that `[attributes]` lists.
    pub fn attribute_id(&self, name: &str) -> Option<AttributeId> {
        self.names.attributes.get(name).copied()
    }

    /// The user of `id`. An id of another inbox gives somebody, or a user without a name; it does not panic.
    pub fn user(&self, id: UserId) -> &User {
        self.users.get(id.0 as usize).unwrap_or(&UNKNOWN_USER)
    }

    /// The group of `id`. An id of another inbox gives some group, or one without a name; it does not panic.
    pub fn group(&self, id: GroupId) -> &Group {
        self.groups.get(id.0 as usize).unwrap_or(&UNKNOWN_GROUP)
    }

    /// The attribute of `id`. An id of another inbox gives some attribute, or one without a name; it does not panic.
    pub fn attribute(&self, id: AttributeId) -> &AttributeDefinition {
        self.attributes.get(id.0 as usize).unwrap_or(&UNKNOWN_ATTRIBUTE)
    }

    /// Adds a user, unless there is one of that id.
    pub(super) fn add_user(&mut self, user: User) {
        if let Some(place) = next_id(&self.names.users, &user.id) {
            self.names.users.insert(user.id.clone(), UserId(place));
            self.users.push(user);
        }
    }

    /// Adds a group, unless there is one of that name.
    pub(super) fn add_group(&mut self, group: Group) {
        if let Some(place) = next_id(&self.names.groups, &group.name) {
            self.names.groups.insert(group.name.clone(), GroupId(place));
            self.groups.push(group);
        }
    }

    /// Adds an attribute, unless there is one of that name.
    pub(super) fn add_attribute(&mut self, attribute: AttributeDefinition) {
        if let Some(place) = next_id(&self.names.attributes, &attribute.name) {
            self.names.attributes.insert(attribute.name.clone(), AttributeId(place));
            self.attributes.push(attribute);
        }
    }
}

fn next_id<Id>(names: &HashMap<String, Id>, name: &str) -> Option<u32> {
    if names.contains_key(name) { None } else { u32::try_from(names.len()).ok() }
}

/// Whether `text` is a telephone number in E.164: `+`, then 7 to 15 digits that do not begin with 0.
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
    fn an_imagined_inbox_has_each_name_once() {
        let inbox = Inbox::inferred(names(&["bob", "alice", "bob"]), names(&["Sales"]), names(&["plan"]));
        assert!(inbox.is_inferred);
        assert_eq!(inbox.users.len(), 2);
        assert_eq!(inbox.user_id("alice"), Some(UserId(1)));
        assert_eq!(inbox.user(UserId(1)).name, "alice");
        assert_eq!(inbox.group_id("Sales"), Some(GroupId(0)));
        assert_eq!(inbox.attribute(inbox.attribute_id("plan").unwrap()).kind, AttributeKind::Unknown);
        assert_eq!(inbox.user_id("carol"), None);
    }

    #[test]
    fn ids_of_another_inbox_do_not_panic() {
        let inbox = Inbox::default();
        assert_eq!(inbox.user(UserId(7)).id, "");
        assert_eq!(inbox.group(GroupId(u32::MAX)).name, "");
        assert_eq!(inbox.attribute(AttributeId(1)).name, "");
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
