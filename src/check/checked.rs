//! A folder with everything that is found in it, kept so that a change costs what it changes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use imbl::OrdMap;
use imbl::ordmap::DiffItem;

use super::allow;
use super::level;
use super::lint::{Found, Lint, is_fault, lints};
use super::uses::Uses;
use crate::diagnostic::Finding;
use crate::engine::Ready;
use crate::inbox::Inbox;
use crate::policy::{Folder, Resolved, RuleFile, number_of, resolve};
use crate::prove::Proofs;
use crate::text::Span;

/// A folder with everything that is found in it, each finding at its level. When the folder changes, only the files
/// that changed, and those that use them, are checked again.
#[derive(Debug, Default)]
pub struct Checked {
    folder: Folder,
    files: BTreeMap<Arc<str>, CheckedFile>,
    policies: OrdMap<Arc<str>, Arc<Ready>>,
    uses: Uses,
    /// Of the inbox, and of the folder as a whole.
    findings: Vec<Finding>,
    /// The files that have findings.
    found_in: BTreeSet<Arc<str>>,
    /// Nothing is looked for that leaves the rules their meaning.
    faults_alone: bool,
}

/// A rule file and what came of it.
#[derive(Debug)]
pub(super) struct CheckedFile {
    pub(super) name: Arc<str>,
    pub(super) file: Arc<RuleFile>,
    pub(super) resolved: Resolved,
    /// Whether something in the file itself leaves it without a meaning.
    is_faulty: bool,
    /// What is proved of it, once that was asked.
    pub(super) proofs: OnceLock<Proofs>,
    findings: Vec<Finding>,
}

impl Checked {
    /// Checks every file of `folder`.
    pub fn of(folder: Folder) -> Self {
        let mut checked = Self::default();
        checked.update(folder);
        checked
    }

    /// Gives every policy of `folder` its meaning, and looks for nothing but faults.
    pub fn faults_of(folder: Folder) -> Self {
        let mut checked = Self { faults_alone: true, ..Self::default() };
        checked.update(folder);
        checked
    }

    /// Goes over to `folder`, a later state of the same one. Files that are the same are not looked
    /// at, unless they use one that is not, or the inbox is another. Gives the names of those that were.
    pub fn update(&mut self, folder: Folder) -> BTreeSet<Arc<str>> {
        let before = std::mem::replace(&mut self.folder, folder);
        let mut stale = self.stale(&before);
        let were_known = self.uses.are_known();
        let mut mentioned = BTreeSet::new();
        for name in &stale {
            if let Some(CheckedFile { file, resolved, .. }) = self.files.remove(name) {
                mentioned.extend(self.uses.remove(name, &file, &resolved).cloned());
                self.found_in.remove(name);
                self.policies.remove(&key(name));
            }
            if let Some(file) = self.folder.files.get(name) {
                let (name, file) = (Arc::clone(name), Arc::clone(file));
                let resolved = resolve(&self.folder, &name);
                mentioned.extend(self.uses.insert(&self.folder, &name, &file, &resolved).cloned());
                let mut own = file.findings.iter().chain(&resolved.findings);
                let is_faulty = own.any(|finding| is_fault(finding.code));
                if self.folder.is_policy(&name) {
                    let ready = Ready::from(Arc::clone(&resolved.policy));
                    self.policies.insert(key(&name), Arc::new(ready));
                }
                let checked = CheckedFile {
                    name,
                    file,
                    resolved,
                    is_faulty,
                    proofs: OnceLock::new(),
                    findings: Vec::new(),
                };
                self.files.insert(Arc::clone(&checked.name), checked);
            }
        }
        self.findings = self.find_in_folder();
        let checked = stale.clone();
        stale.extend(mentioned);
        if were_known != self.uses.are_known() {
            stale.extend(self.files.keys().filter(|name| !self.uses.is_closed(name)).cloned());
        }
        for name in &stale {
            self.lint(name);
        }
        checked
    }

    /// The files to be resolved again now that the folder is another than `before`.
    fn stale(&self, before: &Folder) -> BTreeSet<Arc<str>> {
        let now = &self.folder;
        let is_same_inbox = before.settings.known
            && now.settings.known
            && before.inbox == now.inbox
            && before.findings == now.findings
            && before.named == now.named;
        if !is_same_inbox {
            return before.files.keys().chain(now.files.keys()).cloned().collect();
        }
        let mut changed = BTreeSet::new();
        let mut is_same_list = true;
        for difference in before.files.diff(&now.files) {
            let (name, is_listed) = match difference {
                DiffItem::Add(name, _) | DiffItem::Remove(name, _) => (name, false),
                DiffItem::Update { new: (name, _), .. } => (name, true),
            };
            changed.insert(Arc::clone(name));
            is_same_list &= is_listed;
        }
        if !is_same_list {
            changed.extend(self.uses.unmet().iter().cloned());
        }
        self.uses.with_users(changed)
    }

    /// Finds what is wrong with the folder as a whole and with its inbox.
    fn find_in_folder(&self) -> Vec<Finding> {
        let mut findings = self.folder.findings.clone();
        for lint in self.lints() {
            if let Found::InFolder(check) = lint.found {
                check(self, &mut findings);
            }
        }
        findings.extend(level::misnamed(&self.folder));
        if let Some(inbox) = &self.folder.inbox {
            allow::in_inbox(inbox, &mut findings);
        }
        level::apply(&self.folder.settings, &mut findings);
        in_order(&mut findings);
        findings
    }

    /// Finds what is wrong in the file of that name, which is resolved.
    fn lint(&mut self, name: &Arc<str>) {
        let Some(file) = self.files.get(name) else { return };
        let mut findings = file.file.findings.clone();
        findings.extend_from_slice(&file.resolved.findings);
        for lint in self.lints() {
            if let Found::InFile(check) = lint.found {
                check(self, file, &mut findings);
            }
        }
        allow::in_rules(&file.file, &mut findings);
        level::apply(&self.folder.settings, &mut findings);
        in_order(&mut findings);
        if findings.is_empty() {
            self.found_in.remove(name);
        } else {
            self.found_in.insert(Arc::clone(name));
        }
        if let Some(file) = self.files.get_mut(name) {
            file.findings = findings;
        }
    }

    fn lints(&self) -> impl Iterator<Item = &'static Lint> + use<> {
        let faults_alone = self.faults_alone;
        lints().filter(move |_| !faults_alone)
    }

    /// The folder.
    pub fn folder(&self) -> &Folder {
        &self.folder
    }

    /// Everything that is wrong, or worth a look, by file and place.
    pub fn findings(&self) -> Vec<Finding> {
        let in_files = self.found_in.iter().filter_map(|name| self.files.get(name));
        let in_files = in_files.flat_map(|file| &file.findings);
        let mut findings: Vec<Finding> = self.findings.iter().chain(in_files).cloned().collect();
        in_order(&mut findings);
        findings
    }

    /// Every policy, by the number it is for, or by its file where that is not named by a number. One has a meaning only if no finding [`is_fault`](super::is_fault).
    pub fn policies(&self) -> &OrdMap<Arc<str>, Arc<Ready>> {
        &self.policies
    }

    /// Which file uses which.
    pub(super) fn uses(&self) -> &Uses {
        &self.uses
    }

    /// The inbox, where it is known without a mistake: else what seems missing may only be misspelt there.
    pub(super) fn sound_inbox(&self) -> Option<&Inbox> {
        let inbox = &self.folder.settings;
        (inbox.known && !self.is_inbox_faulty()).then_some(inbox)
    }

    /// Whether nothing is wrong with the file, with those it takes names from, and with the inbox.
    pub(super) fn has_meaning(&self, file: &CheckedFile) -> bool {
        let is_faulty = |name: &Arc<str>| self.files.get(name).is_some_and(|file| file.is_faulty);
        !file.is_faulty
            && !self.is_inbox_faulty()
            && !file.resolved.used.iter().any(|(name, _)| is_faulty(name))
    }

    fn is_inbox_faulty(&self) -> bool {
        self.folder.findings.iter().any(|finding| is_fault(finding.code))
    }
}

/// Everything that is wrong with the files of `folder`, or worth a look, by file and place.
pub fn check(folder: &Folder) -> Vec<Finding> {
    Checked::of(folder.clone()).findings()
}

/// The number that a policy is for, or its file.
fn key(name: &Arc<str>) -> Arc<str> {
    number_of(name).map_or_else(|| Arc::clone(name), Arc::from)
}

fn in_order(findings: &mut Vec<Finding>) {
    findings.sort_by(|a, b| place(a).cmp(&place(b)));
    findings.dedup_by(|a, b| place(a) == place(b) && a.message == b.message);
}

fn place(finding: &Finding) -> (&str, Span, &str) {
    (&finding.file, finding.span, finding.code)
}
