//! Hot reload: a folder is watched, and a whole new rule set replaces the current one when the files have changed and
//! are sound.
//!
//! The files alone count: all of them are read about every second, byte for byte, and used once two readings a moment
//! apart agree. Events of the file system only make this quicker, so nothing is lost where there are none (a link that
//! changes its target, a network drive, an exhausted limit).
//!
//! A change in parts that are further apart than that moment is two changes. To make several files current together,
//! replace them together: rename a folder, or change the target of a link.

mod digest;
mod fs_events;
mod outcome;
mod settings;
mod folder_state;
mod watcher;
mod publisher;
mod reloader;

pub use outcome::{Outcome, Refusal, ReloadError, Verdict};
pub use reloader::{Reader, Reloader};
pub use settings::Settings;
#[cfg(feature = "cli")]
pub(crate) use watcher::{WatchEvent, Watcher};
