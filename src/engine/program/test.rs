//! Tests: the single questions of a policy, each once however often it is asked.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use rust_decimal::Decimal;

use super::term::Term;
use crate::inbox::AttributeId;
use crate::language::Folded;
use crate::language::vocabulary::{Comparison, Count};
use crate::policy::calendar::Calendar;
use crate::policy::{Attribute, AttributeTest, Condition, ConditionKind, Fact, Pattern, Scope, TextTest};

/// A test's place in [`Tests::all`].
pub(super) type TestId = u32;

/// A single question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Test {
    /// The customer has written before.
    Returning,
    /// The owner is one of these: bits at the places of [`OwnerIs`].
    Owner(u8),
    /// How many there are compares so.
    Count { of: Count, scope: Scope, op: Comparison, n: u64 },
    /// That calendar is open.
    Open(u32),
    /// The message is of one of these kinds: bits at the places of `MessageKind`.
    Kind(u16),
    /// The message's age compares so.
    Age { op: Comparison, seconds: u64 },
    /// The time since the last message is known and compares so.
    Silent { op: Comparison, seconds: u64 },
    /// The customer has the attribute.
    Has(Attribute),
    /// The attribute is a number and compares so.
    Number { attribute: AttributeId, op: Comparison, value: Decimal },
    /// The attribute is a flag, and true.
    Flag(AttributeId),
    /// The text is this short one: its [`code`].
    Is { text: u32, short: u64 },
    /// The text passes with one of the list.
    Text { text: u32, form: Form, list: u32 },
    /// The pattern is found in the text as it came.
    Matches { text: u32, pattern: u32 },
    /// One of the list stands in the message's text: fails unless the search for keywords says otherwise.
    Keyword { form: Form, list: u32 },
    /// The customer has one of the tags: fails unless one of the tags says otherwise.
    Tag { list: u32 },
    /// The definition holds.
    Definition(u32),
}

/// What there is of an owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum OwnerIs {
    Nobody,
    Online,
    NotOnline,
}

/// How a text is compared with those of a list; one must fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Form {
    Is,
    Contains,
    ContainsPart,
    StartsWith,
}

/// A text that is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Asked {
    Message,
    Customer(Attribute),
}

/// The tests of a policy, and what they compare with.
#[derive(Debug, Default)]
pub(super) struct Tests {
    pub(super) all: Vec<Test>,
    pub(super) texts: Vec<Asked>,
    /// Sorted, so that long ones can be searched.
    pub(super) lists: Vec<Box<[Folded]>>,
    pub(super) patterns: Vec<Arc<Pattern>>,
    pub(super) calendars: Vec<Arc<Calendar>>,
}

impl Tests {
    /// The bytes it takes, but for what is shared with the policy.
    pub(super) fn bytes(&self) -> usize {
        let words = self.lists.iter().flatten().map(|word| size_of_val(word) + word.as_str().len());
        let shared = size_of_val(&*self.patterns) + size_of_val(&*self.calendars);
        let lists = size_of_val(&*self.lists) + words.sum::<usize>();
        size_of_val(&*self.all) + size_of_val(&*self.texts) + lists + shared
    }
}

/// Finds out which tests are the same.
#[derive(Default)]
pub(super) struct Gathering {
    pub(super) tests: Tests,
    ids: HashMap<Test, u32>,
    texts: HashMap<Asked, u32>,
    lists: HashMap<Box<[Folded]>, u32>,
    patterns: HashMap<String, u32>,
    calendars: HashMap<Arc<Calendar>, u32>,
}

impl Gathering {
    /// `condition`, or its opposite where it is not `wanted`.
    pub(super) fn term(&mut self, condition: &Condition, wanted: bool) -> Term {
        match &condition.kind {
            ConditionKind::Not(part) => self.term(part, !wanted),
            ConditionKind::And(parts) => self.join(parts, wanted, true),
            ConditionKind::Or(parts) => self.join(parts, wanted, false),
            ConditionKind::Definition(place) => self.test(Test::Definition(*place as u32), wanted),
            ConditionKind::Fact(fact) => self.fact(fact, wanted),
        }
    }

    /// That not all hold is that one does not.
    fn join(&mut self, parts: &[Condition], wanted: bool, all: bool) -> Term {
        let parts = parts.iter().map(|part| self.term(part, wanted)).collect();
        if all == wanted { Term::All(parts) } else { Term::Any(parts) }
    }

    fn test(&mut self, test: Test, wanted: bool) -> Term {
        Term::Test(place_of(&mut self.ids, &mut self.tests.all, test, |test| *test), wanted)
    }

    fn fact(&mut self, fact: &Fact, wanted: bool) -> Term {
        let owner = |of: &[OwnerIs]| Test::Owner(of.iter().fold(0, |bits, is| bits | 1 << *is as u8));
        let head_count = |of, scope: &Scope, op, n| Test::Count { of, scope: *scope, op, n };
        let test = match fact {
            Fact::NewCustomer => return self.test(Test::Returning, !wanted),
            Fact::ReturningCustomer => Test::Returning,
            Fact::HasOwner => owner(&[OwnerIs::Online, OwnerIs::NotOnline]),
            Fact::OwnerOnline => owner(&[OwnerIs::Online]),
            Fact::OwnerOffline => owner(&[OwnerIs::NotOnline]),
            Fact::AnyOnline(scope) => head_count(Count::Online, scope, Comparison::More, 0),
            Fact::AllOffline(scope) => {
                return self.test(head_count(Count::Online, scope, Comparison::More, 0), !wanted);
            }
            Fact::AnyAvailable(scope) => head_count(Count::Available, scope, Comparison::More, 0),
            Fact::Count { of, scope, op, n } => head_count(*of, scope, *op, u64::from(*n)),
            Fact::During { calendar, .. } => Test::Open(self.calendar(calendar)),
            Fact::MessageText(test) => return self.text(Asked::Message, test, wanted),
            Fact::MessageKind { not, kinds } => {
                let kinds = kinds.iter().fold(0, |bits, kind| bits | 1 << *kind as u16);
                return self.test(Test::Kind(kinds), wanted != *not);
            }
            Fact::MessageAge { op, seconds } => Test::Age { op: *op, seconds: *seconds },
            Fact::SilentFor { op, seconds } => Test::Silent { op: *op, seconds: *seconds },
            Fact::HasTag(tags) => Test::Tag { list: self.list(tags) },
            Fact::HasAttribute(attribute) => Test::Has(*attribute),
            Fact::Attribute { attribute, test: AttributeTest::Text(test) } => {
                return self.text(Asked::Customer(*attribute), test, wanted);
            }
            Fact::Attribute { attribute: Attribute::Custom(attribute), test } => match test {
                AttributeTest::Number { op, value } => {
                    Test::Number { attribute: *attribute, op: *op, value: *value }
                }
                AttributeTest::Flag | AttributeTest::Text(_) => Test::Flag(*attribute),
            },
            // What is built in is neither a number nor a flag.
            Fact::Attribute { .. } => return Term::constant(!wanted),
        };
        self.test(test, wanted)
    }

    fn text(&mut self, of: Asked, question: &TextTest, wanted: bool) -> Term {
        let text = place_of(&mut self.texts, &mut self.tests.texts, of, |of| *of);
        let (form, list, wanted) = match question {
            TextTest::Is { not, any } => (Form::Is, any, wanted != *not),
            TextTest::Contains(any) => (Form::Contains, any, wanted),
            TextTest::ContainsPart(any) => (Form::ContainsPart, any, wanted),
            TextTest::StartsWith(any) => (Form::StartsWith, any, wanted),
            TextTest::Matches(pattern) => {
                let pattern = place_of(
                    &mut self.patterns,
                    &mut self.tests.patterns,
                    pattern.as_str().to_owned(),
                    |_| Arc::clone(pattern),
                );
                return self.test(Test::Matches { text, pattern }, wanted);
            }
        };
        // An empty text, which no sound policy has, stands everywhere and is nothing to search for.
        let is_keyword = of == Asked::Message && form != Form::Is && list.iter().all(|word| !word.is_empty());
        if let (Form::Is, [word]) = (form, &**list)
            && let short = code(word.as_str())
            && is_whole(short)
        {
            return self.test(Test::Is { text, short }, wanted);
        }
        let list = self.list(list);
        let asked = if is_keyword { Test::Keyword { form, list } } else { Test::Text { text, form, list } };
        self.test(asked, wanted)
    }

    fn list(&mut self, words: &[Folded]) -> u32 {
        let mut words = words.to_vec();
        words.sort_unstable();
        words.dedup();
        place_of(&mut self.lists, &mut self.tests.lists, words.into_boxed_slice(), Clone::clone)
    }

    fn calendar(&mut self, calendar: &Arc<Calendar>) -> u32 {
        let calendar = Arc::clone(calendar);
        place_of(&mut self.calendars, &mut self.tests.calendars, calendar, Arc::clone)
    }
}

/// A text as a number: itself if it is short, else how it begins. No other text has the code of a short one.
#[inline]
pub(super) fn code(text: &str) -> u64 {
    let bytes = text.as_bytes();
    match bytes.first_chunk() {
        Some(first) if bytes.len() == 8 && !bytes.contains(&0) => u64::from_le_bytes(*first),
        Some(first) => u64::from_le_bytes(*first) | LONGER,
        None if bytes.contains(&0) => packed(bytes) | LONGER,
        None => packed(bytes),
    }
}

/// Whether only one text has this code.
pub(super) fn is_whole(code: u64) -> bool {
    code & LONGER != LONGER
}

/// A last byte that no text has.
const LONGER: u64 = 0xFF << 56;

/// At most eight bytes, and zeros.
#[inline]
pub(super) fn packed(bytes: &[u8]) -> u64 {
    // Two ends together are all of it.
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

/// The place of what is known by `key`; it is added, if it is new.
fn place_of<K: Hash + Eq, V>(
    places: &mut HashMap<K, u32>,
    row: &mut Vec<V>,
    key: K,
    value: impl FnOnce(&K) -> V,
) -> u32 {
    if let Some(place) = places.get(&key) {
        return *place;
    }
    let place = row.len() as u32;
    row.push(value(&key));
    places.insert(key, place);
    place
}
