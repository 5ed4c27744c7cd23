//! The sample policies in `rules/`, which must be correct in every respect.

use std::fs;

use assert_cmd::cargo::cargo_bin_cmd;

use crate::generated::root;

fn rules(arguments: &[&str]) -> String {
    let output = cargo_bin_cmd!("rules").current_dir(root()).args(arguments).assert().success();
    String::from_utf8(output.get_output().stdout.clone()).expect("the output is UTF-8")
}

#[test]
fn they_have_no_findings() {
    let report = rules(&["check", "rules", "--deny", "warnings", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&report).expect("a report is JSON");
    let files = fs::read_dir(root().join("rules")).expect("rules/").count();
    let findings = report["findings"].as_array().expect("findings are a list");
    let more_than_notes: Vec<_> = findings.iter().filter(|finding| finding["level"] != "note").collect();
    assert!(more_than_notes.is_empty(), "{more_than_notes:#?}");
    assert_eq!(report["files"], files - 1, "every file but messages.jsonl is read");
}

#[test]
fn their_tests_pass() {
    rules(&["test", "rules"]);
}

#[test]
fn each_policy_is_described_and_tested() {
    let mut policies = 0;
    for entry in fs::read_dir(root().join("rules")).expect("rules/") {
        let path = entry.expect("an entry of rules/").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if path.extension().is_none_or(|extension| extension != "rules") || name == "common.rules" {
            continue;
        }
        let text = fs::read_to_string(&path).expect("a policy");
        let tests = text.lines().filter(|line| line.starts_with("test \"")).count();
        assert!(text.starts_with("# "), "{name} does not say what it does");
        assert!(tests >= 5, "{name} has {tests} tests");
        policies += 1;
    }
    assert_eq!(policies, 5);
}

#[test]
fn every_message_is_decided() {
    let decisions = rules(&["route", "rules/messages.jsonl"]);
    for decision in decisions.lines() {
        let decision: serde_json::Value = serde_json::from_str(decision).expect("a decision is JSON");
        assert!(decision["assign"].is_object(), "{decision:#}");
    }
    assert_eq!(decisions.lines().count(), 6);
}
