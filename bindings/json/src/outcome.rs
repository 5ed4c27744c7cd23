//! The outcome of a change of the rules, as JSON.

use inbox_rules::Outcome;
use inbox_rules::diagnostic::json::{self, FindingJson};
use schemars::JsonSchema;
use serde::Serialize;

/// The outcome of a change of the rules.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "Outcome")]
pub struct OutcomeJson {
    /// When the change was judged, in UTC.
    pub at: String,
    /// The digest of the judged files, as `sha256:…`.
    pub digest: String,
    /// Whether they are the current rules.
    pub taken: bool,
    /// Why they are not, in one sentence; `null` if they are.
    pub refusal: Option<String>,
    /// Whether they wait until they are accepted: so much is gone that a save may have been cut off.
    pub waiting: bool,
    /// How often the current rules have changed, the first included.
    pub generation: u64,
    /// The files that differ from the rules that were current before.
    pub changes: ChangesJson,
    /// Everything that was found in the files, at any level.
    pub findings: Vec<FindingJson>,
}

/// Names of files, `inbox.toml` included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Changes")]
pub struct ChangesJson {
    /// Files that are new.
    pub added: Vec<String>,
    /// Files that are gone.
    pub removed: Vec<String>,
    /// Files with another text.
    pub changed: Vec<String>,
}

impl From<&Outcome> for OutcomeJson {
    fn from(outcome: &Outcome) -> Self {
        let names = |files: &[std::sync::Arc<str>]| files.iter().map(ToString::to_string).collect();
        let changes = &outcome.changes;
        Self {
            at: outcome.at.to_string(),
            digest: outcome.digest.clone(),
            taken: outcome.is_accepted(),
            refusal: outcome.refusal().map(ToString::to_string),
            waiting: outcome.is_waiting(),
            generation: outcome.generation,
            changes: ChangesJson {
                added: names(&changes.added),
                removed: names(&changes.removed),
                changed: names(&changes.changed),
            },
            findings: json::report(&outcome.findings.to_vec(), &outcome.sources(), 0).findings,
        }
    }
}
