//! A folder whose files are all resolved, kept so that a change costs only what it changes.

use std::collections::BTreeSet;
use std::sync::Arc;

use imbl::{HashMap, OrdMap};

use super::imports::ImportGraph;
use super::suppressions::Suppressions;
use crate::diagnostic::Finding;
use crate::engine::CompiledPolicy;
use crate::parallel::{self, Threads};
use crate::policy::{Folder, NameTable, Resolved, RuleFile, policy_key, resolve_with};

/// Fewer files than this are resolved on one thread.
const FEW: usize = 16;

/// How many policies are resolved together. A syntax tree takes ten times the memory of its text, so only one batch of
/// policies has trees at a time, however many files there are.
pub(crate) const BATCH: usize = 512;

/// Policies by number, or by file name where the file is not named after a number.
pub(super) type Policies = OrdMap<Arc<str>, Arc<CompiledPolicy>>;

/// A folder whose files are all resolved. When the folder changes, only the files that changed, and those that use
/// them, are resolved again. A clone is cheap, because it shares with the original what has not changed.
///
/// Policies with the same text share their rules and their program: the first of them is resolved, the others take
/// its result over.
#[derive(Debug, Clone, Default)]
pub struct ResolvedFolder {
    folder: Folder,
    pub(super) files: OrdMap<Arc<str>, Arc<ResolvedFile>>,
    policies: Policies,
    imports: ImportGraph,
    /// The names that are visible in the files that others use.
    names: NameTable,
    /// The first policy of each text, by the text's hash.
    first: HashMap<[u8; 32], Arc<str>>,
    /// Faults in the `# allow` comments of `inbox.toml`, and in the files that it names.
    inbox_faults: Vec<Finding>,
    /// The files that have faults.
    faulty: BTreeSet<Arc<str>>,
    threads: Threads,
}

/// The result for one rule file.
#[derive(Debug)]
pub(crate) struct ResolvedFile {
    pub(crate) resolved: Resolved,
    /// Whether the file itself, its `# allow` comments aside, has a fault.
    is_faulty: bool,
    /// Faults in its `# allow` comments.
    allow_faults: Vec<Finding>,
}

/// Files to be resolved.
struct StaleFiles {
    /// Those that other files may use.
    shared: Vec<Arc<str>>,
    /// The policies that no file uses, those of the same text next to each other.
    alone: Vec<Arc<str>>,
    /// The names of the files that these and those use.
    used: BTreeSet<String>,
}

/// The files that a change affects.
#[derive(Debug, Default)]
pub struct Affected {
    /// Those that were resolved again, or no longer exist.
    pub resolved: BTreeSet<Arc<str>>,
    /// Those whose definitions may be used by other files than before.
    pub mentioned: BTreeSet<Arc<str>>,
}

impl ResolvedFolder {
    /// Resolves every file of `folder`.
    pub fn new(folder: Folder) -> Self {
        let mut resolved = Self::default();
        resolved.update(folder);
        resolved
    }

    /// Replaces the folder by a later state of the same folder.
    pub fn update(&mut self, folder: Folder) -> Affected {
        let before = std::mem::replace(&mut self.folder, folder);
        let stale = self.stale(&before);
        let was_complete = self.imports.is_complete();
        let mut mentioned = BTreeSet::new();
        for name in &stale {
            mentioned.extend(self.remove(name, &before));
        }
        let StaleFiles { shared, alone, used } = self.partition(&stale);
        self.names
            .add(&self.folder, shared.iter().map(|name| &**name).chain(used.iter().map(String::as_str)));
        mentioned.extend(self.insert(&self.folder.clone(), &shared, false));
        for batch in alone.chunks(BATCH) {
            mentioned.extend(self.insert(&self.with_trees(batch), batch, true));
        }
        if was_complete != self.imports.is_complete() {
            let is_shared = |name: &&Arc<str>| !self.imports.is_self_contained(name);
            mentioned.extend(self.files.keys().filter(is_shared).cloned());
        }
        let inbox = self.folder.inbox_source.as_ref();
        self.inbox_faults = inbox.map(|inbox| Suppressions::of_inbox(inbox).faults).unwrap_or_default();
        self.inbox_faults.extend(self.folder.policy_file_faults());
        Affected { resolved: stale, mentioned }
    }

    /// The files to be resolved again after a change from `before`.
    fn stale(&self, before: &Folder) -> BTreeSet<Arc<str>> {
        let now = &self.folder;
        let is_same_inbox = !before.inbox.is_inferred
            && !now.inbox.is_inferred
            && before.inbox_source == now.inbox_source
            && before.findings == now.findings
            && before.extra_policies == now.extra_policies;
        if !is_same_inbox {
            return before.files.names().chain(now.files.names()).cloned().collect();
        }
        let mut changed = BTreeSet::new();
        let mut is_same_list = true;
        for (name, change) in before.files.changes(&now.files) {
            is_same_list &= matches!(change, (Some(_), Some(_)));
            changed.insert(Arc::clone(name));
        }
        if !is_same_list {
            changed.extend(self.imports.dangling().iter().cloned());
        }
        self.imports.with_users(changed)
    }

    /// Removes the file of that name, as it was in the folder `before`. Returns the files whose definitions it
    /// mentioned.
    fn remove(&mut self, name: &Arc<str>, before: &Folder) -> Vec<Arc<str>> {
        let (Some(gone), Some(file)) = (self.files.remove(name), before.files.get(name)) else {
            return Vec::new();
        };
        self.faulty.remove(name);
        self.names.remove(name);
        self.policies.remove(&policy_key(name));
        if let Some(digest) = file.digest
            && self.first.get(&digest) == Some(name)
        {
            self.first.remove(&digest);
        }
        self.imports.remove(name, file, &gone.resolved).cloned().collect()
    }

    /// Splits the files of those names.
    fn partition(&self, names: &BTreeSet<Arc<str>>) -> StaleFiles {
        let files: Vec<_> = names.iter().filter_map(|name| self.folder.files.get_key_value(name)).collect();
        let used: BTreeSet<String> = files.iter().flat_map(|(name, file)| file.used(name)).collect();
        let is_alone = |(name, file): &(&Arc<str>, &Arc<RuleFile>)| {
            let is_used = used.contains(&***name) || self.imports.is_used(name);
            self.folder.is_policy(name) && file.outline.has_rules && !is_used
        };
        let (mut alone, shared): (Vec<_>, Vec<_>) = files.into_iter().partition(is_alone);
        alone.sort_by_key(|(name, file)| (file.digest, *name));
        let names =
            |files: Vec<(&Arc<str>, _)>| files.into_iter().map(|(name, _)| Arc::clone(name)).collect();
        StaleFiles { shared: names(shared), alone: names(alone), used }
    }

    /// The folder, in which each file of those names has a syntax tree for as long as the result is held.
    fn with_trees(&self, names: &[Arc<str>]) -> Folder {
        let mut folder = self.folder.clone();
        folder.files.extend(self.folder.files.with_trees(names));
        folder
    }

    /// Resolves the files of those names as they are in `folder`. Returns the files whose definitions they mention.
    /// Where they are `alone`, those of the same text take over the result of the first.
    fn insert(&mut self, folder: &Folder, names: &[Arc<str>], alone: bool) -> BTreeSet<Arc<str>> {
        let mut mentioned = BTreeSet::new();
        let (first, copies): (Vec<_>, Vec<_>) = names.iter().cloned().partition(|name| self.is_first(name));
        let table = &self.names;
        let resolved = parallel::map(self.threads, &first, FEW, |name| ResolvedFile::of(folder, table, name));
        for (name, file) in first.iter().zip(resolved) {
            mentioned.extend(self.insert_one(folder, name, file));
        }
        let resolved = parallel::map(self.threads, &copies, FEW, |name| {
            // A file that is used may use its copy, which would then use itself.
            let first = self.first(name).filter(|first| alone && !self.imports.is_used(first));
            let first = first.and_then(|first| self.files.get(first)?.rebind(first, name));
            first.unwrap_or_else(|| ResolvedFile::of(folder, &self.names, name))
        });
        for (name, file) in copies.iter().zip(resolved) {
            mentioned.extend(self.insert_one(folder, name, file));
        }
        mentioned
    }

    fn insert_one(&mut self, folder: &Folder, name: &Arc<str>, file: ResolvedFile) -> Vec<Arc<str>> {
        let Some(source) = folder.files.get(name) else { return Vec::new() };
        let mentioned = self.imports.insert(folder, name, source, &file.resolved).cloned().collect();
        if folder.is_policy(name) {
            let policy = Arc::clone(&file.resolved.policy);
            let first = self.first(name).and_then(|first| self.policies.get(&policy_key(first)));
            let ready = first.map_or_else(
                || CompiledPolicy::from(Arc::clone(&policy)),
                |first| first.sharing(Arc::clone(&policy)),
            );
            self.policies.insert(policy_key(name), Arc::new(ready));
        }
        if file.is_faulty || !file.allow_faults.is_empty() {
            self.faulty.insert(Arc::clone(name));
        }
        self.files.insert(Arc::clone(name), Arc::new(file));
        mentioned
    }

    /// Whether no policy with the text of this one came before it. It is the first from now on.
    fn is_first(&mut self, name: &Arc<str>) -> bool {
        let Some(hash) = meaning_hash(&self.folder, name) else { return true };
        match self.first.get(&hash) {
            Some(first) => first == name,
            None => {
                self.first.insert(hash, Arc::clone(name));
                true
            }
        }
    }

    /// The first policy with the text of this one; it may be the same.
    pub(crate) fn first(&self, name: &str) -> Option<&Arc<str>> {
        self.first.get(&meaning_hash(&self.folder, name)?)
    }

    /// The first policy with the text of this file.
    pub(super) fn first_with_text(&self, file: &RuleFile) -> Option<&Arc<str>> {
        self.first.get(&file.digest?)
    }

    /// The folder.
    pub fn folder(&self) -> &Folder {
        &self.folder
    }

    /// Every policy. It may be used only where there are no [faults](Self::has_faults).
    pub(crate) fn policies(&self) -> &Policies {
        &self.policies
    }

    /// Which file uses which.
    pub(crate) fn imports(&self) -> &ImportGraph {
        &self.imports
    }

    /// What the parser and the resolver found in the file of that name.
    pub(crate) fn findings_in(&self, name: &str) -> impl Iterator<Item = &Finding> {
        let parsed = self.folder.files.get(name).into_iter().flat_map(|file| &file.findings);
        let file = self.files.get(name).into_iter();
        parsed.chain(file.flat_map(|file| file.resolved.findings.iter().chain(&file.allow_faults)))
    }

    /// What was found in the inbox and in the folder as a whole.
    pub(crate) fn folder_findings(&self) -> impl Iterator<Item = &Finding> {
        self.folder.findings.iter().chain(&self.inbox_faults)
    }

    /// Whether anything leaves the rules without a meaning.
    pub fn has_faults(&self) -> bool {
        !self.faulty.is_empty() || self.folder_findings().any(|finding| finding.code.is_fault())
    }

    /// Everything that leaves the rules without a meaning, by file and place.
    pub fn faults(&self) -> Vec<Finding> {
        let in_files = self.faulty.iter().flat_map(|name| self.findings_in(name));
        let all = self.folder_findings().chain(in_files);
        let mut faults: Vec<Finding> = all.filter(|finding| finding.code.is_fault()).cloned().collect();
        sort(&mut faults);
        faults
    }
}

/// What the linter needs.
#[cfg(feature = "check")]
impl ResolvedFolder {
    /// The result for the file of that name.
    pub(crate) fn file(&self, name: &str) -> Option<&ResolvedFile> {
        self.files.get(name).map(|file| &**file)
    }

    /// Whether the file has a meaning: there is no fault in it, in those it takes names from, or in the inbox.
    pub(crate) fn has_meaning(&self, file: &ResolvedFile) -> bool {
        let is_faulty = |name: &str| self.files.get(name).is_some_and(|file| file.is_faulty);
        !file.is_faulty
            && !self.is_inbox_faulty()
            && !file.resolved.mentions.iter().any(|(name, _)| is_faulty(name))
    }

    /// Whether there is a fault in the inbox or in the folder itself.
    pub(crate) fn is_inbox_faulty(&self) -> bool {
        self.folder.findings.iter().any(|finding| finding.code.is_fault())
    }

    /// From now on, leaves one processor to other threads.
    #[cfg(feature = "reload")]
    pub(crate) fn leave_a_thread(&mut self) {
        self.threads = Threads::AllButOne;
    }

    pub(crate) fn threads(&self) -> Threads {
        self.threads
    }
}

impl ResolvedFile {
    fn of(folder: &Folder, table: &NameTable, name: &str) -> Self {
        let resolved = resolve_with(folder, table, name);
        let file = folder.files.get(name);
        let parsed = file.map(|file| file.findings.as_slice()).unwrap_or_default();
        let is_faulty = parsed.iter().chain(&resolved.findings).any(|finding| finding.code.is_fault());
        let allow_faults = file.map(|file| Suppressions::of_rules(file).faults).unwrap_or_default();
        Self { resolved, is_faulty, allow_faults }
    }

    /// The result for the policy called `name`, which has the text of the one called `first`, the owner of `self`.
    /// `None` where they differ: findings name their file, and a file may use the other.
    fn rebind(&self, first: &Arc<str>, name: &Arc<str>) -> Option<Self> {
        if self.is_faulty || !self.allow_faults.is_empty() {
            return None;
        }
        let resolved = self.resolved.rebind(first, name)?;
        Some(Self { resolved, is_faulty: false, allow_faults: Vec::new() })
    }
}

/// The hash of the text that a policy's meaning depends on. Policies in the outermost folder use the same files by the
/// same paths; elsewhere, and in files that are not policies, the same text may have another meaning.
fn meaning_hash(folder: &Folder, name: &str) -> Option<[u8; 32]> {
    let file = folder.files.get(name)?;
    file.digest.filter(|_| folder.is_policy(name) && !name.contains('/'))
}

/// Sorts findings by file and place, and drops duplicates.
pub(crate) fn sort(findings: &mut Vec<Finding>) {
    findings.sort_by(|a, b| (&a.file, a.span, a.code).cmp(&(&b.file, b.span, b.code)));
    findings.dedup_by(|a, b| (&a.file, a.span, a.code, &a.message) == (&b.file, b.span, b.code, &b.message));
}
