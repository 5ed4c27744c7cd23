//! Rules that decide any case differently wait until somebody accepts them.

use std::sync::{Mutex, PoisonError};

use inbox_rules::compare::{RuleComparison, RuleVersion, compare_rules};
use inbox_rules::{Admission, Folder, Outcome, Proposal, RuleSet};

use super::status::WaitingRules;
use crate::settings::GateMode;

/// After so many differences a comparison stops.
pub(super) const MAX_DIFFERENCES: usize = 100;

/// The differences of the rules that the gate was asked about last.
#[derive(Debug, Default)]
pub(super) struct DiffGate(Mutex<Option<WaitingRules>>);

impl DiffGate {
    /// Whether those rules may become active.
    pub(super) fn ask(&self, mode: GateMode, proposal: &Proposal<'_>) -> Admission {
        if mode == GateMode::Off || proposal.current.generation == 0 {
            return Admission::Allow;
        }
        match proposal.compare(MAX_DIFFERENCES) {
            Ok(comparison) if comparison.is_alike() => Admission::Allow,
            Ok(comparison) => {
                let differences = count(&comparison);
                self.remember(WaitingRules { digest: proposal.digest.to_owned(), differences });
                Admission::Hold(match differences {
                    1 => "1 case is decided differently".to_owned(),
                    count => format!("{count} cases are decided differently"),
                })
            }
            Err(error) => Admission::Deny(error.to_string()),
        }
    }

    /// The rules that wait after that outcome, if any do. The core lets rules wait too if much is gone from
    /// them.
    pub(super) fn waiting(&self, outcome: &Outcome) -> Option<WaitingRules> {
        if !outcome.is_waiting() {
            return None;
        }
        let found = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(found) = found.filter(|found| found.digest == outcome.digest) {
            return Some(found);
        }
        let differences = differences_of(outcome).unwrap_or_default();
        let waiting = WaitingRules { digest: outcome.digest.clone(), differences };
        self.remember(waiting.clone());
        Some(waiting)
    }

    fn remember(&self, waiting: WaitingRules) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(waiting);
    }
}

fn differences_of(outcome: &Outcome) -> Option<usize> {
    let set = RuleSet::from_folder(&outcome.folder).ok()?;
    let new = RuleVersion { set: &set, folder: &outcome.folder };
    Some(count(&compare_rules(outcome.release.version(), new, MAX_DIFFERENCES).ok()?))
}

/// How many cases are decided differently, or may be.
fn count(comparison: &RuleComparison) -> usize {
    let counts = comparison.counts();
    counts.inbox + counts.differences + counts.unsettled
}

/// What a folder decides differently from rules that are active.
pub(super) fn compare(
    current: RuleVersion<'_>,
    set: &RuleSet,
    folder: &Folder,
) -> Result<RuleComparison, inbox_rules::LoadError> {
    compare_rules(current, RuleVersion { set, folder }, MAX_DIFFERENCES)
}
