//! Folding: the form in which texts are compared, so that case, accents, Unicode form and the habits of keyboards do not
//! matter.
//!
//! `definition.rs` says what the form is, step by step. Two fast paths give the same result, as tests verify: ASCII texts
//! are folded byte by byte (`fold_need.rs`), and most others character by character (`char_fold.rs`).

mod char_fold;
mod definition;
mod fold_need;
mod folded;
mod signs;
#[cfg(test)]
mod tests;

pub(crate) use fold_need::{FoldNeed, fold_need};
pub(crate) use folded::fold_into;
pub use folded::{Folded, fold};
pub(crate) use signs::{is_behind_signs, trim_signs, trim_signs_start};
