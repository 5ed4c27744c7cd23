//! Decides who answers a customer.

pub mod text;
pub mod diagnostic;
pub mod language;
pub mod inbox;
pub mod policy;
pub mod situation;
pub mod roster;
pub mod engine;
pub mod check;
pub mod scenario;
pub mod load;
#[cfg(feature = "cli")]
pub mod cli;

pub use engine::Decision;
pub use inbox::Inbox;
pub use load::{LoadError, RuleSet};
pub use roster::dice;
pub use situation::Situation;

/// The example of the README, as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
