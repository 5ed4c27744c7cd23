//! Writes one file of a folder of rules, whole or not at all.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Gives that file of the folder another text; `None` removes it.
///
/// The text is written to a hidden file, which then takes the name. So whoever reads the file finds the old
/// text or the new one. A link that leads to another file of the folder stays.
///
/// # Errors
///
/// The file cannot be written, or a link leads out of the folder.
pub(super) fn write_file(folder: &Path, name: &str, text: Option<&str>) -> io::Result<()> {
    let path = folder.join(name);
    let Some(text) = text else {
        return match fs::remove_file(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            removed => removed.map(|()| sync(folder)),
        };
    };
    let target = target(folder, &path)?;
    let parent = target.parent().unwrap_or(folder);
    let new = parent.join(format!(".{name}.new"));
    let written = write_new(&new, &target, text).and_then(|()| fs::rename(&new, &target));
    if written.is_err() {
        let _ = fs::remove_file(&new);
    }
    written.map(|()| sync(parent))
}

fn write_new(new: &Path, target: &Path, text: &str) -> io::Result<()> {
    let mut file = File::create(new)?;
    file.write_all(text.as_bytes())?;
    if let Ok(metadata) = fs::metadata(target) {
        file.set_permissions(metadata.permissions())?;
    }
    file.sync_all()
}

/// The file that the path leads to.
fn target(folder: &Path, path: &Path) -> io::Result<PathBuf> {
    if !path.is_symlink() {
        return Ok(path.to_owned());
    }
    let target = fs::canonicalize(path)?;
    if target.starts_with(fs::canonicalize(folder)?) {
        return Ok(target);
    }
    Err(io::Error::new(io::ErrorKind::PermissionDenied, "it is a link that leads out of the folder"))
}

/// The new name survives a loss of power only once the folder is written too; not every system can do that.
fn sync(folder: &Path) {
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
}
