//! Sets of small numbers.

/// A set of numbers below [`len`](Self::len).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(in crate::prove) struct Bits {
    words: Vec<u64>,
    len: usize,
}

impl Bits {
    /// None of the numbers below `len`.
    pub(in crate::prove) fn none(len: usize) -> Self {
        Self { words: vec![0; len.div_ceil(64)], len }
    }

    /// All of the numbers below `len`.
    pub(in crate::prove) fn all(len: usize) -> Self {
        let mut all = Self { words: vec![u64::MAX; len.div_ceil(64)], len };
        if let Some(last) = all.words.last_mut().filter(|_| !len.is_multiple_of(64)) {
            *last = (1 << (len % 64)) - 1;
        }
        all
    }

    /// All that can be in it are.
    pub(in crate::prove) fn is_all(&self) -> bool {
        *self == Self::all(self.len)
    }

    pub(in crate::prove) fn has(&self, place: usize) -> bool {
        self.words.get(place / 64).is_some_and(|word| word >> (place % 64) & 1 == 1)
    }

    pub(in crate::prove) fn flip(&mut self, place: usize) {
        if let Some(word) = self.words.get_mut(place / 64).filter(|_| place < self.len) {
            *word ^= 1 << (place % 64);
        }
    }

    pub(in crate::prove) fn set(&mut self, place: usize) {
        if !self.has(place) {
            self.flip(place);
        }
    }

    /// Leaves those that are (or are not) in `other`, which is as long.
    pub(in crate::prove) fn keep(&mut self, other: &Self, are: bool) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word &= if are { *other } else { !other };
        }
    }

    /// Adds those of `other`, which is as long.
    pub(in crate::prove) fn add(&mut self, other: &Self) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word |= other;
        }
    }

    /// Those that are not in it.
    pub(in crate::prove) fn rest(&self) -> Self {
        let mut rest = Self::all(self.len);
        rest.keep(self, false);
        rest
    }

    pub(in crate::prove) fn first(&self) -> Option<usize> {
        let (place, word) = self.words.iter().enumerate().find(|(_, word)| **word != 0)?;
        Some(place * 64 + word.trailing_zeros() as usize)
    }

    pub(in crate::prove) fn iter(&self) -> impl Iterator<Item = usize> {
        (0..self.len).filter(|place| self.has(*place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets() {
        for len in [0, 1, 63, 64, 65, 200] {
            let (none, all) = (Bits::none(len), Bits::all(len));
            assert_eq!((none.rest(), all.rest()), (all.clone(), none.clone()), "{len}");
            assert_eq!((none.first(), all.first()), (None, (len > 0).then_some(0)), "{len}");
            assert_eq!(all.iter().count(), len);
            assert_eq!((all.is_all(), none.is_all()), (true, len == 0));
            let mut some = none;
            some.set(len / 2);
            some.set(len / 2);
            some.flip(len);
            assert_eq!(some.iter().collect::<Vec<_>>(), if len > 0 { vec![len / 2] } else { vec![] });
        }
    }
}
