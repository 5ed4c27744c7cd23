//! The rules of an inbox in the store, which only the API changes.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use inbox_rules::{Folder, Judgement, Outcome, Publisher, Release, Settings};
use jiff::Timestamp;

use super::diff_gate::DiffGate;
use super::edit::RulesEdit;
use super::error::RulesError;
use super::inbox::{StoredRules, refused};
use super::status::{ActiveRules, LastChange, RulesStatus, findings_json, prefix};
use crate::settings::GateMode;

/// The rules of an inbox in the store. New rules are proposed, then stored by the caller, and only then
/// [activated](Self::activate): nobody sees them before.
pub struct StoreRules {
    /// Its current rules may be some that could not be stored.
    publisher: Mutex<Publisher>,
    gate: Arc<DiffGate>,
    state: Mutex<StoreRulesState>,
}

struct StoreRulesState {
    active: ActiveRules,
    last: LastChange,
    /// Sound rules that wait until they are accepted.
    waiting: Option<Outcome>,
}

impl StoreRules {
    /// The rules of an inbox as they are stored.
    ///
    /// # Errors
    ///
    /// [`RulesError::Findings`], if they have no meaning to this version of the program.
    pub fn start(stored: &StoredRules, mode: GateMode) -> Result<Self, RulesError> {
        let gate = Arc::new(DiffGate::default());
        let asked = Arc::clone(&gate);
        // What was sound when it was stored may have errors to a later version of the program, and a call of
        // the API that removes much is no save that was cut off.
        let settings = Settings { allow_errors: true, most_removed: 1.0, ..Settings::default() };
        let publisher = Publisher::new(settings).with_gate(move |proposal| asked.ask(mode, proposal));
        let mut publisher = publisher;
        let (release, last) = adopt(&mut publisher, &stored.folder)?;
        let active = ActiveRules { release, since: stored.since, by: Arc::clone(&stored.by) };
        let state = Mutex::new(StoreRulesState { active, last, waiting: None });
        Ok(Self { publisher: Mutex::new(publisher), gate, state })
    }

    /// The rules that decide now.
    pub fn release(&self) -> Arc<Release> {
        Arc::clone(&self.state().active.release)
    }

    /// What the inbox tells about its rules.
    pub fn status(&self) -> RulesStatus {
        let state = self.state();
        let waiting = state.waiting.as_ref().and_then(|outcome| self.gate.waiting(outcome));
        state.active.status(state.last.clone(), waiting)
    }

    /// Judges rules, and changes nothing.
    pub fn judge(&self, folder: &Folder) -> Judgement {
        self.publisher().judge(folder)
    }

    /// Judges edited rules. If they may decide, the caller stores them, and then [activates](Self::activate)
    /// them.
    ///
    /// # Errors
    ///
    /// [`RulesError`]: the rules are as before. After [`RulesError::Gate`] they wait to be accepted.
    pub fn propose(&self, edit: &RulesEdit) -> Result<Arc<Release>, RulesError> {
        let mut publisher = self.publisher();
        let release = self.release();
        edit.check_base(&release)?;
        let folder = edit.apply(&release)?;
        // Rules that could not be stored are forgotten.
        if publisher.release().digest != release.digest {
            adopt(&mut publisher, &release.folder)?;
        }
        let outcome = publisher.publish(&folder);
        let mut last = LastChange::of(&outcome);
        let errors: Vec<_> = outcome.findings.errors().cloned().collect();
        let error = if let Some(waiting) = self.gate.waiting(&outcome).filter(|_| errors.is_empty()) {
            RulesError::Gate(waiting)
        } else if let Some(first) = errors.first() {
            last.refusal.get_or_insert_with(|| first.message.clone());
            let findings = findings_json(&outcome.findings.to_vec(), &outcome.sources(), &prefix(&folder));
            RulesError::Findings { why: last.refusal.clone().unwrap_or_default(), findings }
        } else if outcome.is_accepted() {
            return Ok(outcome.release);
        } else {
            refused(&outcome)
        };
        last.taken = false;
        let mut state = self.state();
        state.last = last;
        state.waiting = matches!(error, RulesError::Gate(_)).then_some(outcome);
        Err(error)
    }

    /// The rules with that digest, which wait to be accepted. The caller stores them, and then
    /// [activates](Self::activate) them.
    ///
    /// # Errors
    ///
    /// [`RulesError::NothingWaits`]: no such rules wait.
    pub fn accept(&self, digest: &str) -> Result<Arc<Release>, RulesError> {
        let mut publisher = self.publisher();
        let waiting = self.state().waiting.clone().filter(|outcome| outcome.digest == digest);
        let outcome = waiting.ok_or_else(|| RulesError::NothingWaits(digest.to_owned()))?;
        Ok(adopt(&mut publisher, &outcome.folder)?.0)
    }

    /// The rules of the store, which another program has stored. The caller [activates](Self::activate) them.
    ///
    /// # Errors
    ///
    /// As [`start`](Self::start).
    pub fn read(&self, folder: &Folder) -> Result<Arc<Release>, RulesError> {
        Ok(adopt(&mut self.publisher(), folder)?.0)
    }

    /// These rules are stored, and decide from now on.
    pub fn activate(&self, release: &Arc<Release>, since: Timestamp, by: &str) {
        let mut state = self.state();
        let is_judged = state.last.digest == release.digest;
        let findings = if is_judged { std::mem::take(&mut state.last.findings) } else { Vec::new() };
        state.last =
            LastChange { at: since, digest: release.digest.clone(), taken: true, refusal: None, findings };
        state.active = ActiveRules { release: Arc::clone(release), since, by: by.into() };
        state.waiting = None;
    }

    fn publisher(&self) -> MutexGuard<'_, Publisher> {
        self.publisher.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn state(&self) -> MutexGuard<'_, StoreRulesState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes rules current in the publisher, whatever the gate says about them.
fn adopt(publisher: &mut Publisher, folder: &Folder) -> Result<(Arc<Release>, LastChange), RulesError> {
    let mut outcome = publisher.publish(folder);
    if outcome.is_waiting() {
        outcome = publisher.accept(&outcome.digest).unwrap_or(outcome);
    }
    if outcome.is_accepted() {
        Ok((Arc::clone(&outcome.release), LastChange::of(&outcome)))
    } else {
        Err(refused(&outcome))
    }
}

/// Short: rules are long.
impl fmt::Debug for StoreRules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreRules").field("active", &self.state().active).finish_non_exhaustive()
    }
}
