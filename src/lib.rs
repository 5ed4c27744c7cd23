//! Decides who answers a customer.
//!
//! A WhatsApp number receives messages. Rules, written by the people who run the inbox, decide which user of which
//! group gets each message, by which algorithm, and what the customer reads.
//!
//! ```
//! use inbox_rules::{Inbox, RuleSet, Situation, Source, dice};
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
//! - [`RuleSet::load`] reads a whole folder; `Reloader::watch` follows it while it changes.
//! - [`RuleSet::decide`] decides a [`Situation`], and is pure: the moment is part of the situation and the source of
//!   randomness is an argument, so each decision can be repeated.
//! - [`RuleSet::route`] decides by a live [`Roster`], which [`Event`]s keep up to date, and gives the chosen user the chat
//!   in the same step; [`RuleSet::reroute`] goes on when nobody has answered.
//! - [`desk::Desk`] keeps the chats of an inbox over a roster: queues, timers and owners, and a log from which the roster can be
//!   made again.
//! - `check` finds what is wrong with a folder of rules, and [`diagnostic`] prints it. `compare` finds what two versions of
//!   the rules decide differently, `replay` compares the decisions of a recorded log, and `simulation` estimates how long
//!   customers wait.
//!
//! Each module below is one stage and uses only the modules listed above it. The hidden ones are for the program `rules`
//! and for tests and benchmarks; their names may change.

#![cfg_attr(test, allow(clippy::string_slice, reason = "a test that panics has failed"))]

// What pest derives names `alloc` where pest is built without `std`.
extern crate alloc;

pub mod text;
mod parallel;
#[cfg(feature = "check")]
mod cancellation;
pub mod diagnostic;
#[doc(hidden)]
pub mod language;
#[doc(hidden)]
pub mod inbox;
#[doc(hidden)]
pub mod policy;
#[doc(hidden)]
pub mod situation;
#[cfg_attr(not(feature = "check"), allow(unused, reason = "the linter and the prover describe most"))]
#[doc(hidden)]
pub mod describe;
pub mod options;
#[doc(hidden)]
pub mod roster;
#[doc(hidden)]
pub mod engine;
#[doc(hidden)]
pub mod load;
pub mod desk;
#[cfg(feature = "check")]
#[doc(hidden)]
pub mod prove;
#[cfg(feature = "check")]
pub mod check;
#[cfg(feature = "check")]
#[doc(hidden)]
pub mod scenario;
#[cfg(feature = "check")]
pub mod compare;
#[cfg(feature = "check")]
pub mod replay;
#[cfg(feature = "check")]
#[doc(hidden)]
pub mod graph;
#[cfg(feature = "check")]
pub mod simulation;
#[cfg(feature = "check")]
#[doc(hidden)]
pub mod ide;
#[cfg(feature = "reload")]
#[doc(hidden)]
pub mod reload;
#[cfg(feature = "lsp")]
#[doc(hidden)]
pub mod lsp;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
#[cfg(test)]
#[cfg_attr(
    not(feature = "check"),
    allow(unused, reason = "the tests of the linter and the prover use it most")
)]
mod testing;

pub use diagnostic::{Code, Finding, Level};
pub use engine::{
    Assignment, ChatId, Decision, Later, Reasons, Resume, RouteError, Routed, RuleRef, SentReply, Step,
    TakeError, Timer, WaitingChat, WaitingChats,
};
pub use inbox::{Inbox, User};
pub use language::vocabulary::{Algorithm, MessageKind, Presence, Priority};
pub use load::{LoadError, RuleSet, read_folder};
pub use policy::{AttributeValue, Folder, Policy};
#[cfg(feature = "reload")]
pub use reload::{
    Admission, Changes, FolderDigest, Health, Judgement, Outcome, Proposal, Publisher, Reader, Refusal,
    Release, ReloadError, ReloadThread, Reloader, ReloaderBuilder, Settings, Verdict,
};
pub use roster::{
    Event, EventError, GroupQueue, GroupRenamed, LimitKept, Rebased, RestoreError, Roster, RosterState,
    UserChats, dice, dice_of_step,
};
pub use situation::{
    Customer, Incoming, Message, Moment, OpenChat, Situation, SituationError, UserNow, UserState,
};
pub use text::Source;

/// The example of the README, as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

/// The host of the documentation, as a test.
#[cfg(doctest)]
#[doc = include_str!("../docs/embedding.md")]
struct Embedding;
