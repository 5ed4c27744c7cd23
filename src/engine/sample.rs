//! The inbox of the reference, policies from their text, and what is decided: for tests.

use std::sync::Arc;

use serde_json::Value as Json;

use super::{Decision, decide, explain};
use crate::inbox::Inbox;
use crate::policy::{Folder, Policy, RuleFile, resolve};
use crate::roster::dice;
use crate::situation::Situation;
use crate::text::Source;

const INBOX: &str = r#"
timezone = "Africa/Cairo"
[users.alice]
name = "Alice"
capacity = 5
skills = ["en", "ar"]
weight = 2
[users.bob]
name = "Bob"
capacity = 3
[users.carol]
name = "Carol"
[groups]
Sales = ["alice", "bob"]
Support = ["bob", "carol"]
Empty = []
[attributes]
plan = ["free", "gold"]
orders = "number"
city = "text"
blocked = "flag"
"#;

const FILE: &str = "+15550100.rules";

pub(super) fn inbox() -> Inbox {
    inbox_of(INBOX)
}

pub(super) fn inbox_of(toml: &str) -> Inbox {
    let (inbox, findings) = Inbox::parse(&Source::new("inbox.toml", toml));
    assert_eq!(findings, []);
    inbox
}

/// The policy that `rules` are in `inbox`, without a fault.
pub(super) fn policy(inbox: &Inbox, rules: &str) -> Policy {
    let source = Source::new(FILE, rules);
    let file = Arc::new(RuleFile::parse(source));
    assert_eq!(file.findings, [], "{rules}");
    let mut folder = Folder { settings: Arc::new(inbox.clone()), ..Folder::default() };
    folder.files.insert(FILE.into(), file);
    let resolved = resolve(&folder, FILE);
    assert_eq!(resolved.findings, [], "{rules}");
    Arc::unwrap_or_clone(resolved.policy)
}

/// The situation at noon in UTC, 14:00 in Cairo on a Tuesday, with `fields`.
pub(super) fn situation(fields: &str) -> Situation {
    let at = if fields.contains("\"at\"") { "" } else { r#""at": "2026-11-24T12:00:00Z""# };
    let comma = if at.is_empty() || fields.is_empty() { "" } else { "," };
    Situation::from_json(&format!("{{ {at}{comma} {fields} }}")).unwrap()
}

/// What `rules` decide of the situation with `fields`.
pub(super) fn decided(rules: &str, fields: &str) -> Json {
    let inbox = inbox();
    let decision = decide(&policy(&inbox, rules), &inbox, &situation(fields), &mut dice(0, None)).unwrap();
    serde_json::to_value(decision).unwrap()
}

/// The same with reasons.
pub(super) fn explained(rules: &str, fields: &str) -> Decision {
    let inbox = inbox();
    explain(&policy(&inbox, rules), &inbox, &situation(fields), &mut dice(0, None)).unwrap()
}

/// Whether a rule of `rules` holds in the situation with `fields`.
pub(super) fn holds(rules: &str, fields: &str) -> bool {
    decided(rules, fields)["rule"].is_object()
}
