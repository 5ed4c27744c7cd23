//! Tests of `rules lsp`, by clients that start the program.

#![allow(
    clippy::needless_pass_by_value,
    clippy::string_slice,
    reason = "calls read better with values, and a test that panics has failed"
)]

mod client;

mod code_actions;
mod commands;
mod diagnostics;
mod lifecycle;
mod neovim;
mod random_edits;
mod requests;
mod sync;
mod workspace;
