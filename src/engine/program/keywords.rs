//! All keywords of a policy, found in a text.
//!
//! Very few are searched for one after the other. Else a few bytes of the text (a *gram*) are looked at in every so
//! many places, as far apart as the shortest keyword allows: each keyword is listed under so many of its grams, side by
//! side, that one of them must be met wherever it stands. A filter of bits says of most grams that no keyword has them.
//! Unlike an Aho-Corasick automaton, whose every step waits for the one before, the places are independent, so the
//! processor looks at several at once.

use std::collections::HashMap;

use memchr::memmem::Finder;

use super::test::{Form, TestId};
use crate::language::at_word_boundaries;

/// The keywords of a policy.
#[derive(Debug, Default)]
pub(super) struct Keywords {
    /// What finds each keyword, if they are very few.
    finders: Vec<Finder<'static>>,
    /// Else what finds those whose grams are of the same length.
    groups: Vec<Group>,
    words: Vec<Keyword>,
    /// The words, one after the other.
    letters: Vec<u8>,
    /// The tests that keywords answer, keyword by keyword.
    tests: Vec<TestId>,
}

/// A keyword that is asked for in one form.
#[derive(Debug)]
struct Keyword {
    form: Form,
    /// Its place in [`Keywords::letters`].
    from: u32,
    to: u32,
    /// The end of its tests in [`Keywords::tests`]; they begin where those of the one before end.
    tests_to: u32,
}

/// Keywords that are found by grams of the same length.
#[derive(Debug)]
struct Group {
    /// Bytes of a gram.
    width: usize,
    /// What of four bytes is of the gram.
    mask: u32,
    /// Bytes from one place that is looked at to the next.
    stride: usize,
    /// For each hash of a gram, whether a keyword may have it.
    filter: Vec<u64>,
    /// So many bits of the product are not of the hash.
    shift: u32,
    /// Where the listings of each run of hashes begin, and where the last end.
    runs: Vec<u32>,
    listings: Vec<Listing>,
}

/// A keyword under one of its grams.
#[derive(Debug, Clone, Copy)]
struct Listing {
    gram: u32,
    keyword: u32,
    /// Where in the keyword the gram stands.
    offset: u32,
}

const LONGEST_GRAM: usize = 4;
const LONGEST_STRIDE: usize = 4;
/// Of many keywords some have almost every gram in common. Places nearer together leave more grams to choose from.
const LONGEST_STRIDE_OF_MANY: usize = 2;
/// So few keywords are found more quickly one after the other.
const VERY_FEW: usize = 3;
/// Of so few keywords a shorter gram tells as much, and lets the places lie farther apart.
const FEW: usize = 64;
/// Only so many bytes of a keyword are looked through for its rarest grams.
const LOOKED_THROUGH: usize = 64;
/// Bits of the filter for each listing, and so hashes in a run.
const SPARSE: usize = 16;

impl Keywords {
    /// Of the words that tests ask for, each in a form.
    pub(super) fn new(mut asked: Vec<(&str, Form, TestId)>) -> Self {
        asked.sort_unstable();
        asked.dedup();
        let mut keywords = Self::default();
        for same in asked.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            let Some((word, form, _)) = same.first() else { continue };
            let from = keywords.letters.len() as u32;
            keywords.letters.extend(word.bytes());
            keywords.tests.extend(same.iter().map(|(_, _, test)| *test));
            let (to, tests_to) = (keywords.letters.len() as u32, keywords.tests.len() as u32);
            keywords.words.push(Keyword { form: *form, from, to, tests_to });
        }
        if keywords.words.len() <= VERY_FEW {
            let finder = |word| Finder::new(keywords.letters_of(word)).into_owned();
            keywords.finders = keywords.words.iter().map(finder).collect();
            return keywords;
        }
        let longest = if keywords.words.len() <= FEW { LONGEST_GRAM - 1 } else { LONGEST_GRAM };
        for width in 1..=longest {
            let of_width = |word: &&[u8]| word.len().min(longest) == width;
            let words =
                keywords.words.iter().enumerate().map(|(at, word)| (at as u32, keywords.letters_of(word)));
            let words: Vec<_> = words.filter(|(_, word)| of_width(word)).collect();
            keywords.groups.extend(Group::new(width, &words));
        }
        keywords
    }

    /// Says `found` of each test that a keyword in `text` answers, perhaps more than once.
    pub(super) fn search(&self, text: &str, found: &mut impl FnMut(TestId)) {
        for (finder, keyword) in self.finders.iter().zip(0..) {
            let mut from = 0;
            while let Some(at) = text.as_bytes().get(from..).and_then(|rest| finder.find(rest)) {
                if self.check(text, keyword, from + at, found) {
                    break;
                }
                from += at + 1;
            }
        }
        for group in &self.groups {
            group.search(text.as_bytes(), &mut |keyword, start| {
                self.check(text, keyword, start, found);
            });
        }
    }

    /// The bytes it takes.
    pub(super) fn bytes(&self) -> usize {
        let words = size_of_val(&*self.words) + self.letters.len() + size_of_val(&*self.tests);
        let finders =
            size_of_val(&*self.finders) + self.letters.len() * usize::from(!self.finders.is_empty());
        words + finders + self.groups.iter().map(Group::bytes).sum::<usize>()
    }

    /// Whether the keyword really stands at `start`, as it is asked for: then its tests are `found`.
    fn check(&self, text: &str, keyword: u32, start: usize, found: &mut impl FnMut(TestId)) -> bool {
        let Some(word) = self.words.get(keyword as usize) else { return false };
        let letters = self.letters_of(word);
        if !text.as_bytes().get(start..).is_some_and(|rest| rest.starts_with(letters)) {
            return false;
        }
        let fits = match word.form {
            Form::ContainsPart => true,
            Form::StartsWith => start == 0,
            Form::Contains => at_word_boundaries(text, start, start + letters.len()),
            Form::Is => letters.len() == text.len(),
        };
        if fits {
            let before = keyword.checked_sub(1).and_then(|before| self.words.get(before as usize));
            let tests_from = before.map_or(0, |before| before.tests_to) as usize;
            let tests = self.tests.get(tests_from..word.tests_to as usize).unwrap_or_default();
            for test in tests {
                found(*test);
            }
        }
        fits
    }

    fn letters_of(&self, word: &Keyword) -> &[u8] {
        self.letters.get(word.from as usize..word.to as usize).unwrap_or_default()
    }
}

impl Group {
    /// Of `words`, none of which is shorter than `width`; `None` if there are none.
    fn new(width: usize, words: &[(u32, &[u8])]) -> Option<Self> {
        let shortest = words.iter().map(|(_, word)| word.len()).min()?;
        let longest = if words.len() <= FEW { LONGEST_STRIDE } else { LONGEST_STRIDE_OF_MANY };
        let stride = (shortest - width + 1).min(longest);
        let mut listings = listings(width, stride, words);
        let bits = (listings.len() * SPARSE).next_power_of_two().max(1024);
        let shift = u32::BITS - bits.trailing_zeros();
        listings.sort_unstable_by_key(|listing| (hash(listing.gram, shift), listing.keyword, listing.offset));
        let (mut filter, mut runs) = (vec![0; bits / 64], vec![0; bits / SPARSE + 1]);
        for listing in &listings {
            let hash = hash(listing.gram, shift);
            if let Some((word, run)) = filter.get_mut(hash / 64).zip(runs.get_mut(hash / SPARSE + 1)) {
                *word |= 1 << (hash % 64);
                *run += 1;
            }
        }
        let mut so_far = 0;
        for run in &mut runs {
            so_far += *run;
            *run = so_far;
        }
        let mask = u32::MAX >> (8 * LONGEST_GRAM.saturating_sub(width));
        Some(Self { width, mask, stride, filter, shift, runs, listings })
    }

    fn bytes(&self) -> usize {
        let filter = size_of_val(&*self.filter) + size_of_val(&*self.runs);
        size_of::<Self>() + filter + size_of_val(&*self.listings)
    }

    /// Says `candidate` of each keyword that may stand in `text`, and where it would begin.
    fn search(&self, text: &[u8], candidate: &mut impl FnMut(u32, usize)) {
        // As long as there are four bytes, they are read in one go.
        let fours = text.windows(LONGEST_GRAM);
        let mut at = fours.len().next_multiple_of(self.stride);
        for (place, bytes) in fours.step_by(self.stride).enumerate() {
            let gram = bytes.first_chunk().map_or(0, |bytes| u32::from_le_bytes(*bytes) & self.mask);
            if self.may_have(gram) {
                self.meet(gram, place * self.stride, candidate);
            }
        }
        while let Some(bytes) = text.get(at..at + self.width) {
            self.meet(gram(bytes), at, candidate);
            at += self.stride;
        }
    }

    /// Whether a keyword may have the gram.
    #[inline]
    fn may_have(&self, gram: u32) -> bool {
        let hash = hash(gram, self.shift);
        self.filter.get(hash / 64).is_some_and(|word| word >> (hash % 64) & 1 == 1)
    }

    /// Says `candidate` of those that have the gram. Apart from the loop, which is quicker the less it has to do with.
    #[inline(never)]
    fn meet(&self, gram: u32, at: usize, candidate: &mut impl FnMut(u32, usize)) {
        let run = hash(gram, self.shift) / SPARSE;
        let run = self.runs.get(run).zip(self.runs.get(run + 1));
        let run = run.and_then(|(from, to)| self.listings.get(*from as usize..*to as usize));
        for listing in run.unwrap_or_default().iter().filter(|listing| listing.gram == gram) {
            if let Some(start) = at.checked_sub(listing.offset as usize) {
                candidate(listing.keyword, start);
            }
        }
    }
}

/// Each word under `stride` of its grams side by side: those that the fewest words have.
fn listings(width: usize, stride: usize, words: &[(u32, &[u8])]) -> Vec<Listing> {
    let looked_through = |word: &[u8]| word.len().min(LOOKED_THROUGH.max(width + stride - 1));
    let grams = |word: &[u8]| {
        let bytes = word.get(..looked_through(word)).unwrap_or_default();
        bytes.windows(width).map(gram).collect::<Vec<_>>()
    };
    let mut common: HashMap<u32, u32> = HashMap::new();
    for (_, word) in words {
        for gram in grams(word) {
            *common.entry(gram).or_default() += 1;
        }
    }
    let mut listings = Vec::with_capacity(words.len() * stride);
    for (keyword, word) in words {
        let grams = grams(word);
        let how_common = |grams: &[u32]| grams.iter().filter_map(|gram| common.get(gram)).max().copied();
        let rarest = grams.windows(stride).enumerate().min_by_key(|(_, grams)| how_common(grams));
        let Some((first, grams)) = rarest else { continue };
        let listed = grams.iter().zip(first..);
        listings.extend(listed.map(|(gram, offset)| Listing {
            gram: *gram,
            keyword: *keyword,
            offset: offset as u32,
        }));
    }
    listings
}

/// Up to four bytes as a number.
#[inline]
fn gram(bytes: &[u8]) -> u32 {
    bytes.iter().rev().fold(0, |gram, byte| gram << 8 | u32::from(*byte))
}

#[inline]
fn hash(gram: u32, shift: u32) -> usize {
    (gram.wrapping_mul(0x9E37_79B1) >> shift) as usize
}
