//! Hot reload: a folder is followed, and a whole new rule set replaces the current one when the files have changed and
//! are sound.
//!
//! The files alone count. The folder is searched about every second, and a file is read again when its size, its inode or
//! one of its times differs; every byte is read about once a minute. Large folders are searched and read less often. Events
//! of the file system only make this quicker, so nothing is lost where there are none (a link that changes its target, a
//! network drive, an exhausted limit).

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
