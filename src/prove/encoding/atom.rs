//! Atoms: the indivisible questions about a situation. All conditions are built from them.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::timeline::CalendarId;
use super::users::UserSetId;
use crate::inbox::GroupId;
use crate::language::Folded;
use crate::language::vocabulary::{ChatTime, MessageKind};
use crate::policy::{Attribute, Pattern, Scope};

/// A question about a situation that is either true or false.
///
/// Comparisons are expressed by `at_least` alone: `x = 3` is `x ≥ 3 and not x ≥ 4`. This is the order encoding of
/// integers (Crawford and Baker, 1994; Tamura et al., *Compiling Finite Linear CSP into SAT*, 2009): atoms exist only
/// for the numbers that a policy mentions, and one chain of implications ties them together, however large the numbers
/// are.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(in crate::prove) enum Atom {
    /// The customer has written before.
    Returning,
    /// There is such a person, whom both sides of a comparison have.
    Person(Person),
    /// There is such a person, whom only this side of a comparison has.
    PersonOnlyIn(Person, usize),
    /// The person is online, or available.
    PersonCounted(Person, Counted),
    /// The person is away.
    PersonAway(Person),
    /// The person is one of these users.
    PersonIn(Person, UserSetId),
    /// The owner has the open chat.
    OwnerHasChat,
    /// The customer's chat is open.
    ChatOpen,
    /// A user has written in the open chat.
    ChatAnswered,
    /// The open chat came through a group, or waits in the queue of one.
    ChatHasGroup,
    /// It is this group.
    ChatIn(GroupId),
    /// The open chat has this tag.
    ChatTag(Folded),
    /// It is known that this time of the open chat is at least `at_least` seconds.
    ChatTime { of: ChatTime, at_least: u64 },
    /// At least `at_least` users of the set are counted.
    UserCount { counted: Counted, set: UserSetId, at_least: u32 },
    /// At least `at_least` chats wait.
    Waiting { scope: Scope, at_least: u64 },
    /// The calendar is open.
    Open(CalendarId),
    /// The message is of this kind.
    Kind(MessageKind),
    /// The message is at least `at_least` seconds old.
    Age { at_least: u64 },
    /// It is known that the customer's last message was at least `at_least` seconds ago.
    Silent { at_least: u64 },
    /// The customer has this tag.
    Tag(Folded),
    /// The message has a text, or the attribute is known.
    Known(TextSubject),
    /// The text is known and satisfies the predicate.
    Text(TextSubject, TextPredicate),
    /// The attribute is known and is a number above the bound.
    Number(Attribute, Bound),
    /// The attribute is known and true.
    Flag(Attribute),
}

impl Atom {
    /// How many steps it takes to see whether it holds.
    pub(in crate::prove) fn cost(&self) -> u64 {
        match self {
            Self::Text(_, predicate) => predicate.cost(),
            Self::UserCount { .. } | Self::Waiting { .. } => 4,
            _ => 1,
        }
    }
}

/// A user whom a situation singles out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::prove) enum Person {
    /// Who owns the customer.
    Owner,
    /// Who has the open chat.
    ChatUser,
}

/// Which users a condition counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::prove) enum UserStatus {
    Online,
    Available,
}

/// Which users an atom counts. Who is available depends on the side of a comparison, since capacities may differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::prove) enum Counted {
    Online,
    Available { side: usize },
}

/// What a text predicate is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::prove) enum TextSubject {
    Message,
    Attribute(Attribute),
}

impl TextSubject {
    /// Whether the message was passed on, which is always known.
    pub(in crate::prove) const FORWARDED: Self = Self::Attribute(Attribute::Forwarded);

    /// Whether `is` and `starts with` read past signs at the ends.
    pub(in crate::prove) fn ignores_signs(self) -> bool {
        self == Self::Message
    }
}

/// A lower bound of numbers: `≥ value`, or `> value` if it is `strict`. For one value the strict bound is the higher.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::prove) struct Bound {
    pub(in crate::prove) value: Decimal,
    pub(in crate::prove) strict: bool,
}

impl Bound {
    pub(in crate::prove) fn is_below(self, number: Decimal) -> bool {
        if self.strict { number > self.value } else { number >= self.value }
    }
}

/// A predicate of a text.
#[derive(Debug, Clone)]
pub(in crate::prove) enum TextPredicate {
    Is(Folded),
    Words(Folded),
    Part(Folded),
    Starts(Folded),
    Pattern(Arc<Pattern>),
}

/// A text as it is received, and as it is compared.
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
    /// Whether `text`, which is that of `subject`, satisfies the predicate.
    pub(in crate::prove) fn holds(&self, subject: TextSubject, text: &TextValue) -> bool {
        match self {
            Self::Is(needle) if subject.ignores_signs() => text.folded.is_but_for_signs(needle),
            Self::Starts(needle) if subject.ignores_signs() => text.folded.starts_but_for_signs(needle),
            Self::Is(needle) => text.folded == *needle,
            Self::Words(needle) => text.folded.contains_words(needle),
            Self::Part(needle) => text.folded.contains(needle),
            Self::Starts(needle) => text.folded.starts_with(needle),
            Self::Pattern(pattern) => pattern.is_match(&text.raw),
        }
    }

    /// How many steps it takes to see whether a text satisfies it.
    pub(in crate::prove) fn cost(&self) -> u64 {
        match self {
            // To compile it takes as long as to search for it in a hundred texts.
            Self::Pattern(pattern) if !pattern.is_compiled() => 4_000,
            Self::Pattern(_) => 40,
            _ => 2,
        }
    }

    /// Predicates with the same key are the same. (A compiled pattern has no equality of its own.)
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
