//! The language: text → tree, and the one table of its words.

pub mod ast;
pub mod vocabulary;
