//! What tells two states of a file apart without reading it.

use std::fs::Metadata;
use std::time::{Duration, SystemTime};

/// What tells two states of a file apart without reading it: which file it is, its size, and when it was changed. The
/// system sets the time of a change, and no program can set it back; but it is only as exact as the system's clock tick,
/// so a stamp tells nothing of a file that has changed only just now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// Device and inode.
    id: (u64, u64),
    size: u64,
    /// In seconds and nanoseconds since 1970.
    modified: (i64, i64),
    /// When its content, its name or its permissions changed.
    changed: (i64, i64),
}

impl Stamp {
    #[cfg(unix)]
    pub(super) fn of(metadata: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt as _;
        Self {
            id: (metadata.dev(), metadata.ino()),
            size: metadata.size(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        }
    }

    #[cfg(not(unix))]
    pub(super) fn of(metadata: &Metadata) -> Self {
        let modified = metadata.modified().ok().and_then(|at| at.duration_since(SystemTime::UNIX_EPOCH).ok());
        let modified = modified.unwrap_or_default();
        let time = (i64::try_from(modified.as_secs()).unwrap_or(i64::MAX), modified.subsec_nanos().into());
        Self { id: (0, 0), size: metadata.len(), modified: time, changed: time }
    }

    /// Whether the file has not changed for `time` at the moment `now`. Not if it changed later than `now`, by its clock:
    /// then its clock is not ours.
    pub(super) fn is_older_than(&self, time: Duration, now: SystemTime) -> bool {
        let Ok(seconds) = u64::try_from(self.changed.0) else { return true };
        let nanoseconds = u32::try_from(self.changed.1).unwrap_or(0);
        let changed = SystemTime::UNIX_EPOCH.checked_add(Duration::new(seconds, nanoseconds));
        changed.and_then(|changed| now.duration_since(changed).ok()).is_some_and(|age| age >= time)
    }
}
