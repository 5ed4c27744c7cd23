//! `inbox.toml`: numbers, groups, users, attributes, lint levels.

mod name_index;
mod path;
mod word_list;
mod model;
mod aligned;
mod changes;
mod digest;
mod timezone;
mod toml_lines;
mod toml_errors;
mod toml_entry;
mod toml_document;
mod attributes;
mod parse;
#[cfg(test)]
mod tests;

pub use aligned::AlignedInboxes;
pub use changes::InboxChange;
pub use model::{
    AttributeDefinition, AttributeId, AttributeKind, Group, GroupId, Inbox, LintLevel, MessageAttributeId,
    PhoneNumber, PolicyPath, User, UserId, is_e164,
};
pub(crate) use name_index::NameIndex;
pub use path::resolve_path;
pub use timezone::{UnknownTimezone, find_timezone};
pub use toml_document::read_toml;
pub use toml_entry::{TomlEntry, TomlReader};
pub use word_list::WordList;
