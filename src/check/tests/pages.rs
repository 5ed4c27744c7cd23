//! Every page is right about its finding, and every finding has a page.

use crate::check::lint::{Lint, Pass};
use crate::check::table::lints;
use crate::check::{check, explain};
use crate::diagnostic::{Code, Finding, Level};
use crate::testing::{FILE, INBOX, folder};

/// The findings that the reference of the language names.
const OF_THE_LANGUAGE: &[&str] = &[
    "syntax",
    "unknown-fact",
    "unknown-algorithm",
    "unknown-group",
    "unknown-user",
    "unknown-attribute",
    "unknown-definition",
    "unknown-placeholder",
    "unknown-timezone",
    "unknown-file",
    "unknown-value",
    "type-mismatch",
    "invalid-pattern",
    "invalid-hours",
    "unclear-hours",
    "invalid-number",
    "reply-too-long",
    "empty-text",
    "path-outside",
    "duplicate-name",
    "definition-cycle",
    "use-cycle",
    "missing-assign",
    "several-assigns",
    "assign-in-also",
    "rule-after-otherwise",
    "rule-outside-policy",
    "two-policies",
    "unreachable-rule",
    "unreachable-alternative",
    "never-true",
    "always-true",
    "redundant-part",
    "not-settled",
    "unanswered",
    "assign-owner-without-owner",
    "nobody-to-give",
    "may-pick-offline",
    "placeholder-may-be-empty",
    "empty-test",
    "test-by-chance",
    "unknown-rule",
    "empty-group",
    "single-member",
    "unknown-skill",
    "unused-definition",
    "unnamed-rule",
    "mixed-and-or",
    "confusing-characters",
    "number-without-policy",
    "ignored-file",
    "impossible-value",
    "late-placeholder",
    "doubled-braces",
    "kind-in-quotes",
    "last-minute",
];

/// An example of a page: its files by name.
type Example<'a> = Vec<(&'a str, String)>;

/// The fenced blocks under `heading`. A block is the policy unless its fence names another file.
fn example<'a>(page: &'a str, heading: &str) -> Example<'a> {
    let (_, section) = page.split_once(&format!("\n## {heading}\n")).expect("a page has both examples");
    let section = section.split("\n## ").next().unwrap_or(section);
    let blocks = section.split("```").skip(1).step_by(2);
    blocks
        .map(|block| {
            let (fence, text) = block.split_once('\n').expect("a fence ends its line");
            let name = fence.split_whitespace().nth(1).unwrap_or(FILE);
            // Stands for more than WhatsApp takes.
            (name, text.replace('…', &"x".repeat(4096)))
        })
        .collect()
}

/// What is found in an example, but for notes of other kinds.
fn findings(code: Code, example: &Example<'_>, with_inbox: bool) -> Vec<Finding> {
    let mut files: Vec<(&str, &str)> = example.iter().map(|(name, text)| (*name, text.as_str())).collect();
    if with_inbox && !files.iter().any(|(name, _)| *name == "inbox.toml") {
        files.push(("inbox.toml", INBOX));
    }
    let matters = |finding: &Finding| finding.level > Level::Note || finding.code == code;
    check(&folder(&files)).into_iter().filter(matters).collect()
}

/// An example shows one mistake and is not a whole policy: this adds a rule for the messages that none of its rules takes.
fn whole(mut example: Example<'_>) -> Example<'_> {
    for (name, text) in &mut example {
        let is_policy = matches!(*name, FILE | "default.rules")
            && text.lines().any(|line| line.starts_with("when") || line.starts_with("rule"));
        if is_policy && !text.lines().any(|line| line.starts_with("otherwise")) {
            *text += "\notherwise:\n    assign nobody\n";
        }
    }
    example
}

#[test]
fn the_bad_example_raises_this_finding_alone() {
    let mut wrong = Vec::new();
    for Lint { code, page, .. } in lints() {
        let bad = example(page, "Bad");
        let bad = if *code == Code::Unanswered { bad } else { whole(bad) };
        let found = findings(*code, &bad, *code != Code::NoInbox);
        let alone = found.len() == 1 || (*code == Code::UseCycle && !found.is_empty());
        if !alone || found.iter().any(|finding| finding.code != *code) {
            wrong.push((code, found));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_good_example_raises_none() {
    let mut wrong = Vec::new();
    for Lint { code, page, .. } in lints() {
        let found = findings(*code, &whole(example(page, "Good")), true);
        if !found.is_empty() {
            wrong.push((code, found));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn each_page_begins_with_its_name_and_level() {
    for Lint { code, page, .. } in lints() {
        let level = match code.level() {
            _ if code.is_fault() => "A fault: the policy cannot be used until it is fixed.",
            Some(Level::Error) => "Level: error.",
            Some(Level::Warning) => "Level: warning.",
            Some(Level::Note) => "Level: note.",
            None => "Level: allow.",
        };
        assert!(page.starts_with(&format!("# {code}\n\n{level}\n\n")), "{code}");
    }
}

#[test]
fn every_code_has_its_row_in_the_table() {
    let rows: Vec<Code> = lints().map(|lint| lint.code).collect();
    assert_eq!(rows, Code::ALL);
    for Lint { code, pass, .. } in lints() {
        assert_eq!(matches!(pass, Pass::Fault), code.is_fault(), "{code}");
        assert!(!explain(*code).is_empty(), "{code}");
    }
}

#[test]
fn every_finding_of_the_language_is_in_the_table() {
    for code in OF_THE_LANGUAGE {
        assert!(Code::named(code).is_some(), "{code}");
    }
    assert_eq!(Code::ALL.len(), OF_THE_LANGUAGE.len() + 1, "and `no-inbox`");
}
