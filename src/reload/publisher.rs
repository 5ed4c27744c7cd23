//! Judges rules, and makes those current that are sound.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;

use super::changes::Changes;
use super::clock::{now, timestamp};
use super::folder_state::FolderState;
use super::gate::{Admission, Gate, Proposal};
use super::judgement::{Confirmation, Judge, Judgement};
use super::outcome::{Outcome, Refusal, Verdict};
use super::panics::{catch_panic, drop_quietly};
use super::release::Release;
use super::settings::Settings;
use crate::diagnostic::Findings;
use crate::load::RuleSet;
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
    judge: Judge,
    gate: Option<Box<Gate>>,
    current: Arc<ArcSwap<Release>>,
    /// A sound state of the folder that waits until it is accepted, by its digest.
    waiting: Option<Waiting>,
}

/// Rules that the caller has to accept.
struct Waiting {
    digest: String,
    folder: Folder,
    /// What the caller confirms by accepting them.
    confirms: Confirmation,
}

impl Publisher {
    /// A publisher without rules.
    pub fn new(settings: Settings) -> Self {
        Self { judge: Judge::new(settings), gate: None, current: Arc::default(), waiting: None }
    }

    /// The same with a gate, which is asked about every sound set before it becomes current, but for a first set that the
    /// caller gives.
    #[must_use]
    pub fn with_gate(self, gate: impl FnMut(&Proposal<'_>) -> Admission + Send + 'static) -> Self {
        self.with_boxed_gate(Some(Box::new(gate)))
    }

    pub(super) fn with_boxed_gate(mut self, gate: Option<Box<Gate>>) -> Self {
        self.gate = gate;
        self
    }

    pub(super) fn with_path(mut self, path: PathBuf) -> Self {
        self.judge.path = path;
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
    pub fn judge(&self, folder: &Folder) -> Judgement {
        self.judge.clone().judge(&self.current.load(), folder, Confirmation::None)
    }

    /// What is derived from the last rules, and the current ones: enough to judge others apart.
    pub(super) fn judge_apart(&self) -> (Judge, Arc<Release>) {
        (self.judge.clone(), self.current.load_full())
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
            digest: self.judge.digest.to_string(),
            changes: Changes::default(),
            findings: Findings::default(),
            folder: Folder::default(),
            checked: Vec::new(),
        };
        self.outcome(judgement, Verdict::Rejected(refusal), Duration::ZERO)
    }

    fn publish_as(&mut self, folder: &Folder, confirmed: Confirmation) -> Outcome {
        let began = now();
        let mut judgement = self.judge.judge(&self.current.load(), folder, confirmed);
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
        match catch_panic(|| gate(&proposal)) {
            Ok(Admission::Allow) => Ok(set),
            Ok(Admission::Deny(why)) => Err(Refusal::Denied(why)),
            Ok(Admission::Hold(why)) => Err(Refusal::Held(why)),
            Err(message) => Err(Refusal::GatePanicked(message)),
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
        self.current.store(Arc::new(release));
    }

    fn outcome(&self, judgement: Judgement, verdict: Verdict, took: Duration) -> Outcome {
        let Judgement { digest, changes, findings, folder, checked, .. } = judgement;
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
            folder,
            checked,
        }
    }
}

/// The function of the caller's may panic when it is dropped.
impl Drop for Publisher {
    fn drop(&mut self) {
        drop_quietly(self.gate.take());
    }
}

impl fmt::Debug for Publisher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Publisher").field("current", &self.current.load()).finish_non_exhaustive()
    }
}
