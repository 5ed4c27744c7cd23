//! The integration tests, in one binary: one module for each verb or feature.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod generated;
mod harness;
mod markdown;

mod accounting;
mod architecture;
mod broken_samples;
mod check;
mod ci;
mod coverage;
mod diff;
mod docs;
mod duplicate_policies;
mod editors;
mod errors;
mod explain;
mod fix;
mod fmt;
mod graph;
mod init;
mod invalid_files;
mod lsp;
mod mistakes;
mod options;
mod reload;
mod replay;
mod requests;
mod route;
mod roster_model;
mod roster_threads;
mod route_stream;
mod run_tests;
mod samples;
mod schema;
mod settings_page;
mod settings_page_library;
mod shared_policies;
mod shell;
mod simulate;
