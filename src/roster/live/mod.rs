//! The live roster: state that events update, with indexes to choose a member without a scan of the group.

mod prefix_sums;
mod bitset;
mod weighted_index;
mod sorted_list;
mod live_state;
mod users;
mod absent;
mod members;
mod ranking;
mod candidate_index;
mod group;
mod roster;
mod event;
mod apply;
mod state_fields;
mod roster_state;
mod rebase;
mod situation;
mod choose;
#[cfg(test)]
mod tests;

pub use event::{Event, EventError};
pub use rebase::{GroupQueue, GroupRenamed, LimitKept, Rebased, UserChats};
pub use roster::Roster;
pub use roster_state::{RestoreError, RosterState};
