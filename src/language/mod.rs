//! The language: text → tree, and the one table of its words.

pub mod ast;
mod build;
mod decode;
mod draft;
mod fold;
mod grammar;
mod hidden;
mod letters;
mod mend;
mod needle;
mod parse;
mod place;
mod recover;
mod scan;
pub mod vocabulary;

pub use decode::decode;
pub use fold::{Folded, fold};
pub(crate) use fold::{Glance, fold_into, glance};
pub(crate) use needle::{contains_words, stands_apart};
pub use parse::{Parsed, parse};
