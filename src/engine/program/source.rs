//! Sources of information, each cut into a few classes: what a class alone says of a condition.

use rust_decimal::Decimal;

use super::term::Term;
use super::test::{Asked, Form, Test, TestId, Tests, code, is_whole};
use crate::inbox::AttributeId;
use crate::language::vocabulary::{Comparison, Count};
use crate::policy::{Attribute, Scope};

/// At most so many classes, so that a set of them is a word of bits.
pub(super) const MOST: u32 = 64;

/// Where something is learnt of a situation, independently of the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Source {
    Returning,
    Owner,
    Count(Count, Scope),
    Open(u32),
    Kind,
    Age,
    Silent,
    Has(Attribute),
    Number(AttributeId),
    Flag(AttributeId),
    Text(u32),
}

/// A source and its classes. Class 0 is what is absent or not so.
#[derive(Debug)]
pub(super) struct Classes {
    pub(super) source: Source,
    /// How many there are.
    pub(super) len: u32,
    /// Of a number: the least of each class but the first.
    cuts: Vec<i64>,
    /// Of a number with decimals: how many of them the cuts have.
    scale: u32,
    /// Of a text: the codes of all words that are asked for, sorted.
    words: Vec<u64>,
    /// Two to this power of them share a class.
    shared: u32,
}

/// The classes in which a condition can hold, and those in which it can fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Can {
    pub(super) hold: u64,
    pub(super) fail: u64,
}

impl Source {
    /// The source of what the test asks.
    pub(super) fn of(test: &Test) -> Option<Self> {
        Some(match test {
            Test::Returning => Self::Returning,
            Test::Owner(_) => Self::Owner,
            Test::Count { of, scope, .. } => Self::Count(*of, *scope),
            Test::Open(calendar) => Self::Open(*calendar),
            Test::Kind(_) => Self::Kind,
            Test::Age { .. } => Self::Age,
            Test::Silent { .. } => Self::Silent,
            Test::Has(attribute) => Self::Has(*attribute),
            Test::Number { attribute, .. } => Self::Number(*attribute),
            Test::Flag(attribute) => Self::Flag(*attribute),
            Test::Is { text, .. } | Test::Text { text, form: Form::Is, .. } => Self::Text(*text),
            Test::Text { .. }
            | Test::Matches { .. }
            | Test::Keyword { .. }
            | Test::Tag { .. }
            | Test::Definition(_) => return None,
        })
    }

    /// Whether it takes long to look there.
    pub(super) fn is_slow(self, tests: &Tests) -> bool {
        match self {
            Self::Open(_) => true,
            Self::Text(text) => tests.texts.get(text as usize) == Some(&Asked::Message),
            _ => false,
        }
    }
}

impl Classes {
    /// The classes of `source`, of which `tests` are asked.
    pub(super) fn of(source: Source, tests: &Tests) -> Self {
        let asked = || tests.all.iter().filter(|test| Source::of(test) == Some(source));
        let (mut cuts, mut scale) = (Vec::new(), 0);
        let (mut words, mut shared) = (Vec::new(), 0);
        let len = match source {
            Source::Returning | Source::Open(_) | Source::Has(_) => 2,
            Source::Owner | Source::Flag(_) => 3,
            Source::Kind => u16::BITS,
            Source::Count(..) | Source::Age | Source::Silent | Source::Number(_) => {
                scale = asked().map(decimals).max().unwrap_or(0);
                cuts = thinned(asked().flat_map(|test| cuts_of(test, scale)).collect());
                2 + cuts.len() as u32
            }
            Source::Text(_) => {
                words = asked().flat_map(|test| codes(test, tests)).collect();
                words.sort_unstable();
                words.dedup();
                while words.len().div_ceil(1 << shared) >= MOST as usize {
                    shared += 1;
                }
                1 + words.len().div_ceil(1 << shared) as u32
            }
        };
        Self { source, len, cuts, scale, words, shared }
    }

    /// The class of a whole number.
    pub(super) fn of_whole(&self, number: u64) -> u32 {
        self.of_number(whole(number))
    }

    /// The class of a number with decimals.
    pub(super) fn of_decimal(&self, number: Decimal) -> u32 {
        self.of_number(scaled(number, self.scale))
    }

    /// The class of a text that has this code: only if there are many words, or they are long, may another share it.
    pub(super) fn of_text(&self, code: u64) -> u32 {
        let below = self.words.partition_point(|word| *word < code);
        if self.words.get(below) == Some(&code) { 1 + (below >> self.shared) as u32 } else { 0 }
    }

    fn of_number(&self, number: i64) -> u32 {
        1 + self.cuts.partition_point(|cut| *cut <= number) as u32
    }

    /// In which classes `term` can hold or fail, as far as this source tells; `definitions` have been asked before.
    pub(super) fn can(&self, term: &Term, tests: &Tests, definitions: &[Can]) -> Can {
        match term {
            Term::Test(test, wanted) => {
                let can = self.test_can(*test, tests, definitions);
                if *wanted { can } else { Can { hold: can.fail, fail: can.hold } }
            }
            Term::All(parts) => parts.iter().fold(Can { hold: self.any(), fail: 0 }, |all, part| {
                let part = self.can(part, tests, definitions);
                Can { hold: all.hold & part.hold, fail: all.fail | part.fail }
            }),
            Term::Any(parts) => parts.iter().fold(Can { hold: 0, fail: self.any() }, |any, part| {
                let part = self.can(part, tests, definitions);
                Can { hold: any.hold | part.hold, fail: any.fail & part.fail }
            }),
        }
    }

    /// The bytes it takes.
    pub(super) fn bytes(&self) -> usize {
        size_of::<Self>() + size_of_val(&*self.cuts) + size_of_val(&*self.words)
    }

    /// Every class.
    fn any(&self) -> u64 {
        u64::MAX >> (MOST - self.len)
    }

    fn test_can(&self, test: TestId, tests: &Tests, definitions: &[Can]) -> Can {
        let unknown = Can { hold: self.any(), fail: self.any() };
        let exactly = |hold: u64| Can { hold: hold & self.any(), fail: !hold & self.any() };
        let Some(test) = tests.all.get(test as usize) else { return unknown };
        if let Test::Definition(place) = test {
            return definitions.get(*place as usize).copied().unwrap_or(unknown);
        }
        if Source::of(test) != Some(self.source) {
            return unknown;
        }
        match test {
            Test::Returning | Test::Open(_) | Test::Has(_) => exactly(0b10),
            Test::Flag(_) => exactly(0b100),
            Test::Owner(owners) => exactly((*owners).into()),
            Test::Kind(kinds) => exactly((*kinds).into()),
            Test::Is { .. } | Test::Text { .. } => {
                let is_alone = |code: &u64| self.shared == 0 && is_whole(*code);
                let classes = |classes, code| classes | 1 << self.of_text(code);
                let hold = codes(test, tests).fold(0, classes);
                let shared = codes(test, tests).filter(|code| !is_alone(code)).fold(0, classes);
                Can { hold, fail: (!hold | shared) & self.any() }
            }
            _ => self.number_can(test),
        }
    }

    fn number_can(&self, test: &Test) -> Can {
        let Some((op, asked)) = comparison(test, self.scale) else {
            return Can { hold: self.any(), fail: self.any() };
        };
        let mut can = Can { hold: 0, fail: 1 };
        for class in 1..self.len {
            let begins_at =
                |class: u32| class.checked_sub(2).and_then(|at| self.cuts.get(at as usize)).copied();
            let first = begins_at(class).unwrap_or(i64::MIN);
            let last = begins_at(class + 1).map_or(i64::MAX, |above| above.saturating_sub(1));
            let orders = [(-1, first < asked), (0, first <= asked && asked <= last), (1, last > asked)];
            for (order, _) in orders.iter().filter(|(_, can_be)| *can_be) {
                if op.holds(order, &0) {
                    can.hold |= 1 << class;
                } else {
                    can.fail |= 1 << class;
                }
            }
        }
        can
    }
}

/// How a number is compared, and with what; `None`: with more than a class can tell.
fn comparison(test: &Test, scale: u32) -> Option<(Comparison, i64)> {
    let (op, asked) = match test {
        Test::Count { op, n, .. } => (*op, whole(*n)),
        Test::Age { op, seconds } | Test::Silent { op, seconds } => (*op, whole(*seconds)),
        Test::Number { op, value, .. } => (*op, scaled(*value, scale)),
        _ => return None,
    };
    Some((op, asked)).filter(|_| ![i64::MIN, i64::MAX].contains(&asked))
}

/// Where numbers begin that the test takes for others than those below.
fn cuts_of(test: &Test, scale: u32) -> impl Iterator<Item = i64> + use<> {
    let cuts = comparison(test, scale).map(|(op, asked)| match op {
        Comparison::Less | Comparison::AtLeast => [Some(asked), None],
        Comparison::More | Comparison::AtMost => [None, Some(asked + 1)],
        Comparison::Equal => [Some(asked), Some(asked + 1)],
    });
    cuts.into_iter().flatten().flatten()
}

/// How many decimals the number of a test has.
fn decimals(test: &Test) -> u32 {
    match test {
        Test::Number { value, .. } => value.normalize().scale(),
        _ => 0,
    }
}

/// `number`, or the largest there is.
fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// In the order of the numbers themselves: twice the number with so many decimals, and one more if it has others too; or the
/// nearest that there is.
#[inline]
fn scaled(number: Decimal, scale: u32) -> i64 {
    let mantissa = number.mantissa();
    let (whole, has_more) = if number.scale() == scale { (mantissa, false) } else { rescaled(number, scale) };
    let nearest = if whole < 0 { i64::MIN } else { i64::MAX };
    let twice = i64::try_from(whole).ok().and_then(|whole| whole.checked_mul(2));
    twice.map_or(nearest, |twice| twice + i64::from(has_more))
}

/// The whole number below with so many decimals, and whether there is more.
fn rescaled(number: Decimal, scale: u32) -> (i128, bool) {
    let mantissa = number.mantissa();
    let power = 10_i128.pow(number.scale().abs_diff(scale));
    if number.scale() < scale {
        (mantissa.saturating_mul(power), false)
    } else {
        (mantissa.div_euclid(power), mantissa.rem_euclid(power) != 0)
    }
}

/// Sorted, each once, and no more than there are classes for.
fn thinned(mut cuts: Vec<i64>) -> Vec<i64> {
    const MOST_CUTS: usize = MOST as usize - 2;
    cuts.sort_unstable();
    cuts.dedup();
    if cuts.len() > MOST_CUTS {
        cuts = (0..MOST_CUTS).filter_map(|at| cuts.get(at * cuts.len() / MOST_CUTS).copied()).collect();
    }
    cuts
}

/// The codes of the texts that a test asks for.
fn codes<'t>(test: &Test, tests: &'t Tests) -> impl Iterator<Item = u64> + use<'t> {
    let (short, list) = match test {
        Test::Is { short, .. } => (Some(*short), None),
        Test::Text { list, .. } => (None, tests.lists.get(*list as usize)),
        _ => (None, None),
    };
    short.into_iter().chain(list.into_iter().flatten().map(|word| code(word.as_str())))
}
