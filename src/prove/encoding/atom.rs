//! Atoms: the simplest questions, of which all conditions are made.

use std::sync::Arc;

use rust_decimal::Decimal;

use crate::language::Folded;
use crate::language::vocabulary::MessageKind;
use crate::policy::{Attribute, Pattern, Scope};

/// A question that is asked of a world and not divided further.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(in crate::prove) enum Atom {
    /// The customer has written before.
    Returning,
    /// A user owns the customer.
    HasOwner,
    /// … and is online.
    OwnerOnline,
    /// So many users there are online, or available.
    UserCount { of: UserStatus, among: UserSetId, at_least: u32 },
    /// So many chats wait there.
    Waiting { scope: Scope, at_least: u64 },
    /// The moment lies in that calendar.
    Open(CalendarId),
    /// The message is of that kind.
    Kind(MessageKind),
    /// The message is so many seconds old.
    Age { at_least: u64 },
    /// The customer's last message is known, and so many seconds ago.
    Silent { at_least: u64 },
    /// The customer carries that tag.
    Tag(Folded),
    /// There is such a text or attribute.
    Known(TextSubject),
    /// It is a text that passes that test.
    Text(TextSubject, TextPredicate),
    /// It is a number that lies beyond that cut.
    Number(Attribute, Bound),
    /// It is true.
    Flag(Attribute),
}

/// What heads are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::prove) enum UserStatus {
    Online,
    Available,
}

/// A set of users: its place in [`UserSets`](super::users::UserSets).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::prove) struct UserSetId(pub(in crate::prove) u32);

/// A calendar: its place in [`Timeline`](super::timeline::Timeline).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::prove) struct CalendarId(pub(in crate::prove) u32);

/// Of what a text is asked, or whether it is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::prove) enum TextSubject {
    Message,
    Attribute(Attribute),
}

/// A place between numbers: below `value`, or above it if `after`. A number lies beyond the first if it is at least
/// `value`, beyond the second if it is more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::prove) struct Bound {
    pub(in crate::prove) value: Decimal,
    pub(in crate::prove) after: bool,
}

impl Bound {
    pub(in crate::prove) fn is_below(self, number: Decimal) -> bool {
        if self.after { number > self.value } else { number >= self.value }
    }
}

/// A test of one text.
#[derive(Debug, Clone)]
pub(in crate::prove) enum TextPredicate {
    Is(Folded),
    Words(Folded),
    Part(Folded),
    Starts(Folded),
    Pattern(Arc<Pattern>),
}

/// A text as it comes, and as it is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::prove) struct TextValue {
    pub(in crate::prove) raw: String,
    pub(in crate::prove) folded: Folded,
}

impl TextValue {
    pub(in crate::prove) fn new(raw: impl Into<String>) -> Self {
        let raw = raw.into();
        let folded = crate::language::fold(&raw);
        Self { raw, folded }
    }
}

impl TextPredicate {
    /// Whether `text` passes.
    pub(in crate::prove) fn holds(&self, text: &TextValue) -> bool {
        match self {
            Self::Is(needle) => text.folded == *needle,
            Self::Words(needle) => text.folded.contains_words(needle),
            Self::Part(needle) => text.folded.contains(needle),
            Self::Starts(needle) => text.folded.starts_with(needle),
            Self::Pattern(pattern) => pattern.is_match(&text.raw),
        }
    }

    /// The kind of test and its text: two of the same are one.
    fn key(&self) -> (u8, &str) {
        match self {
            Self::Is(needle) => (0, needle.as_str()),
            Self::Words(needle) => (1, needle.as_str()),
            Self::Part(needle) => (2, needle.as_str()),
            Self::Starts(needle) => (3, needle.as_str()),
            Self::Pattern(pattern) => (4, pattern.as_str()),
        }
    }
}

impl PartialEq for TextPredicate {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for TextPredicate {}

impl std::hash::Hash for TextPredicate {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}
