//! Which folder a document belongs to.

use std::fs;
use std::path::{Component, Path, PathBuf};

use super::documents::DocumentKey;
use crate::load::{Location, is_rule_file};
use crate::policy::INBOX;

/// Where the rules of an inbox are.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum RootPlace {
    /// All files of this folder.
    Folder(PathBuf),
    /// This file, with those that it uses: it is in no folder that is known to be one of rules.
    File(PathBuf),
    /// A document that is in no folder, by its URI.
    Unsaved(String),
}

/// How many folders up an `inbox.toml` is looked for.
const MAX_UP: usize = 16;

impl RootPlace {
    /// Where the document of that key belongs: in the nearest folder with an `inbox.toml`. Without one, in the outermost
    /// folder of the workspace with rule files; and outside the workspace, it stands alone.
    pub(super) fn of(key: &DocumentKey, workspace: &[PathBuf]) -> Self {
        let path = match key {
            DocumentKey::Path(path) => path,
            DocumentKey::Uri(uri) => return Self::Unsaved(uri.clone()),
        };
        let above = || path.ancestors().skip(1).take(MAX_UP);
        // A folder of the workspace within another one counts by itself.
        let around = workspace.iter().filter(|folder| path.starts_with(folder));
        let around = around.max_by_key(|folder| folder.components().count());
        let within = || above().take_while(|folder| around.is_none_or(|around| folder.starts_with(around)));
        if let Some(folder) = within().find(|folder| folder.join(INBOX).is_file()) {
            return Self::Folder(folder.to_owned());
        }
        if path.file_name().is_some_and(|name| name == INBOX) {
            return Self::Folder(path.parent().unwrap_or(path).to_owned());
        }
        let outermost = around.and_then(|_| within().filter(|folder| has_rule_files(folder)).last());
        match (outermost, around, path.parent()) {
            (Some(folder), ..) | (None, Some(_), Some(folder)) => Self::Folder(folder.to_owned()),
            _ => Self::File(path.clone()),
        }
    }

    /// What is to be read. `None`: nothing is on disk.
    pub(super) fn location(&self) -> Option<Location> {
        let shown = |path: &Path| path.file_name().map(PathBuf::from).unwrap_or_default();
        Some(match self {
            Self::Folder(path) => Location { path: path.clone(), shown: ".".into() },
            Self::File(path) => Location { path: path.clone(), shown: shown(path) },
            Self::Unsaved(_) => return None,
        })
    }

    /// The name of a document inside the folder. `None`: it is not in it.
    pub(super) fn name(&self, key: &DocumentKey) -> Option<String> {
        match (self, key) {
            (Self::Unsaved(own), DocumentKey::Uri(uri)) if own == uri => {
                let last = uri.rsplit(['/', ':']).next().unwrap_or(uri);
                Some(if last.is_empty() { "untitled.rules" } else { last }.to_owned())
            }
            (_, DocumentKey::Path(path)) => {
                let inside = path.strip_prefix(self.root()?).ok()?;
                let parts: Option<Vec<&str>> = inside.components().map(part).collect();
                parts.filter(|parts| !parts.is_empty()).map(|parts| parts.join("/"))
            }
            _ => None,
        }
    }

    /// The key of the file of that name.
    pub(super) fn key(&self, name: &str) -> DocumentKey {
        match (self, self.root()) {
            (Self::Unsaved(uri), _) => DocumentKey::Uri(uri.clone()),
            (_, Some(root)) => {
                DocumentKey::Path(name.split('/').fold(root.to_owned(), |path, part| path.join(part)))
            }
            (_, None) => DocumentKey::Path(name.into()),
        }
    }

    /// The folder that names are relative to.
    fn root(&self) -> Option<&Path> {
        match self {
            Self::Folder(path) => Some(path),
            Self::File(path) => path.parent(),
            Self::Unsaved(_) => None,
        }
    }
}

fn part(component: Component<'_>) -> Option<&str> {
    match component {
        Component::Normal(part) => part.to_str(),
        _ => None,
    }
}

fn has_rule_files(folder: &Path) -> bool {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().into_string().ok()).any(|name| is_rule_file(&name))
}

/// Whether a document is one of rules, or an `inbox.toml`. Rule files may have any name; then the editor says what it is.
pub(super) fn is_of_rules(key: &DocumentKey, language: &str) -> bool {
    let name = match key {
        DocumentKey::Path(path) => path.file_name().and_then(|name| name.to_str()).unwrap_or_default(),
        DocumentKey::Uri(uri) => uri.rsplit(['/', ':']).next().unwrap_or_default(),
    };
    name == INBOX || is_rule_file(name) || matches!(language, "rules" | "inbox-rules" | "inbox_rules")
}

/// The folders with an `inbox.toml` in a folder of the workspace. Hidden folders, and those that programs fill, are left
/// out.
pub(super) fn folders_of_rules(workspace: &Path) -> Vec<PathBuf> {
    const MAX_DEPTH: usize = 6;
    const MAX_FOLDERS: usize = 5_000;
    const FILLED: [&str; 3] = ["node_modules", "target", "vendor"];
    let (mut found, mut queue, mut seen) = (Vec::new(), vec![(workspace.to_owned(), 0)], 0);
    while let Some((folder, depth)) = queue.pop() {
        seen += 1;
        if folder.join(INBOX).is_file() {
            found.push(folder);
            continue;
        }
        if depth == MAX_DEPTH || seen > MAX_FOLDERS {
            continue;
        }
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let is_skipped = name.starts_with('.') || FILLED.contains(&&*name);
            if !is_skipped && entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                queue.push((entry.path(), depth + 1));
            }
        }
    }
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder with these empty files.
    fn folder(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        folder
    }

    /// Where `file` belongs, if the folders `workspace` are open. A file that stands alone ends with a `!`.
    #[track_caller]
    fn check(files: &[&str], workspace: &[&str], file: &str, expected: &str) {
        let folder = folder(files);
        let workspace: Vec<PathBuf> = workspace.iter().map(|part| folder.path().join(part)).collect();
        let place = RootPlace::of(&DocumentKey::Path(folder.path().join(file)), &workspace);
        let shown = |path: &Path| path.strip_prefix(folder.path()).unwrap().to_string_lossy().into_owned();
        let found = match &place {
            RootPlace::Folder(path) => shown(path),
            RootPlace::File(path) => format!("{}!", shown(path)),
            RootPlace::Unsaved(uri) => uri.clone(),
        };
        assert_eq!(found, expected);
    }

    #[test]
    fn the_nearest_folder_with_an_inbox() {
        let files = ["inbox.toml", "a/inbox.toml", "a/b/x.rules"];
        check(&files, &[""], "a/b/x.rules", "a");
        check(&files, &[], "a/b/x.rules", "a");
        check(&files, &["a/b"], "a/b/x.rules", "a/b");
        check(&files, &[""], "inbox.toml", "");
        check(&[], &[], "new/inbox.toml", "new");
    }

    #[test]
    fn without_an_inbox() {
        let files = ["rules/common.rules", "rules/shop/x.rules"];
        check(&files, &[""], "rules/shop/x.rules", "rules");
        check(&files, &[""], "elsewhere/new.rules", "elsewhere");
        check(&files, &["other"], "rules/shop/x.rules", "rules/shop/x.rules!");
    }

    #[test]
    fn names_lead_back_to_keys() {
        let place = RootPlace::Folder("/inboxes".into());
        let key = DocumentKey::Path("/inboxes/shop/a.rules".into());
        assert_eq!(place.name(&key).as_deref(), Some("shop/a.rules"));
        assert_eq!(place.key("shop/a.rules"), key);
        assert_eq!(place.name(&DocumentKey::Path("/inboxes".into())), None);
        assert_eq!(place.name(&DocumentKey::Path("/other/a.rules".into())), None);
        assert_eq!(place.name(&DocumentKey::Path("/inboxes/../a.rules".into())), None);
        let unsaved = RootPlace::Unsaved("untitled:Untitled-1".into());
        let key = DocumentKey::Uri("untitled:Untitled-1".into());
        assert_eq!((unsaved.name(&key).as_deref(), unsaved.key("Untitled-1")), (Some("Untitled-1"), key));
    }

    #[test]
    fn folders_of_a_workspace() {
        let folder =
            folder(&["a/inbox.toml", "a/b/inbox.toml", "c/d/inbox.toml", "node_modules/x/inbox.toml"]);
        let found = folders_of_rules(folder.path());
        assert_eq!(found, [folder.path().join("a"), folder.path().join("c/d")]);
    }
}
