//! `inbox.toml`: numbers, groups, users, attributes, lint levels.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use crate::diagnostic::Finding;
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

/// The inbox.
#[derive(Debug, Clone)]
pub struct Inbox {
    /// The zone of policies that name none.
    pub timezone: TimeZone,
    /// Its IANA name.
    pub timezone_name: String,
    /// By E.164.
    pub numbers: BTreeMap<String, Number>,
    /// In the order of the file.
    pub users: Vec<User>,
    /// In the order of the file.
    pub groups: Vec<Group>,
    /// In the order of the file.
    pub attributes: Vec<Attribute>,
    /// Levels by code.
    pub lints: BTreeMap<String, LintLevel>,
    /// False: imagined, from a file that is checked without an `inbox.toml`.
    pub known: bool,
}
/// A number.
#[derive(Debug, Clone, Default)]
pub struct Number {
    /// How the Cloud API names it.
    pub phone_number_id: Option<String>,
    /// Its name.
    pub name: Option<String>,
}
/// A user.
#[derive(Debug, Clone)]
pub struct User {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// Open chats.
    pub capacity: Option<u32>,
    /// As compared.
    pub skills: Vec<Folded>,
    /// As written.
    pub skills_as_written: Vec<String>,
    /// Share.
    pub weight: u32,
    /// Where.
    pub span: Span,
}
/// A group.
#[derive(Debug, Clone)]
pub struct Group {
    /// Name.
    pub name: String,
    /// In turn order.
    pub members: Vec<UserId>,
    /// Where.
    pub span: Span,
}
/// An attribute.
#[derive(Debug, Clone)]
pub struct Attribute {
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: AttributeKind,
    /// Where.
    pub span: Span,
}
/// What an attribute holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttributeKind {
    /// Any text.
    Text,
    /// A number.
    Number,
    /// Yes or no.
    Flag,
    /// One of these.
    Words(Vec<(String, Folded)>),
    /// Of an imagined inbox: any test fits.
    Unknown,
}
/// A level for a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LintLevel {
    /// Not shown.
    Allow,
    /// A note.
    Note,
    /// A warning.
    Warn,
    /// An error.
    Deny,
}

impl Default for Inbox {
    fn default() -> Self {
        Self {
            timezone: TimeZone::UTC,
            timezone_name: "UTC".into(),
            numbers: BTreeMap::new(),
            users: vec![],
            groups: vec![],
            attributes: vec![],
            lints: BTreeMap::new(),
            known: true,
        }
    }
}

impl Inbox {
    /// Reads an `inbox.toml`.
    pub fn parse(_source: &Source) -> (Self, Vec<Finding>) {
        (Self::default(), vec![])
    }
    /// The user called `id`.
    pub fn user(&self, id: &str) -> Option<UserId> {
        let at = self.users.iter().position(|user| user.id == id)?;
        u32::try_from(at).ok().map(UserId)
    }
    /// The group called `name`.
    pub fn group(&self, name: &str) -> Option<GroupId> {
        let at = self.groups.iter().position(|group| group.name == name)?;
        u32::try_from(at).ok().map(GroupId)
    }
    /// The attribute called `name`.
    pub fn attribute(&self, name: &str) -> Option<AttributeId> {
        let at = self.attributes.iter().position(|attribute| attribute.name == name)?;
        u32::try_from(at).ok().map(AttributeId)
    }
}
