//! Tree → meaning: names are resolved and types checked. Every later stage reads a policy, and none reads a tree to
//! decide.

pub mod calendar;
mod pattern;
pub mod condition;
pub mod model;
mod rule_ref;
mod path;
mod outline;
pub mod file;
pub mod files;
mod infer_inbox;
pub mod folder;
mod policy_files;
mod resolve;

pub use condition::{Attribute, AttributeTest, Condition, ConditionKind, Fact, Scope, TextTest};
pub use file::{RuleFile, digest};
pub use files::Files;
pub use folder::Folder;
pub(crate) use folder::INBOX;
pub use model::{
    Alternative, Assign, AttributeValue, Definition, Expect, ExpectKind, Given, GivenChat, GivenMessage,
    GivenUser, GroupTarget, LaterActions, NamedSkill, Placeholder, Policy, Reply, Rule, Schedule, Skill,
    Target, Template, TemplatePart, Test,
};
#[cfg(feature = "check")]
pub(crate) use outline::NameKind;
pub use outline::Outline;
pub use path::{misnamed_number, number_of, policy_key};
pub use pattern::Pattern;
pub use policy_files::policy_file_errors;
#[cfg(feature = "check")]
pub(crate) use resolve::refuse_users_as_groups;
pub use resolve::{
    DoubledBraces, NameTable, Resolved, doubled_braces, listed_placeholders, placeholder_names, resolve,
    resolve_with,
};
pub use rule_ref::RuleRef;
