//! The sample inbox, and policies and folders made from text.

use std::sync::Arc;

use crate::inbox::Inbox;
use crate::policy::{Files, Folder, Policy, RuleFile, resolve};
use crate::text::Source;

/// The file name of a policy.
pub(crate) const FILE: &str = "+15550100.rules";

/// Nothing in it is worth a finding. The groups are last, so that a test can add to them.
pub(crate) const INBOX: &str = r#"
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
skills = ["fr"]
[attributes]
plan = ["free", "gold"]
orders = "number"
city = "text"
blocked = "flag"
[message]
campaign = "text"
source = ["web", "qr"]
items = "number"
rush = "flag"
[groups]
Sales = ["alice", "bob"]
Support = ["bob", "carol"]
"#;

/// The sample inbox with two unusual groups: one with the same members as another, and one without members.
pub(crate) fn inbox() -> Inbox {
    inbox_of(&format!("{INBOX}Two = [\"bob\", \"alice\"]\nEmpty = []\n"))
}

/// # Panics
///
/// Panics if there is a finding.
pub(crate) fn inbox_of(toml: &str) -> Inbox {
    let (inbox, findings) = Inbox::parse(&Source::new("inbox.toml", toml));
    assert_eq!(findings, []);
    inbox
}

/// The policy of this text, which has no fault.
///
/// # Panics
///
/// Panics if there is a finding.
pub(crate) fn policy(inbox: &Inbox, rules: &str) -> Policy {
    let file = RuleFile::parse(Source::new(FILE, rules));
    assert_eq!(file.findings, [], "{rules}");
    let mut folder = Folder { inbox: Arc::new(inbox.clone()), ..Folder::default() };
    folder.files.insert(FILE.into(), Arc::new(file));
    let resolved = resolve(&folder, FILE);
    assert_eq!(resolved.findings, [], "{rules}");
    Arc::unwrap_or_clone(resolved.policy)
}

/// A folder of files, each with its name; `inbox.toml` may be one of them.
pub(crate) fn folder(files: &[(&str, &str)]) -> Folder {
    let source = |(name, text): &(&str, &str)| Source::new(*name, *text);
    let is_inbox = |(name, _): &&(&str, &str)| *name == "inbox.toml";
    let rules = files.iter().filter(|file| !is_inbox(file));
    let rules = rules.map(|file| (Arc::from(file.0), Arc::new(RuleFile::parse(source(file)))));
    Folder::new(files.iter().find(is_inbox).map(source), rules.collect::<Files>())
}
