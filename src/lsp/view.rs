//! One state of a folder, from which one request is answered.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use gen_lsp_types::{Location, Position, Range, Uri};

use super::client::ClientSupport;
use super::documents::{DocumentKey, Documents};
use super::file_uri::uri_of;
use super::positions::LineTable;
use super::resolved_cache::ResolvedCache;
use super::root::Root;
use super::root_place::RootPlace;
use crate::check::Workspace;
use crate::diagnostic::{Finding, Findings};
use crate::policy::{Folder, INBOX};
use crate::text::Span;

/// One state of a folder, from which one request is answered, on any thread.
pub(super) struct FolderView {
    pub(super) client: ClientSupport,
    pub(super) folder: Folder,
    pub(super) revision: u64,
    resolved: ResolvedCache,
    /// What was found, if this state has been checked.
    findings: Option<Findings>,
    place: RootPlace,
    /// The open documents, by their names.
    open: BTreeMap<Arc<str>, (Uri, i32)>,
    /// The tables of the files that were needed so far.
    tables: RefCell<HashMap<Arc<str>, Arc<LineTable>>>,
}

impl FolderView {
    /// The latest state of `root`.
    pub(super) fn of(root: &mut Root, documents: &mut Documents, client: ClientSupport) -> Self {
        let folder = root.folder(documents).clone();
        let open = root.open_names(documents).into_iter().filter_map(|(name, key)| {
            let document = documents.get(&key)?;
            Some((name, (document.uri.clone(), document.version)))
        });
        Self {
            client,
            folder,
            revision: root.revision,
            resolved: root.resolved.clone(),
            findings: root.current_findings().cloned(),
            place: root.place.clone(),
            open: open.collect(),
            tables: RefCell::default(),
        }
    }

    /// The files with their names resolved. The first request that needs this of a state waits for it.
    pub(super) fn workspace(&self) -> Workspace {
        self.resolved.at_revision(&self.folder, self.revision)
    }

    /// Every finding about the file of that name: before this state has been checked, the faults.
    pub(super) fn findings_in(&self, file: &str) -> Vec<Finding> {
        let all = self.findings.clone().unwrap_or_else(|| self.workspace().kept_findings().clone());
        all.iter().filter(|finding| &*finding.file == file).cloned().collect()
    }

    /// The text of the file of that name.
    pub(super) fn text(&self, file: &str) -> Arc<str> {
        let source = match file {
            INBOX => self.folder.inbox_source.as_ref(),
            _ => self.folder.files.get(file).map(|file| &file.source),
        };
        source.map(|source| Arc::clone(&source.text)).unwrap_or_default()
    }

    /// Whether there is a file of that name.
    pub(super) fn has(&self, file: &str) -> bool {
        file == INBOX && self.folder.inbox_source.is_some() || self.folder.files.contains(file)
    }

    pub(super) fn table(&self, file: &str) -> Arc<LineTable> {
        if let Some(table) = self.tables.borrow().get(file) {
            return Arc::clone(table);
        }
        let table = Arc::new(LineTable::new(&self.text(file), self.client.unit));
        self.tables.borrow_mut().insert(file.into(), Arc::clone(&table));
        table
    }

    pub(super) fn byte(&self, file: &str, position: Position) -> u32 {
        self.table(file).byte(&self.text(file), position)
    }

    pub(super) fn span(&self, file: &str, range: Range) -> Span {
        self.table(file).span(&self.text(file), range)
    }

    pub(super) fn position(&self, file: &str, byte: u32) -> Position {
        self.table(file).position(&self.text(file), byte)
    }

    pub(super) fn range(&self, file: &str, span: Span) -> Range {
        self.table(file).range(&self.text(file), span)
    }

    /// The URI of the file of that name: the client's own, if it is open.
    pub(super) fn uri(&self, file: &str) -> Uri {
        if let Some((uri, _)) = self.open.get(file) {
            return uri.clone();
        }
        match self.place.key(file) {
            DocumentKey::Path(path) => Uri(uri_of(&path)),
            DocumentKey::Uri(uri) => Uri(uri),
        }
    }

    /// The names of the files that are open.
    pub(super) fn open_names(&self) -> impl Iterator<Item = &Arc<str>> {
        self.open.keys()
    }

    /// The version of the file of that name, if it is open.
    pub(super) fn version(&self, file: &str) -> Option<i32> {
        self.open.get(file).map(|(_, version)| *version)
    }

    pub(super) fn location(&self, file: &str, span: Span) -> Location {
        Location { uri: self.uri(file), range: self.range(file, span) }
    }
}
