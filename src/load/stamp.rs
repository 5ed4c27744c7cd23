//! What tells two states of a file apart without reading it.

use std::fs::Metadata;
use std::hash::{DefaultHasher, Hash, Hasher as _};
use std::time::{Duration, SystemTime};

/// What tells two states of a file apart without reading it: which file it is, its size, and when it was changed. The
/// system sets the time of a change, and no program can set it back; but it is only as exact as the system's clock tick,
/// so a stamp tells nothing of a file that has changed only just now.
///
/// It is small, because there is one for each of very many files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// When its content, its name or its permissions changed, in nanoseconds since 1970.
    changed: i64,
    /// A hash of its device, inode and size, and of when it was modified.
    hash: u64,
}

impl Stamp {
    #[cfg(unix)]
    pub(super) fn of(metadata: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt as _;
        Self {
            changed: nanoseconds(metadata.ctime(), metadata.ctime_nsec()),
            hash: hash(&[
                metadata.dev(),
                metadata.ino(),
                metadata.size(),
                metadata.mtime().cast_unsigned(),
                metadata.mtime_nsec().cast_unsigned(),
            ]),
        }
    }

    #[cfg(not(unix))]
    pub(super) fn of(metadata: &Metadata) -> Self {
        let modified = metadata.modified().ok().and_then(|at| at.duration_since(SystemTime::UNIX_EPOCH).ok());
        let modified = modified.unwrap_or_default();
        let seconds = i64::try_from(modified.as_secs()).unwrap_or(i64::MAX);
        Self { changed: nanoseconds(seconds, modified.subsec_nanos().into()), hash: hash(&[metadata.len()]) }
    }

    /// Whether the file has not changed for `time` at the moment `now`. Not if it changed later than `now`, by its clock:
    /// then its clock is not ours.
    pub(super) fn is_older_than(&self, time: Duration, now: SystemTime) -> bool {
        let Ok(nanoseconds) = u64::try_from(self.changed) else { return true };
        let changed = SystemTime::UNIX_EPOCH.checked_add(Duration::from_nanos(nanoseconds));
        changed.and_then(|changed| now.duration_since(changed).ok()).is_some_and(|age| age >= time)
    }
}

/// Times before 1678 and after 2262 are taken for those years.
fn nanoseconds(seconds: i64, nanoseconds: i64) -> i64 {
    seconds.saturating_mul(1_000_000_000).saturating_add(nanoseconds)
}

fn hash(facts: &[u64]) -> u64 {
    let mut hasher = DefaultHasher::new();
    facts.hash(&mut hasher);
    hasher.finish()
}
