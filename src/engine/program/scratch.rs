//! Room to work in, kept from one decision to the next so that none has to be asked for.

use super::test::{TestId, code, packed};
use crate::language::{FoldNeed, fold_into, fold_need};

/// Room to work in. One may serve any number of programs, one decision at a time.
#[derive(Debug, Clone, Default)]
pub struct Scratch {
    /// The number of this decision. What carries another is of an earlier one, and counts as not known.
    now: u32,
    /// Each text as tests compare it.
    folded: Vec<FoldedText>,
    pub(super) answers: Answers,
    /// A tag, as tests compare it.
    pub(super) tag: String,
    /// Rules that hold.
    pub(super) found: Vec<u32>,
}

/// What is known of tests.
#[derive(Debug, Clone, Default)]
pub(super) struct Answers {
    now: u32,
    known: Vec<Known>,
    /// The tests that a tag or a keyword has answered.
    hits: Vec<TestId>,
}

/// Whether a test holds, and of which decision that is known.
#[derive(Debug, Clone, Copy, Default)]
struct Known {
    when: u32,
    holds: bool,
}

/// A text as tests compare it.
#[derive(Debug, Clone, Default)]
struct FoldedText {
    /// The decision it is of.
    when: u32,
    /// Folding changes nothing, so it was not copied.
    as_it_came: bool,
    text: String,
}

impl Scratch {
    /// Makes room for a decision of a program of that size, and forgets the one before.
    pub(super) fn begin(&mut self, tests: usize, folded: usize) {
        if self.now == u32::MAX {
            *self = Self::default();
        }
        self.now += 1;
        self.found.clear();
        self.answers.now = self.now;
        self.answers.hits.clear();
        if self.answers.known.len() < tests {
            self.answers.known.resize(tests, Known::default());
        }
        if self.folded.len() < folded {
            self.folded.resize_with(folded, FoldedText::default);
        }
    }

    /// The text at `place`, which came as `raw`, as tests compare it; and the answers, which may change meanwhile.
    pub(super) fn fold<'s>(&'s mut self, place: u32, raw: &'s str) -> (&'s str, &'s mut Answers) {
        // Many a message ends with an empty line, which is no part of its text.
        let raw = raw.trim_ascii();
        let Some(folded) = self.folded.get_mut(place as usize) else { return (raw, &mut self.answers) };
        if folded.when != self.now {
            folded.when = self.now;
            folded.as_it_came = fold_need(raw) == FoldNeed::Nothing;
            if !folded.as_it_came {
                fold_into(raw, &mut folded.text);
            }
        }
        (if folded.as_it_came { raw } else { &folded.text }, &mut self.answers)
    }

    /// The code of the text at `place`, which came as `raw`, when it is folded.
    pub(super) fn code(&mut self, place: u32, raw: &str) -> u64 {
        // The bit that makes a capital small; digits have it.
        const SMALL: u64 = 0x2020_2020_2020_2020;
        if (1..=8).contains(&raw.len()) && raw.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            packed(raw.as_bytes()) | SMALL >> (64 - 8 * raw.len())
        } else {
            code(self.fold(place, raw).0)
        }
    }
}

impl Answers {
    /// Whether the test holds, if that is known.
    pub(super) fn known(&self, test: TestId) -> Option<bool> {
        self.known.get(test as usize).filter(|known| known.when == self.now).map(|known| known.holds)
    }

    /// Keeps whether the test holds.
    pub(super) fn keep(&mut self, test: TestId, holds: bool) {
        if let Some(known) = self.known.get_mut(test as usize) {
            *known = Known { when: self.now, holds };
        }
    }

    /// A keyword or a tag says that the test holds.
    pub(super) fn hit(&mut self, test: TestId) {
        if self.known(test).is_none() {
            self.keep(test, true);
            self.hits.push(test);
        }
    }

    /// The test that was answered so by the place in time.
    pub(super) fn hit_at(&self, place: usize) -> Option<TestId> {
        self.hits.get(place).copied()
    }
}
