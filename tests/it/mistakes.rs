//! What people get wrong, and what `rules check` prints about it: `tests/mistakes/`. `UPDATE=1` writes what is printed.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use inbox_rules::Source;
use inbox_rules::check::check;
use inbox_rules::diagnostic::{Sources, human};
use inbox_rules::policy::{Files, Folder, RuleFile};

use crate::generated::{self, read, root};

const FOLDERS: [&str; 8] =
    ["habits", "inbox", "names", "phones", "structure", "times", "unfinished", "wordings"];

/// The section of what is printed; it is the last one.
const PRINTED: &str = "-- rules check --\n";

/// What a mistake in `inbox.toml` is checked with.
const RULES: (&str, &str) = ("+15550100.rules", "otherwise: assign nobody\n");

#[test]
fn what_is_printed_about_each_mistake_is_as_shown() {
    let mut printed_by_input = BTreeMap::new();
    let mut wrong = Vec::new();
    for name in mistakes() {
        let current = read(&name);
        let Some((input, _)) = current.split_once(PRINTED).or(Some((&current, ""))) else { continue };
        let (printed, count) = printed(input);
        if count == 0 {
            wrong.push(format!("{name}: nothing is found"));
        }
        if let Some(other) = printed_by_input.insert(input.to_owned(), name.clone()) {
            wrong.push(format!("{name} is the same mistake as {other}"));
        }
        generated::assert_current(&name, &format!("{input}{PRINTED}{printed}"));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn at_least_two_hundred_mistakes_are_shown() {
    let count = mistakes().len();
    assert!(count >= 200, "only {count}");
}

/// The paths of the mistakes.
///
/// # Panics
///
/// Panics if there is anything else beside them.
fn mistakes() -> Vec<String> {
    let names = |path: &str| -> Vec<String> {
        let entries = fs::read_dir(root().join(path)).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    let folders = names("tests/mistakes").into_iter().filter(|name| name != "inbox.toml");
    assert_eq!(folders.collect::<Vec<_>>(), FOLDERS);
    let mut paths = Vec::new();
    for folder in FOLDERS {
        for name in names(&format!("tests/mistakes/{folder}")) {
            let path = format!("tests/mistakes/{folder}/{name}");
            let is_mistake = Path::new(&name).extension().is_some_and(|end| end == "txtar");
            assert!(is_mistake, "{path} is no mistake");
            paths.push(path);
        }
    }
    paths
}

/// What is printed about the files of a mistake, and how many findings there are.
fn printed(input: &str) -> (String, usize) {
    let mut files = sections(input);
    if files.iter().all(|(name, _)| *name == "inbox.toml") {
        files.push((RULES.0, RULES.1.to_owned()));
    }
    let inbox = read("tests/mistakes/inbox.toml");
    let inbox = files.iter().find(|(name, _)| *name == "inbox.toml").map_or(&*inbox, |(_, text)| text);
    let inbox = Source::new("inbox.toml", inbox);
    let rules = files.iter().filter(|(name, _)| *name != "inbox.toml");
    let rules: Files = rules
        .map(|(name, text)| ((*name).into(), RuleFile::parse(Source::new(*name, text.as_str())).into()))
        .collect();
    let sources: Sources = rules.values().map(|file| file.source.clone()).chain([inbox.clone()]).collect();
    let count = files.iter().filter(|(name, _)| *name != "inbox.toml").count() + 1;
    let findings = check(&Folder::new(Some(inbox), rules));
    let style = human::Style { colour: false, width: 100, line_width: 100, unicode: true };
    let report = human::report(&findings, &sources, style);
    (format!("{report}{}\n", human::summary(&findings, count)), findings.len())
}

/// The files of a mistake, each after a line `-- NAME --`.
fn sections(input: &str) -> Vec<(&str, String)> {
    let mut sections: Vec<(&str, String)> = Vec::new();
    for line in input.split_inclusive('\n') {
        let name = line.strip_prefix("-- ").and_then(|rest| rest.strip_suffix(" --\n"));
        match (name, sections.last_mut()) {
            (Some(name), _) => sections.push((name, String::new())),
            (None, Some((_, text))) => text.push_str(line),
            (None, None) => panic!("a mistake begins with the name of a file: {line}"),
        }
    }
    sections
}
