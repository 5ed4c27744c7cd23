//! Decides who answers a customer.
//!
//! A WhatsApp number receives messages; rules that the people of the inbox write decide which user of which group
//! gets each one, by which algorithm, and what the customer is told.
//!
//! ```
//! use inbox_rules::text::Source;
//! use inbox_rules::{Inbox, RuleSet, Situation, dice};
//!
//! let (inbox, findings) = Inbox::parse(&Source::new("inbox.toml", r#"
//!     [users.alice]
//!     [users.bob]
//!     [groups]
//!     Sales = ["alice", "bob"]
//! "#));
//! assert!(findings.is_empty());
//!
//! let rules = RuleSet::parse("+15550100.rules", r#"
//!     rule "welcome"
//!     when new_customer and any_online:
//!         assign group "Sales" by least_chats, reply "Welcome to my store."
//!     otherwise:
//!         assign owner else group "Sales" by in_order
//! "#, &inbox)?;
//!
//! let situation = Situation::from_json(r#"{
//!     "number": "+15550100", "at": "2026-11-24T18:30:00Z",
//!     "message": { "id": "wamid.A1", "text": "hello" },
//!     "users": { "alice": { "presence": "online", "chats": 3 }, "bob": { "presence": "online", "chats": 1 } }
//! }"#)?;
//! let decision = rules.decide(&situation, &mut dice(0, Some("wamid.A1")))?;
//!
//! assert_eq!(decision.rule.unwrap().name.as_deref(), Some("welcome"));
//! assert_eq!(serde_json::to_value(decision.assign)?["user"], "bob");
//! assert_eq!(decision.replies[0].text, "Welcome to my store.");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A host reads a whole folder with [`RuleSet::load`], or follows it with
//! [`Reloader::watch`](https://docs.rs/inbox_rules/latest/inbox_rules/reload/struct.Reloader.html). A decision is pure: the moment stands in the [`Situation`], and
//! the dice are an argument, so each can be repeated.
//!
//! Each folder below is one stage and uses only those listed above it.

#![cfg_attr(test, allow(clippy::string_slice, reason = "a test that panics has failed"))]

// What pest derives names `alloc` where pest is built without `std`.
extern crate alloc;

pub mod text;
mod parallel;
pub mod diagnostic;
pub mod language;
pub mod inbox;
pub mod policy;
pub mod situation;
mod describe;
pub mod roster;
pub mod engine;
pub mod load;
#[cfg(feature = "check")]
pub mod prove;
#[cfg(feature = "check")]
pub mod check;
#[cfg(feature = "check")]
pub mod scenario;
#[cfg(feature = "reload")]
pub mod reload;
#[cfg(feature = "cli")]
pub mod cli;
#[cfg(test)]
#[cfg_attr(
    not(feature = "check"),
    allow(unused, reason = "the tests of the linter and the prover use it most")
)]
mod testing;

pub use diagnostic::Finding;
pub use engine::Decision;
pub use inbox::Inbox;
pub use load::{LoadError, RuleSet};
#[cfg(feature = "reload")]
pub use reload::Reloader;
pub use roster::{Event, Roster, dice};
pub use situation::{Situation, SituationError};

/// The example of the README, as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
