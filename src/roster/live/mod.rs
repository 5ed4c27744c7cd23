//! The live side: who is there now, kept up by events, and chosen from without going through the members.

mod sums;
mod places;
mod shares;
mod sorted;
mod figures;
mod users;
mod members;
mod ranking;
mod candidates;
mod group;
mod roster;
mod event;
mod apply;
mod choose;
#[cfg(test)]
mod oracle;
#[cfg(test)]
mod tests;

pub use choose::Ask;
pub use event::{Event, EventError};
pub use roster::Roster;
