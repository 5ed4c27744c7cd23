//! What a policy decides in the sample inbox, for tests.

use serde_json::Value as Json;

use crate::engine::{Decision, decide, explain};
use crate::roster::dice;
use crate::situation::Situation;
use crate::testing::{inbox, policy};

/// The situation at noon in UTC, 14:00 in Cairo on a Tuesday, with `fields`.
pub(in crate::engine) fn situation(fields: &str) -> Situation {
    let at = if fields.contains("\"at\"") { "" } else { r#""at": "2026-11-24T12:00:00Z""# };
    let comma = if at.is_empty() || fields.is_empty() { "" } else { "," };
    Situation::from_json(&format!("{{ {at}{comma} {fields} }}")).unwrap()
}

/// What `rules` decide of the situation with `fields`.
pub(in crate::engine) fn decided(rules: &str, fields: &str) -> Json {
    let inbox = inbox();
    let decision = decide(&policy(&inbox, rules), &inbox, &situation(fields), &mut dice(0, None)).unwrap();
    serde_json::to_value(decision).unwrap()
}

/// The same with reasons.
pub(in crate::engine) fn explained(rules: &str, fields: &str) -> Decision {
    let inbox = inbox();
    explain(&policy(&inbox, rules), &inbox, &situation(fields), &mut dice(0, None)).unwrap()
}

/// Whether a rule of `rules` holds in the situation with `fields`.
pub(in crate::engine) fn holds(rules: &str, fields: &str) -> bool {
    decided(rules, fields)["rule"].is_object()
}
