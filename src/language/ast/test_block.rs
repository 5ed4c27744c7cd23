//! The tree of a `test` block.

use rust_decimal::Decimal;

use super::super::vocabulary::Weekday;
use super::{DateSpec, Literal, TextLiteral, Time, Word};
use crate::text::{Span, Spanned};

/// `test "name": given … expect …`
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    /// The whole item.
    pub span: Span,
    /// `"name"`
    pub name: TextLiteral,
    /// What is the case.
    pub givens: Vec<Given>,
    /// What must come of it.
    pub expects: Vec<Expect>,
}

/// One `given` of a test
#[derive(Debug, Clone, PartialEq)]
pub enum Given {
    /// `given customer returning, owner "alice", plan "gold"`
    Customer(Vec<Spanned<CustomerGiven>>),
    /// `given online "bob" with 3 chats idle 20m`
    Users {
        /// `online`, `away`, `offline`
        presence: Word,
        /// Each user or group.
        users: Vec<UserGiven>,
    },
    /// `given waiting 3 in "Sales", 2 in "Support"`
    Waiting(Vec<(Spanned<Option<Decimal>>, TextLiteral)>),
    /// `given turn "Support" after "carol"`
    Turn(Vec<(TextLiteral, TextLiteral)>),
    /// `given message image "caption" aged 2h, ad "120", forwarded`
    Message {
        /// `image`
        kind: Option<Word>,
        /// `"caption"`
        text: Option<TextLiteral>,
        /// `2h` in seconds
        aged: Option<Spanned<Option<u64>>>,
        /// `ad "120"`, `forwarded`
        attributes: Vec<AttributeGiven>,
    },
    /// `given chat with "alice", in "Sales", tag "t", answered, open_for 2h`
    Chat(Vec<Spanned<ChatGiven>>),
    /// `given number "+15550101"`
    Number(TextLiteral),
    /// `given at 2026-11-24 18:30`, `given at fri 22:00`
    At {
        /// Both.
        span: Span,
        /// `2026-11-24`
        day: GivenDay,
        /// `18:30`
        time: Time,
    },
}

/// One thing about the customer of a test
#[derive(Debug, Clone, PartialEq)]
pub enum CustomerGiven {
    /// `new`
    New,
    /// `returning`
    Returning,
    /// `owner "alice"`
    Owner(TextLiteral),
    /// `tag "vip"`
    Tag(TextLiteral),
    /// `plan "gold"`, `blocked`
    Attribute(AttributeGiven),
}

/// An attribute of the customer or of the message of a test
#[derive(Debug, Clone, PartialEq)]
pub enum AttributeGiven {
    /// `plan "gold"`, `orders 12`, `silent_for 40d`
    Value(Word, Spanned<Literal>),
    /// `blocked` (true) or `not blocked` (false)
    Flag(Word, bool),
}

/// One thing about the open chat of a test
#[derive(Debug, Clone, PartialEq)]
pub enum ChatGiven {
    /// `with "alice"`
    With(TextLiteral),
    /// `waiting`
    Waiting,
    /// `in "Sales"`
    In(TextLiteral),
    /// `tag "refund"`
    Tag(TextLiteral),
    /// `answered`
    Answered,
    /// `open_for 2h`, in seconds
    Time(Word, Spanned<Option<u64>>),
}

/// The day of the moment of a test
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GivenDay {
    /// `2026-11-24`
    Date(DateSpec),
    /// `fri`
    Weekday(Weekday),
}

/// Users of a test
#[derive(Debug, Clone, PartialEq)]
pub enum UserGiven {
    /// `"bob" with 3 chats idle 20m`
    User {
        /// `"bob"`
        user: TextLiteral,
        /// `3`
        chats: Option<Spanned<Option<Decimal>>>,
        /// `20m` in seconds
        idle: Option<Spanned<Option<u64>>>,
    },
    /// `group "Sales"`: all its members
    Group(TextLiteral),
}

/// One `expect` of a test and its span
#[derive(Debug, Clone, PartialEq)]
pub struct Expect {
    /// The whole line.
    pub span: Span,
    /// `after 5m`, in seconds
    pub after: Option<Spanned<Option<u64>>>,
    /// What is expected.
    pub kind: ExpectKind,
}

/// What is expected
#[derive(Debug, Clone, PartialEq)]
pub enum ExpectKind {
    /// `rule "name"`
    Rule(TextLiteral),
    /// `no rule`
    NoRule,
    /// `also rule "name"`
    AlsoRule(TextLiteral),
    /// `not rule "name"`
    NotRule(TextLiteral),
    /// `assign user "bob"`, `assign user any ["a", "b"]`: at least one
    AssignUser(Vec<TextLiteral>),
    /// `assign group "Sales"`: a member through it, or its queue
    AssignGroup(TextLiteral),
    /// `assign nobody`
    AssignNobody,
    /// `waiting`
    Waiting,
    /// `kept`
    Kept,
    /// `reply "text"`
    Reply(TextLiteral),
    /// `reply contains "text"`
    ReplyContains(TextLiteral),
    /// `no reply`
    NoReply,
    /// `tag "t"`
    Tag(TextLiteral),
    /// `no tag "t"`
    NoTag(TextLiteral),
    /// `priority high`
    Priority(Word),
}
