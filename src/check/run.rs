//! Runs the lints over a folder, and over what a change affects.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use super::fix::withhold;
use super::level;
use super::lint::{Lint, Pass, is_proof};
use super::table::lints;
use super::workspace::{LintFile, LintScope, Workspace};
use crate::cancellation::Cancellation;
use crate::diagnostic::{Finding, cap};
use crate::load::{BATCH, Suppressions, sort};
use crate::parallel;
use crate::policy::{Folder, refuse_users_as_groups};
use crate::prove::Proofs;

/// Every finding of the files of `folder`, by file and place.
///
/// ```
/// use inbox_rules::check::{check, explain};
/// use inbox_rules::diagnostic::human::{self, Style};
/// use inbox_rules::{Code, Folder, Inbox, Source};
///
/// let (inbox, _) = Inbox::parse(&Source::new("inbox.toml", "[users.alice]"));
/// let folder = Folder::from_policy("+15550100.rules", "otherwise: assign user \"alise\"", inbox);
///
/// let findings = check(&folder);
/// assert_eq!(findings[0].code, Code::UnknownUser);
/// assert_eq!(findings[0].help.as_deref(), Some("did you mean `alice`?"));
/// let style = Style { colour: false, width: 80, line_width: 240, unicode: true };
/// println!("{}", human::render(&findings, &folder.sources(), style));
/// println!("{}", explain(findings[0].code));
/// ```
///
/// [`read_folder`](crate::read_folder) reads a folder of files.
pub fn check(folder: &Folder) -> Vec<Finding> {
    Workspace::new(folder.clone()).findings()
}

impl Workspace {
    /// Checks every file of `folder`.
    pub fn new(folder: Folder) -> Self {
        let mut workspace = Self::default();
        workspace.update(folder);
        workspace
    }

    /// A workspace without files, which looks for nothing but faults.
    pub fn for_faults() -> Self {
        Self { scope: LintScope::Faults, ..Self::default() }
    }

    /// A workspace without files, which makes no proofs while there are faults, so that faults are known soon. The proofs are
    /// made once there are none.
    pub fn proving_last() -> Self {
        Self { scope: LintScope::ProofsLast, ..Self::default() }
    }

    /// A workspace without files, which looks for everything but what takes proofs: no such finding has a fix.
    pub(super) fn without_proofs() -> Self {
        Self { scope: LintScope::WithoutProofs, ..Self::default() }
    }

    /// From now on, leaves one processor to other threads.
    #[cfg(feature = "reload")]
    pub(crate) fn leave_a_thread(&mut self) {
        self.resolved.leave_a_thread();
    }

    /// Replaces the folder by a later state of the same folder. Files that have not changed are not checked again,
    /// unless they use one that has, or the inbox has changed. Returns the names of those that were.
    pub fn update(&mut self, folder: Folder) -> BTreeSet<Arc<str>> {
        self.update_now(folder)
    }

    /// As [`update`](Self::update), but puts all proofs off until [`prove`](Self::prove) makes them. Of the files that it
    /// checks, the findings of earlier proofs are not kept.
    pub fn update_without_proofs(&mut self, folder: Folder) {
        let before = std::mem::replace(&mut self.puts_proofs_off, true);
        self.update_now(folder);
        self.puts_proofs_off = before;
    }

    /// Makes the proofs that were put off. If this is cancelled meanwhile, it ends soon and returns whether it was complete:
    /// otherwise the workspace is of no more use.
    #[must_use]
    pub fn prove(&mut self, cancellation: &Cancellation) -> bool {
        self.cancellation = cancellation.clone();
        self.update_now(self.folder().clone());
        self.cancellation = Cancellation::default();
        !cancellation.is_cancelled()
    }

    fn update_now(&mut self, folder: Folder) -> BTreeSet<Arc<str>> {
        let affected = self.resolved.update(folder);
        for name in &affected.resolved {
            self.findings.set_file(name, Vec::new());
        }
        let mut stale = &affected.resolved | &affected.mentioned;
        if self.are_proofs_put_off() {
            self.unproved.extend(stale.iter().cloned());
        } else {
            stale.append(&mut self.unproved);
        }
        let names = self.existing(stale);
        // Only one batch has syntax trees at a time.
        for batch in names.chunks(BATCH) {
            self.lint_files(batch);
        }
        self.findings.set_folder(self.lint_folder());
        affected.resolved
    }

    fn lint_files(&mut self, names: &[Arc<str>]) {
        let files = self.lint_files_of(names);
        // Proofs take long enough for two files to be worth two threads.
        let few = if self.scope == LintScope::Faults { 16 } else { 2 };
        let found = parallel::map(self.resolved.threads(), &files, few, |file| self.lint_file(file));
        drop(files);
        for (name, findings) in names.iter().zip(found) {
            self.findings.set_file(name, findings);
        }
    }

    fn lint_files_of(&self, names: &[Arc<str>]) -> Vec<LintFile<'_>> {
        let mut proofs: BTreeMap<Arc<str>, Arc<OnceLock<Proofs>>> = BTreeMap::new();
        let files = self.folder().files.with_trees(names).into_iter();
        let files = files.filter_map(|(name, file)| {
            let first = self.resolved.first(&name).unwrap_or(&name);
            let proofs = Arc::clone(proofs.entry(Arc::clone(first)).or_default());
            Some(LintFile { result: self.resolved.file(&name)?, name, file, proofs })
        });
        files.collect()
    }

    fn lint_file(&self, file: &LintFile<'_>) -> Vec<Finding> {
        if self.cancellation.is_cancelled() {
            return Vec::new();
        }
        let mut findings: Vec<Finding> = self.resolved.findings_in(&file.name).cloned().collect();
        for lint in self.lints() {
            if let Pass::File(check) = lint.pass {
                check(self, file, &mut findings);
            }
        }
        // Most files have no findings, and need no tree to silence them.
        if findings.is_empty() {
            return findings;
        }
        refuse_users_as_groups(&self.folder().inbox, &file.file.source.text, &mut findings);
        withhold(&file.file, &mut findings);
        self.finish(findings, &Suppressions::of_rules(&file.file))
    }

    fn lint_folder(&self) -> Vec<Finding> {
        let mut findings: Vec<Finding> = self.resolved.folder_findings().cloned().collect();
        for lint in self.lints() {
            if let Pass::Folder(check) = lint.pass {
                check(self, &mut findings);
            }
        }
        let inbox = self.folder().inbox_source.as_ref();
        self.finish(findings, &inbox.map(Suppressions::of_inbox).unwrap_or_default())
    }

    /// Drops what comments silence, sets the levels of the inbox, sorts, and drops what is too much to read.
    fn finish(&self, mut findings: Vec<Finding>, suppressions: &Suppressions) -> Vec<Finding> {
        findings.retain(|finding| !suppressions.silence(finding));
        level::apply(&self.folder().inbox, &mut findings);
        sort(&mut findings);
        cap(&mut findings);
        findings
    }

    fn are_proofs_put_off(&self) -> bool {
        self.puts_proofs_off || self.scope == LintScope::ProofsLast && self.resolved.has_faults()
    }

    fn lints(&self) -> impl Iterator<Item = &'static Lint> + use<> {
        let faults_only = self.scope == LintScope::Faults;
        let without_proofs = self.scope == LintScope::WithoutProofs || self.are_proofs_put_off();
        lints().filter(move |lint| !(faults_only || without_proofs && is_proof(lint.code)))
    }
}
