//! The levels of findings, which `[lints]` of `inbox.toml` may change.

use crate::diagnostic::{Finding, Level};
use crate::inbox::{Inbox, LintLevel};

/// Sets each finding to the level that the inbox gives its code, or else to the default, and drops those that are allowed.
/// Faults keep theirs.
pub(super) fn apply(inbox: &Inbox, findings: &mut Vec<Finding>) {
    findings.retain_mut(|finding| {
        if finding.code.is_fault() {
            return true;
        }
        let level = inbox.lints.get(&finding.code).map_or(finding.code.level(), |level| level_of(*level));
        finding.level = level.unwrap_or(finding.level);
        level.is_some()
    });
}

/// The level of a finding; `None` for `allow`.
fn level_of(level: LintLevel) -> Option<Level> {
    match level {
        LintLevel::Allow => None,
        LintLevel::Note => Some(Level::Note),
        LintLevel::Warn => Some(Level::Warning),
        LintLevel::Deny => Some(Level::Error),
    }
}
