//! Everything from the outside: one binary, one module per feature.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod committed;
mod harness;
mod markdown;

mod architecture;
mod check;
mod copies;
mod coverage;
mod diff;
mod docs;
mod explain;
mod fix;
mod init;
mod reload;
mod route;
mod samples;
mod schema;
mod settings_page;
mod settings_page_library;
mod shell;
mod stream;
mod testing;
mod twins;
mod wrong_files;
