//! The program `inbox-host` from outside, one module per feature.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that panics has failed"
)]
#![allow(clippy::disallowed_methods, reason = "real programs have real clocks")]

mod running;
mod security;
mod settings;
mod start;
mod api;
mod decision_log;
mod rules;
mod webhooks;
mod page;
mod proxy;
mod page_calls;
mod replies;
mod routing_options;
mod hostile;
mod manual;
