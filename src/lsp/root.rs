//! The rules of one inbox: what is on disk, and what the editor has not saved.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Instant;

use gen_lsp_types::Uri;

use super::documents::{DocumentKey, Documents};
use super::earlier_proofs::{ProvedState, with_earlier_proofs};
use super::file_uri::uri_of;
use super::progress::WorkProgress;
use super::reports::FileReport;
use super::resolved_cache::ResolvedCache;
use super::root_place::RootPlace;
use crate::check::Cancellation;
use crate::diagnostic::Findings;
use crate::load::{Snapshot, Trust, Unsaved, reread_unsaved};
use crate::policy::{Folder, INBOX, RuleFile};
use crate::text::Source;

/// The rules of one inbox.
pub(super) struct Root {
    pub(super) place: RootPlace,
    /// The files as they are on disk, or in the editor.
    snapshot: Snapshot,
    /// Grows whenever something has changed.
    pub(super) revision: u64,
    /// What must be read before anything is answered.
    stale: Stale,
    /// The documents that were edited since all was proved.
    edited: BTreeSet<Arc<str>>,
    /// Whether files have changed on disk since then.
    has_changed_on_disk: bool,
    /// The names of the files are resolved, for answers that need no proofs.
    pub(super) resolved: ResolvedCache,
    /// What the last check has found.
    checked: Checked,
    /// The state that was last checked with all proofs.
    proved: ProvedState,
    /// What the client was told, or is to be told, of each file.
    pub(super) reports: BTreeMap<Arc<str>, FileReport>,
    /// When the next check begins.
    pub(super) check_at: Option<Instant>,
    /// When what was found without proofs is told.
    pub(super) report_at: Option<Instant>,
    /// The check that is running.
    pub(super) progress: Option<WorkProgress>,
    /// Ends the check that is running.
    pub(super) cancellation: Cancellation,
}

/// What a check has found.
#[derive(Debug, Clone, Default)]
pub(super) struct Checked {
    pub(super) revision: u64,
    /// Whether all proofs are made.
    pub(super) is_proved: bool,
    pub(super) findings: Findings,
}

/// What must be read again.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Stale {
    Nothing,
    /// Documents have changed.
    Texts(BTreeSet<Arc<str>>),
    /// Files on disk may have changed; those of these names have.
    Disk(BTreeSet<Arc<str>>),
}

impl Root {
    pub(super) fn new(place: RootPlace) -> Self {
        Self {
            place,
            snapshot: Snapshot::default(),
            revision: 1,
            stale: Stale::Disk(BTreeSet::new()),
            edited: BTreeSet::new(),
            has_changed_on_disk: false,
            resolved: ResolvedCache::new(),
            checked: Checked::default(),
            proved: ProvedState::default(),
            reports: BTreeMap::new(),
            check_at: None,
            report_at: None,
            progress: None,
            cancellation: Cancellation::default(),
        }
    }

    /// Whether the reports are those of the latest state, with all proofs.
    pub(super) fn is_proved(&self) -> bool {
        self.checked.is_proved && self.is_reported()
    }

    /// Whether the reports are those of the latest state.
    pub(super) fn is_reported(&self) -> bool {
        self.checked.revision == self.revision && self.report_at.is_none()
    }

    /// Whether a document belongs to the folder, deep inside or not.
    pub(super) fn is_folder_around(&self, key: &DocumentKey) -> bool {
        matches!(self.place, RootPlace::Folder(_)) && self.place.name(key).is_some()
    }

    /// Whether the text of a document, which has that name here, matters.
    pub(super) fn depends_on(&self, key: &DocumentKey, name: &str) -> bool {
        match &self.place {
            RootPlace::Folder(_) | RootPlace::Unsaved(_) => true,
            RootPlace::File(path) => {
                *key == DocumentKey::Path(path.clone())
                    || name == INBOX
                    || self.snapshot.folder.files.contains(name)
            }
        }
    }

    /// The URI of the file of that name: the client's own, if it is open.
    pub(super) fn uri(&self, file: &str, documents: &Documents) -> Uri {
        let key = self.place.key(file);
        match (documents.get(&key), key) {
            (Some(open), _) => open.uri.clone(),
            (None, DocumentKey::Path(path)) => Uri(uri_of(&path)),
            (None, DocumentKey::Uri(uri)) => Uri(uri),
        }
    }

    /// Notes that the document of that name has changed.
    pub(super) fn text_changed(&mut self, name: Arc<str>) {
        self.edited.insert(Arc::clone(&name));
        match &mut self.stale {
            Stale::Nothing => self.stale = Stale::Texts(BTreeSet::from([name])),
            Stale::Texts(names) => {
                names.insert(name);
            }
            // All open documents are looked at.
            Stale::Disk(_) => {}
        }
        self.outdate();
    }

    /// Notes that files may have changed on disk: those of these names, and others that show it.
    pub(super) fn disk_changed(&mut self, names: impl IntoIterator<Item = Arc<str>>) {
        let mut changed: BTreeSet<Arc<str>> = names.into_iter().collect();
        if let Stale::Disk(before) = &mut self.stale {
            changed.append(before);
        }
        self.stale = Stale::Disk(changed);
        self.outdate();
    }

    fn outdate(&mut self) {
        self.revision += 1;
        self.cancellation.cancel();
    }

    /// Looks whether files have changed on disk, where nobody tells. Returns whether any have.
    pub(super) fn poll_disk(&mut self, documents: &mut Documents) -> bool {
        if self.stale != Stale::Nothing {
            return false;
        }
        let Some(now) = self.read(&BTreeSet::new(), documents) else { return false };
        let has_changed =
            now.stamps != self.snapshot.stamps || now.folder.files != self.snapshot.folder.files;
        if has_changed {
            self.snapshot = now;
            self.has_changed_on_disk = true;
            self.outdate();
        }
        has_changed
    }

    /// The latest state of the files.
    pub(super) fn folder(&mut self, documents: &mut Documents) -> &Folder {
        match std::mem::replace(&mut self.stale, Stale::Nothing) {
            Stale::Nothing => {}
            Stale::Texts(names) => self.replace_texts(&names, documents),
            Stale::Disk(names) => self.read_again(&names, documents),
        }
        &self.snapshot.folder
    }

    /// Takes what was found in the latest state. Returns whether it was: another state may have come.
    pub(super) fn take_findings(&mut self, checked: Checked) -> bool {
        if checked.revision != self.revision {
            return false;
        }
        let folder = &self.snapshot.folder;
        if checked.is_proved {
            self.proved = ProvedState { folder: folder.clone(), findings: checked.findings.clone() };
            self.checked = checked;
        } else {
            let findings = with_earlier_proofs(&checked.findings, folder, &self.proved);
            self.checked = Checked { findings, ..checked };
        }
        true
    }

    /// Whether the changes since this was asked last may show in open documents that were not edited themselves.
    pub(super) fn changes_affect_others(&mut self, documents: &Documents) -> bool {
        let edited = std::mem::take(&mut self.edited);
        let has_changed = std::mem::take(&mut self.has_changed_on_disk) || !edited.is_empty();
        has_changed && self.open_names(documents).iter().any(|(name, _)| !edited.contains(name))
    }

    /// What was found in the latest state, if it has been checked.
    pub(super) fn current_findings(&self) -> Option<&Findings> {
        (self.checked.revision == self.revision).then_some(&self.checked.findings)
    }

    fn replace_texts(&mut self, names: &BTreeSet<Arc<str>>, documents: &mut Documents) {
        let mut files = self.snapshot.folder.files.clone();
        for name in names {
            let Some(document) = documents.get_mut(&self.place.key(name)).filter(|_| **name != *INBOX) else {
                return self.read_again(&BTreeSet::new(), documents);
            };
            let file = document.rule_file(name);
            let before = files.get(name).map(|before| before.used(name).collect::<BTreeSet<_>>());
            // A file that it uses only now may be on disk, unread.
            if before.is_none_or(|before| {
                file.used(name).any(|used| !files.contains(&used) && !before.contains(&used))
            }) {
                return self.read_again(&BTreeSet::new(), documents);
            }
            files.insert(Arc::clone(name), file);
        }
        self.snapshot.folder = std::mem::take(&mut self.snapshot.folder).with_files(files);
    }

    fn read_again(&mut self, changed: &BTreeSet<Arc<str>>, documents: &mut Documents) {
        let now = self.read(changed, documents).unwrap_or_else(|| self.only_documents(documents));
        let before = std::mem::replace(&mut self.snapshot, now);
        let (before, now) = (&before.folder, &self.snapshot.folder);
        // At first, nothing has been shown.
        let is_known = self.checked.revision > 0;
        self.has_changed_on_disk |=
            is_known && (before.files != now.files || before.inbox_source != now.inbox_source);
    }

    /// Reads the disk. `None`: it is not there.
    fn read(&self, changed: &BTreeSet<Arc<str>>, documents: &mut Documents) -> Option<Snapshot> {
        let unsaved = self.unsaved(documents);
        let location = self.place.location()?;
        reread_unsaved(&location, &self.snapshot, Trust::AllBut(changed), &unsaved).ok()
    }

    /// A folder of nothing but open documents.
    fn only_documents(&self, documents: &mut Documents) -> Snapshot {
        let Unsaved { inbox, files } = self.unsaved(documents);
        let mut folder = Folder::new(inbox, files);
        if !matches!(self.place, RootPlace::Folder(_)) {
            folder.is_whole = false;
            folder.extra_policies = folder.files.names().cloned().collect();
        }
        Snapshot { folder, ..Snapshot::default() }
    }

    fn unsaved(&self, documents: &mut Documents) -> Unsaved {
        let mut unsaved = Unsaved::default();
        for (name, key) in self.open_names(documents) {
            let Some(document) = documents.get_mut(&key) else { continue };
            if &*name == INBOX {
                unsaved.inbox = Some(Source::new(name, Arc::clone(&document.text)));
            } else {
                let file: Arc<RuleFile> = document.rule_file(&name);
                unsaved.files.insert(name, file);
            }
        }
        unsaved
    }

    /// The open documents that are in it, by their names.
    pub(super) fn open_names(&self, documents: &Documents) -> Vec<(Arc<str>, DocumentKey)> {
        let named = |key: &DocumentKey| Some((Arc::from(self.place.name(key)?), key.clone()));
        match &self.place {
            RootPlace::Folder(_) => documents.keys().filter_map(named).collect(),
            RootPlace::File(path) => {
                // Of the files beside it, only those count that it uses, and the inbox.
                let inbox = DocumentKey::Path(path.with_file_name(INBOX));
                let used = self.keys_read();
                let is_in = |key: &&DocumentKey| **key == inbox || used.contains(*key);
                documents.keys().filter(is_in).filter_map(named).collect()
            }
            RootPlace::Unsaved(uri) => {
                let key = DocumentKey::Uri(uri.clone());
                documents.contains_key(&key).then(|| named(&key)).flatten().into_iter().collect()
            }
        }
    }

    /// The file of a [`RootPlace::File`] and the files that it uses, as they were when they were last read.
    fn keys_read(&self) -> BTreeSet<DocumentKey> {
        let own = match &self.place {
            RootPlace::File(path) => Some(DocumentKey::Path(path.clone())),
            _ => None,
        };
        let read = self.snapshot.folder.files.names().map(|name| self.place.key(name));
        own.into_iter().chain(read).collect()
    }
}
