//! Tests of loading.

mod batches;
mod errors;
mod sharing;
