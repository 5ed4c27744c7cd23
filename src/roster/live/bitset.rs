//! A set of positions that can count its elements, find the n-th, and find the next one after a position.
//!
//! It is a bitmap with a prefix-sum tree over the number of ones in each word. With it, rank and select take
//! a step per level of the tree, a few for any group, and a change is as cheap (rank and select on bitmaps:
//! G. Jacobson, *Space-efficient static trees and graphs*, FOCS 1989). `by random` draws the n-th member by
//! select; `by in_order` takes the next one.

use super::prefix_sums::PrefixSums;

const BITS: usize = u64::BITS as usize;

/// A set of positions of members in their group.
#[derive(Debug, Clone)]
pub(super) struct RankedBitSet {
    words: Vec<u64>,
    /// The number of ones in each word.
    ones: PrefixSums,
}

impl RankedBitSet {
    /// The positions at which `bits` is `true`.
    pub(super) fn of(bits: impl IntoIterator<Item = bool>) -> Self {
        let mut words = Vec::new();
        for (position, present) in bits.into_iter().enumerate() {
            if position % BITS == 0 {
                words.push(0);
            }
            if let Some(word) = words.last_mut() {
                *word |= u64::from(present) << (position % BITS);
            }
        }
        let ones = PrefixSums::of(words.iter().copied().map(ones));
        Self { words, ones }
    }

    /// The number of elements.
    pub(super) fn count(&self) -> u64 {
        self.ones.total()
    }

    /// Whether `position` is in the set.
    pub(super) fn contains(&self, position: usize) -> bool {
        self.words.get(position / BITS).is_some_and(|word| word >> (position % BITS) & 1 == 1)
    }

    /// Adds or removes `position`.
    pub(super) fn set(&mut self, position: usize, present: bool) {
        if let Some(word) = self.words.get_mut(position / BITS) {
            let bit = 1 << (position % BITS);
            let before = *word;
            *word = if present { before | bit } else { before & !bit };
            self.ones.replace(position / BITS, ones(before), ones(*word));
        }
    }

    /// The first element at or after `from`.
    pub(super) fn next(&self, from: usize) -> Option<usize> {
        let word = from / BITS;
        let rest = self.words.get(word)? >> (from % BITS);
        if rest == 0 {
            self.select(self.ones.sum_before(word + 1))
        } else {
            Some(from + trailing_zeros(rest))
        }
    }

    /// The element that has `n` elements before it.
    pub(super) fn select(&self, n: u64) -> Option<usize> {
        let (word, n) = self.ones.find(n)?;
        Some(word * BITS + select_in_word(*self.words.get(word)?, n))
    }

    /// Whether each position is in the set, padded to whole words.
    pub(super) fn bits(&self) -> impl Iterator<Item = bool> {
        self.words.iter().flat_map(|word| (0..BITS).map(move |bit| word >> bit & 1 == 1))
    }

    /// The elements in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = usize> {
        self.bits().enumerate().filter_map(|(position, present)| present.then_some(position))
    }
}

fn ones(word: u64) -> u64 {
    word.count_ones().into()
}

fn trailing_zeros(word: u64) -> usize {
    word.trailing_zeros() as usize
}

/// The position of the one in `word` that has `n` ones before it. The word has more than `n` ones.
///
/// Broadword selection (S. Vigna, *Broadword implementation of rank/select queries*, WEA 2008): all eight
/// bytes are compared with `n` in one subtraction, so that there is no loop over the word with a branch that
/// cannot be predicted.
fn select_in_word(word: u64, n: u64) -> usize {
    /// A one in each byte: a multiplication by it copies a byte into all bytes, or adds up each byte and
    /// those below it.
    const EACH_BYTE: u64 = 0x0101_0101_0101_0101;
    const HIGH_BITS: u64 = 0x80 * EACH_BYTE;
    // The number of ones in each pair of bits, in each nibble, in each byte; then in each byte together with
    // those below it.
    let ones = word - ((word >> 1) & (0x55 * EACH_BYTE));
    let ones = (ones & (0x33 * EACH_BYTE)) + ((ones >> 2) & (0x33 * EACH_BYTE));
    let ones = ((ones + (ones >> 4)) & (0x0f * EACH_BYTE)).wrapping_mul(EACH_BYTE);
    // The high bit of a byte survives if there are at most `n` ones up to the end of that byte: it is
    // skipped.
    let skipped = (((n * EACH_BYTE) | HIGH_BITS) - ones) & HIGH_BITS;
    let byte_start = skipped.count_ones() * u8::BITS;
    let mut rest = word >> byte_start;
    for _ in (ones << u8::BITS >> byte_start & 0xff)..n {
        // Clears the lowest one.
        rest &= rest - 1;
    }
    byte_start as usize + trailing_zeros(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(len: usize, present: impl Fn(usize) -> bool) {
        let mut set = RankedBitSet::of((0..len).map(|position| position % 5 == 0));
        for position in 0..len {
            set.set(position, present(position));
        }
        let expected: Vec<usize> = (0..len).filter(|position| present(*position)).collect();
        assert_eq!(set.iter().collect::<Vec<_>>(), expected);
        assert_eq!(set.count(), expected.len() as u64);
        for position in 0..len + 2 {
            assert_eq!(set.contains(position), expected.contains(&position), "{position}");
            assert_eq!(
                set.next(position),
                expected.iter().copied().find(|next| *next >= position),
                "from {position}"
            );
        }
        for n in 0..=expected.len() {
            assert_eq!(set.select(n as u64), expected.get(n).copied(), "number {n}");
        }
    }

    #[test]
    fn all_few_and_none() {
        for len in [0, 1, 63, 64, 65, 1000, 1100, 2048] {
            check(len, |_| true);
            check(len, |_| false);
            check(len, |position| position % 3 == 1);
            check(len, |position| position % 700 == 69);
            check(len, |position| position % 64 == 63);
        }
    }
}
