//! Why a folder gives no rule set.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use crate::diagnostic::debug_as_display;
use crate::diagnostic::{Finding, Sources};
use crate::policy::Folder;
use crate::text::LineIndex;

/// Why a folder gives no rule set. `Debug` prints the same sentence as `Display`, so that `main` may return it.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// There is nothing at that path.
    #[error("there is no file or folder `{}`", path.display())]
    NotFound {
        /// The path.
        path: PathBuf,
    },
    /// It cannot be read.
    #[error("`{}` cannot be read: {source}", path.display())]
    Unreadable {
        /// The path.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The files kept changing for so long that no moment was found at which all of them could be read.
    #[error("the files of `{}` keep changing", path.display())]
    Unstable {
        /// The path.
        path: PathBuf,
    },
    /// Decisions need to know the groups and users.
    #[error("`{}` has no `inbox.toml`, which names the groups and users", path.display())]
    NoInbox {
        /// The folder.
        path: PathBuf,
    },
    /// Some rules have no meaning until they are fixed.
    #[error("{}", first_of(findings.iter(), sources))]
    Faults {
        /// The faults, by file and place.
        findings: Vec<Finding>,
        /// The texts they point into.
        sources: Sources,
    },
}

debug_as_display!(LoadError);

/// The error for a path that the system refuses.
pub(super) fn at(path: &Path, source: io::Error) -> LoadError {
    let path = path.to_owned();
    match source.kind() {
        io::ErrorKind::NotFound => LoadError::NotFound { path },
        _ => LoadError::Unreadable { path, source },
    }
}

/// The first finding, with its file, line and code, and how many more there are:
/// ``+15550100.rules:2: unknown-group: no group is called `Slaes` (and 3 more findings)``.
pub(crate) fn first_of<'f>(mut findings: impl Iterator<Item = &'f Finding>, sources: &Sources) -> String {
    let Some(first) = findings.next() else { return "the rules have faults".to_owned() };
    let source = sources.get(&first.file);
    let line = source.map_or(1, |source| LineIndex::new(&source.text).line(first.span.start));
    let text = format!("{}:{line}: {}: {}", first.file, first.code, first.message);
    let more: usize = findings.map(Finding::count).sum();
    match first.count() - 1 + more {
        0 => text,
        1 => format!("{text} (and 1 more finding)"),
        more => format!("{text} (and {more} more findings)"),
    }
}

/// The texts of `folder` that findings point into.
pub(crate) fn sources_of<'f>(findings: impl IntoIterator<Item = &'f Finding>, folder: &Folder) -> Sources {
    let mut names = BTreeSet::new();
    for finding in findings {
        names.insert(&*finding.file);
        names.extend(finding.related.iter().map(|related| &*related.file));
    }
    if names.is_empty() {
        return Sources::default();
    }
    let texts = folder.files.values().map(|file| &file.source).chain(&folder.inbox_source);
    texts.filter(|source| names.contains(&*source.name)).cloned().collect()
}
