//! Predicates: what conditions are made of, each of which a message makes true or false.

use std::sync::Arc;

use rust_decimal::Decimal;

use crate::inbox::{GroupId, UserId};
use crate::language::Folded;
use crate::language::vocabulary::{ChatTime, Comparison, Count, Presence};
use crate::policy::calendar::Calendar;
use crate::policy::{Attribute, Pattern, Scope};

/// A predicate's index in [`Predicates::all`].
pub(super) type PredicateId = u32;

/// A predicate. Texts, lists, patterns and calendars are indices in [`Predicates`], so that it is small and can be hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Predicate {
    /// The customer has written before.
    Returning,
    /// The owner is in one of these states: bits, as [`HolderState`] numbers them.
    Owner(u8),
    /// A chat is open.
    ChatOpen,
    /// A user has written in the open chat.
    ChatAnswered,
    /// A chat is open, and the user who has it is in one of these states: bits, as [`HolderState`] numbers them.
    Holder(u8),
    /// That user has the open chat.
    ChatWith(UserId),
    /// The open chat came through that group or waits in it.
    ChatIn(GroupId),
    /// The open chat has one of the tags. False unless looking up the tags finds one.
    ChatTag { list: u32 },
    /// It is known that the open chat has that time.
    ChatTime { of: ChatTime, op: Comparison, seconds: u64 },
    /// So many are online, available or waiting there.
    Count { of: Count, scope: Scope, op: Comparison, n: u64 },
    /// That calendar is open.
    Open(u32),
    /// The message is of one of these kinds: bits, as `MessageKind` numbers them.
    Kind(u16),
    /// The message is so old.
    Age { op: Comparison, seconds: u64 },
    /// It is known that the customer's last message came so long ago.
    Silent { op: Comparison, seconds: u64 },
    /// The customer or the message has the attribute.
    Has(Attribute),
    /// The attribute is such a number.
    Number { attribute: Attribute, op: Comparison, value: Decimal },
    /// The attribute is a flag, and true.
    Flag(Attribute),
    /// The text, the message's without the signs at its ends, is the short one that has this [`prefix_key`].
    IsShort { text: u32, key: u64 },
    /// The text matches one of the list; the message's text as `is` and `starts with` see it, past signs at the ends.
    Text { text: u32, how: TextMatch, list: u32 },
    /// The pattern is found in the text as written.
    Matches { text: u32, pattern: u32 },
    /// The message's text contains one of the list. False unless the search for keywords finds one.
    Keyword { how: TextMatch, list: u32 },
    /// The customer has one of the tags. False unless looking up the tags finds one.
    Tag { list: u32 },
    /// The definition holds.
    Definition(u32),
}

/// Whether there is an owner, or a user who has the open chat, and whether they are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum HolderState {
    Nobody,
    Online,
    Away,
    Offline,
}

impl From<Option<Presence>> for HolderState {
    fn from(presence: Option<Presence>) -> Self {
        match presence {
            None => Self::Nobody,
            Some(Presence::Online) => Self::Online,
            Some(Presence::Away) => Self::Away,
            Some(Presence::Offline) => Self::Offline,
        }
    }
}

/// How a text is compared with those of a list, of which one must match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum TextMatch {
    Is,
    Contains,
    ContainsPart,
    StartsWith,
}

/// A text of the message or the customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum TextField {
    Message,
    Attribute(Attribute),
}

/// The predicates of a policy, and what they compare with.
#[derive(Debug, Default)]
pub(super) struct Predicates {
    pub(super) all: Vec<Predicate>,
    pub(super) texts: Vec<TextField>,
    /// Each is sorted, so that long ones can be searched by halves.
    pub(super) lists: Vec<Box<[Folded]>>,
    pub(super) patterns: Vec<Arc<Pattern>>,
    pub(super) calendars: Vec<Arc<Calendar>>,
}

impl Predicates {
    /// The size in bytes, without what is shared with the policy.
    pub(super) fn bytes(&self) -> usize {
        let words = self.lists.iter().flatten().map(|word| size_of_val(word) + word.as_str().len());
        let shared = size_of_val(&*self.patterns) + size_of_val(&*self.calendars);
        let lists = size_of_val(&*self.lists) + words.sum::<usize>();
        size_of_val(&*self.all) + size_of_val(&*self.texts) + lists + shared
    }
}

/// A text as a number: its bytes if there are at most eight, else the first seven of them and a mark. No other text has the
/// key of a short one, so that comparing countries, languages and words of lists takes one instruction.
#[inline]
pub(super) fn prefix_key(text: &str) -> u64 {
    let bytes = text.as_bytes();
    match bytes.first_chunk() {
        Some(first) if bytes.len() == 8 && !bytes.contains(&0) => u64::from_le_bytes(*first),
        Some(first) => u64::from_le_bytes(*first) | LONGER,
        None if bytes.contains(&0) => pack(bytes) | LONGER,
        None => pack(bytes),
    }
}

/// Whether only one text has this key.
pub(super) fn is_exact(key: u64) -> bool {
    key & LONGER != LONGER
}

/// The mark: a byte that UTF-8 never has.
const LONGER: u64 = 0xFF << 56;

/// At most eight bytes as a number, padded with zeros.
#[inline]
pub(super) fn pack(bytes: &[u8]) -> u64 {
    // No loop: two reads, one from each end, cover all bytes, and may overlap.
    let up = |bytes: usize| 8 * (bytes as u32);
    match (bytes.first_chunk(), bytes.last_chunk(), bytes) {
        (Some(first), Some(last), _) => {
            let last = u64::from(u32::from_le_bytes(*last));
            u64::from(u32::from_le_bytes(*first)) | last << up(bytes.len() - 4)
        }
        (_, _, [first, .., last]) => {
            let middle = bytes.get(1).copied().unwrap_or(0);
            u64::from(*first) | u64::from(middle) << 8 | u64::from(*last) << up(bytes.len() - 1)
        }
        (_, _, [only]) => u64::from(*only),
        _ => 0,
    }
}
