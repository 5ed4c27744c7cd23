//! The language: text → tree, and the one table of its words.

pub mod ast;
mod fold;
mod needle;
pub mod vocabulary;

pub use fold::{Folded, fold};
