//! Tests of loading.

mod at_rest;
mod batches;
mod errors;
mod sharing;
#[cfg(unix)]
mod special_files;
