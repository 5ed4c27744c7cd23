//! Which inboxes a folder has: it is one itself, or each folder in it is one.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use inbox_rules::load::is_rule_file;

/// The id of the inbox where there is only one folder.
const MAIN: &str = "main";

/// An inbox, and the folder with its rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxFolder {
    /// `main`, or the name of the folder.
    pub id: Arc<str>,
    /// The folder.
    pub path: PathBuf,
}

/// Why a folder has no inbox.
#[derive(Debug, thiserror::Error)]
pub enum InboxesError {
    /// There is nothing at that path.
    #[error("there is no folder `{}`", .0.display())]
    NotFound(PathBuf),
    /// There is something else.
    #[error("`{}` is not a folder", .0.display())]
    NotFolder(PathBuf),
    /// It cannot be read.
    #[error("`{}` cannot be read: {source}", path.display())]
    Unreadable {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// There are no rules in it.
    #[error("`{}` holds no rules: no `inbox.toml`, no file that ends in `.rules`, and no folder with these", .0.display())]
    NoRules(PathBuf),
}

/// The inboxes of a folder, by their ids.
///
/// # Errors
///
/// [`InboxesError`]: there are none.
pub fn find_inboxes(folder: &Path) -> Result<Vec<InboxFolder>, InboxesError> {
    let at = |source: io::Error| match source.kind() {
        io::ErrorKind::NotFound => InboxesError::NotFound(folder.to_owned()),
        io::ErrorKind::NotADirectory => InboxesError::NotFolder(folder.to_owned()),
        _ => InboxesError::Unreadable { path: folder.to_owned(), source },
    };
    if has_rules(folder).map_err(at)? {
        return Ok(vec![InboxFolder { id: MAIN.into(), path: folder.to_owned() }]);
    }
    let mut inboxes = Vec::new();
    for entry in fs::read_dir(folder).map_err(at)? {
        let path = entry.map_err(at)?.path();
        let name = path.file_name().and_then(|name| name.to_str()).filter(|name| !name.starts_with('.'));
        if let Some(name) = name
            && path.is_dir()
            && has_rules(&path).map_err(|source| InboxesError::Unreadable { path: path.clone(), source })?
        {
            inboxes.push(InboxFolder { id: name.into(), path });
        }
    }
    inboxes.sort_by(|one, other| one.id.cmp(&other.id));
    if inboxes.is_empty() { Err(InboxesError::NoRules(folder.to_owned())) } else { Ok(inboxes) }
}

fn has_rules(folder: &Path) -> io::Result<bool> {
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        let name = name.to_string_lossy();
        if name == "inbox.toml" || (is_rule_file(&name) && !name.starts_with('.')) {
            return Ok(true);
        }
    }
    Ok(false)
}
