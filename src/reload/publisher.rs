//! Judges rules, and makes those current that are sound.

use std::collections::BTreeSet;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;

use super::changes::{Changes, loss};
use super::clock::{now, timestamp};
use super::digest::FolderDigest;
use super::folder_state::FolderState;
use super::followers::message_of;
use super::gate::{Admission, Gate, Proposal};
use super::outcome::{Outcome, Refusal, Verdict};
use super::release::Release;
use super::settings::Settings;
use crate::check::Workspace;
use crate::diagnostic::{Finding, Level, Sources};
use crate::load::{LoadError, RuleSet, first_of, sources_of};
use crate::policy::Folder;

/// Judges rules, and makes those current that are sound: a [`Reloader`](super::Reloader) without a folder on disk. What is
/// derived from files that have not changed is kept.
///
/// ```
/// use inbox_rules::{Publisher, Settings, read_folder};
///
/// let mut publisher = Publisher::new(Settings::default());
/// let outcome = publisher.publish(&read_folder("rules".as_ref())?);
/// assert!(outcome.is_accepted());
/// # Ok::<(), inbox_rules::LoadError>(())
/// ```
pub struct Publisher {
    settings: Settings,
    /// Where the folder is, for errors.
    path: PathBuf,
    gate: Option<Box<Gate>>,
    /// The last state of the folder, sound or not.
    workspace: Workspace,
    digest: FolderDigest,
    current: Arc<ArcSwap<Release>>,
    /// A sound state of the folder that waits until it is accepted, by its digest.
    waiting: Option<Waiting>,
    /// A release that was current before, and until when to wait for those who hold it.
    retired: Option<(Arc<Release>, Instant)>,
}

/// What judging rules gives.
#[derive(Debug)]
#[non_exhaustive]
pub struct Judgement {
    /// The rules, or why they cannot become current. The [gate](Proposal) is not asked.
    pub result: Result<RuleSet, Refusal>,
    /// `sha256:…` over the names and contents of all files.
    pub digest: String,
    /// The files that differ from those of the current rules.
    pub changes: Changes,
    /// Everything that was found in the files, at any level.
    pub findings: Vec<Finding>,
    /// The texts that the findings point into.
    pub sources: Sources,
    /// The files that were checked, by their names inside the folder: those that changed, and those that use them.
    pub checked: Vec<Arc<str>>,
}

/// Rules that the caller has to accept.
struct Waiting {
    digest: String,
    folder: Folder,
    /// What the caller confirms by accepting them.
    confirms: Confirmation,
}

/// Which checks the caller has answered already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Confirmation {
    None,
    /// Policies, users or groups may be gone; the gate is still asked.
    Removal,
    /// The gate has held the rules as well.
    Gate,
}

/// Whoever drops the last reference to a release frees it, which takes long if much has changed, and should not be a thread
/// that decides. So a release is kept for this time, or until no reader holds it.
const RETIRE: Duration = Duration::from_millis(20);

impl Publisher {
    /// A publisher without rules.
    pub fn new(settings: Settings) -> Self {
        Self {
            path: PathBuf::from("."),
            gate: None,
            workspace: empty_workspace(&settings),
            settings,
            digest: FolderDigest::default(),
            current: Arc::default(),
            waiting: None,
            retired: None,
        }
    }

    /// The same with a gate, which is asked about every sound set before it becomes current, but for a first set that the
    /// caller gives.
    #[must_use]
    pub fn with_gate(self, gate: impl FnMut(&Proposal<'_>) -> Admission + Send + 'static) -> Self {
        self.with_boxed_gate(Box::new(gate))
    }

    pub(super) fn with_boxed_gate(mut self, gate: Box<Gate>) -> Self {
        self.gate = Some(gate);
        self
    }

    pub(super) fn with_path(mut self, path: PathBuf) -> Self {
        self.path = path;
        self
    }

    /// The current rules, with their texts.
    pub fn release(&self) -> Arc<Release> {
        self.current.load_full()
    }

    pub(super) fn current(&self) -> &Arc<ArcSwap<Release>> {
        &self.current
    }

    /// Judges the rules of `folder` as if they were to become current, and changes nothing.
    pub fn judge(&mut self, folder: &Folder) -> Judgement {
        self.judge_as(folder, Confirmation::None)
    }

    /// Makes the rules of `folder` current, if they are sound.
    pub fn publish(&mut self, folder: &Folder) -> Outcome {
        self.publish_as(folder, Confirmation::None)
    }

    /// The same, whatever is gone and without the gate.
    pub(super) fn publish_first(&mut self, folder: &Folder) -> Outcome {
        self.publish_as(folder, Confirmation::Gate)
    }

    /// Makes the rules with that digest current, if they are those that wait for it: the last that were published and
    /// were [removed from](Refusal::Removed) or [held](Refusal::Held). `None`: they are not. Where it was a removal that
    /// held them, the gate is asked now.
    pub fn accept(&mut self, digest: &str) -> Option<Outcome> {
        let waiting = self.waiting.take_if(|waiting| waiting.digest == digest)?;
        Some(self.publish_as(&waiting.folder, waiting.confirms))
    }

    pub(super) fn publish_state(&mut self, state: &FolderState) -> Outcome {
        match &state.error {
            Some(error) => self.refuse(Refusal::Unreadable(Arc::clone(error))),
            None => self.publish(&state.snapshot.folder),
        }
    }

    /// The outcome of a change that cannot be judged.
    pub(super) fn refuse(&mut self, refusal: Refusal) -> Outcome {
        self.waiting = None;
        let judgement = Judgement {
            result: Err(refusal.clone()),
            digest: self.digest.to_string(),
            changes: Changes::default(),
            findings: Vec::new(),
            sources: Sources::default(),
            checked: Vec::new(),
        };
        self.outcome(judgement, Verdict::Rejected(refusal), Duration::ZERO)
    }

    fn publish_as(&mut self, folder: &Folder, confirmed: Confirmation) -> Outcome {
        let began = now();
        let mut judgement = self.judge_as(folder, confirmed);
        let result = std::mem::replace(&mut judgement.result, Err(Refusal::Empty));
        let result = result.and_then(|set| self.ask_gate(set, folder, &judgement, confirmed));
        let confirms = match &result {
            Err(Refusal::Removed(_)) => Some(Confirmation::Removal),
            Err(Refusal::Held(_)) => Some(Confirmation::Gate),
            _ => None,
        };
        let waiting =
            |confirms| Waiting { digest: judgement.digest.clone(), folder: folder.clone(), confirms };
        self.waiting = confirms.map(waiting);
        let verdict = match result {
            Ok(set) => {
                self.swap(set, folder, &judgement.digest);
                Verdict::Accepted
            }
            Err(refusal) => Verdict::Rejected(refusal),
        };
        self.outcome(judgement, verdict, began.elapsed())
    }

    /// The set, if the gate lets it through.
    fn ask_gate(
        &mut self,
        set: RuleSet,
        folder: &Folder,
        judgement: &Judgement,
        confirmed: Confirmation,
    ) -> Result<RuleSet, Refusal> {
        let current = self.current.load_full();
        let Some(gate) = &mut self.gate else { return Ok(set) };
        if confirmed == Confirmation::Gate || judgement.digest == current.digest {
            return Ok(set);
        }
        let proposal = Proposal {
            current: &current,
            set: &set,
            folder,
            digest: &judgement.digest,
            changes: &judgement.changes,
            findings: &judgement.findings,
        };
        match catch_unwind(AssertUnwindSafe(|| gate(&proposal))) {
            Ok(Admission::Allow) => Ok(set),
            Ok(Admission::Deny(why)) => Err(Refusal::Denied(why)),
            Ok(Admission::Hold(why)) => Err(Refusal::Held(why)),
            Err(panic) => Err(Refusal::Panicked(message_of(&*panic))),
        }
    }

    fn swap(&mut self, set: RuleSet, folder: &Folder, digest: &str) {
        let current = self.current.load();
        if current.generation > 0 && current.digest == digest {
            return;
        }
        let generation = current.generation + 1;
        let release =
            Release { set: Arc::new(set), folder: folder.clone(), digest: digest.to_owned(), generation };
        drop(current);
        self.retired = Some((self.current.swap(Arc::new(release)), now() + RETIRE));
    }

    fn judge_as(&mut self, folder: &Folder, confirmed: Confirmation) -> Judgement {
        let current = self.current.load_full();
        if current.generation > 0 {
            self.workspace.leave_a_thread();
        }
        let (mut checked, mut findings) = (BTreeSet::new(), Vec::new());
        let changes = Changes::between(&current.folder, folder);
        let judge = || {
            self.digest.update(folder);
            checked = self.workspace.update(folder.clone());
            findings = self.workspace.findings();
            let set = self.rule_set(&current, &findings)?;
            let may_lose = confirmed != Confirmation::None || current.generation == 0 || self.is_empty();
            let most_removed = if may_lose { 1.0 } else { self.settings.most_removed };
            match loss(&current, (&set, folder), &changes, most_removed) {
                Some(loss) => Err(Refusal::Removed(loss)),
                None => Ok(set),
            }
        };
        let result = catch_unwind(AssertUnwindSafe(judge)).unwrap_or_else(|panic| {
            // The workspace may be inconsistent after a panic.
            self.workspace = empty_workspace(&self.settings);
            self.digest = FolderDigest::of(folder);
            Err(Refusal::Panicked(message_of(&*panic)))
        });
        Judgement {
            result,
            digest: self.digest.to_string(),
            changes,
            sources: sources_of(&findings, folder),
            findings,
            checked: checked.into_iter().collect(),
        }
    }

    /// The set of the rules in the workspace, in which that was found.
    fn rule_set(&self, current: &Release, findings: &[Finding]) -> Result<RuleSet, Refusal> {
        let folder = self.workspace.folder();
        let had_rules = current.set.policies().next().is_some();
        if self.is_empty() && had_rules && !self.settings.allow_empty {
            return Err(Refusal::Empty);
        }
        if folder.inbox_source.is_none() && folder.findings.is_empty() {
            if self.is_empty() && self.settings.allow_empty {
                return Ok(RuleSet::default());
            }
            return Err(Refusal::Unreadable(Arc::new(LoadError::NoInbox { path: self.path.clone() })));
        }
        let set = RuleSet::from_resolved(self.workspace.resolved());
        let set = set.map_err(|error| Refusal::Faults(error.to_string()))?;
        let errors: Vec<Finding> =
            findings.iter().filter(|finding| finding.level == Level::Error).cloned().collect();
        if !errors.is_empty() && !self.settings.allow_errors {
            return Err(Refusal::Errors(first_of(&errors, &sources_of(&errors, folder))));
        }
        Ok(set)
    }

    /// Whether the workspace has no policies.
    fn is_empty(&self) -> bool {
        self.workspace.resolved().policies().is_empty()
    }

    /// Drops the previous release if nobody holds it any longer, or it is time to. Returns when to try again.
    pub(super) fn drop_retired(&mut self) -> Option<Instant> {
        let now = now();
        let is_held =
            |release: &Arc<Release>| Arc::strong_count(release) > 1 || Arc::strong_count(&release.set) > 1;
        self.retired.take_if(|(release, end)| !is_held(release) || *end <= now);
        self.retired.as_ref().map(|(_, end)| (now + Duration::from_millis(1)).min(*end))
    }

    fn outcome(&self, judgement: Judgement, verdict: Verdict, took: Duration) -> Outcome {
        let Judgement { digest, changes, findings, sources, checked, .. } = judgement;
        let release = self.current.load_full();
        let generation = release.generation;
        Outcome {
            at: timestamp(),
            took,
            digest,
            verdict,
            generation,
            release,
            changes,
            findings,
            sources,
            checked,
        }
    }
}

fn empty_workspace(settings: &Settings) -> Workspace {
    if settings.faults_alone { Workspace::for_faults() } else { Workspace::default() }
}

impl fmt::Debug for Publisher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Publisher").field("current", &self.current.load()).finish_non_exhaustive()
    }
}
