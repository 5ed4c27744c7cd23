//! A policy: the rules of one number, with every name resolved.

use std::sync::Arc;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use schemars::JsonSchema;

use super::condition::{Attribute, Condition};
use crate::inbox::{GroupId, Inbox, UserId};
use crate::language::Folded;
use crate::language::ast::RuleKind;
use crate::language::vocabulary::{Algorithm, Eligibility, MessageKind, Presence, Priority};
use crate::text::Span;

/// The rules of one WhatsApp number. Numbers whose files have the same text share the rules.
#[derive(Debug, Clone)]
pub struct Policy {
    /// The name of the file in its folder, such as `+15550100.rules`.
    pub file: Arc<str>,
    /// The time zone of `hours`, `dates` and `during`.
    pub timezone: TimeZone,
    /// The rules of every kind, in the order of the file.
    pub rules: Arc<[Rule]>,
    /// The definitions, including those of used files. Each refers only to earlier ones.
    pub definitions: Arc<[Definition]>,
    /// The `test` blocks.
    pub tests: Arc<[Test]>,
    /// `sha256:…` over the text of the file and of the files it uses, whatever they are called.
    pub digest: Arc<str>,
    /// The text of the file, for the quotations in reasons.
    pub text: Arc<str>,
}

impl Policy {
    /// The text at `span` of the file.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }

    /// The IANA name of its time zone.
    pub fn timezone_name<'p>(&'p self, inbox: &'p Inbox) -> &'p str {
        self.timezone.iana_name().unwrap_or(&inbox.timezone_name)
    }
}

/// `[also|move] [rule "name"] when CONDITION: ACTIONS`
#[derive(Debug, Clone)]
pub struct Rule {
    /// `"name"`
    pub name: Option<Arc<str>>,
    /// The line of its first word, from 1.
    pub line: u32,
    /// The whole rule.
    pub span: Span,
    /// When it is asked, and whether it assigns.
    pub kind: RuleKind,
    /// The condition; `None` for `otherwise`, which always holds.
    pub when: Option<Condition>,
    /// Who takes the chat; `None` in an `also` rule only.
    pub assign: Option<Assign>,
    /// In the order of the rule.
    pub replies: Box<[Reply]>,
    /// As written, in the order of the rule.
    pub tags: Box<[Arc<str>]>,
    /// The highest priority that the rule sets.
    pub priority: Option<Priority>,
    /// What it puts off with `after`. Few rules do, so it is in a box: an inbox has very many rules.
    pub schedule: Option<Box<Schedule>>,
}

impl Rule {
    /// What it puts off with `after`, by time.
    pub fn later(&self) -> &[LaterActions] {
        self.schedule.as_ref().map_or(&[], |schedule| &schedule.entries)
    }
}

/// What a rule puts off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// At least one, by time: one for each.
    pub entries: Box<[LaterActions]>,
}

/// What a rule does some time after the message: `reply "text" after 5m`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaterActions {
    /// `after 5m`, in seconds.
    pub after: u64,
    /// In the order of the rule.
    pub replies: Box<[Reply]>,
    /// As written, in the order of the rule.
    pub tags: Box<[Arc<str>]>,
    /// The highest priority that the rule sets then.
    pub priority: Option<Priority>,
}

/// `let name = CONDITION`
#[derive(Debug, Clone)]
pub struct Definition {
    /// The name.
    pub name: Arc<str>,
    /// The used file that has the definition; `None` if it is the policy's own file.
    pub file: Option<Arc<str>>,
    /// The place of the name in that file.
    pub span: Span,
    /// The condition that it names.
    pub condition: Condition,
}

/// `assign … else …`
#[derive(Debug, Clone, PartialEq)]
pub struct Assign {
    /// At least one, in the order in which they are tried.
    pub alternatives: Box<[Alternative]>,
}

impl Assign {
    /// The last group among the alternatives, in whose queue the chat waits if nobody is found.
    pub fn last_group(&self) -> Option<&GroupTarget> {
        self.alternatives.iter().rev().find_map(Alternative::group)
    }
}

/// One alternative of an `assign`.
#[derive(Debug, Clone, PartialEq)]
pub struct Alternative {
    /// The place of the alternative.
    pub span: Span,
    /// Who is to take the chat.
    pub target: Target,
    /// `for 5m`, in seconds: how long the chosen user has to answer before the next alternative is tried.
    pub timeout: Option<u64>,
}

impl Alternative {
    /// The group that it chooses from, if it does.
    pub fn group(&self) -> Option<&GroupTarget> {
        match &self.target {
            Target::Group(target) => Some(target),
            Target::Owner { .. } | Target::User { .. } | Target::Nobody => None,
        }
    }
}

/// Who is to take the chat.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Target {
    /// The customer's owner: online or not, unless `among` says which.
    Owner {
        /// `among online` or `among available`
        among: Option<Eligibility>,
    },
    /// That user: online or not, unless `among` says which.
    User {
        /// The user.
        user: UserId,
        /// `among online` or `among available`
        among: Option<Eligibility>,
    },
    /// Nobody: the chat does not wait in a queue either.
    Nobody,
    /// One member of a group.
    Group(GroupTarget),
}

/// `group "Sales" with skill "en" and "returns" except owner by least_chats among online`
#[derive(Debug, Clone, PartialEq)]
pub struct GroupTarget {
    /// The group.
    pub group: GroupId,
    /// Which of its members may take the chat, if the rule says. Few rules do, so it is in a box: an inbox has very many
    /// alternatives.
    pub restriction: Option<Box<Restriction>>,
    /// The algorithm that chooses a member.
    pub by: Algorithm,
    /// The members to choose from; `None`: those available; if there are none, those online; if there are none
    /// either, all (not in a `move` rule).
    pub among: Option<Eligibility>,
}

impl GroupTarget {
    /// The skills that the member must have: all of them.
    pub fn skills(&self) -> &[Skill] {
        self.restriction.as_ref().map_or(&[], |restriction| &restriction.skills)
    }

    /// Whether the customer's owner is left out.
    pub fn excepts_owner(&self) -> bool {
        self.restriction.as_ref().is_some_and(|restriction| restriction.except_owner)
    }

    /// The users who are left out by name.
    pub fn except_users(&self) -> &[UserId] {
        self.restriction.as_ref().map_or(&[], |restriction| &restriction.except_users)
    }
}

/// `with skill "en" and "returns" except owner and user "bob"`
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Restriction {
    /// The skills that the member must have: all of them.
    pub skills: Box<[Skill]>,
    /// Whether the customer's owner is left out.
    pub except_owner: bool,
    /// The users who are left out.
    pub except_users: Box<[UserId]>,
}

/// A skill that a member must have.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Skill {
    /// `with skill "ar"`, `with skill any ["ar", "fr"]`: one of these, of which there is at least one.
    Any(Box<[NamedSkill]>),
    /// `with skill customer.language`: the skill that this attribute of the customer names, a text or a listed word.
    Customer(Attribute),
}

/// A skill that is written in the rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedSkill {
    /// The skill, folded.
    pub folded: Folded,
    /// The skill as written.
    pub written: Arc<str>,
    /// The place of the text.
    pub span: Span,
}

/// `reply "text" once per 12h`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The whole action.
    pub span: Span,
    /// The text as written, with its escapes replaced.
    pub written: Arc<str>,
    /// The same text, split at its placeholders.
    pub template: Template,
    /// `once per`, in seconds.
    pub once_per: Option<u64>,
}

/// The text of a reply, split at its placeholders.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Template(pub Box<[TemplatePart]>);

/// A part of the text of a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TemplatePart {
    /// Text that is sent unchanged.
    Text(Arc<str>),
    /// `{customer.name or there}`
    Placeholder {
        /// The place of the placeholder with its braces; the place of the whole text if an escape hides it.
        span: Span,
        /// The value that replaces it.
        value: Placeholder,
        /// `there`: the text to send if there is no value
        fallback: Option<Arc<str>>,
    },
}

/// The value that replaces a placeholder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
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

/// The value of a customer's attribute.
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
    /// The same value, with a text converted by `text`.
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
    /// The place of the name.
    pub span: Span,
    /// The situation that is given.
    pub given: Given,
    /// What is expected of the decision. A test without any is a finding (`empty-test`).
    pub expects: Vec<Expect>,
}

/// The situation of a test. What a test leaves out has the default that the language reference lists.
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
    /// The users whose presence is given; all others are offline.
    pub users: Vec<GivenUser>,
    /// `given waiting 3 in "Sales"`
    pub waiting: Vec<(GroupId, u32)>,
    /// `given turn "Support" after "carol"`
    pub turns: Vec<(GroupId, UserId)>,
    /// `given message …`; `None`: the text `hello`
    pub message: Option<GivenMessage>,
    /// `given chat …`; `None`: no chat is open
    pub chat: Option<GivenChat>,
    /// `given number "+15550101"`
    pub number: Option<String>,
    /// `given at 2026-11-24 18:30`
    pub at: Option<DateTime>,
}

/// `given message image "caption" aged 2h, ad "120", forwarded`
#[derive(Debug, Clone, Default, PartialEq)]
pub struct GivenMessage {
    /// `image`; by default a text
    pub kind: Option<MessageKind>,
    /// `"caption"`
    pub text: Option<String>,
    /// `2h`, in seconds
    pub age: Option<u64>,
    /// `ad "120"`, `forwarded`, `campaign "spring"`
    pub attributes: Vec<(Attribute, AttributeValue)>,
}

/// `given chat with "alice", in "Sales", tag "t", answered, open_for 2h`
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GivenChat {
    /// `with "alice"`; `None`: the chat waits
    pub user: Option<UserId>,
    /// `in "Sales"`
    pub group: Option<GroupId>,
    /// `tag "t"`, as written
    pub tags: Vec<String>,
    /// `answered`
    pub answered: bool,
    /// `open_for 2h`, in seconds
    pub open_for: Option<u64>,
    /// `waiting_for 10m`, in seconds
    pub waiting_for: Option<u64>,
}

/// `given online "bob" with 3 chats idle 20m`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenUser {
    /// The user.
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
    /// `after 5m`, in seconds: what is expected by then, if nobody answers.
    pub after: Option<u64>,
    /// What is expected.
    pub kind: ExpectKind,
}

/// What is expected of a decision.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum ExpectKind {
    /// `rule "name"`
    Rule(Arc<str>),
    /// `no rule`
    NoRule,
    /// `also rule "name"`
    AlsoRule(Arc<str>),
    /// `not rule "name"`: neither decides nor acts as an `also` rule
    NotRule(Arc<str>),
    /// `assign user "bob"`, or `assign user any ["alice", "bob"]`: one of them, of whom there is at least one
    AssignUser(Box<[UserId]>),
    /// `assign group "Sales"`: a member of the group takes the chat, or it waits in the group's queue
    AssignGroup(GroupId),
    /// `assign nobody`
    AssignNobody,
    /// `waiting`
    Waiting,
    /// `kept`
    Kept,
    /// `reply "text"`
    Reply(String),
    /// `reply contains "text"`
    ReplyContains(String),
    /// `no reply`
    NoReply,
    /// `tag "t"`
    Tag(String),
    /// `no tag "t"`
    NoTag(String),
    /// `priority high`
    Priority(Priority),
}

#[cfg(test)]
mod tests {
    use std::mem::size_of;

    use super::*;
    use crate::policy::Fact;

    /// A host holds these by the hundred thousand. What only few rules write belongs in a box.
    #[test]
    fn what_a_policy_has_many_of_is_small() {
        assert!(size_of::<Alternative>() <= 40);
        assert!(size_of::<Condition>() <= 40);
        assert!(size_of::<Fact>() <= 32);
        assert!(size_of::<Reply>() <= 56);
        assert!(size_of::<Rule>() <= 128);
    }
}
