//! Features of a message, each partitioned into a few classes: what the class alone says about a condition.
//!
//! The rules compare a number with a few constants, and a text with a few words. Values between which no rule distinguishes
//! are equivalent, and share a class (in the testing of programs this is equivalence partitioning; in decision trees, the
//! discretization of a feature by cut points). For a condition, each class is then one in which it can hold, can fail, or
//! both: an abstract interpretation of the condition over sets of classes (Cousot and Cousot, 1977). It may say "can" where
//! the truth is "cannot", and never the reverse; what it leaves open is evaluated exactly.

use rust_decimal::Decimal;

use super::nnf::Nnf;
use super::predicate::{Predicate, PredicateId, Predicates, TextField, TextMatch, is_exact, prefix_key};
use crate::language::vocabulary::{ChatTime, Comparison, Count};
use crate::policy::{Attribute, Scope};

/// The most classes of a feature, so that a set of them is one word of bits.
pub(super) const MAX_CLASSES: u32 = 64;

/// One fact about a message that conditions can depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Feature {
    Returning,
    Owner,
    Holder,
    ChatUser,
    ChatGroup,
    ChatTime(ChatTime),
    Count(Count, Scope),
    Open(u32),
    Kind,
    Age,
    Silent,
    Has(Attribute),
    Number(Attribute),
    Flag(Attribute),
    Text(u32),
}

/// A feature and its classes. Class 0 is "absent" or "false".
#[derive(Debug)]
pub(super) struct Partition {
    pub(super) feature: Feature,
    /// How many classes there are.
    pub(super) len: u32,
    /// Of a number: the least value of each class but the lowest.
    cuts: Vec<i64>,
    /// Of a number with decimals: how many decimals the cuts have.
    scale: u32,
    /// Of a text: the prefix keys of all words that it is compared with, sorted. Of who has the chat or of its group: the
    /// users or groups that are asked for.
    keys: Vec<u64>,
    /// So many keys share a class, as a power of two.
    keys_per_class_log2: u32,
}

/// The classes in which a condition can hold, and those in which it can fail, as bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Possible {
    pub(super) hold: u64,
    pub(super) fail: u64,
}

impl Feature {
    /// The feature that the predicate depends on, if it is one of these.
    pub(super) fn of(predicate: &Predicate) -> Option<Self> {
        Some(match predicate {
            Predicate::Returning => Self::Returning,
            Predicate::Owner(_) => Self::Owner,
            Predicate::ChatOpen | Predicate::Holder(_) => Self::Holder,
            Predicate::ChatWith(_) => Self::ChatUser,
            Predicate::ChatIn(_) => Self::ChatGroup,
            Predicate::ChatTime { of, .. } => Self::ChatTime(*of),
            Predicate::Count { of, scope, .. } => Self::Count(*of, *scope),
            Predicate::Open(calendar) => Self::Open(*calendar),
            Predicate::Kind(_) => Self::Kind,
            Predicate::Age { .. } => Self::Age,
            Predicate::Silent { .. } => Self::Silent,
            Predicate::Has(attribute) => Self::Has(*attribute),
            Predicate::Number { attribute, .. } => Self::Number(*attribute),
            Predicate::Flag(attribute) => Self::Flag(*attribute),
            Predicate::IsShort { text, .. } | Predicate::Text { text, how: TextMatch::Is, .. } => {
                Self::Text(*text)
            }
            Predicate::ChatAnswered
            | Predicate::ChatTag { .. }
            | Predicate::Text { .. }
            | Predicate::Matches { .. }
            | Predicate::Keyword { .. }
            | Predicate::Tag { .. }
            | Predicate::Definition(_) => return None,
        })
    }

    /// Whether finding its class takes long.
    pub(super) fn is_slow(self, predicates: &Predicates) -> bool {
        match self {
            Self::Open(_) => true,
            Self::Text(text) => predicates.texts.get(text as usize) == Some(&TextField::Message),
            _ => false,
        }
    }
}

impl Partition {
    /// Partitions `feature` by the predicates that depend on it.
    pub(super) fn of(feature: Feature, predicates: &Predicates) -> Self {
        let dependent = || predicates.all.iter().filter(|one| Feature::of(one) == Some(feature));
        let (mut cuts, mut scale) = (Vec::new(), 0);
        let (mut keys, mut keys_per_class_log2) = (Vec::new(), 0);
        let len = match feature {
            Feature::Returning | Feature::Open(_) | Feature::Has(_) => 2,
            Feature::Flag(_) => 3,
            Feature::Owner => 4,
            Feature::Holder => 5,
            Feature::Kind => u16::BITS,
            Feature::Count(..)
            | Feature::ChatTime(_)
            | Feature::Age
            | Feature::Silent
            | Feature::Number(_) => {
                scale = dependent().map(decimals).max().unwrap_or(0);
                cuts = thinned(dependent().flat_map(|one| cuts_of(one, scale)).collect());
                2 + cuts.len() as u32
            }
            Feature::Text(_) | Feature::ChatUser | Feature::ChatGroup => {
                keys = dependent().flat_map(|one| keys_of(one, predicates)).collect();
                keys.sort_unstable();
                keys.dedup();
                while keys.len().div_ceil(1 << keys_per_class_log2) >= MAX_CLASSES as usize {
                    keys_per_class_log2 += 1;
                }
                1 + keys.len().div_ceil(1 << keys_per_class_log2) as u32
            }
        };
        Self { feature, len, cuts, scale, keys, keys_per_class_log2 }
    }

    /// The class of a whole number.
    pub(super) fn class_of_integer(&self, number: u64) -> u32 {
        self.class_of(whole(number))
    }

    /// The class of a number with decimals.
    pub(super) fn class_of_decimal(&self, number: Decimal) -> u32 {
        self.class_of(scaled(number, self.scale))
    }

    /// The class of a text that has this prefix key, or of this user or group. Texts share a class only if there are many
    /// words, or long ones.
    pub(super) fn class_of_key(&self, key: u64) -> u32 {
        let below = self.keys.partition_point(|known| *known < key);
        if self.keys.get(below) == Some(&key) { 1 + (below >> self.keys_per_class_log2) as u32 } else { 0 }
    }

    fn class_of(&self, number: i64) -> u32 {
        1 + self.cuts.partition_point(|cut| *cut <= number) as u32
    }

    /// In which classes `condition` can hold and can fail, as far as this feature tells. `definitions` are those that it may
    /// name.
    pub(super) fn possible(
        &self,
        condition: &Nnf,
        predicates: &Predicates,
        definitions: &[Possible],
    ) -> Possible {
        match condition {
            Nnf::Literal(predicate, wanted) => {
                let possible = self.predicate_possible(*predicate, predicates, definitions);
                if *wanted { possible } else { Possible { hold: possible.fail, fail: possible.hold } }
            }
            Nnf::All(parts) => {
                parts.iter().fold(Possible { hold: self.all_classes(), fail: 0 }, |all, part| {
                    let part = self.possible(part, predicates, definitions);
                    Possible { hold: all.hold & part.hold, fail: all.fail | part.fail }
                })
            }
            Nnf::Any(parts) => {
                parts.iter().fold(Possible { hold: 0, fail: self.all_classes() }, |any, part| {
                    let part = self.possible(part, predicates, definitions);
                    Possible { hold: any.hold | part.hold, fail: any.fail & part.fail }
                })
            }
        }
    }

    /// The size in bytes.
    pub(super) fn bytes(&self) -> usize {
        size_of::<Self>() + size_of_val(&*self.cuts) + size_of_val(&*self.keys)
    }

    fn all_classes(&self) -> u64 {
        u64::MAX >> (MAX_CLASSES - self.len)
    }

    fn predicate_possible(
        &self,
        predicate: PredicateId,
        predicates: &Predicates,
        definitions: &[Possible],
    ) -> Possible {
        let unknown = Possible { hold: self.all_classes(), fail: self.all_classes() };
        let exactly =
            |hold: u64| Possible { hold: hold & self.all_classes(), fail: !hold & self.all_classes() };
        let Some(predicate) = predicates.all.get(predicate as usize) else { return unknown };
        if let Predicate::Definition(place) = predicate {
            return definitions.get(*place as usize).copied().unwrap_or(unknown);
        }
        if Feature::of(predicate) != Some(self.feature) {
            return unknown;
        }
        match predicate {
            Predicate::Returning | Predicate::Open(_) | Predicate::Has(_) => exactly(0b10),
            Predicate::Flag(_) => exactly(0b100),
            Predicate::Owner(states) => exactly((*states).into()),
            // Class 0 is that no chat is open; the states come after it.
            Predicate::ChatOpen => exactly(!1),
            Predicate::Holder(states) => exactly(u64::from(*states) << 1),
            Predicate::Kind(kinds) => exactly((*kinds).into()),
            Predicate::IsShort { .. }
            | Predicate::Text { .. }
            | Predicate::ChatWith(_)
            | Predicate::ChatIn(_) => {
                let is_whole = |key: u64| !matches!(self.feature, Feature::Text(_)) || is_exact(key);
                let is_alone = |key: &u64| self.keys_per_class_log2 == 0 && is_whole(*key);
                let add = |classes, key| classes | 1 << self.class_of_key(key);
                let hold = keys_of(predicate, predicates).fold(0, add);
                // In a class of several texts the predicate can fail as well.
                let shared = keys_of(predicate, predicates).filter(|key| !is_alone(key)).fold(0, add);
                Possible { hold, fail: (!hold | shared) & self.all_classes() }
            }
            _ => self.comparison_possible(predicate),
        }
    }

    fn comparison_possible(&self, predicate: &Predicate) -> Possible {
        let Some((op, constant)) = comparison(predicate, self.scale) else {
            return Possible { hold: self.all_classes(), fail: self.all_classes() };
        };
        // What is absent, class 0, passes no comparison.
        let mut possible = Possible { hold: 0, fail: 1 };
        for class in 1..self.len {
            let begins_at =
                |class: u32| class.checked_sub(2).and_then(|at| self.cuts.get(at as usize)).copied();
            let first = begins_at(class).unwrap_or(i64::MIN);
            let last = begins_at(class + 1).map_or(i64::MAX, |above| above.saturating_sub(1));
            // Whether the class has values below the constant, equal to it, above it.
            let orders =
                [(-1, first < constant), (0, first <= constant && constant <= last), (1, last > constant)];
            for (order, _) in orders.iter().filter(|(_, exists)| *exists) {
                if op.holds(order, &0) {
                    possible.hold |= 1 << class;
                } else {
                    possible.fail |= 1 << class;
                }
            }
        }
        possible
    }
}

/// How a number is compared, and with what; `None`: with a constant beyond what a class can express.
fn comparison(predicate: &Predicate, scale: u32) -> Option<(Comparison, i64)> {
    let (op, constant) = match predicate {
        Predicate::Count { op, n, .. } => (*op, whole(*n)),
        Predicate::Age { op, seconds }
        | Predicate::Silent { op, seconds }
        | Predicate::ChatTime { op, seconds, .. } => (*op, whole(*seconds)),
        Predicate::Number { op, value, .. } => (*op, scaled(*value, scale)),
        _ => return None,
    };
    Some((op, constant)).filter(|_| ![i64::MIN, i64::MAX].contains(&constant))
}

/// The least values that the predicate may treat differently from the value below.
fn cuts_of(predicate: &Predicate, scale: u32) -> impl Iterator<Item = i64> + use<> {
    let cuts = comparison(predicate, scale).map(|(op, constant)| match op {
        Comparison::Less | Comparison::AtLeast => [Some(constant), None],
        Comparison::More | Comparison::AtMost => [None, Some(constant + 1)],
        Comparison::Equal => [Some(constant), Some(constant + 1)],
    });
    cuts.into_iter().flatten().flatten()
}

/// How many decimals the constant of a predicate has.
fn decimals(predicate: &Predicate) -> u32 {
    match predicate {
        Predicate::Number { value, .. } => value.normalize().scale(),
        _ => 0,
    }
}

/// `number`, or the largest `i64`.
fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A decimal as an integer, in the same order: twice the number rounded down to so many decimals, plus one if anything was cut
/// off; or the nearest that an `i64` can express. Doubling leaves room between two constants for all that is between them.
#[inline]
fn scaled(number: Decimal, scale: u32) -> i64 {
    let mantissa = number.mantissa();
    let (whole, has_more) = if number.scale() == scale { (mantissa, false) } else { rescaled(number, scale) };
    let nearest = if whole < 0 { i64::MIN } else { i64::MAX };
    let twice = i64::try_from(whole).ok().and_then(|whole| whole.checked_mul(2));
    twice.map_or(nearest, |twice| twice + i64::from(has_more))
}

/// The number rounded down to so many decimals, in units of the last, and whether anything was cut off.
fn rescaled(number: Decimal, scale: u32) -> (i128, bool) {
    let mantissa = number.mantissa();
    let power = 10_i128.pow(number.scale().abs_diff(scale));
    if number.scale() < scale {
        (mantissa.saturating_mul(power), false)
    } else {
        (mantissa.div_euclid(power), mantissa.rem_euclid(power) != 0)
    }
}

/// The cuts sorted, each once. If there are more than classes, an even selection of them: fewer cuts are less precise, and
/// still right.
fn thinned(mut cuts: Vec<i64>) -> Vec<i64> {
    const MAX_CUTS: usize = MAX_CLASSES as usize - 2;
    cuts.sort_unstable();
    cuts.dedup();
    if cuts.len() > MAX_CUTS {
        cuts = (0..MAX_CUTS).filter_map(|at| cuts.get(at * cuts.len() / MAX_CUTS).copied()).collect();
    }
    cuts
}

/// The prefix keys of the texts that a predicate compares with, or the user or group.
fn keys_of<'p>(predicate: &Predicate, predicates: &'p Predicates) -> impl Iterator<Item = u64> + use<'p> {
    let (key, list) = match predicate {
        Predicate::IsShort { key, .. } => (Some(*key), None),
        Predicate::ChatWith(user) => (Some(user.0.into()), None),
        Predicate::ChatIn(group) => (Some(group.0.into()), None),
        Predicate::Text { list, .. } => (None, predicates.lists.get(*list as usize)),
        _ => (None, None),
    };
    key.into_iter().chain(list.into_iter().flatten().map(|word| prefix_key(word.as_str())))
}
