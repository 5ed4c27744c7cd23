//! What the server knows: the open documents, and the rules that they belong to.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::Sender;
use gen_lsp_types::{
    CodeLensRefreshRequest, DidChangeTextDocumentParams, FileEvent, InlayHintRefreshRequest, MessageType,
    PublishDiagnosticsParams, Request as _, TextDocumentItem, Uri,
};
use serde_json::Value;

use super::checker::{CheckEvent, CheckJob, CheckOrder, RootId};
use super::client::ClientSupport;
use super::clock::now;
use super::documents::{Document, DocumentKey, Documents};
use super::file_uri::path_of;
use super::outbox::Outbox;
use super::progress::WorkProgress;
use super::pulls::Pulls;
use super::reports::update_reports;
use super::root::Root;
use super::root_place::{RootPlace, folders_of_rules, is_of_rules};
use super::tasks::TaskQueue;
use super::view::FolderView;
use crate::check::Cancellation;
use crate::policy::INBOX;

/// A check begins when nothing has been typed for so long.
const DEBOUNCE: Duration = Duration::from_millis(40);
/// What is found without proofs is shown if the proofs take longer than this.
const HOLD: Duration = Duration::from_millis(100);
/// How often the disk is looked at where the editor watches no files.
const POLL: Duration = Duration::from_secs(2);

/// What the server knows.
pub(super) struct Session {
    pub(super) client: ClientSupport,
    pub(super) outbox: Outbox,
    pub(super) documents: Documents,
    pub(super) roots: BTreeMap<RootId, Root>,
    /// The root that each open document belongs to.
    homes: BTreeMap<DocumentKey, RootId>,
    /// The folders that are open in the editor.
    workspace: Vec<PathBuf>,
    /// The folders of rules in them.
    discovered: BTreeSet<RootPlace>,
    orders: Sender<CheckOrder>,
    pub(super) pulls: Pulls,
    pub(super) tasks: TaskQueue,
    next_root: RootId,
    next_report: u64,
    poll_at: Option<Instant>,
}

impl Session {
    pub(super) fn new(
        client: ClientSupport,
        workspace: Vec<PathBuf>,
        outbox: Outbox,
        orders: Sender<CheckOrder>,
    ) -> Self {
        Self {
            client,
            outbox,
            documents: Documents::new(),
            roots: BTreeMap::new(),
            homes: BTreeMap::new(),
            workspace,
            discovered: BTreeSet::new(),
            orders,
            pulls: Pulls::default(),
            tasks: TaskQueue::start(),
            next_root: 0,
            next_report: 0,
            poll_at: (!client.watches_files).then(|| now() + POLL),
        }
    }

    /// Looks for folders of rules in the workspace.
    pub(super) fn discover(&mut self) {
        let found = self.workspace.iter().flat_map(|folder| folders_of_rules(folder));
        self.discovered = found.map(RootPlace::Folder).collect();
        self.rehome();
    }

    pub(super) fn change_workspace(&mut self, added: Vec<PathBuf>, removed: &[PathBuf]) {
        self.workspace.retain(|folder| !removed.contains(folder));
        self.workspace.extend(added);
        self.discover();
    }

    pub(super) fn open(&mut self, item: TextDocumentItem) {
        let key = DocumentKey::of(&item.uri.0);
        if !is_of_rules(&key, &item.language_id.to_string()) {
            return;
        }
        self.documents.insert(key.clone(), Document::open(item));
        self.rehome();
        self.document_changed(&key);
    }

    pub(super) fn change(&mut self, params: &DidChangeTextDocumentParams) {
        let key = DocumentKey::of(&params.text_document.text_document_identifier.uri.0);
        let Some(document) = self.documents.get_mut(&key) else { return };
        document.change(params.text_document.version, &params.content_changes, self.client.unit);
        self.document_changed(&key);
    }

    pub(super) fn close(&mut self, uri: &Uri) {
        let key = DocumentKey::of(&uri.0);
        if self.documents.remove(&key).is_none() {
            return;
        }
        self.pulls.forget(&key);
        self.disk_changed(&key);
        self.rehome();
    }

    pub(super) fn save(&mut self, uri: &Uri) {
        // The documents stand for their files, but a new file may end the mistakes of others.
        self.disk_changed(&DocumentKey::of(&uri.0));
        self.rehome();
    }

    pub(super) fn files_changed(&mut self, events: &[FileEvent]) {
        let keys: Vec<DocumentKey> = events.iter().map(|event| DocumentKey::of(&event.uri.0)).collect();
        for key in &keys {
            self.disk_changed(key);
        }
        let is_inbox = |key: &DocumentKey| matches!(key, DocumentKey::Path(path) if path.ends_with(INBOX));
        if keys.iter().any(is_inbox) {
            self.discover();
        }
    }

    /// A document has another text.
    fn document_changed(&mut self, key: &DocumentKey) {
        let check_at = now() + DEBOUNCE;
        for (id, root) in &mut self.roots {
            if let Some(name) = root.place.name(key).filter(|name| root.depends_on(key, name)) {
                root.text_changed(name.into());
                root.check_at = Some(check_at);
                self.tasks.outdate(*id, &self.outbox);
            }
        }
    }

    /// A file has changed on disk.
    fn disk_changed(&mut self, key: &DocumentKey) {
        let check_at = now() + DEBOUNCE;
        for root in self.roots.values_mut() {
            if let Some(name) = root.place.name(key) {
                root.disk_changed([name.into()]);
                root.check_at = Some(check_at);
            }
        }
    }

    /// Finds the root of each document again, adds those that are new, and drops those that nobody needs.
    fn rehome(&mut self) {
        let mut homes = BTreeMap::new();
        for key in self.documents.keys() {
            homes.insert(key.clone(), RootPlace::of(key, &self.workspace));
        }
        let needed: BTreeSet<RootPlace> = homes.values().chain(&self.discovered).cloned().collect();
        let gone: Vec<RootId> =
            self.roots.iter().filter(|(_, root)| !needed.contains(&root.place)).map(|(id, _)| *id).collect();
        for id in gone {
            self.drop_root(id);
        }
        for place in needed {
            if !self.roots.values().any(|root| root.place == place) {
                self.next_root += 1;
                let mut root = Root::new(place);
                root.check_at = Some(now());
                self.roots.insert(self.next_root, root);
            }
        }
        let id_of =
            |place: &RootPlace| self.roots.iter().find(|(_, root)| root.place == *place).map(|(id, _)| *id);
        self.homes = homes.into_iter().filter_map(|(key, place)| Some((key, id_of(&place)?))).collect();
        self.rehome_pulls();
    }

    fn drop_root(&mut self, id: RootId) {
        let _ = self.orders.send(CheckOrder::Forget(id));
        let Some(mut root) = self.roots.remove(&id) else { return };
        root.cancellation.cancel();
        if let Some(progress) = root.progress.take() {
            progress.end(&self.outbox);
        }
        if !self.client.pulls_diagnostics {
            for (file, report) in &root.reports {
                if !report.diagnostics.is_empty() {
                    let uri = root.uri(file, &self.documents);
                    self.outbox.publish(PublishDiagnosticsParams {
                        uri,
                        version: None,
                        diagnostics: Vec::new(),
                    });
                }
            }
        }
    }

    /// The root of a document, whether or not it is open, and its name there.
    pub(super) fn home(&self, key: &DocumentKey) -> Option<(RootId, Arc<str>)> {
        let of = |id: RootId| Some((id, Arc::from(self.roots.get(&id)?.place.name(key)?)));
        let innermost = || {
            let around = self.roots.iter().filter(|(_, root)| root.is_folder_around(key));
            around.max_by_key(|(_, root)| root.place.clone()).map(|(id, _)| *id)
        };
        self.homes.get(key).copied().or_else(innermost).and_then(of)
    }

    /// The latest state of the root of a document, with the root and the name of the document. `None`: it is none of rules.
    pub(super) fn view_of(&mut self, uri: &str) -> Option<(RootId, Arc<str>, FolderView)> {
        let (id, name) = self.home(&DocumentKey::of(uri))?;
        let root = self.roots.get_mut(&id)?;
        let view = FolderView::of(root, &mut self.documents, self.client);
        view.has(&name).then_some((id, name, view))
    }

    /// The latest state of each root.
    pub(super) fn views(&mut self) -> Vec<FolderView> {
        let Self { roots, documents, client, .. } = self;
        roots.values_mut().map(|root| FolderView::of(root, documents, *client)).collect()
    }

    /// When something is to be done although nothing arrives.
    pub(super) fn deadline(&mut self) -> Option<Instant> {
        let of_roots = self.roots.values().flat_map(|root| {
            [root.check_at, root.report_at, root.progress.as_ref().and_then(WorkProgress::show_at)]
        });
        let of_tasks = self.tasks.progress().map(|progress| progress.show_at());
        of_roots.chain(of_tasks).flatten().chain(self.poll_at).min()
    }

    /// Does what is due.
    pub(super) fn tick(&mut self) {
        let now = now();
        if self.poll_at.is_some_and(|at| at <= now) {
            self.poll_at = Some(now + POLL);
            for root in self.roots.values_mut() {
                if root.poll_disk(&mut self.documents) {
                    root.check_at = Some(now);
                }
            }
        }
        let due = |at: Option<Instant>| at.is_some_and(|at| at <= now);
        let to_check: Vec<RootId> =
            self.roots.iter().filter(|(_, root)| due(root.check_at)).map(|(id, _)| *id).collect();
        for id in to_check {
            self.check(id);
        }
        let to_report: Vec<RootId> =
            self.roots.iter().filter(|(_, root)| due(root.report_at)).map(|(id, _)| *id).collect();
        for id in to_report {
            self.report(id);
        }
        let checks = self.roots.values_mut().filter_map(|root| root.progress.as_mut());
        for progress in checks.chain(self.tasks.progress()) {
            progress.show(now, self.client.shows_progress, &mut self.outbox);
        }
    }

    fn check(&mut self, id: RootId) {
        let Some(root) = self.roots.get_mut(&id) else { return };
        root.check_at = None;
        root.report_at = None;
        root.cancellation.cancel();
        root.cancellation = Cancellation::default();
        let folder = root.folder(&mut self.documents).clone();
        let (revision, cancellation) = (root.revision, root.cancellation.clone());
        root.progress.get_or_insert_with(|| WorkProgress::start("Checking the rules", None));
        let _ = self.orders.send(CheckOrder::Check(CheckJob { root: id, revision, folder, cancellation }));
    }

    /// Takes what the checker tells.
    pub(super) fn checker_tells(&mut self, event: CheckEvent) {
        match event {
            CheckEvent::Checked(id, checked) => {
                let is_proved = checked.is_proved;
                let Some(root) = self.roots.get_mut(&id) else { return };
                if !root.take_findings(checked) {
                    return;
                }
                if is_proved {
                    let progress = root.progress.take();
                    if let Some(progress) = progress {
                        progress.end(&self.outbox);
                    }
                    let affects_others = root.changes_affect_others(&self.documents);
                    self.report(id);
                    if affects_others {
                        self.refresh();
                    }
                } else {
                    root.report_at = Some(now() + HOLD);
                }
            }
            CheckEvent::Panicked(id, message) => {
                let message = format!("checking the rules has panicked, which is a bug: {message}");
                self.outbox.log(MessageType::Error, message);
                self.pulls.give_up(id, &self.outbox);
                let progress = self.roots.get_mut(&id).and_then(|root| root.progress.take());
                if let Some(progress) = progress {
                    progress.end(&self.outbox);
                }
            }
        }
    }

    /// Has the client ask again for what is shown beside the text of documents that were not edited themselves.
    fn refresh(&mut self) {
        if self.client.refreshes_lenses {
            self.outbox.ask(CodeLensRefreshRequest::METHOD.as_str(), Value::Null);
        }
        if self.client.refreshes_hints {
            self.outbox.ask(InlayHintRefreshRequest::METHOD.as_str(), Value::Null);
        }
    }

    /// Tells the client what was found in the latest state.
    fn report(&mut self, id: RootId) {
        let Some(root) = self.roots.get_mut(&id) else { return };
        root.report_at = None;
        let Some(findings) = root.current_findings().cloned() else { return };
        let view = FolderView::of(root, &mut self.documents, self.client);
        let mut reports = std::mem::take(&mut root.reports);
        let changed = update_reports(&mut reports, &findings, &view, &mut self.next_report);
        root.reports = reports;
        let changed: Vec<Arc<str>> = changed.into_iter().filter(|file| self.reports_on(id, file)).collect();
        if self.client.pulls_diagnostics {
            self.answer_pulls(id, &changed);
            return;
        }
        let Some(root) = self.roots.get(&id) else { return };
        for file in changed {
            let Some(report) = root.reports.get(&file) else { continue };
            let diagnostics = report.diagnostics.to_vec();
            let (uri, version) = (view.uri(&file), view.version(&file));
            self.outbox.publish(PublishDiagnosticsParams { uri, version, diagnostics });
        }
    }

    /// Whether the root is the one that tells of the file of that name.
    pub(super) fn reports_on(&self, id: RootId, file: &str) -> bool {
        let Some(root) = self.roots.get(&id) else { return false };
        let key = root.place.key(file);
        match &root.place {
            RootPlace::Folder(_) => self.home(&key).is_some_and(|(home, _)| home == id),
            RootPlace::File(path) => key == DocumentKey::Path(path.clone()),
            RootPlace::Unsaved(uri) => key == DocumentKey::Uri(uri.clone()),
        }
    }
}

/// The paths of folders of the workspace.
pub(super) fn paths<'u>(uris: impl IntoIterator<Item = &'u str>) -> Vec<PathBuf> {
    uris.into_iter().filter_map(path_of).collect()
}
