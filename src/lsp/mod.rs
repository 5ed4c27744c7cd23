//! The language server: the protocol, and nothing else. What is answered is in `ide/` and `check/`.

mod clock;
mod positions;
mod file_uri;
mod client;
mod capabilities;
mod documents;
mod root_place;
mod earlier_proofs;
mod resolved_cache;
mod root;
mod view;
mod checker;
mod diagnostics;
mod text_edits;
mod fixes;
mod code_actions;
mod navigation;
mod completions;
mod outline;
mod tokens;
mod annotations;
mod formatting;
mod transport;
mod outbox;
mod progress;
mod tasks;
mod commands;
mod reports;
mod pulls;
mod session;
mod requests;
mod serve;

pub use serve::{Ended, serve_stdio};
