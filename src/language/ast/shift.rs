//! Moves a tree to another place of a text. Each node is taken apart completely, so that none of its spans is forgotten.

use rust_decimal::Decimal;

use super::{
    Action, Alternative, Assign, AttributeGiven, ChatGiven, Compare, Condition, ConditionKind, CustomerGiven,
    DateRange, Dates, DatesEntry, Definition, During, Expect, ExpectKind, Given, Guard, Hours, HoursEntry,
    Item, LeftOut, Literal, Rule, Skill, Target, Test, TimeRange, TimeZone, Use, UserGiven, ValueTest,
    Values, WeekdayRange,
};
use crate::language::vocabulary::Comparison;
use crate::text::{Span, Spanned};

/// What has spans.
pub(in crate::language) trait Shift {
    /// Moves each span by that many bytes, modulo 2³²: backwards by the complement.
    fn shift(&mut self, by: u32);
}

impl Shift for Span {
    fn shift(&mut self, by: u32) {
        self.start = self.start.wrapping_add(by);
        self.end = self.end.wrapping_add(by);
    }
}

impl<T: Shift> Shift for Spanned<T> {
    fn shift(&mut self, by: u32) {
        self.value.shift(by);
        self.span.shift(by);
    }
}

impl<T: Shift> Shift for Option<T> {
    fn shift(&mut self, by: u32) {
        for inner in self.iter_mut() {
            inner.shift(by);
        }
    }
}

impl<T: Shift> Shift for Vec<T> {
    fn shift(&mut self, by: u32) {
        for inner in self.iter_mut() {
            inner.shift(by);
        }
    }
}

impl<T: Shift> Shift for Box<T> {
    fn shift(&mut self, by: u32) {
        (**self).shift(by);
    }
}

impl<T: Shift, U: Shift> Shift for (T, U) {
    fn shift(&mut self, by: u32) {
        self.0.shift(by);
        self.1.shift(by);
    }
}

/// What has no span.
macro_rules! leaves {
    ($($leaf:ty),*) => {
        $(impl Shift for $leaf {
            fn shift(&mut self, _: u32) {}
        })*
    };
}

leaves!(String, u64, Decimal, Comparison, Literal, WeekdayRange, TimeRange, DateRange);

/// Nodes that are structs: the fields that have spans, and after a semicolon those that have none.
macro_rules! nodes {
    ($($node:ty { $($moved:ident),+ $(; $kept:ident)? })*) => {
        $(impl Shift for $node {
            fn shift(&mut self, by: u32) {
                let Self { $($moved,)+ $($kept: _)? } = self;
                $($moved.shift(by);)+
            }
        })*
    };
}

nodes! {
    Rule { span, name, guard, actions; kind }
    Definition { span, name, condition }
    Hours { span, name, entries, except }
    Dates { span, name, entries }
    TimeZone { span, name }
    Use { span, path }
    Test { span, name, givens, expects }
    HoursEntry { span, days, dates, times }
    Condition { span, kind }
    Compare { op, value }
    Values { span, values; any }
    Assign { span, alternatives }
    Alternative { span, target, timeout }
    Expect { span, after, kind }
}

impl Shift for Item {
    fn shift(&mut self, by: u32) {
        match self {
            Self::Rule(item) => item.shift(by),
            Self::Definition(item) => item.shift(by),
            Self::Hours(item) => item.shift(by),
            Self::Dates(item) => item.shift(by),
            Self::TimeZone(item) => item.shift(by),
            Self::Use(item) => item.shift(by),
            Self::Test(item) => item.shift(by),
        }
    }
}

impl Shift for Guard {
    fn shift(&mut self, by: u32) {
        match self {
            Self::When(condition) => condition.shift(by),
            Self::Otherwise(span) => span.shift(by),
        }
    }
}

impl Shift for DatesEntry {
    fn shift(&mut self, by: u32) {
        match self {
            Self::Range(range) => range.shift(by),
            Self::Name(word) => word.shift(by),
        }
    }
}

impl Shift for ConditionKind {
    fn shift(&mut self, by: u32) {
        match self {
            Self::Or(parts) | Self::And(parts) => parts.shift(by),
            Self::Not(part) | Self::Parens(part) => part.shift(by),
            Self::Fact { word, group, compare } => {
                word.shift(by);
                group.shift(by);
                compare.shift(by);
            }
            Self::During(during) => during.shift(by),
            Self::Message(test) => test.shift(by),
            Self::MessagePart { part, test }
            | Self::ChatPart { part, test }
            | Self::CustomerPart { part, test } => {
                part.shift(by);
                test.shift(by);
            }
            Self::MessageHas(word) | Self::CustomerHas(word) => word.shift(by),
            Self::ChatWith(users) => users.shift(by),
            Self::ChatIn(group) => group.shift(by),
            Self::ChatTag(values) | Self::CustomerTag(values) => values.shift(by),
        }
    }
}

impl Shift for During {
    fn shift(&mut self, by: u32) {
        match self {
            Self::Name(word) => word.shift(by),
            Self::Entry(entry) => entry.shift(by),
        }
    }
}

impl Shift for ValueTest {
    fn shift(&mut self, by: u32) {
        match self {
            Self::Is { not: _, values } | Self::Contains { part: _, values } | Self::StartsWith(values) => {
                values.shift(by);
            }
            Self::Matches(pattern) => pattern.shift(by),
            Self::Compare(compare) => compare.shift(by),
        }
    }
}

impl Shift for Action {
    fn shift(&mut self, by: u32) {
        match self {
            Self::Assign(assign) => assign.shift(by),
            Self::Reply { span, text, once_per, after } => {
                span.shift(by);
                text.shift(by);
                once_per.shift(by);
                after.shift(by);
            }
            Self::Tag { span, text, after } => {
                span.shift(by);
                text.shift(by);
                after.shift(by);
            }
            Self::Priority { span, word, after } => {
                span.shift(by);
                word.shift(by);
                after.shift(by);
            }
        }
    }
}

impl Shift for Target {
    fn shift(&mut self, by: u32) {
        match self {
            Self::Owner { span, among } => {
                span.shift(by);
                among.shift(by);
            }
            Self::User { user, among } => {
                user.shift(by);
                among.shift(by);
            }
            Self::Nobody(span) => span.shift(by),
            Self::Group { group, skills, except, by: algorithm, among } => {
                group.shift(by);
                skills.shift(by);
                except.shift(by);
                algorithm.shift(by);
                among.shift(by);
            }
        }
    }
}

impl Shift for Skill {
    fn shift(&mut self, by: u32) {
        match self {
            Self::Named(values) => values.shift(by),
            Self::Customer(word) => word.shift(by),
        }
    }
}

impl Shift for LeftOut {
    fn shift(&mut self, by: u32) {
        match self {
            Self::Owner => {}
            Self::User(user) => user.shift(by),
        }
    }
}

impl Shift for Given {
    fn shift(&mut self, by: u32) {
        match self {
            Self::Customer(facts) => facts.shift(by),
            Self::Users { presence, users } => {
                presence.shift(by);
                users.shift(by);
            }
            Self::Waiting(queues) => queues.shift(by),
            Self::Turn(turns) => turns.shift(by),
            Self::Message { kind, text, aged, attributes } => {
                kind.shift(by);
                text.shift(by);
                aged.shift(by);
                attributes.shift(by);
            }
            Self::Chat(facts) => facts.shift(by),
            Self::Number(number) => number.shift(by),
            Self::At { span, day: _, time: _ } => span.shift(by),
        }
    }
}

impl Shift for CustomerGiven {
    fn shift(&mut self, by: u32) {
        match self {
            Self::New | Self::Returning => {}
            Self::Owner(text) | Self::Tag(text) => text.shift(by),
            Self::Attribute(attribute) => attribute.shift(by),
        }
    }
}

impl Shift for AttributeGiven {
    fn shift(&mut self, by: u32) {
        match self {
            Self::Value(word, value) => {
                word.shift(by);
                value.shift(by);
            }
            Self::Flag(word, _) => word.shift(by),
        }
    }
}

impl Shift for ChatGiven {
    fn shift(&mut self, by: u32) {
        match self {
            Self::Waiting | Self::Answered => {}
            Self::With(text) | Self::In(text) | Self::Tag(text) => text.shift(by),
            Self::Time(word, time) => {
                word.shift(by);
                time.shift(by);
            }
        }
    }
}

impl Shift for UserGiven {
    fn shift(&mut self, by: u32) {
        match self {
            Self::User { user, chats, idle } => {
                user.shift(by);
                chats.shift(by);
                idle.shift(by);
            }
            Self::Group(group) => group.shift(by),
        }
    }
}

impl Shift for ExpectKind {
    fn shift(&mut self, by: u32) {
        match self {
            Self::NoRule | Self::AssignNobody | Self::Waiting | Self::Kept | Self::NoReply => {}
            Self::Rule(text)
            | Self::AlsoRule(text)
            | Self::NotRule(text)
            | Self::AssignGroup(text)
            | Self::Reply(text)
            | Self::ReplyContains(text)
            | Self::Tag(text)
            | Self::NoTag(text) => text.shift(by),
            Self::AssignUser(users) => users.shift(by),
            Self::Priority(word) => word.shift(by),
        }
    }
}
