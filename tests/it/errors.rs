//! A `main` that returns an error prints its `Debug`, which is a sentence.

use std::sync::Arc;

use inbox_rules::{EventError, LoadError, Refusal, ReloadError, Reloader, RuleSet, Situation};

use super::harness::Rules;

#[track_caller]
fn is_sentence(error: &(dyn std::error::Error + 'static), expected: &str) {
    assert_eq!(format!("{error:?}"), error.to_string());
    assert_eq!(error.to_string(), expected);
}

#[test]
fn of_rules_with_many_faults() {
    let mut rules = Rules::new();
    for number in 100..150 {
        rules = rules.file(&format!("+15550{number}.rules"), "\notherwise: assign user \"zoe\"\n");
    }
    let root = rules.path().join("rules");
    let name = format!("{}/+15550100.rules:2: unknown-user: ", root.display());
    let load = RuleSet::load(&root).unwrap_err();
    assert!(load.to_string().starts_with(&name), "{load}");
    assert!(load.to_string().ends_with("(and 49 more findings)"), "{load}");
    is_sentence(&load, &load.to_string());
    let reload = Reloader::watch(&root, |_| {}).unwrap_err();
    is_sentence(&reload, &load.to_string());
    assert!(matches!(load, LoadError::Faults { .. }));
    let ReloadError::Refused { outcome } = reload else { panic!("{reload}") };
    let refusal: &Refusal = outcome.refusal().unwrap();
    is_sentence(refusal, &load.to_string());
}

#[test]
fn of_situations_and_events() {
    let situation = Situation::from_json(r#"{"numbr": "+15550100"}"#).unwrap_err();
    is_sentence(&situation, &situation.to_string());
    assert!(situation.to_string().contains("`numbr`"), "{situation}");
    let event = EventError::UnknownUser(Arc::from("zoe"));
    is_sentence(&event, "the inbox has no user called `zoe`");
}
