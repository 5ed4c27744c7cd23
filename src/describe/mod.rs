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

mod condition;
mod customer;
mod english;
mod hours;
mod rule;
#[cfg(feature = "check")]
mod inbox_change;
mod source;
#[cfg(test)]
mod tests;
mod value_words;
mod weekdays;

pub use condition::{FactWords, fact_words};
pub(crate) use customer::customer;
pub(crate) use english::{chats_wait, duration, list, names_are, rough_duration, truncated, with_article};
pub use hours::{HoursPart, HoursWords, dates_words, hours_words};
#[cfg(feature = "check")]
pub(crate) use inbox_change::inbox_change;
pub use rule::{
    AssignStep, ConditionPart, FlowDefinition, FlowFact, FlowPriority, FlowReply, FlowRule, FlowSkill,
    FlowTag, flow_definitions, flow_rules,
};
pub(crate) use source::{attribute_name, duration_literal, given_lines, string_literal};
pub use weekdays::WeeklyInterval;
pub(crate) use weekdays::weekly;
