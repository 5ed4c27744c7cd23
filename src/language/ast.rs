//! The tree of a rule file. A node is plain data and its doc comment is its syntax.
//!
//! Names are as written and not yet looked up: whether `"Sales"` is a group is the policy's question.
//! Spans of texts include their quotes.

use std::collections::BTreeSet;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::vocabulary::{Comparison, Month, Weekday};
use crate::text::{Span, Spanned};

pub(super) mod shift;
mod test_block;

pub use test_block::{
    AttributeGiven, ChatGiven, CustomerGiven, Expect, ExpectKind, Given, GivenDay, Test, UserGiven,
};

/// A text in quotes, its escapes read.
pub type TextLiteral = Spanned<String>;
/// A bare word, as `new_customer`.
pub type Word = Spanned<String>;

/// A whole file: the items that could be read and those that could not.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct File {
    /// In the order of the file.
    pub items: Vec<Item>,
    /// The indexes of the items with findings. They are not reused when the file is parsed again.
    pub with_findings: BTreeSet<usize>,
    /// The text between the items that could not be read.
    pub broken: Vec<Broken>,
    /// Comments from `#` to the end of the line, without the line break.
    pub comments: Vec<Span>,
}

/// An item that could not be read. What it names counts as known, what it mentions as used.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Broken {
    /// The whole item.
    pub span: Span,
    /// Names of definitions, hours and dates that it would have given.
    pub names: Vec<String>,
    /// Every bare word in it.
    pub words: Vec<String>,
    /// Every text in it.
    pub texts: Vec<String>,
    /// It is a `use`, or a definition without a name, so any name may come from it.
    pub gives_any_name: bool,
    /// It is an `otherwise`, a rule or an also rule.
    pub is_rule: bool,
    /// What can be read of it, with a placeholder for each part that cannot. Only its names are looked at.
    pub rest: Option<Box<Item>>,
}

/// One item of a file.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// `rule "welcome" when …: …`
    Rule(Rule),
    /// `let vip = …`
    Definition(Definition),
    /// `hours office = …`
    Hours(Hours),
    /// `dates holidays = …`
    Dates(Dates),
    /// `timezone "Africa/Cairo"`
    TimeZone(TimeZone),
    /// `use "common.rules"`
    Use(Use),
    /// `test "name": …`
    Test(Test),
}

impl Item {
    /// The whole item.
    pub fn span(&self) -> Span {
        match self {
            Self::Rule(item) => item.span,
            Self::Definition(item) => item.span,
            Self::Hours(item) => item.span,
            Self::Dates(item) => item.span,
            Self::TimeZone(item) => item.span,
            Self::Use(item) => item.span,
            Self::Test(item) => item.span,
        }
    }
}

/// `[also|move] [rule "name"] when CONDITION: ACTION, ACTION…` or `[rule "name"] otherwise: ACTION, ACTION…`
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// The whole rule.
    pub span: Span,
    /// Whether `also` or `move` was written.
    pub kind: RuleKind,
    /// `rule "name"`
    pub name: Option<TextLiteral>,
    /// `when CONDITION` or `otherwise`
    pub guard: Guard,
    /// At least one.
    pub actions: Vec<Action>,
}

/// When a rule is asked, and whether it assigns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RuleKind {
    /// `when …` and `otherwise`: asked when no chat is open. The first one that holds decides.
    Regular,
    /// `also when …`: every one that holds adds its actions, and does not assign.
    Also,
    /// `move when …`: asked in an open chat. The first one that holds moves the chat.
    Move,
}

/// What a rule waits for.
#[derive(Debug, Clone, PartialEq)]
pub enum Guard {
    /// `when CONDITION`
    When(Condition),
    /// The span of `otherwise`.
    Otherwise(Span),
}

/// `let vip = CONDITION`
#[derive(Debug, Clone, PartialEq)]
pub struct Definition {
    /// The whole item.
    pub span: Span,
    /// `vip`
    pub name: Word,
    /// The condition that it names.
    pub condition: Condition,
}

/// `hours office = mon-fri 09:00-17:00, sat 10:00-14:00 except dec 25, holidays`
#[derive(Debug, Clone, PartialEq)]
pub struct Hours {
    /// The whole item.
    pub span: Span,
    /// `office`
    pub name: Word,
    /// At least one.
    pub entries: Vec<HoursEntry>,
    /// What follows `except`.
    pub except: Vec<DatesEntry>,
}

/// `dates holidays = dec 25, 2026-03-20..2026-03-22`
#[derive(Debug, Clone, PartialEq)]
pub struct Dates {
    /// The whole item.
    pub span: Span,
    /// `holidays`
    pub name: Word,
    /// At least one.
    pub entries: Vec<DatesEntry>,
}

/// `timezone "Africa/Cairo"`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeZone {
    /// The whole item.
    pub span: Span,
    /// The IANA name.
    pub name: TextLiteral,
}

/// `use "common.rules"`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// The whole item.
    pub span: Span,
    /// The path as written.
    pub path: TextLiteral,
}

/// `mon wed fri 09:00-12:00 13:00-17:00`, `mon-fri`, `22:00-02:00`, `2026-12-24 09:00-12:00`: days or dates, then times
#[derive(Debug, Clone, PartialEq)]
pub struct HoursEntry {
    /// The whole entry.
    pub span: Span,
    /// `mon`, `mon-fri`; empty: every day, unless there are dates.
    pub days: Vec<Spanned<WeekdayRange>>,
    /// `2026-12-24`, `dec 25`, `a..b`.
    pub dates: Vec<Spanned<DateRange>>,
    /// `09:00-17:00`; empty: the whole day.
    pub times: Vec<Spanned<TimeRange>>,
}

/// `mon` or `mon-fri`; `fri-mon` goes round the weekend
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WeekdayRange {
    /// The first.
    pub first: Weekday,
    /// The last, which counts; the first again where one day is written.
    pub last: Weekday,
}

/// `09:00-17:00`; each side as written, so that `25:00` can be refused in words
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeRange {
    /// When it opens.
    pub start: Time,
    /// When it closes; `24:00` is the end of the day.
    pub end: Time,
}

/// `09:00`, not yet checked
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Time {
    /// `09`
    pub hour: u8,
    /// `00`
    pub minute: u8,
}

/// An entry of `dates` or of `except`
#[derive(Debug, Clone, PartialEq)]
pub enum DatesEntry {
    /// `dec 25`, `2026-03-20..2026-03-22`
    Range(Spanned<DateRange>),
    /// `holidays`
    Name(Word),
}

/// `a..b`, or one date (then both sides are the same)
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateRange {
    /// The first day.
    pub first: DateSpec,
    /// The last day, which counts.
    pub last: DateSpec,
}

/// A date, not yet checked (`2026-02-30` parses and is refused later)
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateSpec {
    /// `2026-12-25`
    Once {
        /// `2026`
        year: u16,
        /// `12`
        month: u8,
        /// `25`
        day: u8,
    },
    /// `dec 25`
    Yearly {
        /// `dec`
        month: Month,
        /// `25`
        day: u8,
    },
}

impl DateSpec {
    /// The date, if this names one day of the calendar.
    pub fn once(self) -> Option<Date> {
        match self {
            Self::Once { year, month, day } => {
                Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
            }
            Self::Yearly { .. } => None,
        }
    }
}

/// How deep conditions and definitions may nest. The parser, the resolver and the destructor of the tree recurse once
/// for each level, so the limit keeps them from overflowing the stack.
pub(crate) const MAX_NESTING: usize = 64;

/// A condition and its span.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// The whole condition.
    pub span: Span,
    /// What it says.
    pub kind: ConditionKind,
}

/// What a condition says. `a or b or c` is one node of three, so that a long list is not deep.
#[derive(Debug, Clone, PartialEq)]
pub enum ConditionKind {
    /// `a or b or c`: at least two parts
    Or(Vec<Condition>),
    /// `a and b and c`: at least two parts
    And(Vec<Condition>),
    /// `not a`
    Not(Box<Condition>),
    /// `(a)`
    Parens(Box<Condition>),
    /// `new_customer`, `any_online in "Sales"`, `online in "Sales" >= 2`, `vip`
    Fact {
        /// `any_online`
        word: Word,
        /// `in "Sales"`
        group: Option<TextLiteral>,
        /// `>= 2`
        compare: Option<Compare>,
    },
    /// `during office`, `during mon-fri 09:00-12:30`
    During(During),
    /// `message contains "refund"`, `message is image`, `message matches /a/`
    Message(ValueTest),
    /// `message.age > 1h`: the word after the dot, and what it is compared with
    MessagePart {
        /// `age`
        part: Word,
        /// `> 1h`
        test: Option<ValueTest>,
    },
    /// `message has ad`
    MessageHas(Word),
    /// `chat with any ["bob", "carol"]`: at least one
    ChatWith(Vec<TextLiteral>),
    /// `chat in "Support"`
    ChatIn(TextLiteral),
    /// `chat has tag "refund"`
    ChatTag(Values),
    /// `chat.open_for > 1d`
    ChatPart {
        /// `open_for`
        part: Word,
        /// `> 1d`
        test: Option<ValueTest>,
    },
    /// `customer has tag "vip"`
    CustomerTag(Values),
    /// `customer has plan`
    CustomerHas(Word),
    /// `customer.country is "EG"`, `customer.blocked`, `customer.silent_for > 30d`
    CustomerPart {
        /// `country`
        part: Word,
        /// `is "EG"`; a flag is written alone
        test: Option<ValueTest>,
    },
}

/// `> 1h`, `>= 10`
#[derive(Debug, Clone, PartialEq)]
pub struct Compare {
    /// `>=`
    pub op: Spanned<Comparison>,
    /// `10`
    pub value: Spanned<Literal>,
}

/// What follows `during`
#[derive(Debug, Clone, PartialEq)]
pub enum During {
    /// `office`
    Name(Word),
    /// `mon-fri 09:00-12:30`
    Entry(HoursEntry),
}

/// The test of a message or of an attribute
#[derive(Debug, Clone, PartialEq)]
pub enum ValueTest {
    /// `is "a"`, `is not any ["a", "b"]`, `is image`
    Is {
        /// `not`
        not: bool,
        /// `"a"`, `any ["a", "b"]`
        values: Values,
    },
    /// `contains "a"`, `contains part any ["a", "b"]`
    Contains {
        /// `part`
        part: bool,
        /// `"a"`
        values: Values,
    },
    /// `starts with "a"`
    StartsWith(Values),
    /// `matches /a+/`: the text between the slashes, `\/` read as `/`; the span includes them
    Matches(Spanned<String>),
    /// `>= 10`
    Compare(Compare),
}

/// `"a"` or `any ["a", "b"]`: at least one value
#[derive(Debug, Clone, PartialEq)]
pub struct Values {
    /// All of it, `any [` and `]` included.
    pub span: Span,
    /// Whether `any [ ]` was written.
    pub any: bool,
    /// Its values.
    pub values: Vec<Spanned<Literal>>,
}

/// A value as written
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// `"refund"`
    Text(String),
    /// `2.5`; `None` where it is too long for an exact number
    Number(Option<Decimal>),
    /// `5m`, in seconds; `None` where it is too long
    Duration(Option<u64>),
    /// `image`
    Word(String),
}

/// What a rule does
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// `assign owner else group "Support" by in_order`
    Assign(Assign),
    /// `reply "text" once per 12h after 5m`
    Reply {
        /// The whole action.
        span: Span,
        /// `"text"`
        text: TextLiteral,
        /// `12h` in seconds
        once_per: Option<Spanned<Option<u64>>>,
        /// `5m` in seconds
        after: Option<Spanned<Option<u64>>>,
    },
    /// `tag "refund" after 5m`
    Tag {
        /// The whole action.
        span: Span,
        /// `"refund"`
        text: TextLiteral,
        /// `5m` in seconds
        after: Option<Spanned<Option<u64>>>,
    },
    /// `priority high after 5m`
    Priority {
        /// The whole action.
        span: Span,
        /// `high`
        word: Word,
        /// `5m` in seconds
        after: Option<Spanned<Option<u64>>>,
    },
}

impl Action {
    /// The whole action.
    pub fn span(&self) -> Span {
        match self {
            Self::Assign(Assign { span, .. })
            | Self::Reply { span, .. }
            | Self::Tag { span, .. }
            | Self::Priority { span, .. } => *span,
        }
    }
}

/// `assign ALTERNATIVE else ALTERNATIVE …`
#[derive(Debug, Clone, PartialEq)]
pub struct Assign {
    /// The whole action.
    pub span: Span,
    /// At least one.
    pub alternatives: Vec<Alternative>,
}

/// `group "Sales" by random for 5m`
#[derive(Debug, Clone, PartialEq)]
pub struct Alternative {
    /// The whole alternative, `for` included.
    pub span: Span,
    /// Who takes the chat.
    pub target: Target,
    /// `for 5m`, in seconds
    pub timeout: Option<Spanned<Option<u64>>>,
}

/// Who an alternative names
#[derive(Debug, Clone, PartialEq)]
pub enum Target {
    /// `owner among available`
    Owner {
        /// `owner`
        span: Span,
        /// `available`
        among: Option<Word>,
    },
    /// `user "alice" among online`
    User {
        /// `"alice"`
        user: TextLiteral,
        /// `online`
        among: Option<Word>,
    },
    /// `nobody`
    Nobody(Span),
    /// `group "Sales" with skill "en" and "visa" except owner and user "bob" by least_chats among online`
    Group {
        /// `"Sales"`
        group: TextLiteral,
        /// `"en"`, `"visa"`
        skills: Vec<Skill>,
        /// `owner`, `user "bob"`
        except: Vec<LeftOut>,
        /// `least_chats`
        by: Word,
        /// `online`
        among: Option<Word>,
    },
}

/// A skill after `with skill`
#[derive(Debug, Clone, PartialEq)]
pub enum Skill {
    /// `"en"`, `any ["en", "fr"]`
    Named(Values),
    /// `customer.language`: the word after the dot
    Customer(Word),
}

/// Somebody after `except`
#[derive(Debug, Clone, PartialEq)]
pub enum LeftOut {
    /// `owner`
    Owner,
    /// `user "bob"`
    User(TextLiteral),
}
