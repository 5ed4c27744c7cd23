//! What the calls answer.

use std::path::Path;

use inbox_rules_json::{CallError, ErrorKind, check_path, decide, load};
use serde_json::{Value, json};

use crate::schemas::root;

fn decided(situation: &Value) -> Result<Value, CallError> {
    let rules = load(&root().join("rules")).expect("the samples are sound");
    let decision = decide(&rules, &situation.to_string(), 0, false)?;
    Ok(serde_json::from_str(&decision).expect("a decision is JSON"))
}

#[test]
fn a_situation_without_a_time_is_decided_now() {
    let decision = decided(&json!({ "number": "+15550100", "message": { "text": "hello" } })).unwrap();
    assert_eq!(decision["rule"]["name"], "closed");
}

#[test]
fn a_wrong_situation_says_where() {
    let error = decided(&json!({ "number": "+15550100", "users": { "alcie": {} } }));
    let error = error.unwrap_err();
    assert_eq!((error.kind, error.place.as_deref()), (ErrorKind::Situation, Some("users.alcie")));
    assert_eq!(
        error.message,
        "no user of the inbox is called `alcie`; did you mean `alice`? (at `users.alcie`)"
    );
}

#[test]
fn a_situation_that_is_too_large_is_refused() {
    let error = decided(&json!({ "message": { "text": "a".repeat(9 * 1024 * 1024) } })).unwrap_err();
    assert_eq!(error.message, "the situation is larger than 8 MiB");
}

#[test]
fn text_that_is_not_json_says_in_which_line() {
    let rules = load(&root().join("rules")).expect("the samples are sound");
    let error = decide(&rules, "{\n  \"number\": }", 0, false).unwrap_err();
    assert_eq!((error.line, error.column), (Some(2), Some(13)));
    assert_eq!(error.message, "this is not JSON (at `number`)");
}

#[test]
fn half_of_a_surrogate_pair_is_told() {
    let rules = load(&root().join("rules")).expect("the samples are sound");
    let told = |situation: &str| decide(&rules, situation, 0, false).unwrap_err().message;
    let sentence = "one half of a surrogate pair is no character";
    for half in [r"\ud83d", r"\ude00", r"\ud83d ", r"\ud83d\n"] {
        let message = format!(r#"{{"message": {{"text": "{half}"}}}}"#);
        assert_eq!(told(&message), format!("{sentence} (at `message.text`)"), "{half}");
    }
    assert_eq!(told(r#"{"\ud83d": 1}"#), format!("{sentence} (at line 1, column 9)"));
    assert_eq!(told("null"), "a situation must be an object, not null");
}

#[test]
fn what_is_not_there_cannot_be_loaded_or_checked() {
    let nowhere = Path::new("nowhere");
    for error in [load(nowhere).err(), check_path(nowhere).err()] {
        let error = error.expect("it is not there");
        assert_eq!((error.kind, error.findings.len()), (ErrorKind::Load, 0));
        assert_eq!(error.message, "there is no file or folder `nowhere`");
    }
}
