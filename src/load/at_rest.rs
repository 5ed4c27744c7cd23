//! Reads files at a moment when none of them is changing.

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use super::error::{LoadError, at};
use super::listing::Listing;
use super::snapshot::Stamps;

/// How long files must not have changed: those that are saved together are saved within this time.
const SETTLE: Duration = Duration::from_millis(150);

/// How long to wait for that.
const PATIENCE: Duration = Duration::from_secs(10);

/// What `read` makes of the folder or file `path`, all of it at one moment. `read` also returns the stamps of what it read.
pub(super) fn read_at_rest<T>(
    path: &Path,
    read: impl FnMut(&Path) -> (Result<T, LoadError>, Stamps),
) -> Result<T, LoadError> {
    read_within(PATIENCE, path, read)
}

/// The files had rested when they were read if the newest was old enough, or if nothing has changed since an earlier
/// look; and nothing changed while they were read if a later look shows the same. Where nothing is changing, nothing
/// waits.
#[expect(clippy::disallowed_methods, reason = "waits until files rest")]
pub(super) fn read_within<T>(
    patience: Duration,
    path: &Path,
    mut read: impl FnMut(&Path) -> (Result<T, LoadError>, Stamps),
) -> Result<T, LoadError> {
    let end = Instant::now() + patience;
    let mut earlier: Option<(Listing, Option<Stamps>)> = None;
    loop {
        let began = SystemTime::now();
        let listing = list(path)?;
        let was_same = earlier.as_ref().is_some_and(|(earlier, _)| earlier.is_same(&listing));
        let mut read_stamps = None;
        if was_same || listing.is_older_than(SETTLE, began) {
            let (result, stamps) = read(path);
            let root = if path.is_dir() { path } else { path.parent().unwrap_or(path) };
            let is_unchanged = stamps.are_current(root) && list(path).is_ok_and(|now| now.is_same(&listing));
            // Files that are not listed, but used by others.
            let had_rested = stamps.without(&listing).are_older_than(SETTLE, began)
                || earlier.is_some_and(|(_, earlier)| earlier.as_ref() == Some(&stamps));
            if is_unchanged && had_rested {
                return result;
            }
            read_stamps = Some(stamps);
        }
        if Instant::now() >= end {
            return Err(LoadError::Unstable { path: path.to_owned() });
        }
        earlier = Some((listing, read_stamps));
        thread::sleep(SETTLE);
    }
}

/// The files of a folder; for a file, nothing.
fn list(path: &Path) -> Result<Listing, LoadError> {
    let is_folder = path.metadata().map_err(|source| at(path, source))?.is_dir();
    if is_folder { Listing::of(path).map_err(|source| at(path, source)) } else { Ok(Listing::default()) }
}
