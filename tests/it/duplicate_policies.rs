//! Numbers whose files have the same text: each decides as if its file were the only one.

use std::fs;

use inbox_rules::{LoadError, RuleSet, Situation, dice};

const INBOX: &str = "[users.alice]\n[users.bob]\n[groups]\nSales = [\"alice\", \"bob\"]\n";
const POLICY: &str = "rule \"new\" when new_customer: assign group \"Sales\" by random, reply \"{number}\"\n\
    when returning_customer: assign owner else group \"Sales\" by in_order\n";

fn situation(number: &str, returning: bool) -> Situation {
    let text = format!(
        r#"{{"number":"{number}","at":"2026-11-24T18:30:00Z","message":{{"id":"m","text":"hi"}},
        "customer":{{"id":"1","returning":{returning}}},"users":{{"bob":{{"presence":"online"}}}}}}"#
    );
    serde_json::from_str(&text).unwrap()
}

#[test]
fn duplicates_decide_as_each_does_alone() {
    let names: Vec<String> = (0..40).map(|number| format!("+155501{number:02}")).collect();
    let together = tempfile::tempdir().unwrap();
    fs::write(together.path().join("inbox.toml"), INBOX).unwrap();
    for name in &names {
        fs::write(together.path().join(format!("{name}.rules")), POLICY).unwrap();
    }
    let together = RuleSet::load(together.path()).unwrap();
    for name in &names {
        let alone = RuleSet::parse(&format!("{name}.rules"), POLICY, together.inbox()).unwrap();
        for returning in [false, true] {
            let decide = |set: &RuleSet| {
                let decision = set.explain(&situation(name, returning), &mut dice(7, None)).unwrap();
                serde_json::to_value(decision).unwrap()
            };
            assert_eq!(decide(&together), decide(&alone), "{name}");
        }
    }
}

#[test]
fn a_fault_is_found_in_each_duplicate_in_order() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("inbox.toml"), INBOX).unwrap();
    let names: Vec<String> = (0..40).map(|number| format!("+155501{number:02}.rules")).collect();
    for name in &names {
        fs::write(folder.path().join(name), POLICY.replace("when returning", "if returning")).unwrap();
    }
    let Err(LoadError::Faults { findings, .. }) = RuleSet::load(folder.path()) else {
        panic!("these are faults")
    };
    let files: Vec<&str> = findings.iter().map(|finding| finding.file.rsplit('/').next().unwrap()).collect();
    assert_eq!(files, names);
}
