//! `inbox.toml`: numbers, groups, users, attributes, lint levels.

mod model;
mod timezone;
mod syntax;
mod entry;
mod attributes;
mod parse;

pub use model::{
    Attribute, AttributeId, AttributeKind, Group, GroupId, Inbox, LintLevel, Number, User, UserId, is_e164,
};
pub use timezone::find_timezone;
