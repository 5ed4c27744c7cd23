//! A folder with everything that is found in it, kept so that a change costs what it changes.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use imbl::OrdMap;
use imbl::ordmap::DiffItem;

use super::allow;
use super::copies::Copies;
use super::level;
use super::lint::{Found, Lint};
use super::table::lints;
use super::uses::Uses;
use crate::diagnostic::{Code, Finding};
use crate::engine::CompiledPolicy;
use crate::inbox::Inbox;
use crate::parallel::{self, Threads};
use crate::policy::{Folder, Policy, Resolved, RuleFile, policy_key, resolve};
use crate::prove::Proofs;
use crate::text::Span;

/// Fewer files than this are resolved on one thread.
const FEW: usize = 16;

/// How many files are checked together: so many trees are there at once, however many files there are.
const BLOCK: usize = 512;

/// A folder with everything that is found in it, each finding at its level. When the folder changes, only the files
/// that changed, and those that use them, are checked again.
#[derive(Debug, Default)]
pub struct Checked {
    folder: Folder,
    files: BTreeMap<Arc<str>, CheckedFile>,
    policies: OrdMap<Arc<str>, Arc<CompiledPolicy>>,
    uses: Uses,
    copies: Copies,
    /// Of the inbox, and of the folder as a whole.
    findings: Vec<Finding>,
    /// The files that have findings.
    found_in: BTreeSet<Arc<str>>,
    /// Nothing is looked for that leaves the rules their meaning.
    faults_alone: bool,
    threads: Threads,
}

/// A rule file and what came of it.
#[derive(Debug)]
pub(super) struct CheckedFile {
    pub(super) name: Arc<str>,
    pub(super) file: Arc<RuleFile>,
    pub(super) resolved: Resolved,
    /// Whether something in the file itself leaves it without a meaning.
    is_faulty: bool,
    /// What is proved of it and of its copies, once that was asked.
    pub(super) proofs: Arc<OnceLock<Proofs>>,
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

    /// From now on one thread is left to whoever decides meanwhile.
    #[cfg(feature = "reload")]
    pub(crate) fn leave_a_thread(&mut self) {
        self.threads = Threads::AllButOne;
    }

    /// Goes over to `folder`, a later state of the same one. Files that are the same are not looked
    /// at, unless they use one that is not, or the inbox is another. Gives the names of those that were.
    pub fn update(&mut self, folder: Folder) -> BTreeSet<Arc<str>> {
        let before = std::mem::replace(&mut self.folder, folder);
        let stale = self.stale(&before);
        let were_known = self.uses.are_known();
        // Of those, something is mentioned now or no more.
        let mut mentioned = BTreeSet::new();
        for name in &stale {
            if let Some(CheckedFile { file, resolved, .. }) = self.files.remove(name) {
                mentioned.extend(self.uses.remove(name, &file, &resolved).cloned());
                self.found_in.remove(name);
                self.policies.remove(&policy_key(name));
                self.copies.remove(name, &file);
            }
        }
        let (shared, alone) = self.parted(&stale);
        mentioned.extend(self.take_in(&self.folder.clone(), &shared));
        for block in alone.chunks(BLOCK) {
            mentioned.extend(self.take_in(&self.with_trees(block), block));
            self.find_in_files(block);
            self.let_go_of_trees(block);
        }
        self.findings = self.find_in_folder();
        mentioned.extend(shared);
        if were_known != self.uses.are_known() {
            mentioned.extend(self.files.keys().filter(|name| !self.uses.is_closed(name)).cloned());
        }
        self.find_in_files(&mentioned.into_iter().collect::<Vec<_>>());
        stale
    }

    /// The files of those `names` that are in the folder: those that others may have to do with, and the policies
    /// that stand alone, copies beside one another.
    fn parted(&self, names: &BTreeSet<Arc<str>>) -> (Vec<Arc<str>>, Vec<Arc<str>>) {
        let files: Vec<_> = names.iter().filter_map(|name| self.folder.files.get_key_value(name)).collect();
        let used: BTreeSet<String> = files.iter().flat_map(|(name, file)| file.used(name)).collect();
        let is_alone = |(name, file): &(&Arc<str>, &Arc<RuleFile>)| {
            let is_used = used.contains(&***name) || self.uses.is_used(name);
            self.folder.is_policy(name) && file.outline.has_rules && !is_used
        };
        let (mut alone, shared): (Vec<_>, Vec<_>) = files.into_iter().partition(is_alone);
        alone.sort_by_key(|(name, file)| (file.digest, *name));
        let names =
            |files: Vec<(&Arc<str>, _)>| files.into_iter().map(|(name, _)| Arc::clone(name)).collect();
        (names(shared), names(alone))
    }

    /// The folder, in which files of those `names` that have no tree have one for as long as this is held.
    fn with_trees(&self, names: &[Arc<str>]) -> Folder {
        let mut folder = self.folder.clone();
        let mut first: HashMap<[u8; 32], Arc<RuleFile>> = HashMap::new();
        for name in names {
            let Some(file) = self.folder.files.get(name) else { continue };
            let Some(digest) = file.digest else { continue };
            let file = match first.entry(digest) {
                Entry::Occupied(first) => Arc::new(first.get().copied(&file.source.name)),
                Entry::Vacant(entry) => Arc::clone(entry.insert(Arc::new(file.for_now()))),
            };
            folder.files.insert(Arc::clone(name), file);
        }
        folder
    }

    /// Gives the files of those names their meaning, as they stand in `folder`. Gives the files of which they mention
    /// something.
    fn take_in(&mut self, folder: &Folder, names: &[Arc<str>]) -> BTreeSet<Arc<str>> {
        let mut mentioned = BTreeSet::new();
        let mut proofs: BTreeMap<Arc<str>, Arc<OnceLock<Proofs>>> = BTreeMap::new();
        for (name, resolved) in self.resolve(folder, names) {
            let Some(file) = folder.files.get(&name).cloned() else { continue };
            mentioned.extend(self.uses.insert(folder, &name, &file, &resolved).cloned());
            let mut own = file.findings.iter().chain(&resolved.findings);
            let is_faulty = own.any(|finding| finding.code.is_fault());
            if folder.is_policy(&name) {
                let ready = self.ready(&name, &resolved.policy);
                self.policies.insert(policy_key(&name), Arc::new(ready));
            }
            let first = self.copies.first(folder, &name).unwrap_or(&name);
            let proofs = Arc::clone(proofs.entry(Arc::clone(first)).or_default());
            let checked = CheckedFile { name, file, resolved, is_faulty, proofs, findings: Vec::new() };
            self.files.insert(Arc::clone(&checked.name), checked);
        }
        mentioned
    }

    /// Keeps of the files of those names only what a later change needs.
    fn let_go_of_trees(&mut self, names: &[Arc<str>]) {
        for name in names {
            if let (Some(checked), Some(file)) = (self.files.get_mut(name), self.folder.files.get(name)) {
                checked.file = Arc::clone(file);
                checked.proofs = Arc::default();
            }
        }
    }

    /// What comes of the files of those `names`. Of files that are copies, one is resolved.
    fn resolve(&mut self, folder: &Folder, names: &[Arc<str>]) -> Vec<(Arc<str>, Resolved)> {
        let (first, copies): (Vec<_>, Vec<_>) =
            names.iter().cloned().partition(|name| self.copies.is_first(folder, name));
        let resolved = parallel::map(self.threads, &first, FEW, |name| resolve(folder, name));
        let mut resolved: BTreeMap<Arc<str>, Resolved> = first.into_iter().zip(resolved).collect();
        let of_copies = parallel::map(self.threads, &copies, FEW, |name| {
            let first = self.copies.first(folder, name);
            let first = first.and_then(|first| {
                let known = || self.files.get(first).map(|file| &file.resolved);
                Some((first, resolved.get(first).or_else(known)?))
            });
            let shared = first.and_then(|(first, resolved)| resolved.of_copy(first, name));
            shared.unwrap_or_else(|| resolve(folder, name))
        });
        resolved.extend(copies.into_iter().zip(of_copies));
        resolved.into_iter().collect()
    }

    /// The policy of the file called `name`, with the program of the first of its copies.
    fn ready(&self, name: &Arc<str>, policy: &Arc<Policy>) -> CompiledPolicy {
        let first =
            self.copies.first(&self.folder, name).and_then(|first| self.policies.get(&policy_key(first)));
        first.map_or_else(
            || CompiledPolicy::from(Arc::clone(policy)),
            |first| first.sharing(Arc::clone(policy)),
        )
    }

    /// The files to be resolved again now that the folder is another than `before`.
    fn stale(&self, before: &Folder) -> BTreeSet<Arc<str>> {
        let now = &self.folder;
        let is_same_inbox = !before.inbox.is_inferred
            && !now.inbox.is_inferred
            && before.inbox_source == now.inbox_source
            && before.findings == now.findings
            && before.extra_policies == now.extra_policies;
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
        if let Some(inbox) = &self.folder.inbox_source {
            allow::in_inbox(inbox, &mut findings);
        }
        level::apply(&self.folder.inbox, &mut findings);
        in_order(&mut findings);
        findings
    }

    /// Finds what is wrong in the file of that name, which is resolved.
    fn find_in(&self, name: &Arc<str>) -> Vec<Finding> {
        let Some(file) = self.files.get(name) else { return Vec::new() };
        let mut findings = file.file.findings.clone();
        findings.extend_from_slice(&file.resolved.findings);
        for lint in self.lints() {
            if let Found::InFile(check) = lint.found {
                check(self, file, &mut findings);
            }
        }
        allow::in_rules(&file.file, &mut findings);
        level::apply(&self.folder.inbox, &mut findings);
        in_order(&mut findings);
        findings
    }

    /// Finds what is wrong in the files of those names that are there, and keeps it.
    fn find_in_files(&mut self, names: &[Arc<str>]) {
        let few = if self.faults_alone { FEW } else { 2 };
        let found = parallel::map(self.threads, names, few, |name| self.find_in(name));
        for (name, findings) in names.iter().zip(found) {
            let Some(file) = self.files.get_mut(name) else { continue };
            if findings.is_empty() {
                self.found_in.remove(name);
            } else {
                self.found_in.insert(Arc::clone(name));
            }
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

    /// Every policy, by the number it is for, or by its file where that is not named by a number. One has a meaning only if no finding is a fault.
    pub fn policies(&self) -> &OrdMap<Arc<str>, Arc<CompiledPolicy>> {
        &self.policies
    }

    /// What came of a file.
    #[cfg(test)]
    pub(super) fn resolved(&self, name: &str) -> Option<&Resolved> {
        self.files.get(name).map(|file| &file.resolved)
    }

    /// Which file uses which.
    pub(super) fn uses(&self) -> &Uses {
        &self.uses
    }

    /// The inbox, where it is known without a mistake: else what seems missing may only be misspelt there.
    pub(super) fn sound_inbox(&self) -> Option<&Inbox> {
        let inbox = &self.folder.inbox;
        (!inbox.is_inferred && !self.is_inbox_faulty()).then_some(inbox)
    }

    /// Whether nothing is wrong with the file, with those it takes names from, and with the inbox.
    pub(super) fn has_meaning(&self, file: &CheckedFile) -> bool {
        let is_faulty = |name: &Arc<str>| self.files.get(name).is_some_and(|file| file.is_faulty);
        !file.is_faulty
            && !self.is_inbox_faulty()
            && !file.resolved.mentions.iter().any(|(name, _)| is_faulty(name))
    }

    fn is_inbox_faulty(&self) -> bool {
        self.folder.findings.iter().any(|finding| finding.code.is_fault())
    }
}

/// Everything that is wrong with the files of `folder`, or worth a look, by file and place.
pub fn check(folder: &Folder) -> Vec<Finding> {
    Checked::of(folder.clone()).findings()
}

fn in_order(findings: &mut Vec<Finding>) {
    findings.sort_by(|a, b| place(a).cmp(&place(b)));
    findings.dedup_by(|a, b| place(a) == place(b) && a.message == b.message);
}

fn place(finding: &Finding) -> (&str, Span, Code) {
    (&finding.file, finding.span, finding.code)
}
