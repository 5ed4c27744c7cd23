//! Rules that are changed while the program runs.

use serde_json::{Value, json};

use crate::running::RunningHost;

#[test]
fn a_gate_holds_rules_back() {
    for source in ["folder", "store"] {
        hold_rules_back(source);
    }
}

fn hold_rules_back(source: &str) {
    let host = RunningHost::start_with(&format!("gate = \"diff\"\nrules = \"{source}\""));
    let rules = host.get("rules");
    let text = host.call("GET", "rules/files/default.rules", "").body.replace("Welcome.", "Hello.");
    let edit = json!({ "base": rules["digest"], "files": { "default.rules": text } }).to_string();
    let put = host.call("PUT", "rules", &edit);
    assert_eq!((put.status, put.json()["error"]["code"].as_str()), (409, Some("gate")), "{put:?}");
    let now = host.get("rules");
    assert_eq!(now["digest"], rules["digest"]);
    assert!(now["waiting"]["differences"].as_u64().is_some_and(|count| count > 0), "{now}");
    assert_eq!(now["source"], source);
    let waiting = format!("rules/sets/{}", now["waiting"]["digest"].as_str().unwrap());
    assert_eq!(host.get(&waiting)["files"]["default.rules"], text, "{source}");
    // They still wait after a restart, and what is refused leaves them.
    let host = host.restart();
    assert_eq!(host.get("rules")["waiting"], now["waiting"], "{source}");
    let faulty = json!({ "base": rules["digest"], "files": { "default.rules": "otherwise: assign" } });
    assert_eq!(host.call("PUT", "rules", &faulty.to_string()).status, 422);
    let other = json!({ "digest": "sha256:0" }).to_string();
    assert_eq!(host.call("POST", "rules/accept", &other).status, 404);
    assert_eq!(host.get("rules")["waiting"], now["waiting"], "{source}");
    let accept = json!({ "digest": now["waiting"]["digest"] }).to_string();
    let accepted = host.call("POST", "rules/accept", &accept);
    assert_eq!(
        (accepted.status, &accepted.json()["digest"]),
        (200, &now["waiting"]["digest"]),
        "{accepted:?}"
    );
    assert_eq!(host.get("rules")["waiting"], Value::Null);
    // The rules that are active take back what waits.
    let base = host.get("rules")["digest"].clone();
    let put = |text: &str| {
        let edit = json!({ "base": base, "files": { "default.rules": text } });
        host.call("PUT", "rules", &edit.to_string()).status
    };
    assert_eq!(put("otherwise: assign nobody\n"), 409);
    assert_ne!(host.get("rules")["waiting"], Value::Null);
    assert_eq!((put(&text), &host.get("rules")["waiting"]), (200, &Value::Null), "{source}");
}

#[test]
fn what_the_folder_has_that_was_refused_can_be_read() {
    let host = RunningHost::start();
    let (path, before) = (host.folder.path().join("rules/default.rules"), host.get("rules"));
    let good = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, "otherwise: assign group \"Slaes\" by random\n").unwrap();
    let refused = host.rules_when(|rules| rules["last"]["taken"] == false);
    assert_eq!((&refused["digest"], &refused["waiting"]), (&before["digest"], &Value::Null));
    assert_eq!(refused["last"]["findings"][0]["file"], "default.rules");
    let of_folder = format!("rules/sets/{}", refused["last"]["digest"].as_str().unwrap());
    let set = host.get(&of_folder);
    assert_eq!((&set["by"], &set["at"]), (&json!("folder"), &refused["last"]["at"]));
    assert_eq!(set["files"]["default.rules"], "otherwise: assign group \"Slaes\" by random\n");
    std::fs::write(&path, good).unwrap();
    host.rules_when(|rules| rules["last"]["taken"] == true);
    assert_eq!(host.call("GET", &of_folder, "").status, 404);
}

#[test]
fn rules_in_the_store_are_changed_as_a_whole() {
    let host = RunningHost::start_with("rules = \"store\"");
    let rules = host.get("rules");
    let text = host.call("GET", "rules/files/default.rules", "").body.replace("Welcome.", "Hello.");
    let edit =
        json!({ "base": rules["digest"], "files": { "default.rules": text, "+15550101.rules": text } });
    let put = host.call("PUT", "rules", &edit.to_string());
    assert_eq!((put.status, put.json()["by"].as_str()), (200, Some("all")), "{put:?}");
    host.call("PATCH", "users/bob", r#"{"presence":"online"}"#);
    assert_eq!(host.message("A1", "+201001234567", "hi")["replies"][0]["text"], "Hello.");
    let host = host.restart();
    assert_eq!(host.get("rules")["digest"], put.json()["digest"]);
    assert_eq!(host.message("A2", "+201001234567", "hi")["decision"]["assign"]["user"], "bob");
}

/// A save in a folder may have been cut off, but a call brings whole rules: only the gate holds them back.
#[test]
fn a_call_that_removes_most_rules_meets_the_gate_alone() {
    let three = "rule \"a\" when customer has tag \"a\": assign user \"bob\"\n\
        rule \"b\" when customer has tag \"b\": assign user \"bob\"\notherwise: assign user \"alice\"\n";
    for source in ["folder", "store"] {
        for gate in ["off", "diff"] {
            let host = RunningHost::start_with(&format!("rules = \"{source}\"\ngate = \"{gate}\""));
            let put = |text: &str| {
                let edit = json!({ "base": host.get("rules")["digest"], "files": { "default.rules": text } });
                let put = host.call("PUT", "rules", &edit.to_string());
                if put.status == 409 {
                    assert_eq!(
                        (gate, put.json()["error"]["code"].as_str()),
                        ("diff", Some("gate")),
                        "{put:?}"
                    );
                    let waiting = host.get("rules")["waiting"]["digest"].clone();
                    let accept = json!({ "digest": waiting }).to_string();
                    assert_eq!(host.call("POST", "rules/accept", &accept).status, 200);
                }
                put.status
            };
            let expected = if gate == "diff" { 409 } else { 200 };
            assert_eq!(put(three), expected, "{source} {gate}");
            assert_eq!(put("otherwise: assign user \"bob\"\n"), expected, "{source} {gate}");
            assert_eq!(host.message("A1", "+201001234567", "hi")["decision"]["assign"]["user"], "bob");
        }
    }
}
