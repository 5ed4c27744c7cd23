//! Every finding of every file: the table of them, their pages, and where each is found.
//!
//! A kind of finding is one row of `LINTS` in `lint.rs` and one page. What makes a policy meaningless (a *fault*) is found
//! where it shows, in the parser, the inbox or the resolver; the other checks stand here, one file each.

mod lint;
mod fault;
mod checked;
mod uses;
mod copies;
mod level;
mod allow;
mod proofs;
mod always_true;
mod assign_owner_without_owner;
mod confusing_characters;
mod empty_group;
mod empty_test;
mod may_pick_offline;
mod mixed_and_or;
mod never_true;
mod no_inbox;
mod nobody_to_give;
mod not_settled;
mod placeholder_may_be_empty;
mod redundant_part;
mod single_member;
mod test_by_chance;
mod unanswered;
mod unknown_skill;
mod unnamed_rule;
mod unreachable_alternative;
mod unreachable_rule;
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
pub use lint::explain;
