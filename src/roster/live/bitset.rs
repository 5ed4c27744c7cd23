//! A set of places in a group: how many, the first from a place on, the n-th.
//!
//! A bitmap with the ones of each word counted, so that both are a few steps (rank and select: G. Jacobson, *Space-efficient static
//! trees and graphs*, FOCS 1989; within a word as S. Vigna, *Broadword implementation of rank/select queries*, WEA 2008).

use super::prefix_sums::PrefixSums;

const BITS: usize = u64::BITS as usize;

/// A set of places in a group.
#[derive(Debug, Clone)]
pub(super) struct RankedBitSet {
    words: Vec<u64>,
    /// The ones of each word.
    ones: PrefixSums,
}

impl RankedBitSet {
    /// Each of the row that is `true`.
    pub(super) fn of(row: impl IntoIterator<Item = bool>) -> Self {
        let mut words = Vec::new();
        for (place, there) in row.into_iter().enumerate() {
            if place % BITS == 0 {
                words.push(0);
            }
            if let Some(word) = words.last_mut() {
                *word |= u64::from(there) << (place % BITS);
            }
        }
        let ones = PrefixSums::of(words.iter().copied().map(ones));
        Self { words, ones }
    }

    /// How many there are.
    pub(super) fn count(&self) -> u64 {
        self.ones.total()
    }

    /// Whether `place` is one of them.
    pub(super) fn contains(&self, place: usize) -> bool {
        self.words.get(place / BITS).is_some_and(|word| word >> (place % BITS) & 1 == 1)
    }

    /// Puts `place` in or out.
    pub(super) fn set(&mut self, place: usize, there: bool) {
        if let Some(word) = self.words.get_mut(place / BITS) {
            let bit = 1 << (place % BITS);
            let before = *word;
            *word = if there { before | bit } else { before & !bit };
            self.ones.change(place / BITS, ones(before), ones(*word));
        }
    }

    /// The first of them that is `from` or after it.
    pub(super) fn next(&self, from: usize) -> Option<usize> {
        let word = from / BITS;
        let rest = self.words.get(word)? >> (from % BITS);
        if rest == 0 { self.nth(self.ones.before(word + 1)) } else { Some(from + low_zeros(rest)) }
    }

    /// The one before which there are `n`.
    pub(super) fn nth(&self, n: u64) -> Option<usize> {
        let (word, n) = self.ones.find(n)?;
        Some(word * BITS + nth_one(*self.words.get(word)?, n))
    }

    /// For each place, whether it is one of them; it goes a little beyond the last place.
    pub(super) fn row(&self) -> impl Iterator<Item = bool> {
        self.words.iter().flat_map(|word| (0..BITS).map(move |bit| word >> bit & 1 == 1))
    }

    /// All of them, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = usize> {
        self.row().enumerate().filter_map(|(place, there)| there.then_some(place))
    }
}

fn ones(word: u64) -> u64 {
    word.count_ones().into()
}

fn low_zeros(word: u64) -> usize {
    word.trailing_zeros() as usize
}

/// The place in `word` of the one before which there are `n`; there is one.
fn nth_one(word: u64, n: u64) -> usize {
    const EACH: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x80 * EACH;
    // The ones of each two bits, four bits, byte; then of each byte and those below it.
    let ones = word - ((word >> 1) & (0x55 * EACH));
    let ones = (ones & (0x33 * EACH)) + ((ones >> 2) & (0x33 * EACH));
    let ones = ((ones + (ones >> 4)) & (0x0f * EACH)).wrapping_mul(EACH);
    // The high bit of each byte that is passed stays.
    let passed = (((n * EACH) | HIGH) - ones) & HIGH;
    let byte = passed.count_ones() * u8::BITS;
    let mut rest = word >> byte;
    for _ in (ones << u8::BITS >> byte & 0xff)..n {
        rest &= rest - 1;
    }
    byte as usize + low_zeros(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(len: usize, there: impl Fn(usize) -> bool) {
        let mut places = RankedBitSet::of((0..len).map(|place| place % 5 == 0));
        for place in 0..len {
            places.set(place, there(place));
        }
        let expected: Vec<usize> = (0..len).filter(|place| there(*place)).collect();
        assert_eq!(places.iter().collect::<Vec<_>>(), expected);
        assert_eq!(places.count(), expected.len() as u64);
        for place in 0..len + 2 {
            assert_eq!(places.contains(place), expected.contains(&place), "{place}");
            assert_eq!(
                places.next(place),
                expected.iter().copied().find(|next| *next >= place),
                "from {place}"
            );
        }
        for n in 0..=expected.len() {
            assert_eq!(places.nth(n as u64), expected.get(n).copied(), "number {n}");
        }
    }

    #[test]
    fn all_few_and_none() {
        for len in [0, 1, 63, 64, 65, 1000, 1100, 2048] {
            check(len, |_| true);
            check(len, |_| false);
            check(len, |place| place % 3 == 1);
            check(len, |place| place % 700 == 69);
            check(len, |place| place % 64 == 63);
        }
    }
}
