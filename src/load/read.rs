//! A folder, or one file with what stands beside it, read into memory.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::error::LoadError;
use crate::diagnostic::Finding;
use crate::language::{ast, decode};
use crate::policy::{Folder, RuleFile, inside};
use crate::text::{LARGEST_FILE, Source, Span};

/// How many folders deep rule files are looked for.
const DEEPEST_FOLDER: usize = 16;

/// Reads the rule files and the `inbox.toml` of a folder. A path to a file reads the folder it stands in, with that
/// file as a policy.
///
/// A file that cannot be read, is no text, is too large or leads outside the folder is a finding, not an error.
///
/// # Errors
///
/// [`LoadError::NotFound`] and [`LoadError::Unreadable`] where the path itself cannot be read.
pub fn read(path: &Path) -> Result<Folder, LoadError> {
    let about = fs::metadata(path).map_err(|source| at(path, source))?;
    if about.is_dir() {
        return read_folder(path);
    }
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let parent = match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    let paths = BTreeMap::from([(name.clone(), path.to_owned())]);
    let mut folder = read_files(parent, paths)?;
    // Whatever it is called, it was asked for.
    folder.named.insert(name.into());
    Ok(folder)
}

fn at(path: &Path, source: io::Error) -> LoadError {
    let path = path.to_owned();
    match source.kind() {
        io::ErrorKind::NotFound => LoadError::NotFound { path },
        _ => LoadError::Unreadable { path, source },
    }
}

fn read_folder(root: &Path) -> Result<Folder, LoadError> {
    let mut paths = BTreeMap::new();
    collect(root, "", DEEPEST_FOLDER, &mut paths).map_err(|source| at(root, source))?;
    read_files(root, paths)
}

/// Reads `paths` (by their names inside `root`), the files they use, and the `inbox.toml`.
fn read_files(root: &Path, mut paths: BTreeMap<String, PathBuf>) -> Result<Folder, LoadError> {
    let root_path = fs::canonicalize(root).map_err(|source| at(root, source))?;
    let mut files: BTreeMap<Arc<str>, Arc<RuleFile>> = BTreeMap::new();
    while let Some((name, path)) = paths.pop_first() {
        let shown = shown(root, &name);
        let file = match within(&path, &root_path).and_then(|()| bytes(&path)) {
            Ok(bytes) => match decode(&shown, &bytes) {
                Ok(source) => RuleFile::parse(source),
                Err(finding) => RuleFile::unreadable(shown.into(), *finding),
            },
            Err(trouble) => RuleFile::unreadable(shown.clone().into(), trouble.finding(&shown)),
        };
        for used in used_by(&name, &file) {
            let path = root.join(&used);
            if !files.contains_key(used.as_str()) && path.symlink_metadata().is_ok() {
                paths.insert(used, path);
            }
        }
        files.insert(name.into(), Arc::new(file));
    }
    let (inbox, trouble) = read_inbox(root, &root_path);
    let mut folder = Folder::of(inbox, files);
    if let Some(trouble) = trouble {
        // There is an inbox; what it says is not known.
        folder.inbox = Some(Source::new(Arc::clone(&trouble.file), ""));
        folder.findings.push(trouble);
    }
    Ok(folder)
}

/// The `inbox.toml`, where it can be read, and what is wrong with it as a file.
fn read_inbox(root: &Path, root_path: &Path) -> (Option<Source>, Option<Finding>) {
    let path = root.join("inbox.toml");
    if path.symlink_metadata().is_err() {
        return (None, None);
    }
    let shown = shown(root, "inbox.toml");
    match within(&path, root_path).and_then(|()| bytes(&path)) {
        Err(trouble) => (None, Some(trouble.finding(&shown))),
        Ok(bytes) => match decode(&shown, &bytes) {
            Ok(source) => (Some(source), None),
            Err(finding) => (None, Some(*finding)),
        },
    }
}

/// The files that a file uses, by their names inside the folder.
fn used_by(name: &str, file: &RuleFile) -> Vec<String> {
    let uses = file.tree.items.iter().filter_map(|item| match item {
        ast::Item::Use(used) => inside(name, &used.path.value),
        _ => None,
    });
    uses.collect()
}

/// Finds the rule files under `root`, by their names inside it. Hidden folders and links to folders are passed over.
fn collect(root: &Path, prefix: &str, depth: usize, found: &mut BTreeMap<String, PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(root.join(prefix))? {
        let entry = entry?;
        let file_name = entry.file_name().to_string_lossy().into_owned();
        if file_name.starts_with('.') {
            continue;
        }
        let name = if prefix.is_empty() { file_name } else { format!("{prefix}/{file_name}") };
        if entry.file_type()?.is_dir() {
            // A folder that may not be looked into holds no rules for us.
            if depth > 0
                && let Err(error) = collect(root, &name, depth - 1, found)
                && error.kind() != io::ErrorKind::PermissionDenied
            {
                return Err(error);
            }
        } else if Path::new(&name).extension().is_some_and(|extension| extension == "rules") {
            let path = entry.path();
            if !path.is_dir() {
                found.insert(name, path);
            }
        }
    }
    Ok(())
}

/// The path as people see it.
fn shown(root: &Path, name: &str) -> String {
    let root = root.to_string_lossy();
    let root = root.trim_end_matches('/');
    match root {
        "." => name.to_owned(),
        root => format!("{root}/{name}"),
    }
}

/// Why a file is not read.
enum Trouble {
    Outside(&'static str),
    Unreadable(String),
}

impl Trouble {
    fn finding(self, shown: &str) -> Finding {
        let file = shown.into();
        match self {
            Self::Outside(message) => Finding::error("path-outside", &file, Span::default(), message)
                .help("keep rule files inside their folder"),
            Self::Unreadable(why) => {
                let message = format!("this file cannot be read: {why}");
                Finding::error("unknown-file", &file, Span::default(), message)
            }
        }
    }
}

/// A link may lead anywhere; only what really stands inside the folder is read.
fn within(path: &Path, root: &Path) -> Result<(), Trouble> {
    match fs::canonicalize(path) {
        Ok(real) if real.starts_with(root) => Ok(()),
        Ok(_) => Err(Trouble::Outside("this link leads outside the folder")),
        Err(_) => Err(Trouble::Outside("this link leads nowhere")),
    }
}

/// The file's bytes, one more than the limit at most, so that [`decode`] can refuse what is larger.
fn bytes(path: &Path) -> Result<Vec<u8>, Trouble> {
    let read = || {
        // A pipe or a device would keep us waiting.
        if !fs::metadata(path)?.is_file() {
            return Err(io::Error::other("it is no file"));
        }
        let mut bytes = Vec::new();
        fs::File::open(path)?.take(LARGEST_FILE as u64 + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    read().map_err(|error: io::Error| {
        Trouble::Unreadable(match error.kind() {
            io::ErrorKind::NotFound => "it is not there".into(),
            io::ErrorKind::PermissionDenied => "there is no permission to".into(),
            _ => error.to_string(),
        })
    })
}
