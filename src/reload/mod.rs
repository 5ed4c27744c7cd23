//! Hot reload: a folder is followed, and a whole new rule set swapped in when it has changed and is sound.
//!
//! What stands in the folder is the only truth: all of it is read again about every second, byte for byte, and counts
//! once two readings a moment apart agree. What the system tells of changes is a hint that makes this quicker, and
//! nothing is lost where it tells nothing (a link that is moved, a network drive, a limit that is reached).
//!
//! A change that comes in parts more than that moment apart is two changes. Whoever needs both at once puts them there
//! at once: by renaming a folder, or by moving a link.

mod digest;
mod hints;
mod outcome;
mod reloader;
mod settings;
mod sight;
mod watcher;
mod workshop;

pub use outcome::{Outcome, Refusal, ReloadError, Verdict};
pub use reloader::{Reader, Reloader};
pub use settings::Settings;
#[cfg(feature = "cli")]
pub(crate) use watcher::{News, Watcher};
