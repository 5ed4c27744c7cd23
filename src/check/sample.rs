//! Folders in memory, for the tests of the checks.

use std::sync::Arc;

use crate::diagnostic::{Finding, apply_fixes};
use crate::policy::{Files, Folder, RuleFile};
use crate::text::Source;

pub(super) const POLICY: &str = "+15550100.rules";

pub(super) const INBOX: &str = r#"
[users.alice]
skills = ["en", "ar"]

[users.bob]

[users.carol]

[groups]
Sales = ["alice", "bob"]
Support = ["bob", "carol"]

[attributes]
plan = ["free", "gold"]
orders = "number"
city = "text"
blocked = "flag"
"#;

/// A folder of files with their names; one is `inbox.toml`, or there is none.
pub(super) fn folder(files: &[(&str, &str)]) -> Folder {
    let source = |(name, text): &(&str, &str)| Source::new(*name, *text);
    let is_inbox = |(name, _): &&(&str, &str)| *name == "inbox.toml";
    let rules = files.iter().filter(|file| !is_inbox(file));
    let rules = rules.map(|file| (Arc::from(file.0), Arc::new(RuleFile::parse(source(file)))));
    Folder::of(files.iter().find(is_inbox).map(source), rules.collect::<Files>())
}

/// The findings of a policy in the sample inbox.
pub(super) fn findings(policy: &str) -> Vec<Finding> {
    super::check(&folder(&[("inbox.toml", INBOX), (POLICY, policy)]))
}

/// Each finding on a line: its code, and the text it points at.
pub(super) fn told(findings: &[Finding], folder: &Folder) -> String {
    let sources = folder.sources();
    let line = |finding: &Finding| {
        let text = sources.get(&finding.file).map(|source| source.slice(finding.span)).unwrap_or_default();
        format!("{}: {text}\n", finding.code)
    };
    findings.iter().map(line).collect()
}

/// `text` with every fix of its findings made.
pub(super) fn mended(text: &str) -> String {
    let findings = findings(text);
    let fixes: Vec<_> = findings.iter().filter_map(|finding| finding.fix.as_ref()).collect();
    apply_fixes(text, &fixes).0
}
