//! `inbox.toml`: numbers, groups, users, attributes, lint levels.

mod name_index;
mod model;
mod timezone;
mod toml_errors;
mod toml_entry;
mod attributes;
mod parse;
#[cfg(test)]
mod tests;

pub use model::{
    AttributeDefinition, AttributeId, AttributeKind, Group, GroupId, Inbox, LintLevel, PhoneNumber, User,
    UserId, is_e164,
};
pub use timezone::find_timezone;
