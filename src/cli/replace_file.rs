//! Writes a file again, whole or not at all.

use std::fs::{self, File, Metadata};
use std::io::{self, Write};
use std::path::Path;

use tempfile::NamedTempFile;

/// What became of a file that was to be replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ReplaceResult {
    Written,
    /// Its content is not what it was.
    Changed,
    /// There is no file of that name any more.
    Gone,
}

/// Replaces the content of the file at `path`, if it still is `before`.
///
/// The new content is written to a file beside it, which then takes its name. So whoever reads the file finds the old
/// content or the new one, and a full disk leaves the old one. A symbolic link stays, and the file that it leads to is
/// replaced. The file keeps its permissions, and its owner where the system allows that.
///
/// # Errors
///
/// The file cannot be read or written, or it is read-only.
pub(super) fn replace_file(path: &Path, before: &str, after: &str) -> io::Result<ReplaceResult> {
    let target = match fs::canonicalize(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(ReplaceResult::Gone),
        target => target?,
    };
    let metadata = fs::metadata(&target)?;
    if metadata.permissions().readonly() {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "the file is read-only"));
    }
    let folder = target.parent().unwrap_or(Path::new("."));
    let mut new = NamedTempFile::with_prefix_in(".rules-", folder)?;
    new.write_all(after.as_bytes())?;
    keep_owner(new.as_file(), &metadata);
    new.as_file().set_permissions(metadata.permissions())?;
    new.as_file().sync_all()?;
    // This is the last moment to see that somebody else has saved the file.
    match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(ReplaceResult::Gone),
        content => {
            let content = content?;
            // Another link to the same file has been followed before.
            if content == after.as_bytes() {
                return Ok(ReplaceResult::Written);
            }
            if content != before.as_bytes() {
                return Ok(ReplaceResult::Changed);
            }
        }
    }
    new.persist(&target)?;
    // The new name survives a loss of power only once the folder is written too; not every system can do that.
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
    Ok(ReplaceResult::Written)
}

#[cfg(unix)]
fn keep_owner(file: &File, metadata: &Metadata) {
    use std::os::unix::fs::{MetadataExt, fchown};
    // Only an administrator may do this, and only then can the owner differ.
    let _ = fchown(file, Some(metadata.uid()), Some(metadata.gid()));
}

#[cfg(not(unix))]
fn keep_owner(_: &File, _: &Metadata) {}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder_with(content: &str) -> (tempfile::TempDir, std::path::PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.rules");
        fs::write(&path, content).unwrap();
        (folder, path)
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn a_file_is_replaced() {
        let (folder, path) = folder_with("old");
        assert_eq!(replace_file(&path, "old", "new").unwrap(), ReplaceResult::Written);
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(names(folder.path()), ["a.rules"]);
    }

    #[test]
    fn a_file_that_was_changed_or_removed_is_left() {
        let (folder, path) = folder_with("newer");
        assert_eq!(replace_file(&path, "old", "new").unwrap(), ReplaceResult::Changed);
        assert_eq!(fs::read_to_string(&path).unwrap(), "newer");
        assert_eq!(names(folder.path()), ["a.rules"]);
        fs::remove_file(&path).unwrap();
        assert_eq!(replace_file(&path, "old", "new").unwrap(), ReplaceResult::Gone);
        assert_eq!(names(folder.path()), [""; 0]);
    }

    #[cfg(unix)]
    #[test]
    fn permissions_and_links_stay() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let (folder, path) = folder_with("old");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let links = tempfile::tempdir().unwrap();
        let link = links.path().join("b.rules");
        symlink(&path, &link).unwrap();
        assert_eq!(replace_file(&link, "old", "new").unwrap(), ReplaceResult::Written);
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(replace_file(&path, "old", "new").unwrap(), ReplaceResult::Written);
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
        assert_eq!(
            (names(folder.path()), names(links.path())),
            (vec!["a.rules".into()], vec!["b.rules".into()])
        );
    }

    #[test]
    fn a_read_only_file_is_refused() {
        let (_folder, path) = folder_with("old");
        let mut permissions = fs::metadata(&path).unwrap().permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&path, permissions).unwrap();
        assert_eq!(replace_file(&path, "old", "new").unwrap_err().to_string(), "the file is read-only");
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
    }
}
