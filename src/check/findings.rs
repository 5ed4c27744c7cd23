//! All findings of a folder, each at its level, in order of place.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::allow;
use super::level;
use super::lint::{Checked, CheckedFile, Found, lints};
use crate::diagnostic::Finding;
use crate::policy::{Folder, Policy, resolve};
use crate::text::Span;

/// Everything that is wrong with the files of `folder`, or worth a look, by file and place.
pub fn check(folder: &Folder) -> Vec<Finding> {
    check_and_resolve(folder).0
}

/// The same, and every policy by its file. A policy has a meaning only if no finding [`is_fault`](super::is_fault).
pub fn check_and_resolve(folder: &Folder) -> (Vec<Finding>, BTreeMap<Arc<str>, Policy>) {
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
    let policies = checked.files.into_iter().filter(|file| folder.is_policy(file.name));
    (findings, policies.map(|file| (Arc::clone(file.name), file.resolved.policy)).collect())
}

fn place(finding: &Finding) -> (&str, Span, &str) {
    (&finding.file, finding.span, finding.code)
}
