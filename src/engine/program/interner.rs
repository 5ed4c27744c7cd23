//! Conditions → negation normal form over interned predicates.
//!
//! Conditions that look different may be the same predicate (`new_customer` and `not returning_customer`, two lists in another
//! order), and many rules share one. Interning gives each a number, so that what is found out for one rule is known for all.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use super::nnf::Nnf;
use super::predicate::{HolderState, Predicate, Predicates, TextField, TextMatch, is_exact, prefix_key};
use crate::inbox::UserId;
use crate::language::Folded;
use crate::language::vocabulary::{Comparison, Count};
use crate::policy::calendar::Calendar;
use crate::policy::{AttributeTest, Condition, ConditionKind, Fact, Scope, TextTest};

/// Gives equal predicates the same number, and so for the texts, lists, patterns and calendars in them.
#[derive(Default)]
pub(super) struct Interner {
    pub(super) predicates: Predicates,
    ids: HashMap<Predicate, u32>,
    texts: HashMap<TextField, u32>,
    lists: HashMap<Box<[Folded]>, u32>,
    patterns: HashMap<String, u32>,
    calendars: HashMap<Arc<Calendar>, u32>,
}

impl Interner {
    /// The negation normal form of `condition`, or of its opposite if it is not `wanted`: `not` is passed down to the
    /// predicates, by De Morgan's laws.
    pub(super) fn nnf(&mut self, condition: &Condition, wanted: bool) -> Nnf {
        match &condition.kind {
            ConditionKind::Not(part) => self.nnf(part, !wanted),
            ConditionKind::And(parts) => self.join(parts, wanted, true),
            ConditionKind::Or(parts) => self.join(parts, wanted, false),
            ConditionKind::Definition(place) => self.literal(Predicate::Definition(*place as u32), wanted),
            ConditionKind::Fact(fact) => self.fact(fact, wanted),
        }
    }

    /// `all` of the parts or any. That not all hold is that one does not: then the word changes too.
    fn join(&mut self, parts: &[Condition], wanted: bool, all: bool) -> Nnf {
        let parts = parts.iter().map(|part| self.nnf(part, wanted)).collect();
        if all == wanted { Nnf::All(parts) } else { Nnf::Any(parts) }
    }

    fn literal(&mut self, predicate: Predicate, wanted: bool) -> Nnf {
        Nnf::Literal(
            intern(&mut self.ids, &mut self.predicates.all, predicate, |predicate| *predicate),
            wanted,
        )
    }

    fn fact(&mut self, fact: &Fact, wanted: bool) -> Nnf {
        let states = |of: &[HolderState]| of.iter().fold(0, |bits, state| bits | 1 << *state as u8);
        let owner = |of: &[HolderState]| Predicate::Owner(states(of));
        let holder = |of: &[HolderState]| Predicate::Holder(states(of));
        let count = |of, scope: &Scope, op, n| Predicate::Count { of, scope: *scope, op, n };
        let predicate = match fact {
            Fact::NewCustomer => return self.literal(Predicate::Returning, !wanted),
            Fact::ReturningCustomer => Predicate::Returning,
            Fact::HasOwner => owner(&[HolderState::Online, HolderState::Away, HolderState::Offline]),
            Fact::OwnerOnline => owner(&[HolderState::Online]),
            Fact::OwnerOffline => owner(&[HolderState::Away, HolderState::Offline]),
            Fact::OwnerAway => owner(&[HolderState::Away]),
            Fact::ChatOpen => Predicate::ChatOpen,
            Fact::ChatWaiting => holder(&[HolderState::Nobody]),
            Fact::ChatAnswered => Predicate::ChatAnswered,
            Fact::UserOnline => holder(&[HolderState::Online]),
            Fact::UserOffline => holder(&[HolderState::Away, HolderState::Offline]),
            Fact::UserAway => holder(&[HolderState::Away]),
            Fact::ChatWith(users) => return self.chat_with(users, wanted),
            Fact::ChatIn(group) => Predicate::ChatIn(*group),
            Fact::ChatHasTag(tags) => Predicate::ChatTag { list: self.list(tags) },
            Fact::ChatTime { of, op, seconds } => Predicate::ChatTime { of: *of, op: *op, seconds: *seconds },
            Fact::AnyOnline(scope) => count(Count::Online, scope, Comparison::More, 0),
            Fact::AllOffline(scope) => {
                return self.literal(count(Count::Online, scope, Comparison::More, 0), !wanted);
            }
            Fact::AnyAvailable(scope) => count(Count::Available, scope, Comparison::More, 0),
            Fact::Count { of, scope, op, n } => count(*of, scope, *op, u64::from(*n)),
            Fact::During { calendar, .. } => Predicate::Open(self.calendar(calendar)),
            Fact::MessageText(test) => return self.text(TextField::Message, test, wanted),
            Fact::MessageKind { not, kinds } => {
                let kinds = kinds.iter().fold(0, |bits, kind| bits | 1 << *kind as u16);
                return self.literal(Predicate::Kind(kinds), wanted != *not);
            }
            Fact::MessageAge { op, seconds } => Predicate::Age { op: *op, seconds: *seconds },
            Fact::SilentFor { op, seconds } => Predicate::Silent { op: *op, seconds: *seconds },
            Fact::HasTag(tags) => Predicate::Tag { list: self.list(tags) },
            Fact::HasAttribute(attribute) => Predicate::Has(*attribute),
            Fact::Attribute { attribute, test: AttributeTest::Text(test) } => {
                return self.text(TextField::Attribute(*attribute), test, wanted);
            }
            Fact::Attribute { attribute, test: AttributeTest::Number { op, value } } => {
                Predicate::Number { attribute: *attribute, op: *op, value: *value }
            }
            Fact::Attribute { attribute, test: AttributeTest::Flag } => Predicate::Flag(*attribute),
        };
        self.literal(predicate, wanted)
    }

    /// One of the users has the chat.
    fn chat_with(&mut self, users: &[UserId], wanted: bool) -> Nnf {
        let parts = users.iter().map(|user| self.literal(Predicate::ChatWith(*user), wanted)).collect();
        if wanted { Nnf::Any(parts) } else { Nnf::All(parts) }
    }

    fn text(&mut self, field: TextField, comparison: &TextTest, wanted: bool) -> Nnf {
        let text = intern(&mut self.texts, &mut self.predicates.texts, field, |field| *field);
        let (how, list, wanted) = match comparison {
            TextTest::Is { not, any } => (TextMatch::Is, any, wanted != *not),
            TextTest::Contains(any) => (TextMatch::Contains, any, wanted),
            TextTest::ContainsPart(any) => (TextMatch::ContainsPart, any, wanted),
            TextTest::StartsWith(any) => (TextMatch::StartsWith, any, wanted),
            TextTest::Matches(pattern) => {
                let pattern = intern(
                    &mut self.patterns,
                    &mut self.predicates.patterns,
                    pattern.as_str().to_owned(),
                    |_| Arc::clone(pattern),
                );
                return self.literal(Predicate::Matches { text, pattern }, wanted);
            }
        };
        // An empty text, which no sound policy has, is in every text, and cannot be searched for.
        let is_keyword =
            field == TextField::Message && how != TextMatch::Is && list.iter().all(|word| !word.is_empty());
        if let (TextMatch::Is, [word]) = (how, &**list)
            && let key = prefix_key(word.as_str())
            && is_exact(key)
        {
            return self.literal(Predicate::IsShort { text, key }, wanted);
        }
        let list = self.list(list);
        let predicate =
            if is_keyword { Predicate::Keyword { how, list } } else { Predicate::Text { text, how, list } };
        self.literal(predicate, wanted)
    }

    fn list(&mut self, words: &[Folded]) -> u32 {
        let mut words = words.to_vec();
        words.sort_unstable();
        words.dedup();
        intern(&mut self.lists, &mut self.predicates.lists, words.into_boxed_slice(), Clone::clone)
    }

    fn calendar(&mut self, calendar: &Arc<Calendar>) -> u32 {
        let calendar = Arc::clone(calendar);
        intern(&mut self.calendars, &mut self.predicates.calendars, calendar, Arc::clone)
    }
}

/// The index of `key` in `row`, where `value` of it is added if it is new.
fn intern<K: Hash + Eq, V>(
    indices: &mut HashMap<K, u32>,
    row: &mut Vec<V>,
    key: K,
    value: impl FnOnce(&K) -> V,
) -> u32 {
    if let Some(index) = indices.get(&key) {
        return *index;
    }
    let index = row.len() as u32;
    row.push(value(&key));
    indices.insert(key, index);
    index
}
