//! A policy made ready to decide quickly: which rule decides, and which `also` rules hold, without asking them all.
//!
//! [`Program::compile`] turns the conditions into *tests*, each once however often it is asked, and into steps from
//! one test to the next (`steps`). A few *sources* of information (`source`), as the customer's country or how many
//! are online, are cut into at most 64 classes, and for each class a row of bits says which rules are not yet ruled
//! out (`table`). A rule that needs a keyword or a tag is not even looked at until one of its keys turns up: the
//! text is searched once for all keywords (`keywords`), and only if a rule that asks for one could still decide.
//! What is left is asked exactly (`look`). The plain reading of the tree, `engine/condition.rs`, is the oracle.

#![expect(
    clippy::cast_possible_truncation,
    reason = "a file is too short to hold more of anything than a `u32` counts"
)]

mod compile;
mod keywords;
mod look;
mod scratch;
mod source;
mod steps;
mod table;
mod term;
mod test;
#[cfg(test)]
mod tests;

pub use compile::Program;
pub use look::Matched;
pub use scratch::Scratch;
