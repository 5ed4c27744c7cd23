//! The users and groups at a moment, and the choice of a member: one file for each algorithm, and the live roster.

mod criterion;
mod dice;
mod in_order;
mod least_chats;
mod least_load;
mod live;
mod most_waiting;
mod view;
mod pick;
mod pool;
mod random;
mod weighted;

pub use crate::situation::RosterSnapshot;
pub use criterion::Criterion;
pub(crate) use dice::LoadedDice;
pub use dice::{dice, dice_of_step};
pub use live::{
    Event, EventError, GroupQueue, GroupRenamed, LimitKept, Rebased, RestoreError, Roster, RosterState,
    UserChats,
};
pub use pick::{Pick, pick};
pub(crate) use pool::skills_words;
pub use pool::{Candidate, ChoiceRequest, Exclusion, Pool, RequiredSkill, RequiredSkills};
pub use view::RosterView;
