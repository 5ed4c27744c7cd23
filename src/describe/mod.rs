//! Situations, lists and times in words, for everything that describes them to people.

#![cfg_attr(
    not(feature = "check"),
    allow(
        dead_code,
        unused_imports,
        unreachable_pub,
        reason = "the reasons of decisions need only a part of it"
    )
)]

mod customer;
mod english;
#[cfg(feature = "check")]
mod inbox_change;
mod source;
mod weekdays;

pub(crate) use customer::customer;
pub(crate) use english::{chats_wait, duration, list, names_are, rough_duration, truncated, with_article};
#[cfg(feature = "check")]
pub(crate) use inbox_change::inbox_change;
pub(crate) use source::{attribute_name, duration_literal, given_lines, string_literal};
pub use weekdays::WeeklyInterval;
pub(crate) use weekdays::weekly;
