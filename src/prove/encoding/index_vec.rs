//! Vectors with an index type of their own, so that an index cannot be used with the wrong vector.
//!
//! A prover must never guess: an index without an element is a bug and panics, here and nowhere else in the prover.

use std::marker::PhantomData;

/// The index of an element in some [`IndexVec`].
pub(in crate::prove) trait VecIndex: Copy {
    /// The index of the element at `position`.
    fn new(position: usize) -> Self;

    /// The position of the element.
    fn position(self) -> usize;
}

/// Declares index types.
macro_rules! index_types {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub(in crate::prove) struct $name(u32);

        impl crate::prove::encoding::index_vec::VecIndex for $name {
            fn new(position: usize) -> Self {
                Self(u32::try_from(position).expect("there are fewer than four billion elements"))
            }

            fn position(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}
pub(super) use index_types;

/// A vector that is indexed by `I`.
#[derive(Debug, Clone)]
pub(in crate::prove) struct IndexVec<I, T> {
    items: Vec<T>,
    index: PhantomData<fn(I)>,
}

impl<I: VecIndex, T> IndexVec<I, T> {
    pub(in crate::prove) fn push(&mut self, item: T) -> I {
        self.items.push(item);
        I::new(self.items.len() - 1)
    }

    pub(in crate::prove) fn len(&self) -> usize {
        self.items.len()
    }

    pub(in crate::prove) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    pub(in crate::prove) fn first(&self) -> Option<&T> {
        self.items.first()
    }

    pub(in crate::prove) fn values(&self) -> std::slice::Iter<'_, T> {
        self.items.iter()
    }

    pub(in crate::prove) fn indices(&self) -> impl Iterator<Item = I> + use<I, T> {
        (0..self.items.len()).map(I::new)
    }

    /// Each element with its index.
    pub(in crate::prove) fn iter(&self) -> impl Iterator<Item = (I, &T)> {
        self.items.iter().enumerate().map(|(position, item)| (I::new(position), item))
    }
}

impl<I, T> Default for IndexVec<I, T> {
    fn default() -> Self {
        Self { items: Vec::new(), index: PhantomData }
    }
}

impl<I, T> FromIterator<T> for IndexVec<I, T> {
    fn from_iter<A: IntoIterator<Item = T>>(items: A) -> Self {
        Self { items: items.into_iter().collect(), index: PhantomData }
    }
}

impl<I: VecIndex, T> std::ops::Index<I> for IndexVec<I, T> {
    type Output = T;

    fn index(&self, index: I) -> &T {
        at(&self.items, index.position())
    }
}

impl<I: VecIndex, T> std::ops::IndexMut<I> for IndexVec<I, T> {
    #[expect(
        clippy::indexing_slicing,
        reason = "an index comes from `push`, `indices` or `iter`; a wrong one is a bug"
    )]
    fn index_mut(&mut self, index: I) -> &mut T {
        &mut self.items[index.position()]
    }
}

/// The element at `index`, which exists.
///
/// # Panics
///
/// Panics if it does not.
#[expect(
    clippy::indexing_slicing,
    reason = "a wrong index is a bug, and a wrong proof would be worse than a panic"
)]
pub(in crate::prove) fn at<T>(items: &[T], index: usize) -> &T {
    &items[index]
}
