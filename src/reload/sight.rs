//! What is seen of a folder, and how much of it must be looked at again.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use crate::load::{LoadError, Reading, is_rule_file, read_again, read_some};

/// What is seen of a folder at one time.
#[derive(Debug, Clone, Default)]
pub(super) struct Sight {
    /// What stands there, or stood there when it could last be read.
    pub(super) reading: Reading,
    /// Why it cannot be read now.
    pub(super) trouble: Option<Arc<LoadError>>,
}

/// How much of a folder is to be read again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Extent {
    /// Files of a plain reading, by their names inside the folder.
    Some(BTreeSet<String>),
    /// All of it.
    Whole,
}

impl Sight {
    /// What is seen now at `path`; what has not changed is taken over.
    pub(super) fn again(&self, path: &Path, extent: &Extent) -> Self {
        let seen = match extent {
            Extent::Some(names) if self.is_plain() => read_some(path, names, &self.reading),
            _ => read_again(path, &self.reading.folder),
        };
        match seen {
            Ok(reading) => Self { reading, trouble: None },
            Err(error) => Self { reading: self.reading.clone(), trouble: Some(Arc::new(error)) },
        }
    }

    /// Whether both show the same bytes in the same files.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        let told = |sight: &Self| sight.trouble.as_ref().map(ToString::to_string);
        let (a, b) = (&self.reading.folder, &other.reading.folder);
        told(self) == told(other)
            && a.inbox_source == b.inbox_source
            && a.findings == b.findings
            && a.files.diff(&b.files).next().is_none()
    }

    fn is_plain(&self) -> bool {
        self.reading.is_plain && self.trouble.is_none()
    }

    /// What may be different at `root`, the folder that `self` shows, after something happened to `path`. `None`: it
    /// is none of ours.
    pub(super) fn extent_of(&self, root: &Path, path: &Path) -> Option<Extent> {
        let inner = path.strip_prefix(root).ok()?;
        if !self.is_plain() || inner == Path::new("") {
            return Some(Extent::Whole);
        }
        let parts: Option<Vec<&str>> = inner.iter().map(|part| part.to_str()).collect();
        let parts = parts?;
        if parts.iter().any(|part| part.starts_with('.')) {
            return None;
        }
        let name = parts.join("/");
        let is_folder = |inner: &Path| self.reading.folders.iter().any(|folder| folder.ends_with(inner));
        let is_ours = is_rule_file(&name) || name == "inbox.toml";
        match path.symlink_metadata() {
            Ok(about) if about.is_file() && !is_ours => None,
            Ok(about) if about.is_file() && inner.parent().is_some_and(is_folder) => {
                Some(Extent::Some(BTreeSet::from([name])))
            }
            Err(_) if is_ours => Some(Extent::Some(BTreeSet::from([name]))),
            Err(_) if !is_folder(inner) => None,
            _ => Some(Extent::Whole),
        }
    }
}

impl Extent {
    /// Both.
    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Some(mut names), Self::Some(more)) => {
                names.extend(more);
                Self::Some(names)
            }
            _ => Self::Whole,
        }
    }
}
