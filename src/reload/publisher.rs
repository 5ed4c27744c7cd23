//! Makes a new rule set from what was read, checks it, and publishes it.

use std::any::Any;
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use jiff::Timestamp;

use super::digest::Digest;
use super::folder_state::FolderState;
use super::outcome::{Outcome, Refusal, Verdict};
use super::settings::Settings;
use crate::check::Workspace;
use crate::diagnostic::{Finding, Level, Sources};
use crate::load::{LoadError, RuleSet, first_of, sources_of};

/// Makes rule sets of a folder and publishes those that are sound.
pub(super) struct Publisher {
    folder: PathBuf,
    settings: Settings,
    /// The last state of the folder, sound or not.
    workspace: Workspace,
    current: Arc<ArcSwap<RuleSet>>,
    /// Of the last state of the folder.
    digest: Digest,
    /// Of the state that the current set was made from.
    current_digest: Option<String>,
    generation: u64,
    /// The set that was current before.
    previous: Option<Arc<RuleSet>>,
}

/// How often, a millisecond apart, [`Publisher::drop_previous`] looks whether readers still hold the previous set.
const DROP_ATTEMPTS: usize = 20;

impl Publisher {
    /// A publisher of the rules of `folder`, which sets `current`.
    pub(super) fn new(folder: &Path, settings: Settings, current: Arc<ArcSwap<RuleSet>>) -> Self {
        Self {
            folder: folder.to_owned(),
            workspace: empty_workspace(&settings),
            settings,
            current,
            digest: Digest::default(),
            current_digest: None,
            generation: 0,
            previous: None,
        }
    }

    /// Publishes the rules of this state of the folder, if they are sound.
    pub(super) fn publish(&mut self, state: &FolderState) -> Outcome {
        let began = now();
        self.digest.update(&state.snapshot.folder);
        let digest = self.digest.to_string();
        let (checked, result) = match &state.error {
            Some(error) => (BTreeSet::new(), Err(Refusal::Unreadable(Arc::clone(error)))),
            None => self.check(state),
        };
        let verdict = match result {
            Ok(set) => {
                if self.current_digest.as_ref() != Some(&digest) {
                    self.previous = Some(self.current.swap(Arc::new(set)));
                    self.current_digest = Some(digest.clone());
                    self.generation += 1;
                }
                Verdict::Accepted
            }
            Err(refusal) => Verdict::Rejected(refusal),
        };
        let findings = if state.error.is_some() { Vec::new() } else { self.workspace.findings() };
        Outcome {
            sources: sources_of(&findings, &state.snapshot.folder),
            checked: checked.into_iter().collect(),
            ..self.outcome(digest, verdict, findings, began.elapsed())
        }
    }

    /// Checks what has changed, and makes a rule set. Returns the files that were checked, too.
    fn check(&mut self, state: &FolderState) -> (BTreeSet<Arc<str>>, Result<RuleSet, Refusal>) {
        if self.generation > 0 {
            self.workspace.leave_a_thread();
        }
        let mut checked = BTreeSet::new();
        let check = || {
            checked = self.workspace.update(state.snapshot.folder.clone());
            self.rule_set()
        };
        let result = catch_unwind(AssertUnwindSafe(check)).unwrap_or_else(|panic| {
            // The workspace may be inconsistent after a panic.
            self.workspace = empty_workspace(&self.settings);
            Err(Refusal::Panicked(message_of(&*panic)))
        });
        (checked, result)
    }

    /// The set of the rules in the workspace.
    fn rule_set(&self) -> Result<RuleSet, Refusal> {
        let (folder, resolved) = (self.workspace.folder(), self.workspace.resolved());
        let is_empty = resolved.policies().is_empty();
        let had_rules = self.current.load().policies().next().is_some();
        if is_empty && had_rules && !self.settings.allow_empty {
            return Err(Refusal::Empty);
        }
        if folder.inbox_source.is_none() && folder.findings.is_empty() {
            if is_empty && self.settings.allow_empty {
                return Ok(RuleSet::default());
            }
            return Err(Refusal::Unreadable(Arc::new(LoadError::NoInbox { path: self.folder.clone() })));
        }
        let set = RuleSet::from_resolved(resolved).map_err(|error| Refusal::Faults(error.to_string()))?;
        let mut errors = self.workspace.findings();
        errors.retain(|finding| finding.level == Level::Error);
        if !errors.is_empty() && !self.settings.allow_errors {
            return Err(Refusal::Errors(first_of(&errors, &sources_of(&errors, folder))));
        }
        Ok(set)
    }

    /// Waits until no reader holds the previous set, for a while, and drops it here. Whoever drops the last reference
    /// frees the set, which takes long if much has changed, and should not be a thread that decides.
    pub(super) fn drop_previous(&mut self) {
        let Some(previous) = self.previous.take() else { return };
        let is_held = |_: &usize| Arc::strong_count(&previous) > 1;
        (0..DROP_ATTEMPTS).take_while(is_held).for_each(|_| thread::sleep(Duration::from_millis(1)));
    }

    /// The outcome for a folder that keeps changing.
    pub(super) fn unstable(&self, state: &FolderState) -> Outcome {
        let mut digest = self.digest.clone();
        digest.update(&state.snapshot.folder);
        let verdict = Verdict::Rejected(Refusal::Unstable);
        self.outcome(digest.to_string(), verdict, Vec::new(), Duration::ZERO)
    }

    fn outcome(&self, digest: String, verdict: Verdict, findings: Vec<Finding>, took: Duration) -> Outcome {
        Outcome {
            at: timestamp(),
            took,
            digest,
            verdict,
            generation: self.generation,
            findings,
            sources: Sources::default(),
            checked: Vec::new(),
        }
    }
}

fn empty_workspace(settings: &Settings) -> Workspace {
    if settings.faults_alone { Workspace::for_faults() } else { Workspace::default() }
}

fn message_of(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".to_owned())
}

#[expect(clippy::disallowed_methods, reason = "measures how long publishing takes")]
fn now() -> Instant {
    Instant::now()
}

#[expect(clippy::disallowed_methods, reason = "an outcome says when it happened")]
fn timestamp() -> Timestamp {
    Timestamp::now()
}
