//! Tests of loading.

mod at_rest;
mod batches;
mod digest;
mod drain;
mod errors;
mod sharing;
mod waiting;
#[cfg(unix)]
mod special_files;
