//! A policy: the rules of one number, every name in them looked up.

use std::sync::Arc;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use schemars::JsonSchema;

use super::condition::{Attribute, Condition};
use crate::inbox::{GroupId, UserId};
use crate::language::Folded;
use crate::language::vocabulary::{Algorithm, Eligibility, MessageKind, Presence, Priority};
use crate::text::Span;

/// The rules of one WhatsApp number. Numbers whose files are copies share them.
#[derive(Debug, Clone)]
pub struct Policy {
    /// The file's name inside its folder, as `+15550100.rules`.
    pub file: Arc<str>,
    /// The zone that `hours` and `during` are read in.
    pub timezone: TimeZone,
    /// Deciding rules and `also` rules, in the order of the file.
    pub rules: Arc<[Rule]>,
    /// Definitions, of used files too; each names only earlier ones.
    pub definitions: Arc<[Definition]>,
    /// The `test` blocks.
    pub tests: Arc<[Test]>,
    /// `sha256:…` over the text of the file and of the files it uses.
    pub digest: Arc<str>,
    /// The file's text, which reasons quote.
    pub text: Arc<str>,
}

impl Policy {
    /// What stands at a place of the policy's file.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }
}

/// `[also] [rule "name"] when CONDITION: ACTIONS`
#[derive(Debug, Clone)]
pub struct Rule {
    /// `"name"`
    pub name: Option<Arc<str>>,
    /// The line its first word stands on, from 1.
    pub line: u32,
    /// The whole rule.
    pub span: Span,
    /// Adds its actions whenever it holds, and decides nothing.
    pub also: bool,
    /// `None`: `otherwise`, which always holds.
    pub when: Option<Condition>,
    /// Present unless `also`.
    pub assign: Option<Assign>,
    /// In the order of the rule.
    pub replies: Box<[Reply]>,
    /// As written, in the order of the rule.
    pub tags: Box<[Arc<str>]>,
    /// The highest that the rule names.
    pub priority: Option<Priority>,
}

/// `let name = CONDITION`
#[derive(Debug, Clone)]
pub struct Definition {
    /// The name.
    pub name: Arc<str>,
    /// The used file it stands in; `None`: the policy's own.
    pub file: Option<Arc<str>>,
    /// The name's place there.
    pub span: Span,
    /// What it stands for.
    pub condition: Condition,
}

/// `assign … else …`
#[derive(Debug, Clone, PartialEq)]
pub struct Assign {
    /// The whole action.
    pub span: Span,
    /// At least one, in the order they are tried.
    pub alternatives: Box<[Alternative]>,
}

/// One alternative of an `assign`.
#[derive(Debug, Clone, PartialEq)]
pub struct Alternative {
    /// Where it stands.
    pub span: Span,
    /// Who is asked.
    pub target: Target,
    /// `for 5m`, in seconds: how long the chosen one has to answer.
    pub timeout: Option<u64>,
}

/// Who an alternative asks.
#[derive(Debug, Clone, PartialEq)]
pub enum Target {
    /// The customer's owner, online or not.
    Owner,
    /// That user, online or not.
    User(UserId),
    /// Nobody takes the chat and it does not wait.
    Nobody,
    /// One member of a group.
    Group(GroupTarget),
}

/// `group "Sales" with skill "en" by least_chats among online`
#[derive(Debug, Clone, PartialEq)]
pub struct GroupTarget {
    /// The group.
    pub group: GroupId,
    /// Only members who have it.
    pub skill: Option<Box<Skill>>,
    /// How one is chosen.
    pub by: Algorithm,
    /// Whom the choice considers; `None`: those available, else those online, else everyone.
    pub among: Option<Eligibility>,
}

/// The skill that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Skill {
    /// `with skill "ar"`
    Named {
        /// As compared.
        folded: Folded,
        /// As written.
        written: Arc<str>,
        /// The text's place.
        span: Span,
    },
    /// `with skill customer.language`
    CustomerLanguage,
}

/// `reply "text" once per 12h`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The whole action.
    pub span: Span,
    /// The text as written, escapes read.
    pub written: Arc<str>,
    /// The same in pieces.
    pub template: Template,
    /// `once per`, in seconds.
    pub once_per: Option<u64>,
}

/// A reply's text, cut at its placeholders.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Template(pub Box<[TemplatePart]>);

/// A piece of a reply's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TemplatePart {
    /// Sent as it is.
    Text(Arc<str>),
    /// `{customer.name or there}`
    Placeholder {
        /// Its place, braces included; the whole text's where an escape hides it.
        span: Span,
        /// What is written here.
        value: Placeholder,
        /// `there`
        fallback: Option<Arc<str>>,
    },
}

/// What a placeholder writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placeholder {
    /// `{customer.name}`, `{customer.plan}`
    Customer(Attribute),
    /// `{owner.name}`
    OwnerName,
    /// `{user.name}`
    UserName,
    /// `{group}`
    Group,
    /// `{number}`
    Number,
}

/// The value of a customer's attribute; `T` is how a text is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, JsonSchema)]
#[schemars(untagged, rename = "Value", inline)]
pub enum AttributeValue<T = String> {
    /// A text, or a word of a list.
    Text(T),
    /// A number.
    Number(#[schemars(with = "f64")] Decimal),
    /// A flag.
    Flag(bool),
}

impl<T> AttributeValue<T> {
    /// The same value, its text kept as `text` makes it.
    pub fn map_text<'v, U>(&'v self, text: impl FnOnce(&'v T) -> U) -> AttributeValue<U> {
        match self {
            Self::Text(value) => AttributeValue::Text(text(value)),
            Self::Number(number) => AttributeValue::Number(*number),
            Self::Flag(flag) => AttributeValue::Flag(*flag),
        }
    }
}

/// `test "name": given … expect …`
#[derive(Debug, Clone)]
pub struct Test {
    /// `"name"`
    pub name: Arc<str>,
    /// The name's place.
    pub span: Span,
    /// What is the case.
    pub given: Given,
    /// What must come of it; empty is a finding (`empty-test`).
    pub expects: Vec<Expect>,
}

/// What is the case in a test; what was not said is as the reference has it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Given {
    /// `given customer returning`
    pub returning: bool,
    /// `owner "alice"`
    pub owner: Option<UserId>,
    /// `tag "vip"`, as written
    pub tags: Vec<String>,
    /// `plan "gold"`
    pub attributes: Vec<(Attribute, AttributeValue)>,
    /// `silent_for 40d`, in seconds
    pub silent_for: Option<u64>,
    /// Those that were said something of.
    pub users: Vec<GivenUser>,
    /// `given waiting 3 in "Sales"`
    pub waiting: Vec<(GroupId, u32)>,
    /// `given turn "Support" after "carol"`
    pub turns: Vec<(GroupId, UserId)>,
    /// `given message …`; `None`: the text `hello`
    pub message: Option<GivenMessage>,
    /// `given number "+15550101"`
    pub number: Option<String>,
    /// `given at 2026-11-24 18:30`
    pub at: Option<DateTime>,
}

/// `given message image "caption" aged 2h`
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GivenMessage {
    /// `image`; not said: text
    pub kind: Option<MessageKind>,
    /// `"caption"`
    pub text: Option<String>,
    /// `2h`, in seconds
    pub age: Option<u64>,
}

/// `given online "bob" with 3 chats idle 20m`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenUser {
    /// Who.
    pub user: UserId,
    /// `online`
    pub presence: Presence,
    /// `3`
    pub chats: u32,
    /// `20m`, in seconds
    pub idle: Option<u64>,
}

/// One `expect` line.
#[derive(Debug, Clone, PartialEq)]
pub struct Expect {
    /// The whole line.
    pub span: Span,
    /// What is expected.
    pub kind: ExpectKind,
}

/// What is expected.
#[derive(Debug, Clone, PartialEq)]
pub enum ExpectKind {
    /// `rule "name"`
    Rule(Arc<str>),
    /// `no rule`
    NoRule,
    /// `also rule "name"`
    AlsoRule(Arc<str>),
    /// `assign user "bob"`
    AssignUser(UserId),
    /// `assign group "Sales"`: a member through it, or its queue
    AssignGroup(GroupId),
    /// `assign nobody`
    AssignNobody,
    /// `waiting`
    Waiting,
    /// `reply "text"`
    Reply(String),
    /// `reply contains "text"`
    ReplyContains(String),
    /// `no reply`
    NoReply,
    /// `tag "t"`
    Tag(String),
    /// `priority high`
    Priority(Priority),
}
