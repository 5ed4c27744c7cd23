//! A rule file of a folder → its policy, and the findings about the file's own items.

mod context;
mod names;
mod use_graph;
mod name_table;
mod imports;
mod operands;
mod calendars;
mod presence_test;
mod text;
mod message;
mod chat;
mod unknown_fact;
mod condition;
mod definitions;
mod placeholder;
mod action;
mod rule;
mod given_twice;
mod given;
mod test_block;
mod time_zone;
mod rest;
mod advice;
#[cfg(feature = "check")]
mod user_as_group;
mod policy;
#[cfg(test)]
mod tests;

pub use name_table::NameTable;
pub use placeholder::{DoubledBraces, doubled_braces, listed_placeholders, placeholder_names};
pub use policy::{Resolved, resolve, resolve_with};
#[cfg(feature = "check")]
pub(crate) use user_as_group::refuse_users_as_groups;
