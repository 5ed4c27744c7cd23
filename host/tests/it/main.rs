//! The program `inbox-host` from outside, one module per feature.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod running;
mod settings;
mod start;
mod api;
mod webhooks;
mod replies;
mod hostile;
mod manual;
