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

/// What `read` makes of the folder or file `path`, all of it at one moment. `read` is given what is in the folder, and also
/// returns the stamps of what it read.
pub(super) fn read_at_rest<T>(
    path: &Path,
    read: impl FnMut(&Path, &Listing) -> (Result<T, LoadError>, Stamps),
) -> Result<T, LoadError> {
    read_within(PATIENCE, path, read)
}

/// Nothing changed while the files were read if a later look shows the same; and they had rested if the newest was old
/// enough then, or if an earlier reading gave the same. Where nothing is changing, nothing waits. A folder to which
/// something was added just now is not read before the next look.
#[expect(clippy::disallowed_methods, reason = "waits until files rest")]
pub(super) fn read_within<T>(
    patience: Duration,
    path: &Path,
    mut read: impl FnMut(&Path, &Listing) -> (Result<T, LoadError>, Stamps),
) -> Result<T, LoadError> {
    let end = Instant::now() + patience;
    let mut earlier: Option<(Listing, Option<Stamps>)> = None;
    loop {
        let listing = list(path)?;
        let was_same = earlier.as_ref().is_some_and(|(earlier, _)| earlier.is_same(&listing));
        let was_quiet = listing.is_older_than(SETTLE, SystemTime::now());
        let mut read_stamps = None;
        if was_same || was_quiet {
            let (result, stamps) = read(path, &listing);
            let ended = SystemTime::now();
            let root = if listing.is_of_folder() { path } else { path.parent().unwrap_or(path) };
            let is_same_list = || {
                // To list the files takes longer, and much memory.
                was_quiet && listing.is_current() || list(path).is_ok_and(|now| now.is_same(&listing))
            };
            let is_unchanged = stamps.are_current(root) && is_same_list();
            let had_rested = stamps.are_older_than(SETTLE, ended)
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
