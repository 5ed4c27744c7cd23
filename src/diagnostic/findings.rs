//! Everything that was found in a folder, kept by file.

use std::sync::Arc;

use imbl::{OrdMap, OrdSet};

use super::{Finding, Level};

/// Everything that was found in a folder. A clone is cheap, because it shares the findings with the original.
#[derive(Debug, Clone, Default)]
pub struct Findings {
    /// Of each rule file that has any, by its name inside the folder.
    by_file: OrdMap<Arc<str>, Arc<[Finding]>>,
    /// Of the inbox, and of the folder as a whole.
    of_folder: Arc<[Finding]>,
    /// The files with findings at error level.
    with_errors: OrdSet<Arc<str>>,
}

impl Findings {
    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.by_file.is_empty() && self.of_folder.is_empty()
    }

    /// Every finding, by file and place. This takes longer the more there are, so call it only to show them.
    pub fn iter(&self) -> impl Iterator<Item = &Finding> {
        sorted(self.of_folder.iter().chain(self.by_file.values().flat_map(|findings| findings.iter())))
    }

    /// Those at error level, by file and place. If there are none, this takes no time.
    pub fn errors(&self) -> impl Iterator<Item = &Finding> {
        let in_files = self.with_errors.iter().filter_map(|file| self.by_file.get(file));
        let in_files = in_files.flat_map(|findings| findings.iter());
        sorted(self.of_folder.iter().chain(in_files).filter(|finding| is_error(finding)))
    }

    /// Every finding, by file and place.
    pub fn to_vec(&self) -> Vec<Finding> {
        self.iter().cloned().collect()
    }

    /// Replaces what was found in one file.
    pub(crate) fn set_file(&mut self, file: &Arc<str>, findings: Vec<Finding>) {
        if findings.iter().any(is_error) {
            self.with_errors.insert(Arc::clone(file));
        } else {
            self.with_errors.remove(file);
        }
        if findings.is_empty() {
            self.by_file.remove(file);
        } else {
            self.by_file.insert(Arc::clone(file), findings.into());
        }
    }

    /// Replaces what was found in the inbox and in the folder as a whole.
    pub(crate) fn set_folder(&mut self, findings: Vec<Finding>) {
        self.of_folder = findings.into();
    }
}

fn is_error(finding: &Finding) -> bool {
    finding.level == Level::Error
}

fn sorted<'f>(findings: impl Iterator<Item = &'f Finding>) -> impl Iterator<Item = &'f Finding> {
    let mut findings: Vec<&Finding> = findings.collect();
    findings.sort_by_key(|finding| (&finding.file, finding.span, finding.code));
    findings.dedup_by_key(|finding| (&finding.file, finding.span, finding.code, &finding.message));
    findings.into_iter()
}
