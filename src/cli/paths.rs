//! The paths on the command line: folders, files and standard input.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::exit::Failure;
use crate::check::check;
use crate::diagnostic::Finding;
use crate::language::decode;
use crate::load::{self, LoadError};
use crate::policy::{Files, Folder, RuleFile};
use crate::text::{MAX_FILE_SIZE, Source};

/// A loaded folder, and which part of it the path names.
pub(super) struct LoadedPath {
    pub(super) folder: Folder,
    pub(super) kind: PathKind,
}

/// What a path names.
#[derive(PartialEq, Eq)]
pub(super) enum PathKind {
    /// A whole folder.
    Folder,
    /// A file, by its name in findings.
    File(Arc<str>),
    /// Standard input.
    Stdin,
}

/// Loads each of `paths`, or `rules` if there are none.
pub(super) fn load(paths: &[PathBuf]) -> Result<Vec<LoadedPath>, Failure> {
    if paths.is_empty() {
        return Ok(vec![load_default()?]);
    }
    paths.iter().map(|path| load_one(path)).collect()
}

fn load_default() -> Result<LoadedPath, Failure> {
    load_one(Path::new("rules")).map_err(|failure| match failure {
        Failure::Load(LoadError::NotFound { .. }) => Failure::Message(
            "there is no folder `rules` here; name a file or a folder, or create one with `rules init`"
                .into(),
        ),
        failure => failure,
    })
}

fn load_one(path: &Path) -> Result<LoadedPath, Failure> {
    if is_stdin(path) {
        return Ok(LoadedPath { folder: stdin()?, kind: PathKind::Stdin });
    }
    if path.file_name().is_some_and(|name| name == "inbox.toml") && path.is_file() {
        return load_inbox(path);
    }
    let folder = load::read_folder(path)?;
    let kind = match path.file_name() {
        Some(name) if !path.is_dir() => {
            let file = folder.files.get(&name.to_string_lossy());
            file.map_or(PathKind::Folder, |file| PathKind::File(Arc::clone(&file.source.name)))
        }
        _ => PathKind::Folder,
    };
    let is_empty = folder.files.is_empty() && folder.ignored_files.is_empty();
    if is_empty && folder.inbox_source.is_none() && folder.findings.is_empty() {
        let message = format!("there is no rule file in `{}`; rule files end in `.rules`", path.display());
        return Err(Failure::Message(message));
    }
    Ok(LoadedPath { folder, kind })
}

/// Whether `file` is standard input and comes from a terminal.
pub(super) fn is_typed(file: &Path) -> bool {
    is_stdin(file) && io::stdin().is_terminal()
}

/// Whether `file` means standard input.
pub(super) fn is_stdin(file: &Path) -> bool {
    file == Path::new("-")
}

/// Opens a file, or standard input.
pub(super) fn open(file: &Path) -> io::Result<Box<dyn Read>> {
    if is_stdin(file) {
        return Ok(Box::new(io::stdin().lock()));
    }
    let opened = File::open(file)?;
    // On some systems a folder can be opened, and only reading it fails.
    if opened.metadata()?.is_dir() { Err(io::ErrorKind::IsADirectory.into()) } else { Ok(Box::new(opened)) }
}

/// Loads an `inbox.toml` alone.
fn load_inbox(path: &Path) -> Result<LoadedPath, Failure> {
    let parent = path.parent().filter(|parent| *parent != Path::new("")).unwrap_or(Path::new("."));
    let mut folder = load::read_folder(parent)?;
    folder.files = Files::new();
    folder.is_whole = false;
    Ok(LoadedPath { folder, kind: PathKind::Folder })
}

/// Reads standard input as the only file of a folder.
pub(super) fn stdin() -> Result<Folder, Failure> {
    let mut bytes = Vec::new();
    let read = io::stdin().lock().take(MAX_FILE_SIZE as u64 + 1).read_to_end(&mut bytes);
    read.map_err(|error| Failure::Message(format!("cannot read standard input: {error}")))?;
    let name: Arc<str> = "stdin".into();
    let file = match decode(&name, &bytes) {
        Ok(source) => RuleFile::parse(source),
        Err(error) => RuleFile::unreadable(Arc::clone(&name), *error),
    };
    let mut folder = Folder::new(None, BTreeMap::from([(Arc::clone(&name), Arc::new(file))]));
    folder.extra_policies.insert(name);
    folder.is_whole = false;
    Ok(folder)
}

impl LoadedPath {
    /// The findings in the folder or file that the path names. The `inbox.toml` of a file, and the files that it uses, are included only
    /// where they have faults, because then the file cannot be used either.
    pub(super) fn findings(&self) -> Vec<Finding> {
        let mut findings = check(&self.folder);
        findings.retain(|finding| self.includes(finding));
        findings
    }

    /// Whether the path names what the finding is about.
    pub(super) fn includes(&self, finding: &Finding) -> bool {
        match &self.kind {
            PathKind::File(name) => finding.file == *name || finding.code.is_fault(),
            PathKind::Folder | PathKind::Stdin => true,
        }
    }

    /// Every file that was read.
    pub(super) fn sources(&self) -> impl Iterator<Item = &Source> {
        self.folder.files.values().map(|file| &file.source).chain(&self.folder.inbox_source)
    }

    /// The names of all files, readable or not.
    pub(super) fn file_names(&self) -> BTreeSet<Arc<str>> {
        let unread = self.folder.findings.iter().map(|finding| &finding.file);
        self.sources().map(|source| &source.name).chain(unread).map(Arc::clone).collect()
    }
}
