//! All keywords of a policy, found in a text in one pass.
//!
//! Very few keywords are searched for one after the other. Otherwise the search looks at a few bytes of the text, a *gram*,
//! at distances of one to four bytes, depending on the shortest keyword. Each keyword has postings for as many neighbouring grams
//! as there are bytes between two positions, so that wherever it begins, one of these grams is looked at. A filter of bits
//! tells, for nearly every gram of the text, that no keyword has it; what passes is compared byte by byte.
//!
//! This is the idea of Wu and Manber ("A fast algorithm for multi-pattern searching", 1994), with sampled positions in place of
//! a table of shifts, and of the index by n-grams (Zobel, Moffat and Sacks-Davis, 1993), with the keywords in place of the
//! documents. In an Aho-Corasick automaton (1975) each step waits for the memory that the step before has asked for. Here the
//! positions are independent of one another, and the processor works on several at once.

use std::collections::HashMap;

use memchr::memmem::Finder;

use super::predicate::{PredicateId, TextMatch};
use crate::language::{at_word_boundaries, is_behind_signs};

/// The keywords of a policy.
#[derive(Debug, Default)]
pub(super) struct Keywords {
    /// A searcher for each keyword, if there are very few.
    finders: Vec<Finder<'static>>,
    /// Otherwise an index for each length of grams.
    indexes: Vec<GramIndex>,
    words: Vec<Keyword>,
    /// The texts of the keywords, one after the other.
    letters: Vec<u8>,
    /// The predicates that keywords make true, keyword by keyword.
    predicates: Vec<PredicateId>,
}

/// A keyword, and how it must occur.
#[derive(Debug)]
struct Keyword {
    how: TextMatch,
    /// Where its text is in [`Keywords::letters`].
    from: u32,
    to: u32,
    /// Where its predicates end in [`Keywords::predicates`]; they start where those of the keyword before end.
    predicates_to: u32,
}

/// The keywords that are found by grams of the same length.
#[derive(Debug)]
struct GramIndex {
    /// The length of a gram in bytes.
    width: usize,
    /// The bits of four bytes that belong to the gram.
    mask: u32,
    /// The distance in bytes from one position that is looked at to the next.
    stride: usize,
    /// For each hash of a gram, whether a keyword may have it: a Bloom filter with one hash function.
    filter: Vec<u64>,
    /// How many low bits of the product are not part of the hash.
    shift: u32,
    /// Where the postings of each run of hashes start, and where the last ones end.
    runs: Vec<u32>,
    postings: Vec<Posting>,
}

/// A keyword under one of its grams.
#[derive(Debug, Clone, Copy)]
struct Posting {
    gram: u32,
    keyword: u32,
    /// The gram's position in the keyword.
    offset: u32,
}

const LONGEST_GRAM: usize = 4;
const LONGEST_STRIDE: usize = 4;
/// Among many keywords nearly every gram is common to several. The shorter the stride, the fewer grams each keyword needs, and
/// the rarer they can be.
const LONGEST_STRIDE_OF_MANY: usize = 2;
/// Up to this many keywords are found faster one after the other.
const VERY_FEW: usize = 3;
/// Among so few keywords a shorter gram is as selective, and allows a longer stride.
const FEW: usize = 64;
/// Only the first bytes of a keyword are searched for its rarest grams.
const SAMPLED_BYTES: usize = 64;
/// How many bits the filter has for each posting, so that one gram in sixteen passes by accident; and how many hashes share a
/// run, so that a run has one posting on average.
const SPARSE: usize = 16;

impl Keywords {
    /// Of words, each with how it must occur and the predicate that it makes true.
    pub(super) fn new(mut words: Vec<(&str, TextMatch, PredicateId)>) -> Self {
        words.sort_unstable();
        words.dedup();
        let mut keywords = Self::default();
        for same in words.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            let Some((word, how, _)) = same.first() else { continue };
            let from = keywords.letters.len() as u32;
            keywords.letters.extend(word.bytes());
            keywords.predicates.extend(same.iter().map(|(_, _, predicate)| *predicate));
            let (to, predicates_to) = (keywords.letters.len() as u32, keywords.predicates.len() as u32);
            keywords.words.push(Keyword { how: *how, from, to, predicates_to });
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
            keywords.indexes.extend(GramIndex::new(width, &words));
        }
        keywords
    }

    /// Calls `found` with each predicate that a keyword in `text` makes true, perhaps more than once.
    pub(super) fn search(&self, text: &str, found: &mut impl FnMut(PredicateId)) {
        for (finder, keyword) in self.finders.iter().zip(0..) {
            let mut from = 0;
            while let Some(at) = text.as_bytes().get(from..).and_then(|rest| finder.find(rest)) {
                if self.check(text, keyword, from + at, found) {
                    break;
                }
                from += at + 1;
            }
        }
        for index in &self.indexes {
            index.search(text.as_bytes(), &mut |keyword, start| {
                self.check(text, keyword, start, found);
            });
        }
    }

    /// The size in bytes.
    pub(super) fn bytes(&self) -> usize {
        let words = size_of_val(&*self.words) + self.letters.len() + size_of_val(&*self.predicates);
        let finders =
            size_of_val(&*self.finders) + self.letters.len() * usize::from(!self.finders.is_empty());
        words + finders + self.indexes.iter().map(GramIndex::bytes).sum::<usize>()
    }

    /// Whether the keyword is at `start`, and occurs as it must: then its predicates are `found`.
    fn check(&self, text: &str, keyword: u32, start: usize, found: &mut impl FnMut(PredicateId)) -> bool {
        let Some(word) = self.words.get(keyword as usize) else { return false };
        let letters = self.letters_of(word);
        if !text.as_bytes().get(start..).is_some_and(|rest| rest.starts_with(letters)) {
            return false;
        }
        let fits = match word.how {
            TextMatch::ContainsPart => true,
            TextMatch::StartsWith => start == 0 || is_behind_signs(text, start),
            TextMatch::Contains => at_word_boundaries(text, start, start + letters.len()),
            TextMatch::Is => letters.len() == text.len(),
        };
        if fits {
            let before = keyword.checked_sub(1).and_then(|before| self.words.get(before as usize));
            let from = before.map_or(0, |before| before.predicates_to) as usize;
            let predicates = self.predicates.get(from..word.predicates_to as usize).unwrap_or_default();
            for predicate in predicates {
                found(*predicate);
            }
        }
        fits
    }

    fn letters_of(&self, word: &Keyword) -> &[u8] {
        self.letters.get(word.from as usize..word.to as usize).unwrap_or_default()
    }
}

impl GramIndex {
    /// Of `words`, none of which is shorter than `width`; `None` if there are none.
    fn new(width: usize, words: &[(u32, &[u8])]) -> Option<Self> {
        let shortest = words.iter().map(|(_, word)| word.len()).min()?;
        let longest = if words.len() <= FEW { LONGEST_STRIDE } else { LONGEST_STRIDE_OF_MANY };
        let stride = (shortest - width + 1).min(longest);
        let mut postings = postings(width, stride, words);
        let bits = (postings.len() * SPARSE).next_power_of_two().max(1024);
        let shift = u32::BITS - bits.trailing_zeros();
        postings.sort_unstable_by_key(|posting| (hash(posting.gram, shift), posting.keyword, posting.offset));
        let (mut filter, mut runs) = (vec![0; bits / 64], vec![0; bits / SPARSE + 1]);
        for posting in &postings {
            let hash = hash(posting.gram, shift);
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
        Some(Self { width, mask, stride, filter, shift, runs, postings })
    }

    fn bytes(&self) -> usize {
        let filter = size_of_val(&*self.filter) + size_of_val(&*self.runs);
        size_of::<Self>() + filter + size_of_val(&*self.postings)
    }

    /// Calls `candidate` with each keyword that may be in `text`, and where it would start.
    fn search(&self, text: &[u8], candidate: &mut impl FnMut(u32, usize)) {
        // Four bytes are read at once, as long as there are four.
        let fours = text.windows(LONGEST_GRAM);
        let mut at = fours.len().next_multiple_of(self.stride);
        for (position, bytes) in fours.step_by(self.stride).enumerate() {
            let gram = bytes.first_chunk().map_or(0, |bytes| u32::from_le_bytes(*bytes) & self.mask);
            if self.may_have(gram) {
                self.look_up(gram, position * self.stride, candidate);
            }
        }
        while let Some(bytes) = text.get(at..at + self.width) {
            self.look_up(gram(bytes), at, candidate);
            at += self.stride;
        }
    }

    /// Whether a keyword may have the gram.
    #[inline]
    fn may_have(&self, gram: u32) -> bool {
        let hash = hash(gram, self.shift);
        self.filter.get(hash / 64).is_some_and(|word| word >> (hash % 64) & 1 == 1)
    }

    /// Calls `candidate` with each keyword that has the gram. Not inlined: the loop that calls it is rarely here, and is faster
    /// the less code it holds.
    #[inline(never)]
    fn look_up(&self, gram: u32, at: usize, candidate: &mut impl FnMut(u32, usize)) {
        let run = hash(gram, self.shift) / SPARSE;
        let run = self.runs.get(run).zip(self.runs.get(run + 1));
        let run = run.and_then(|(from, to)| self.postings.get(*from as usize..*to as usize));
        for posting in run.unwrap_or_default().iter().filter(|posting| posting.gram == gram) {
            if let Some(start) = at.checked_sub(posting.offset as usize) {
                candidate(posting.keyword, start);
            }
        }
    }
}

/// For each word the postings of `stride` neighbouring grams: those that the fewest words have.
fn postings(width: usize, stride: usize, words: &[(u32, &[u8])]) -> Vec<Posting> {
    let sampled = |word: &[u8]| word.len().min(SAMPLED_BYTES.max(width + stride - 1));
    let grams = |word: &[u8]| {
        let bytes = word.get(..sampled(word)).unwrap_or_default();
        bytes.windows(width).map(gram).collect::<Vec<_>>()
    };
    let mut common: HashMap<u32, u32> = HashMap::new();
    for (_, word) in words {
        for gram in grams(word) {
            *common.entry(gram).or_default() += 1;
        }
    }
    let mut postings = Vec::with_capacity(words.len() * stride);
    for (keyword, word) in words {
        let grams = grams(word);
        let how_common = |grams: &[u32]| grams.iter().filter_map(|gram| common.get(gram)).max().copied();
        let rarest = grams.windows(stride).enumerate().min_by_key(|(_, grams)| how_common(grams));
        let Some((first, grams)) = rarest else { continue };
        let listed = grams.iter().zip(first..);
        postings.extend(listed.map(|(gram, offset)| Posting {
            gram: *gram,
            keyword: *keyword,
            offset: offset as u32,
        }));
    }
    postings
}

/// Up to four bytes as a number, the first in the lowest bits.
#[inline]
fn gram(bytes: &[u8]) -> u32 {
    bytes.iter().rev().fold(0, |gram, byte| gram << 8 | u32::from(*byte))
}

/// Multiplicative hashing (Knuth, *The Art of Computer Programming*, volume 3, section 6.4): the high bits of the product with
/// 2^32 divided by the golden ratio.
#[inline]
fn hash(gram: u32, shift: u32) -> usize {
    (gram.wrapping_mul(0x9E37_79B1) >> shift) as usize
}
