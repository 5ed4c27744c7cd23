//! The language: text → tree, and the one table of its words.

pub mod ast;
mod build;
mod decode;
mod draft;
mod fold;
mod compact;
mod grammar;
mod node;
mod invisible;
mod char_fold;
mod mend;
mod word_match;
mod parse;
mod place;
mod recover;
mod scan;
pub mod vocabulary;

pub use decode::decode;
pub(crate) use fold::{FoldNeed, fold_into, fold_need};
pub use fold::{Folded, fold};
pub use parse::{Parsed, parse};
pub(crate) use word_match::{at_word_boundaries, contains_words};
