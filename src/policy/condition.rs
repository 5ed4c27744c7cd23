//! Conditions, every name in them looked up.

use std::sync::Arc;

use regex::Regex;
use rust_decimal::Decimal;

use super::calendar::Calendar;
use crate::inbox::{AttributeId, GroupId};
use crate::language::Folded;
use crate::language::vocabulary::{Comparison, Count, MessageKind};
use crate::text::Span;

/// A condition and where it stands (in a definition: in that definition's file).
#[derive(Debug, Clone)]
pub struct Condition {
    /// The whole condition.
    pub span: Span,
    /// What it says.
    pub kind: ConditionKind,
}

/// What a condition says.
#[derive(Debug, Clone)]
pub enum ConditionKind {
    /// At least one part holds.
    Or(Box<[Condition]>),
    /// Every part holds.
    And(Box<[Condition]>),
    /// The part does not hold.
    Not(Box<Condition>),
    /// That definition's condition holds: its place in [`Policy::definitions`](super::Policy::definitions).
    Definition(usize),
    /// A single question.
    Fact(Fact),
}

/// A single question to the situation.
#[derive(Debug, Clone)]
pub enum Fact {
    /// `new_customer`
    NewCustomer,
    /// `returning_customer`
    ReturningCustomer,
    /// `has_owner`
    HasOwner,
    /// `owner_online`
    OwnerOnline,
    /// `owner_offline`
    OwnerOffline,
    /// `any_online [in "G"]`
    AnyOnline(Scope),
    /// `all_offline [in "G"]`
    AllOffline(Scope),
    /// `any_available [in "G"]`
    AnyAvailable(Scope),
    /// `online in "G" >= 2`
    Count {
        /// What is counted.
        of: Count,
        /// Where.
        scope: Scope,
        /// How the count compares.
        op: Comparison,
        /// With what.
        n: u32,
    },
    /// `during office`
    During {
        /// `office`; `None`: written in place.
        name: Option<Arc<str>>,
        /// When it is open.
        calendar: Arc<Calendar>,
    },
    /// `message contains "refund"`
    MessageText(TextTest),
    /// `message is image`
    MessageKind {
        /// `is not`
        not: bool,
        /// At least one.
        kinds: Box<[MessageKind]>,
    },
    /// `message.age > 1h`
    MessageAge {
        /// How the age compares.
        op: Comparison,
        /// With how many seconds.
        seconds: u64,
    },
    /// `customer has tag any ["vip", "gold"]`: at least one
    HasTag(Box<[Folded]>),
    /// `customer has plan`
    HasAttribute(Attribute),
    /// `customer.plan is "gold"`
    Attribute {
        /// `plan`
        attribute: Attribute,
        /// What is asked of it.
        test: AttributeTest,
    },
    /// `customer.silent_for > 30d`
    SilentFor {
        /// How the time compares.
        op: Comparison,
        /// With how many seconds.
        seconds: u64,
    },
}

/// Whom a question about presence concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// Every user of the inbox; for `waiting` the sum over the groups.
    Inbox,
    /// The members of that group.
    Group(GroupId),
}

/// An attribute of a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Attribute {
    /// `customer.country`
    Country,
    /// `customer.language`
    Language,
    /// `customer.name`
    Name,
    /// `customer.phone`
    Phone,
    /// `customer has silent_for`: whether the last message's time is known
    SilentFor,
    /// One of the inbox's.
    Custom(AttributeId),
}

/// What is asked of an attribute. What is absent fails each, but for `is not`.
#[derive(Debug, Clone)]
pub enum AttributeTest {
    /// Of a text, or a word of a list.
    Text(TextTest),
    /// Of a number.
    Number {
        /// How it compares.
        op: Comparison,
        /// With what.
        value: Decimal,
    },
    /// Of a flag: it is true.
    Flag,
}

/// What is asked of a text. The lists have at least one entry; one of them must fit.
#[derive(Debug, Clone)]
pub enum TextTest {
    /// `is "a"`, `is not any ["a", "b"]`
    Is {
        /// `is not`: none of them.
        not: bool,
        /// The whole text.
        any: Box<[Folded]>,
    },
    /// `contains "a"`: as whole words
    Contains(Box<[Folded]>),
    /// `contains part "a"`
    ContainsPart(Box<[Folded]>),
    /// `starts with "a"`
    StartsWith(Box<[Folded]>),
    /// `matches /a/`: sees the text as it came
    Matches(Arc<Regex>),
}
