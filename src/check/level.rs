//! `[lints]` of `inbox.toml`: how much each finding matters to this inbox.

use super::lint::{codes, is_fault, lint};
use crate::diagnostic::{Finding, Level, nearest};
use crate::inbox::{Inbox, LintLevel};
use crate::policy::Folder;

/// Gives each finding the level that the inbox says, or else the table, and drops those that are allowed.
/// Faults keep theirs.
pub(super) fn apply(inbox: &Inbox, findings: &mut Vec<Finding>) {
    findings.retain_mut(|finding| {
        let Some(lint) = lint(finding.code).filter(|_| !is_fault(finding.code)) else { return true };
        let level = shown(inbox.lints.get(finding.code).copied().unwrap_or(lint.level));
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

/// Findings about the names under `[lints]`.
pub(super) fn misnamed(folder: &Folder) -> Vec<Finding> {
    let Some(inbox) = &folder.inbox else { return Vec::new() };
    let mut findings = Vec::new();
    for (code, span) in &folder.settings.lint_spans {
        let error = |message: String| Finding::error("unknown-value", &inbox.name, *span, message);
        if is_fault(code) {
            findings.push(
                error(format!("`{code}` is a fault, and faults keep their level"))
                    .help("leave the line out: a policy has no meaning until its faults are mended"),
            );
        } else if !codes().any(|known| known == code) {
            let finding = error(format!("no finding is called `{code}`"));
            findings.push(match nearest(code, codes().filter(|code| !is_fault(code))) {
                Some(near) => finding.help(format!("did you mean `{near}`?")).fix(
                    format!("write `{near}`"),
                    *span,
                    near,
                ),
                None => finding.help("`rules check` shows the name of each finding beside it"),
            });
        }
    }
    findings
}
