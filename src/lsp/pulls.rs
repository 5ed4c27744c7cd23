//! Diagnostics that the client asks for. An answer waits until the latest state has been checked.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use gen_lsp_types::{DiagnosticRefreshRequest, Request as _};
use lsp_server::{ErrorCode, RequestId};
use serde_json::{Value, json};

use super::checker::RootId;
use super::documents::DocumentKey;
use super::outbox::{Outbox, RequestError, json};
use super::reports::FileReport;
use super::root::Root;
use super::session::Session;

/// The requests for diagnostics that wait, and what was answered before.
#[derive(Default)]
pub(super) struct Pulls {
    waiting: Vec<Pull>,
    /// The number of the report that was told last, of each document.
    told: BTreeMap<DocumentKey, u64>,
}

/// A request for diagnostics.
struct Pull {
    id: RequestId,
    scope: PullScope,
}

/// What diagnostics are asked for.
enum PullScope {
    /// Those of a document of this root, unless they are those of this report.
    Document { key: DocumentKey, root: RootId, previous: Option<String> },
    /// Those of all files, by the reports that the client has.
    Workspace { previous: HashMap<DocumentKey, String> },
}

impl Pulls {
    /// Forgets what was told of a document that has been closed.
    pub(super) fn forget(&mut self, key: &DocumentKey) {
        self.told.remove(key);
    }

    /// Takes a request back. Returns whether it was waiting.
    pub(super) fn cancel(&mut self, id: &RequestId) -> bool {
        let before = self.waiting.len();
        self.waiting.retain(|pull| pull.id != *id);
        self.waiting.len() < before
    }

    /// Refuses what waits for a root that cannot be checked.
    pub(super) fn give_up(&mut self, root: RootId, outbox: &Outbox) {
        let is_stuck = |pull: &mut Pull| match &pull.scope {
            PullScope::Document { root: of, .. } => *of == root,
            PullScope::Workspace { .. } => true,
        };
        for pull in self.waiting.extract_if(.., is_stuck) {
            let refusal = RequestError::new(ErrorCode::InternalError, "the rules cannot be checked");
            outbox.answer(pull.id, Err(refusal));
        }
    }
}

impl Session {
    /// `textDocument/diagnostic`
    pub(super) fn pull_document(&mut self, id: RequestId, uri: &str, previous: Option<String>) {
        let key = DocumentKey::of(uri);
        let Some((root, _)) = self.home(&key) else {
            return self.outbox.answer(id, json(&nothing_found()));
        };
        self.pulls.waiting.push(Pull { id, scope: PullScope::Document { key, root, previous } });
        self.answer_pulls(root, &[]);
    }

    /// `workspace/diagnostic`
    pub(super) fn pull_workspace(&mut self, id: RequestId, previous: HashMap<DocumentKey, String>) {
        self.pulls.waiting.push(Pull { id, scope: PullScope::Workspace { previous } });
        self.answer_workspace();
    }

    /// Answers those who wait for this root, if its latest state has been told of; the reports of these files have changed.
    pub(super) fn answer_pulls(&mut self, root: RootId, changed: &[Arc<str>]) {
        if !self.is_told(root) {
            return;
        }
        let is_due =
            |pull: &mut Pull| matches!(&pull.scope, PullScope::Document { root: of, .. } if *of == root);
        let due: Vec<Pull> = self.pulls.waiting.extract_if(.., is_due).collect();
        for Pull { id, scope } in due {
            let PullScope::Document { key, previous, .. } = scope else { continue };
            let report = self.report_of(&key).cloned().unwrap_or_default();
            self.pulls.told.insert(key, report.id);
            self.outbox.answer(id, json(&answer(&report, previous.as_deref())));
        }
        self.answer_workspace();
        let is_outdated = |file: &Arc<str>| {
            let key = self.roots.get(&root).map(|root| root.place.key(file))?;
            let told = *self.pulls.told.get(&key)?;
            Some(self.report_of(&key)?.id != told)
        };
        if self.client.refreshes_diagnostics && changed.iter().any(|file| is_outdated(file) == Some(true)) {
            self.outbox.ask(DiagnosticRefreshRequest::METHOD.as_str(), Value::Null);
        }
    }

    /// Has those who wait for a root that is gone wait for the one that their document belongs to now.
    pub(super) fn rehome_pulls(&mut self) {
        let is_gone = |pull: &mut Pull| matches!(&pull.scope, PullScope::Document { root, .. } if !self.roots.contains_key(root));
        let homeless: Vec<Pull> = self.pulls.waiting.extract_if(.., is_gone).collect();
        for Pull { id, scope } in homeless {
            let PullScope::Document { key, previous, .. } = scope else { continue };
            match self.home(&key) {
                Some((root, _)) => {
                    self.pulls.waiting.push(Pull { id, scope: PullScope::Document { key, root, previous } });
                    self.answer_pulls(root, &[]);
                }
                None => self.outbox.answer(id, json(&nothing_found())),
            }
        }
        self.answer_workspace();
    }

    fn answer_workspace(&mut self) {
        let is_workspace = |pull: &mut Pull| matches!(pull.scope, PullScope::Workspace { .. });
        if !self.roots.values().all(Root::is_proved) {
            return;
        }
        let due: Vec<Pull> = self.pulls.waiting.extract_if(.., is_workspace).collect();
        for Pull { id, scope } in due {
            let PullScope::Workspace { previous } = scope else { continue };
            let items = self.workspace_items(&previous);
            self.outbox.answer(id, json(&json!({ "items": items })));
        }
    }

    fn workspace_items(&self, previous: &HashMap<DocumentKey, String>) -> Vec<Value> {
        let mut items = Vec::new();
        for (id, root) in &self.roots {
            for (file, report) in root.reports.iter().filter(|(file, _)| self.reports_on(*id, file)) {
                let key = root.place.key(file);
                let version = self.documents.get(&key).map(|document| document.version);
                let mut item = answer(report, previous.get(&key).map(String::as_str));
                if let Some(item) = item.as_object_mut() {
                    item.insert("uri".to_owned(), json!(root.uri(file, &self.documents)));
                    item.insert("version".to_owned(), json!(version));
                }
                items.push(item);
            }
        }
        items
    }

    fn report_of(&self, key: &DocumentKey) -> Option<&FileReport> {
        let (root, name) = self.home(key)?;
        self.roots.get(&root)?.reports.get(&name)
    }

    /// Whether the reports are those of the latest state.
    fn is_told(&self, root: RootId) -> bool {
        self.roots.get(&root).is_some_and(Root::is_reported)
    }
}

fn nothing_found() -> Value {
    json!({ "kind": "full", "items": [] })
}

fn answer(report: &FileReport, previous: Option<&str>) -> Value {
    let result_id = report.id.to_string();
    if previous == Some(&*result_id) {
        return json!({ "kind": "unchanged", "resultId": result_id });
    }
    json!({ "kind": "full", "resultId": result_id, "items": *report.diagnostics })
}
