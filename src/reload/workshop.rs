//! Where a new set is made and judged.

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
use super::outcome::{Outcome, Refusal, Verdict};
use super::settings::Settings;
use super::sight::Sight;
use crate::check::Checked;
use crate::diagnostic::{Finding, Level, Sources};
use crate::load::{LoadError, RuleSet};
use crate::policy::Folder;

/// Where a new set is made and judged.
pub(super) struct Workshop {
    folder: PathBuf,
    settings: Settings,
    /// The last state of the folder, sound or not.
    checked: Checked,
    current: Arc<ArcSwap<RuleSet>>,
    /// Of that state.
    digest: Digest,
    /// Of what the current set was made from.
    current_digest: Option<String>,
    generation: u64,
    /// What was current before.
    former: Option<Arc<RuleSet>>,
}

/// How often, a millisecond apart, it is asked whether all others have let go of what was current before.
const WAITS: usize = 20;

impl Workshop {
    /// Makes sets of `folder` for `current`.
    pub(super) fn new(folder: &Path, settings: Settings, current: Arc<ArcSwap<RuleSet>>) -> Self {
        Self {
            folder: folder.to_owned(),
            checked: nothing_checked(&settings),
            settings,
            current,
            digest: Digest::default(),
            current_digest: None,
            generation: 0,
            former: None,
        }
    }

    /// Makes what is seen current, if it is sound.
    pub(super) fn judge(&mut self, sight: &Sight) -> Outcome {
        let began = now();
        let mut checked = BTreeSet::new();
        self.digest.update(&sight.reading.folder);
        let digest = self.digest.to_string();
        let judged = match &sight.trouble {
            Some(error) => Err(Refusal::Unreadable(Arc::clone(error))),
            None => {
                let make = || {
                    if self.generation > 0 {
                        self.checked.leave_a_thread();
                    }
                    checked = self.checked.update(sight.reading.folder.clone());
                    self.make()
                };
                catch_unwind(AssertUnwindSafe(make)).unwrap_or_else(|panic| {
                    // What it left half done is not to be built on.
                    self.checked = nothing_checked(&self.settings);
                    Err(Refusal::Panicked(message_of(&*panic)))
                })
            }
        };
        let verdict = match judged {
            Ok(set) => {
                if self.current_digest.as_ref() != Some(&digest) {
                    self.former = Some(self.current.swap(Arc::new(set)));
                    self.current_digest = Some(digest.clone());
                    self.generation += 1;
                }
                Verdict::Taken
            }
            Err(refusal) => Verdict::Kept(refusal),
        };
        let findings = if sight.trouble.is_some() { Vec::new() } else { self.checked.findings() };
        Outcome {
            sources: sources_of(&findings, &sight.reading.folder),
            checked: checked.into_iter().collect(),
            ..self.outcome(digest, verdict, findings, began.elapsed())
        }
    }

    /// Lets go of what was current before. Whoever is the last to do so frees it, which takes a while where much has
    /// changed: that should not be a thread that decides.
    pub(super) fn let_go(&mut self) {
        let Some(former) = self.former.take() else { return };
        let is_held = |_: &usize| Arc::strong_count(&former) > 1;
        (0..WAITS).take_while(is_held).for_each(|_| thread::sleep(Duration::from_millis(1)));
    }

    /// Tells that the folder does not come to rest.
    pub(super) fn restless(&self, sight: &Sight) -> Outcome {
        let mut digest = self.digest.clone();
        digest.update(&sight.reading.folder);
        let digest = digest.to_string();
        self.outcome(digest, Verdict::Kept(Refusal::Restless), Vec::new(), Duration::ZERO)
    }

    fn outcome(&self, digest: String, verdict: Verdict, findings: Vec<Finding>, took: Duration) -> Outcome {
        Outcome {
            at: moment(),
            took,
            digest,
            verdict,
            generation: self.generation,
            findings,
            sources: Sources::default(),
            checked: Vec::new(),
        }
    }

    /// The set of what is checked.
    fn make(&self) -> Result<RuleSet, Refusal> {
        let folder = self.checked.folder();
        let is_empty = self.checked.policies().is_empty();
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
        let set = RuleSet::from_checked(&self.checked).map_err(|_| Refusal::Faults)?;
        let is_wrong = self.checked.findings().iter().any(|finding| finding.level == Level::Error);
        if is_wrong && !self.settings.allow_errors {
            return Err(Refusal::Errors);
        }
        Ok(set)
    }
}

/// What there is before anything was seen.
fn nothing_checked(settings: &Settings) -> Checked {
    if settings.faults_alone { Checked::faults_of(Folder::default()) } else { Checked::default() }
}

/// The texts that findings point into.
fn sources_of(findings: &[Finding], folder: &Folder) -> Sources {
    if findings.is_empty() {
        return Sources::default();
    }
    let names: BTreeSet<&str> = findings
        .iter()
        .flat_map(|finding| {
            [&finding.file].into_iter().chain(finding.related.iter().map(|related| &related.file))
        })
        .map(|name| &**name)
        .collect();
    let files = folder.files.values().map(|file| &file.source).chain(&folder.inbox_source);
    files.filter(|source| names.contains(&*source.name)).cloned().collect()
}

fn message_of(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".to_owned())
}

#[expect(clippy::disallowed_methods, reason = "how long it took")]
fn now() -> Instant {
    Instant::now()
}

#[expect(clippy::disallowed_methods, reason = "when it was judged")]
fn moment() -> Timestamp {
    Timestamp::now()
}
