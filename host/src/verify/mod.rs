//! Whether what a store holds of an inbox follows from its log: each message is decided once, the log
//! replayed through the engine gives the same picks, and `once per` holds.

mod picks;
mod audit;

pub use audit::verify;
