//! The language: text → tree, and the one table of its words.

pub mod ast;
mod build;
mod decode;
mod draft;
mod fold;
mod compact;
mod grammar;
mod node;
mod hidden;
mod mend;
mod needle;
mod parse;
mod place;
mod recover;
mod scan;
pub mod vocabulary;

pub use decode::decode;
pub use fold::{Folded, fold};
pub use parse::{Parsed, parse};
