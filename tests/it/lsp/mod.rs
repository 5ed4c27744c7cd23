//! Tests of `rules lsp`, by clients that start the program.

mod client;

mod code_actions;
mod commands;
mod diagnostics;
mod lifecycle;
mod neovim;
mod random_edits;
mod requests;
mod sync;
