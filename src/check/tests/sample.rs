//! The findings of a policy in the sample inbox, for tests.

use crate::diagnostic::{Finding, apply_fixes};
use crate::policy::Folder;
use crate::testing::{FILE, INBOX, folder};

/// The findings of a policy in the sample inbox.
pub(super) fn findings(policy: &str) -> Vec<Finding> {
    crate::check::check(&folder(&[("inbox.toml", INBOX), (FILE, policy)]))
}

/// Each finding on a line: its code, and the text of its span.
pub(super) fn code_lines(findings: &[Finding], folder: &Folder) -> String {
    let sources = folder.sources();
    let line = |finding: &Finding| {
        let text = sources.get(&finding.file).map(|source| source.slice(finding.span)).unwrap_or_default();
        format!("{}: {text}\n", finding.code)
    };
    findings.iter().map(line).collect()
}

/// `text` with the fixes of all its findings applied.
pub(super) fn fixed_text(text: &str) -> String {
    let findings = findings(text);
    let fixes: Vec<_> = findings.iter().filter_map(|finding| finding.fix.as_ref()).collect();
    apply_fixes(text, &fixes).0
}
