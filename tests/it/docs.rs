//! README and `docs/`: every rule in them is valid, every mistake is reported as shown, every command runs.

use std::path::Path;

use assert_cmd::cargo::cargo_bin_cmd;
use inbox_rules::Source;
use inbox_rules::diagnostic::{Code, Fix, apply_fixes};
use inbox_rules::language::{format, vocabulary};
use serde_json::Value;

use crate::generated::{self, read, root};
use crate::harness::Rules;
use crate::markdown::{Block, blocks, code, first_column};

const PAGES: &[&str] = &["README.md", "docs/language.md"];

#[test]
fn every_rules_block_is_valid() {
    for page in PAGES {
        let blocks = blocks(&read(page)).into_iter().filter(|block| block.kind == "rules");
        let named = blocks.enumerate().map(|(at, block)| (format!("+1999000{at:04}.rules"), block.text));
        let named: Vec<(String, String)> = named.collect();
        assert!(!named.is_empty(), "{page} shows no rules");
        let folder = named.iter().fold(samples(), |folder, (name, text)| folder.file(name, text));
        assert_eq!(found(folder), [""; 0], "{page}");
    }
}

#[test]
fn every_rules_block_that_is_a_mistake_is_found() {
    for page in PAGES {
        for block in blocks(&read(page)).iter().filter(|block| block.kind == "rules,bad") {
            assert!(!found(mistaken_policy(block)).is_empty(), "{page}: nothing is found in\n{}", block.text);
        }
    }
}

#[test]
fn examples_are_in_the_canonical_layout() {
    let pages = PAGES.iter().map(|page| (*page).to_owned()).chain(pages_of_findings());
    for page in pages {
        let mut current = String::new();
        let mut block: Option<String> = None;
        for line in read(&page).split_inclusive('\n') {
            match &mut block {
                Some(text) if line.trim_end() == "```" => {
                    current += &formatted(text);
                    block = None;
                }
                Some(text) => {
                    text.push_str(line);
                    continue;
                }
                None if line.starts_with("```rules") => block = Some(String::new()),
                None => {}
            }
            current += line;
        }
        generated::assert_current(&page, &current);
    }
}

/// The page of each finding, by its path.
fn pages_of_findings() -> impl Iterator<Item = String> {
    ["lints", "faults"].into_iter().flat_map(|folder| {
        let folder = format!("src/check/{folder}");
        let files = std::fs::read_dir(root().join(&folder)).unwrap().map(|file| file.unwrap().file_name());
        let names = files
            .map(|name| name.into_string().unwrap())
            .filter(|name| Path::new(name).extension().is_some_and(|end| end == "md"));
        names.map(move |name| format!("{folder}/{name}")).collect::<Vec<_>>()
    })
}

fn formatted(text: &str) -> String {
    let edits = format(&Source::new("example.rules", text)).edits;
    apply_fixes(text, &[&Fix { title: String::new(), edits }]).0
}

#[test]
fn every_condition_and_action_in_a_table_is_valid() {
    let page = read("docs/language.md");
    let column = |head| first_column(&page, head).into_iter().enumerate();
    let mut policy = vec!["use \"common.rules\"".to_owned()];
    for (at, condition) in column("Condition") {
        policy.push(format!("rule \"c{at}\"\nwhen {condition}: assign nobody"));
    }
    for (at, condition) in column("Condition in a `move` rule") {
        policy.push(format!("move rule \"m{at}\"\nwhen {condition}: assign group \"Support\" by hand"));
    }
    for (at, action) in column("Action") {
        let assign = if action.starts_with("assign") { "" } else { "assign nobody, " };
        policy.push(format!("rule \"a{at}\"\nwhen new_customer: {assign}{action}"));
    }
    for (at, algorithm) in column("Algorithm") {
        policy.push(format!("rule \"b{at}\"\nwhen new_customer: assign group \"Sales\" {algorithm}"));
    }
    policy.push("also rule \"angry\"\nwhen has_owner: tag \"angry\"".to_owned());
    for name in ["welcome", "closed"] {
        policy.push(format!("rule \"{name}\"\nwhen has_owner: assign nobody"));
    }
    for (at, given) in column("Given") {
        policy.push(format!("test \"g{at}\":\n    {given}\n    expect rule \"c1\""));
    }
    for (at, expect) in column("Expect") {
        policy.push(format!("test \"e{at}\":\n    {expect}"));
    }
    assert!(policy.len() > 90, "the tables have {} entries", policy.len());
    assert_eq!(found(samples().file("+15550100.rules", policy.join("\n"))), [""; 0]);
}

#[test]
fn the_words_are_those_of_the_vocabulary() {
    let page = read("docs/language.md");
    let (before, rest) = page.split_once("<!-- words -->\n").expect("the page lists the words");
    let (_, after) = rest.split_once("<!-- end of words -->").expect("the list of words ends");
    let rows = vocabulary::entries().map(|entry| {
        format!("| `{}` | `{}` | {} |", entry.word, entry.form.replace('|', "\\|"), entry.meaning)
    });
    let rows: Vec<String> = rows.collect();
    let list = format!("| Word | As in | Means |\n|---|---|---|\n{}\n", rows.join("\n"));
    let current = format!("{before}<!-- words -->\n{list}<!-- end of words -->{after}");
    generated::assert_current("docs/language.md", &current);
}

#[test]
fn every_finding_is_listed() {
    let page = read("docs/language.md");
    for code in Code::ALL {
        assert!(page.contains(&format!("`{code}`")), "docs/language.md does not mention `{code}`");
    }
}

#[test]
fn output_is_shown_as_it_is_printed() {
    for name in PAGES {
        let page = read(name);
        let mut current = page.clone();
        let mut before: Option<Block> = None;
        for block in blocks(&page) {
            if let Some(command) = block.text.strip_prefix("$ rules ").filter(|_| block.kind == "console") {
                let command = command.lines().next().unwrap_or_default();
                let before = before.as_ref().filter(|block| block.kind == "rules,bad");
                let run = before.map_or_else(samples, mistaken_policy).run(command);
                let printed = format!("$ rules {command}\n{}{}", run.stdout(), run.stderr());
                current = current.replace(&block.text, &printed);
            }
            before = Some(block);
        }
        if current != page {
            generated::assert_current(name, &current);
        }
    }
}

#[test]
fn the_commands_of_the_readme_run() {
    let shell = blocks(&read("README.md")).into_iter().filter(|block| block.kind == "sh");
    let text: String = shell.map(|block| block.text).collect();
    let commands: Vec<&str> =
        text.lines().filter_map(|line| line.strip_prefix("cargo run --release -- ")).collect();
    assert!(!commands.is_empty());
    for command in commands {
        let arguments = command.split(" #").next().unwrap_or_default().split_whitespace();
        cargo_bin_cmd!("rules").args(arguments).current_dir(root()).assert().success();
    }
}

#[test]
fn the_decision_in_the_readme_is_current() {
    let json: Vec<Block> =
        blocks(&read("README.md")).into_iter().filter(|block| block.kind == "json").collect();
    let [situation, decision, ..] = json.as_slice() else {
        panic!("README shows a situation and its decision")
    };
    let mut route = cargo_bin_cmd!("rules");
    route.arg("route").current_dir(root()).write_stdin(situation.text.as_str());
    let output = route.assert().success();
    let actual: Value = serde_json::from_slice(&output.get_output().stdout).expect("a decision is JSON");
    let shown: serde_json::Map<String, Value> =
        serde_json::from_str(&decision.text).expect("README shows JSON");
    for (field, value) in shown {
        assert_eq!(actual[&field], value, "{field}");
    }
}

#[test]
fn the_examples_in_other_languages_are_those_that_their_tests_run() {
    let blocks = blocks(&read("docs/embedding.md"));
    for (kind, example) in [
        ("python", "bindings/python/examples/route.py"),
        ("ts", "bindings/node/examples/route.ts"),
        ("c", "bindings/c/examples/route.c"),
    ] {
        let shown: Vec<&str> =
            blocks.iter().filter(|block| block.kind == kind).map(|block| &*block.text).collect();
        assert_eq!(shown, [read(example)], "docs/embedding.md does not show {example}");
    }
}

#[test]
fn every_path_that_a_document_names_exists() {
    let missing: Vec<String> =
        ["ARCHITECTURE.md", "CONTRIBUTING.md", "README.md", "docs/embedding.md", "docs/performance.md"]
            .iter()
            .flat_map(|page| paths(&read(page)).into_iter().map(move |path| (page, path)))
            .filter(|(_, path)| ![root(), root().join("src")].iter().any(|folder| folder.join(path).exists()))
            .map(|(page, path)| format!("{page}: `{path}`"))
            .collect();
    assert!(missing.is_empty(), "there is no {}", missing.join(", "));
}

/// The code spans of a page that are paths inside the repository, from its root or from `src/`. A span with a
/// placeholder in capitals, such as `src/cli/NAME.rs`, is not a path, and neither is a folder that is planned.
fn paths(page: &str) -> Vec<String> {
    let prose = page.split("```").step_by(2);
    let prose = prose.flat_map(str::lines).filter(|line| !line.starts_with("Planned folders"));
    let spans = prose.flat_map(code);
    let is_path = |span: &String| {
        let extension =
            span.rsplit_once('.').is_some_and(|(_, end)| matches!(end, "rs" | "md" | "pest" | "toml"));
        let letters = span.chars().all(|letter| letter.is_ascii_alphanumeric() || "_-./".contains(letter));
        let capitals =
            span.split(['/', '.']).any(|part| part.len() > 1 && part.chars().all(char::is_uppercase));
        letters && !capitals && span.contains('/') && (span.ends_with('/') || extension)
    };
    spans.filter(is_path).collect()
}

/// The sample inbox without its numbers, whose policies are not there.
pub(crate) fn inbox() -> String {
    let inbox = read("rules/inbox.toml");
    let (before, rest) = inbox.split_once("[numbers").expect("the sample inbox has numbers");
    let (_, after) = rest.split_once("# The store").expect("the users of the store follow them");
    format!("{before}{after}")
}

/// The sample inbox and its shared definitions, without a policy.
fn samples() -> Rules {
    Rules::empty().file("inbox.toml", inbox()).file("common.rules", read("rules/common.rules"))
}

/// The sample inbox with the block as a policy.
fn mistaken_policy(block: &Block) -> Rules {
    Rules::empty().file("inbox.toml", inbox()).file("+15550100.rules", &block.text)
}

/// The findings of `rules check` in the policies, without those that concern a policy as a whole: the blocks are fragments.
fn found(rules: Rules) -> Vec<String> {
    let about_all =
        ["unanswered", "unreachable-rule", "unreachable-alternative", "always-true", "nobody-to-give"];
    let report = rules.run("check --format json").json();
    let findings = report["findings"].as_array().expect("a report has findings");
    let own = findings.iter().filter(|finding| {
        finding["file"] != "rules/common.rules"
            && finding["level"] != "note"
            && !about_all.iter().any(|code| finding["code"] == *code)
    });
    own.map(|finding| format!("{}:{}: {}", finding["file"], finding["start"]["line"], finding["message"]))
        .collect()
}
