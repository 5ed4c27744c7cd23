//! Every finding of every file: the table of them, their pages, and where each is found.
//!
//! A kind of finding has one code, one row in the table and one page. What makes a policy meaningless (a *fault*) is found
//! where it shows, in the parser, the inbox or the resolver; the other checks are lints, one file each.

mod lint;
mod checked;
mod uses;
mod copies;
mod proofs;
mod lints;
mod faults;
mod table;
mod level;
mod allow;
#[cfg(test)]
mod tests;

pub use checked::{Checked, check};
pub use table::explain;
