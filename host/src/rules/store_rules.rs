//! The rules of an inbox in the store, which only the API changes.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use inbox_rules::{Folder, Judgement, Publisher, Release, Settings};
use jiff::Timestamp;

use super::diff_gate::DiffGate;
use super::edit::RulesEdit;
use super::error::RulesError;
use super::inbox::{StoredRules, refused};
use super::status::{ActiveRules, LastChange, RulesOrigin, RulesStatus, WaitingRules, findings_json, prefix};
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
}

/// What is to become of rules that are sound.
#[derive(Debug)]
pub enum Proposed {
    /// They are to be stored, and then [activated](StoreRules::activate).
    Active(Arc<Release>),
    /// They are to be stored, and to wait until they are accepted.
    Waiting(Box<Folder>, WaitingRules),
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
        let mut publisher = Publisher::new(settings).with_gate(move |proposal| asked.ask(mode, proposal));
        let (release, last) = adopt(&mut publisher, &stored.folder)?;
        let active = ActiveRules { release, since: stored.since, by: Arc::clone(&stored.by) };
        let state = Mutex::new(StoreRulesState { active, last });
        Ok(Self { publisher: Mutex::new(publisher), gate, state })
    }

    /// The rules that decide now.
    pub fn release(&self) -> Arc<Release> {
        Arc::clone(&self.state().active.release)
    }

    /// What the inbox tells about its rules, but for those that wait: only the store knows them.
    pub fn status(&self) -> RulesStatus {
        let state = self.state();
        state.active.status(RulesOrigin::Store, state.last.clone(), None)
    }

    /// Judges rules, and changes nothing.
    pub fn judge(&self, folder: &Folder) -> Judgement {
        self.publisher().judge(folder)
    }

    /// Judges edited rules. If they are sound, the caller stores them.
    ///
    /// # Errors
    ///
    /// [`RulesError`]: the rules are as before.
    pub fn propose(&self, edit: &RulesEdit) -> Result<Proposed, RulesError> {
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
        let proposed = if let Some(waiting) = self.gate.waiting(&outcome).filter(|_| errors.is_empty()) {
            Ok(Proposed::Waiting(Box::new(folder), waiting))
        } else if let Some(first) = errors.first() {
            last.refusal.get_or_insert_with(|| first.message.clone());
            let findings = findings_json(&outcome.findings.to_vec(), &outcome.sources(), &prefix(&folder));
            Err(RulesError::Findings { why: last.refusal.clone().unwrap_or_default(), findings })
        } else if outcome.is_accepted() {
            return Ok(Proposed::Active(outcome.release));
        } else {
            Err(refused(&outcome))
        };
        last.taken = false;
        self.state().last = last;
        proposed
    }

    /// Rules that the store keeps. The caller [activates](Self::activate) them.
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
