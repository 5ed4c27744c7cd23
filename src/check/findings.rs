//! All findings of a folder, each at its level, in order of place.

use super::allow;
use super::level;
use super::lint::{Checked, CheckedFile, Found, lints};
use crate::diagnostic::Finding;
use crate::policy::{Folder, resolve};
use crate::text::Span;

/// Everything that is wrong with the files of `folder`, or worth a look, by file and place.
pub fn check(folder: &Folder) -> Vec<Finding> {
    let files = folder.files.iter().map(|(name, file)| {
        let resolved = resolve(folder, name);
        CheckedFile { name, file, resolved }
    });
    let checked = Checked { folder, files: files.collect() };
    let mut findings = folder.findings.clone();
    for file in &checked.files {
        findings.extend_from_slice(&file.file.findings);
        findings.extend_from_slice(&file.resolved.findings);
    }
    for lint in lints() {
        if let Found::Check(check) = lint.found {
            check(&checked, &mut findings);
        }
    }
    findings.extend(level::misnamed(folder));
    allow::apply(folder, &mut findings);
    level::apply(&folder.settings, &mut findings);
    findings.sort_by(|a, b| place(a).cmp(&place(b)));
    findings.dedup_by(|a, b| place(a) == place(b) && a.message == b.message);
    findings
}

fn place(finding: &Finding) -> (&str, Span, &str) {
    (&finding.file, finding.span, finding.code)
}
