//! Tree → meaning: names looked up, types checked. What every later stage reads.

pub mod calendar;
pub mod condition;
pub mod file;
pub mod folder;
mod imagine;
pub mod model;
mod resolve;

pub use condition::{Attribute, AttributeTest, Condition, ConditionKind, Counted, Fact, Scope, TextTest};
pub use file::{Outline, RuleFile, digest};
pub use folder::{Files, Folder, inside, number_of, policy_key};
pub use model::{
    Alternative, Assign, Definition, Expect, ExpectKind, Given, GivenMessage, GivenUser, GroupTarget, Piece,
    Placeholder, Policy, Reply, Rule, Skill, Target, Template, Test, Value,
};
pub use resolve::{Resolved, resolve};
