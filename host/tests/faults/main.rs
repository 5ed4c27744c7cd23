//! Faults with real processes: the program is killed, loses its power, its disk, its clock and its peers,
//! under load. After each, nothing that was acknowledged is lost or decided twice, and the log replayed gives
//! what the tables say.
//!
//! A short form runs with the other tests; `scripts/faults` runs the long one.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]
#![allow(clippy::disallowed_methods, reason = "real processes have real clocks")]

mod host;
mod graph;
mod whatsapp;
mod load;
mod journal;

mod killed;
mod power_cut;
mod disk;
mod clock;
mod clients;
mod graph_faults;

#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "postgres")]
mod proxy;
#[cfg(feature = "postgres")]
mod nodes;
#[cfg(feature = "postgres")]
mod namespaces;

/// How often something is done: less often where many other tests run too.
fn times(short: usize, long: usize) -> usize {
    if std::env::var("FAULTS").is_ok_and(|form| form == "long") { long } else { short }
}
