//! The desk beside a plain store that counts everything anew.

mod hard_cases;
mod log_text;
mod random_events;
mod scenarios;
mod store;
mod verify;
