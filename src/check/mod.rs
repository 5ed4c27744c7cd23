//! Every finding of every file: the table of them, their pages, and the checks that need no proof.
//!
//! A kind of finding is one row of `LINTS` in `lint.rs` and one page. What makes a policy meaningless (a *fault*) is found
//! where it shows, in the parser, the inbox or the resolver; the other checks stand here, one file each.

mod lint;
mod fault;
mod checked;
mod uses;
mod level;
mod allow;
mod confusing_characters;
mod empty_group;
mod empty_test;
mod mixed_and_or;
mod no_inbox;
mod single_member;
mod test_by_chance;
mod unknown_skill;
mod unnamed_rule;
mod unused_definition;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod changes;

pub use checked::{Checked, check};
pub use lint::{codes, explain, is_fault};
