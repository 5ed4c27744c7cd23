//! The language: text → tree, and the one table of its words.

pub mod ast;
mod broken;
mod carriage_returns;
mod decode;
mod item_cache;
mod error_site;
mod expected;
mod first_word;
mod fold;
#[cfg(feature = "check")]
mod following;
#[cfg(feature = "check")]
mod format;
mod grammar;
mod invisible;
mod lexer;
mod lower;
mod merge_conflicts;
mod misplaced_line;
mod one_line;
mod opposites;
mod parse;
mod patched;
mod recovery;
mod repair;
mod split_items;
pub mod vocabulary;
mod word_match;

pub use decode::{Undecodable, decode};
pub(crate) use fold::{FoldNeed, fold_into, fold_need, is_behind_signs, trim_signs, trim_signs_start};
pub use fold::{Folded, fold};
#[cfg(feature = "check")]
pub(crate) use following::following;
#[cfg(feature = "check")]
pub use format::{Formatted, format};
pub use item_cache::ItemCache;
#[cfg(feature = "check")]
pub(crate) use lexer::{Token, TokenKind, lex};
#[cfg(feature = "check")]
pub(crate) use lower::text_value;
pub(crate) use merge_conflicts::first_versions;
pub use one_line::one_line;
pub(crate) use opposites::{nearest_word, without_negation};
pub use parse::{Parsed, parse, reparse};
pub(crate) use repair::{message_kind, month, short_days};
#[cfg(feature = "check")]
pub(crate) use split_items::split_items;
pub(crate) use word_match::{at_word_boundaries, contains_words};
