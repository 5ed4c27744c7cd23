//! Who is there now, and who of them takes a chat: one file per algorithm.

mod criterion;
mod dice;
mod in_order;
mod least_chats;
mod least_load;
mod most_waiting;
mod people;
mod pick;
mod pool;
mod random;
mod snapshot;
mod weighted;

pub use criterion::Criterion;
pub use dice::dice;
pub use people::People;
pub use pick::{Pick, pick};
pub use pool::{Candidate, LeftOut, Pool, Wanted};
pub use snapshot::Snapshot;
