//! `[lints]` of `inbox.toml`: how much each finding matters to this inbox.

use crate::diagnostic::{Finding, Level};
use crate::inbox::{Inbox, LintLevel};

/// Gives each finding the level that the inbox says, or else that of its code, and drops those that are allowed.
/// Faults keep theirs.
pub(super) fn apply(inbox: &Inbox, findings: &mut Vec<Finding>) {
    findings.retain_mut(|finding| {
        if finding.code.is_fault() {
            return true;
        }
        let level = inbox.lints.get(&finding.code).map_or(finding.code.level(), |level| shown(*level));
        finding.level = level.unwrap_or(finding.level);
        level.is_some()
    });
}

/// How a finding of that level is shown; `allow`: not at all.
fn shown(level: LintLevel) -> Option<Level> {
    match level {
        LintLevel::Allow => None,
        LintLevel::Note => Some(Level::Note),
        LintLevel::Warn => Some(Level::Warning),
        LintLevel::Deny => Some(Level::Error),
    }
}
