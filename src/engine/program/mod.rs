//! A policy compiled: which rule decides, and which `also` rules hold, without evaluating every rule.
//!
//! [`Program::compile`] makes predicates of the conditions (`predicate`, `interner`), each once however many rules contain
//! it, and branches from one predicate to the next (`branches`). A few features of a message (`feature`), as the customer's country
//! or how many users are online, are partitioned into at most 64 classes, and an index (`index`) has for each class the rules
//! that can hold in it, as a row of bits. Rules that need a keyword or a tag are not even looked at until one of their
//! triggers is found: the text is searched once for all keywords (`keywords`), and only if a rule that needs one could still
//! decide. What is left is evaluated exactly (`run`), and each result is remembered for this message (`scratch`).
//!
//! The plain reading of the policy, `engine/condition.rs`, is the oracle in tests.

#![expect(
    clippy::cast_possible_truncation,
    reason = "a file is too short to hold more of anything than a `u32` counts"
)]

mod predicate;
mod nnf;
mod interner;
mod branches;
mod feature;
mod index;
mod keywords;
mod compile;
mod scratch;
mod run;
#[cfg(test)]
mod tests;

pub use compile::Program;
pub use run::Matched;
pub use scratch::Scratch;
