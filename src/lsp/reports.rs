//! What the client was told of each file.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use gen_lsp_types::Diagnostic;

use super::diagnostics::diagnostics;
use super::view::FolderView;
use crate::diagnostic::{Finding, Findings};

/// What the client was told, or is to be told, of a file.
#[derive(Debug, Clone, Default)]
pub(super) struct FileReport {
    /// Another report has another number.
    pub(super) id: u64,
    pub(super) diagnostics: Arc<Vec<Diagnostic>>,
}

/// Brings the reports up to date with what was found in the state that `view` shows. Returns the names of the files whose
/// reports have changed. Open documents have a report even where nothing was found.
pub(super) fn update_reports(
    reports: &mut BTreeMap<Arc<str>, FileReport>,
    findings: &Findings,
    view: &FolderView,
    next_id: &mut u64,
) -> Vec<Arc<str>> {
    let mut by_file: BTreeMap<&Arc<str>, Vec<&Finding>> = BTreeMap::new();
    for finding in findings.iter() {
        by_file.entry(&finding.file).or_default().push(finding);
    }
    let known = reports.keys().chain(view.open_names()).cloned();
    let files: BTreeSet<Arc<str>> = known.chain(by_file.keys().copied().cloned()).collect();
    let mut changed = Vec::new();
    for file in files {
        let found = by_file.remove(&file).unwrap_or_default();
        let now = diagnostics(view, &file, found);
        let report = reports.entry(Arc::clone(&file)).or_default();
        if report.id == 0 || report.diagnostics != now {
            *next_id += 1;
            *report = FileReport { id: *next_id, diagnostics: now };
            changed.push(file);
        }
    }
    changed
}
