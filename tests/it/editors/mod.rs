//! `editors/`: what is made from the code, and whether it fits the language. `scripts/vscode` tests the rest.

mod grammar;

use inbox_rules::ide::snippets;
use regex::Regex;
use serde_json::{Map, Value, json};

use crate::docs::inbox;
use crate::generated::{self, read};
use crate::harness::Rules;

const SNIPPETS: &str = "editors/vscode/snippets/inbox-rules.json";
const FOLDER: &str = "editors/vscode";

#[track_caller]
fn assert_current(path: &str, content: &Value) {
    let text = serde_json::to_string_pretty(content).unwrap();
    generated::assert_current(path, &format!("{text}\n"));
}

#[test]
fn the_grammar_has_the_words_of_the_vocabulary() {
    assert_current("editors/vscode/syntaxes/inbox-rules.tmLanguage.json", &grammar::grammar());
}

/// Without a prefix, so that the editor does not offer twice what the language server completes.
#[test]
fn the_snippets_are_those_of_the_language_server() {
    let all: Map<String, Value> = snippets("Sales")
        .map(|(name, body)| (name.to_owned(), json!({ "body": body.split('\n').collect::<Vec<_>>() })))
        .collect();
    assert_current(SNIPPETS, &Value::Object(all));
}

#[test]
fn each_snippet_is_sound_in_the_sample_inbox() {
    let all: Map<String, Value> = serde_json::from_str(&read(SNIPPETS)).unwrap();
    assert!(all.len() >= 10);
    for snippet in all.values() {
        let lines = snippet["body"].as_array().unwrap().iter().map(|line| line.as_str().unwrap());
        let text = with_defaults(&lines.collect::<Vec<_>>().join("\n"));
        let rest = if text.contains("otherwise:") {
            ""
        } else {
            "\notherwise:\n    assign group \"Support\" by in_order\n"
        };
        let rules = Rules::empty().file("inbox.toml", inbox()).file("default.rules", format!("{text}{rest}"));
        let rules = rules.run("check --deny warnings").exits_with(0).rules;
        // It is in the canonical layout, too.
        rules.run("fmt --check").exits_with(0);
    }
}

/// A snippet, as it is when nothing is typed at its tab stops.
fn with_defaults(snippet: &str) -> String {
    let choice = Regex::new(r"\$\{\d+\|([^,|]*)[^|]*\|\}").unwrap();
    let stop = Regex::new(r"\$\{\d+:([^}]*)\}").unwrap();
    let text = choice.replace_all(snippet, "$1");
    let text = stop.replace_all(&text, "$1").replace("$0", "");
    assert!(!text.contains("${"), "{text}");
    text
}

#[test]
fn the_extension_has_what_its_manifest_names() {
    let manifest: Value = serde_json::from_str(&read(&format!("{FOLDER}/package.json"))).unwrap();
    let contributes = &manifest["contributes"];
    for path in [
        &contributes["languages"][0]["configuration"],
        &contributes["grammars"][0]["path"],
        &contributes["snippets"][0]["path"],
    ] {
        let path = path.as_str().unwrap().trim_start_matches("./");
        let _: Value = serde_json::from_str(&read(&format!("{FOLDER}/{path}"))).unwrap();
    }
    assert_eq!(contributes["grammars"][0]["scopeName"], grammar::grammar()["scopeName"]);
    assert_eq!(contributes["languages"][0]["extensions"], json!([".rules"]));
}

#[test]
fn no_lock_file_names_a_registry() {
    for package in [FOLDER, "host/page"] {
        assert!(!read(&format!("{package}/package-lock.json")).contains("\"resolved\""), "{package}");
    }
}
