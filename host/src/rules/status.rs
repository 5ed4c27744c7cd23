//! What an inbox tells about its rules.

use std::sync::Arc;

use inbox_rules::diagnostic::json::{self, FindingJson};
use inbox_rules::diagnostic::{Finding, Sources};
use inbox_rules::{Folder, Outcome, Release};
use jiff::Timestamp;
use serde::Serialize;

/// The rules that decide now.
#[derive(Debug, Clone)]
pub struct ActiveRules {
    /// The rules, with their texts.
    pub release: Arc<Release>,
    /// Since when they decide.
    pub since: Timestamp,
    /// Who brought them: `folder`, or the name of a token.
    pub by: Arc<str>,
}

/// Rules that somebody has brought.
#[derive(Debug, Clone)]
pub struct BroughtRules {
    /// When they were judged.
    pub at: Timestamp,
    /// Who brought them: `folder`, or the name of a token.
    pub by: Arc<str>,
    /// The rules, with their texts.
    pub folder: Folder,
}

/// What an inbox tells about its rules.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct RulesStatus {
    /// The digest of the rules that decide now.
    pub digest: String,
    /// Since when they do.
    #[schemars(with = "String")]
    pub since: Timestamp,
    /// Who brought them: `folder`, or the name of a token.
    pub by: Arc<str>,
    /// What is the truth about them. A folder may have others, which were refused or wait.
    pub source: RulesOrigin,
    /// What became of the last change.
    pub last: LastChange,
    /// The files.
    pub files: Vec<RulesFile>,
    /// Rules that wait until somebody accepts them.
    pub waiting: Option<WaitingRules>,
}

/// What is the truth about the rules of an inbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RulesOrigin {
    /// A folder, which is followed.
    Folder,
    /// The store, which only the API changes.
    Store,
}

/// What became of a change.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct LastChange {
    /// When it was judged.
    #[schemars(with = "String")]
    pub at: Timestamp,
    /// The digest of the new rules.
    pub digest: String,
    /// Whether they are active.
    pub taken: bool,
    /// Why they are not.
    pub refusal: Option<String>,
    /// What was found in them.
    pub findings: Vec<FindingJson>,
}

/// A file of the rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct RulesFile {
    /// Its name.
    pub name: String,
    /// Its length.
    pub bytes: usize,
}

/// Rules that wait until somebody accepts them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct WaitingRules {
    /// Their digest.
    pub digest: String,
    /// How many cases they decide differently; where there are many, not all are counted.
    pub differences: usize,
}

impl ActiveRules {
    /// With what became of the last change, and the rules that wait.
    pub(super) fn status(
        &self,
        source: RulesOrigin,
        last: LastChange,
        waiting: Option<WaitingRules>,
    ) -> RulesStatus {
        let files = self.release.folder.texts();
        RulesStatus {
            digest: self.release.digest.clone(),
            since: self.since,
            by: Arc::clone(&self.by),
            source,
            last,
            files: files.map(|(name, text)| RulesFile { name: name.to_owned(), bytes: text.len() }).collect(),
            waiting,
        }
    }
}

impl LastChange {
    /// What became of the change with that outcome.
    pub(super) fn of(outcome: &Outcome) -> Self {
        let prefix = prefix(&outcome.folder);
        Self {
            at: outcome.at,
            digest: outcome.digest.clone(),
            taken: outcome.is_accepted(),
            refusal: outcome.refusal().map(|refusal| without_prefix(&refusal.to_string(), &prefix)),
            findings: findings_json(&outcome.findings.to_vec(), &outcome.sources(), &prefix),
        }
    }
}

/// The findings as the API shows them: with the names of files inside the folder.
pub(super) fn findings_json(findings: &[Finding], sources: &Sources, prefix: &str) -> Vec<FindingJson> {
    let mut shown = json::report(findings, sources, 0).findings;
    for finding in &mut shown {
        finding.file = without_prefix(&finding.file, prefix);
        for related in &mut finding.related {
            related.file = without_prefix(&related.file, prefix);
        }
    }
    shown
}

/// What stands before the names of the files of a folder in findings: `rules/`.
pub(super) fn prefix(folder: &Folder) -> String {
    let inbox = folder.inbox_source.as_ref().and_then(|inbox| inbox.name.strip_suffix("inbox.toml"));
    inbox.unwrap_or_default().to_owned()
}

pub(super) fn without_prefix(text: &str, prefix: &str) -> String {
    text.strip_prefix(prefix).unwrap_or(text).to_owned()
}
