//! What a command was asked to look at: folders, files, standard input.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::exit::Failure;
use crate::check::check;
use crate::diagnostic::Finding;
use crate::language::decode;
use crate::load::{self, LoadError};
use crate::policy::{Folder, RuleFile};
use crate::text::{LARGEST_FILE, Source};

/// A folder, and how much of it was asked for.
pub(super) struct LoadedPath {
    pub(super) folder: Folder,
    pub(super) asked: PathKind,
}

/// How much of a folder was asked for.
#[derive(PartialEq, Eq)]
pub(super) enum PathKind {
    /// All of it.
    Folder,
    /// The file of that name, which is also on disk.
    File(Arc<str>),
    /// Standard input, which is nowhere.
    Stdin,
}

/// Opens each of `paths`; none means `rules`.
pub(super) fn open(paths: &[PathBuf]) -> Result<Vec<LoadedPath>, Failure> {
    if paths.is_empty() {
        return Ok(vec![open_default()?]);
    }
    paths.iter().map(|path| open_one(path)).collect()
}

fn open_default() -> Result<LoadedPath, Failure> {
    open_one(Path::new("rules")).map_err(|failure| match failure {
        Failure::Load(LoadError::NotFound { .. }) => Failure::Message(
            "there is no folder `rules` here; name a file or a folder, or write a first one with `rules init`".into(),
        ),
        failure => failure,
    })
}

fn open_one(path: &Path) -> Result<LoadedPath, Failure> {
    if is_stdin(path) {
        return Ok(LoadedPath { folder: stdin()?, asked: PathKind::Stdin });
    }
    if path.file_name().is_some_and(|name| name == "inbox.toml") && path.is_file() {
        return open_inbox(path);
    }
    let folder = load::read(path)?;
    let asked = match path.file_name() {
        Some(name) if !path.is_dir() => {
            let file = folder.files.get(&*name.to_string_lossy());
            file.map_or(PathKind::Folder, |file| PathKind::File(Arc::clone(&file.source.name)))
        }
        _ => PathKind::Folder,
    };
    if folder.files.is_empty() && folder.inbox_source.is_none() && folder.findings.is_empty() {
        let message = format!("there is no rule file in `{}`; their names end in `.rules`", path.display());
        return Err(Failure::Message(message));
    }
    Ok(LoadedPath { folder, asked })
}

/// Whether `file` is standard input, and somebody is typing it.
pub(super) fn is_typed(file: &Path) -> bool {
    is_stdin(file) && io::stdin().is_terminal()
}

/// Whether `file` stands for standard input.
pub(super) fn is_stdin(file: &Path) -> bool {
    file == Path::new("-")
}

/// An `inbox.toml` alone.
fn open_inbox(path: &Path) -> Result<LoadedPath, Failure> {
    let parent = path.parent().filter(|parent| *parent != Path::new("")).unwrap_or(Path::new("."));
    let mut folder = load::read(parent)?;
    folder.files.clear();
    Ok(LoadedPath { folder, asked: PathKind::Folder })
}

/// What comes in on standard input, as the only file there is.
pub(super) fn stdin() -> Result<Folder, Failure> {
    let mut bytes = Vec::new();
    let read = io::stdin().lock().take(LARGEST_FILE as u64 + 1).read_to_end(&mut bytes);
    read.map_err(|error| Failure::Message(format!("standard input cannot be read: {error}")))?;
    let name: Arc<str> = "stdin".into();
    let file = match decode(&name, &bytes) {
        Ok(source) => RuleFile::parse(source),
        Err(finding) => RuleFile::unreadable(Arc::clone(&name), *finding),
    };
    let mut folder = Folder::new(None, BTreeMap::from([(Arc::clone(&name), Arc::new(file))]));
    folder.extra_policies.insert(name);
    Ok(folder)
}

impl LoadedPath {
    /// What was found in what was asked for. A file that is used by it, and its `inbox.toml`, count where they have
    /// faults, since they leave it without a meaning.
    pub(super) fn findings(&self) -> Vec<Finding> {
        let mut findings = check(&self.folder);
        if let PathKind::File(asked) = &self.asked {
            findings.retain(|finding| finding.file == *asked || finding.code.is_fault());
        }
        findings
    }

    /// Every text that was read.
    pub(super) fn sources(&self) -> impl Iterator<Item = &Source> {
        self.folder.files.values().map(|file| &file.source).chain(&self.folder.inbox_source)
    }

    /// The names of the files that were looked at, readable or not.
    pub(super) fn file_names(&self) -> BTreeSet<Arc<str>> {
        let unread = self.folder.findings.iter().map(|finding| &finding.file);
        self.sources().map(|source| &source.name).chain(unread).map(Arc::clone).collect()
    }
}
