//! Hot reload: a folder is followed, and a whole new rule set replaces the current one when the files have changed and
//! are sound.
//!
//! The files alone count. The folder is searched about every second, and a file is read again when its size, its inode or
//! one of its times differs; every byte is read about once a minute. Large folders are searched and read less often. Events
//! of the file system only make this quicker, so nothing is lost where there are none (a link that changes its target, a
//! network drive, an exhausted limit).
//!
//! What is promised:
//!
//! - A file is used once it has come to rest: two readings, [`Settings::settle`] apart, agree.
//! - Files that change no further apart than that become current together, however many they are.
//! - But a file that keeps changing for longer than a tenth of [`Settings::patience`] is left out until it rests, and so are
//!   the changes of files that use it and of those that it uses; the others become current without it. And no change waits
//!   for others longer than `patience`.
//! - The whole set is judged each time, and becomes current only if it is sound. What has changed is judged for faults first,
//!   and a fault refuses the set at once; proofs are made where there are none. A policy has a budget for them, so a change
//!   waits no longer than the budgets of the policies that it affects, which are proved side by side. What is saved
//!   meanwhile is judged next, all together. With [`Settings::faults_alone`] no proofs are made, so none are waited for.
//! - Folders never wait for the judging of others, nor for what the caller's functions do, even on one thread.
//! - The first set is as whole as any later one.
//!
//! A change in parts that are further apart is two changes. To make several files current together whatever happens, replace
//! them together: rename a folder, or change the target of a link.

mod clock;
mod panics;
mod start_thread;
mod digest;
mod fs_events;
mod release;
mod changes;
mod outcome;
mod settings;
mod health;
mod folder_state;
mod debounce;
mod follower;
mod followers;
mod gate;
mod judgement;
mod publisher;
mod reporter;
mod reload_thread;
mod shared;
mod reloader;
#[cfg(test)]
mod tests;

pub use changes::Changes;
pub use digest::FolderDigest;
#[cfg(feature = "cli")]
pub(crate) use follower::Follower;
#[cfg(feature = "cli")]
pub(crate) use followers::{Followers, WatchEvent};
pub use gate::{Admission, Gate, Proposal};
pub use health::Health;
pub use judgement::Judgement;
pub use outcome::{Outcome, Refusal, ReloadError, Verdict};
pub use publisher::Publisher;
pub use release::Release;
pub use reload_thread::ReloadThread;
pub use reloader::{Reader, Reloader, ReloaderBuilder};
pub use settings::Settings;
