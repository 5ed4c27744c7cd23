//! Tests of `rules graph`.

mod browser;
mod formats;
mod messages;
mod pictures;
