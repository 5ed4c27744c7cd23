//! The meaning of `hours` and `dates` in local time, and the conversion between instants and local time.

mod ranges;
mod dates;
mod hours;
mod resolve;
mod moment;

pub use dates::DateSet;
pub use hours::{Calendar, Opening};
pub use moment::{instant, wall_clock};
pub use resolve::{resolve_dates, resolve_entry, resolve_hours};

#[cfg(test)]
mod tests;
