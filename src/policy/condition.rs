//! Conditions with every name resolved.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::calendar::Calendar;
use super::pattern::Pattern;
use crate::inbox::{AttributeId, GroupId, MessageAttributeId, UserId};
use crate::language::Folded;
use crate::language::vocabulary::{ChatTime, Comparison, Count, MessageKind};
use crate::text::Span;

/// A condition and its place. In a definition, the place is in the file of the definition.
#[derive(Debug, Clone)]
pub struct Condition {
    /// The whole condition.
    pub span: Span,
    /// The condition itself.
    pub kind: ConditionKind,
}

/// The forms of a condition.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum ConditionKind {
    /// At least one part holds.
    Or(Box<[Condition]>),
    /// Every part holds.
    And(Box<[Condition]>),
    /// The part does not hold.
    Not(Box<Condition>),
    /// The condition of that definition holds: its index in [`Policy::definitions`](super::Policy::definitions).
    Definition(usize),
    /// A single predicate.
    Fact(Fact),
}

/// A predicate of the situation that no `and`, `or` or `not` divides.
#[derive(Debug, Clone)]
#[non_exhaustive]
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
    /// `owner_away`
    OwnerAway,
    /// `chat_open`
    ChatOpen,
    /// `chat_waiting`
    ChatWaiting,
    /// `chat_answered`
    ChatAnswered,
    /// `user_online`: of the user who has the open chat
    UserOnline,
    /// `user_offline`
    UserOffline,
    /// `user_away`
    UserAway,
    /// `chat with any ["bob", "carol"]`: one of them has the open chat
    ChatWith(Box<[UserId]>),
    /// `chat in "Support"`
    ChatIn(GroupId),
    /// `chat has tag any ["refund", "return"]`: it carries at least one of them
    ChatHasTag(Box<[Folded]>),
    /// `chat.open_for > 1d`, `chat.waiting_for > 10m`
    ChatTime {
        /// The time that is compared.
        of: ChatTime,
        /// The comparison.
        op: Comparison,
        /// The duration to compare with, in seconds.
        seconds: u64,
    },
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
        /// The users to count, or the queues.
        scope: Scope,
        /// The comparison.
        op: Comparison,
        /// The number to compare the count with.
        n: u32,
    },
    /// `during office`
    During {
        /// `office`; `None` where the hours are written in the condition.
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
        /// At least one kind; the message is of one of them.
        kinds: Box<[MessageKind]>,
    },
    /// `message.age > 1h`
    MessageAge {
        /// The comparison.
        op: Comparison,
        /// The duration to compare with, in seconds.
        seconds: u64,
    },
    /// `customer has tag any ["vip", "gold"]`: the customer has at least one of them
    HasTag(Box<[Folded]>),
    /// `customer has plan`, `message has ad`
    HasAttribute(Attribute),
    /// `customer.plan is "gold"`, `message.ad is "120"`, `message.forwarded`
    Attribute {
        /// `plan`
        attribute: Attribute,
        /// The test of its value.
        test: AttributeTest,
    },
    /// `customer.silent_for > 30d`
    SilentFor {
        /// The comparison.
        op: Comparison,
        /// The duration to compare with, in seconds.
        seconds: u64,
    },
}

/// The users or queues that a predicate is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// Every user of the inbox; for `waiting`, the sum over all groups.
    Inbox,
    /// The members of that group.
    Group(GroupId),
}

/// An attribute of a customer or of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Attribute {
    /// `customer.country`
    Country,
    /// `customer.language`
    Language,
    /// `customer.name`
    Name,
    /// `customer.phone`
    Phone,
    /// `customer has silent_for`: whether the time of the customer's last message is known
    SilentFor,
    /// An attribute of customers that `inbox.toml` defines.
    Custom(AttributeId),
    /// `message.ad`: the id of the ad or post that the customer tapped
    Ad,
    /// `message.ad_text`: its headline and text
    AdText,
    /// `message.button`: the id of the button or list row that was pressed
    Button,
    /// `message.forwarded`: a flag that is always known
    Forwarded,
    /// An attribute of messages that `inbox.toml` defines.
    Message(MessageAttributeId),
}

impl Attribute {
    /// What has it, as the language writes it: `customer` or `message`.
    pub fn subject(self) -> &'static str {
        if self.is_of_message() { "message" } else { "customer" }
    }

    /// Whether messages have it; customers have the others.
    pub fn is_of_message(self) -> bool {
        matches!(self, Self::Ad | Self::AdText | Self::Button | Self::Forwarded | Self::Message(_))
    }
}

/// A test of an attribute's value. An attribute without a value fails every test but `is not`.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum AttributeTest {
    /// The value is a text or a listed word.
    Text(TextTest),
    /// The value is a number.
    Number {
        /// The comparison.
        op: Comparison,
        /// The number to compare with.
        value: Decimal,
    },
    /// The value is a flag, and the flag is true.
    Flag,
}

/// A test of a text. Each list has at least one entry, and it is enough that one of them passes.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum TextTest {
    /// `is "a"`, `is not any ["a", "b"]`
    Is {
        /// `is not`: the text is none of them.
        not: bool,
        /// The texts that it is compared with.
        any: Box<[Folded]>,
    },
    /// `contains "a"`: as whole words
    Contains(Box<[Folded]>),
    /// `contains part "a"`
    ContainsPart(Box<[Folded]>),
    /// `starts with "a"`
    StartsWith(Box<[Folded]>),
    /// `matches /a/`: the pattern is searched for in the original text, not in the folded one
    Matches(Arc<Pattern>),
}
