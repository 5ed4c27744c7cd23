//! Everything from the outside: one binary, one module per feature.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod harness;

mod check;
mod explain;
mod fix;
mod init;
mod route;
mod settings_page;
mod shell;
mod stream;
mod testing;
mod wrong_files;
