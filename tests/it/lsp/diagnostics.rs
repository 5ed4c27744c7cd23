//! Diagnostics: what they say, when they come, and what is found again.

use serde_json::json;

use super::client::{Client, short};
use crate::harness::Rules;

const TWICE: &str = "\
rule \"a\" when any_online: assign nobody
rule \"b\" when any_online and new_customer: assign nobody
otherwise: assign nobody
";
const SLAES: &str = "otherwise: assign group \"Slaes\" by random\n";

#[test]
fn what_a_diagnostic_says() {
    let capabilities = json!({ "textDocument": { "diagnostic": {
        "relatedInformation": true, "dataSupport": true, "codeDescriptionSupport": true,
        "tagSupport": { "valueSet": [1, 2] } } } });
    let mut client = Client::start(Rules::new(), &capabilities);
    client.open("+15550100.rules", TWICE);
    let found = client.pull("+15550100.rules");
    let unreachable = &found[0];
    assert_eq!((short(unreachable).as_str(), found.len()), ("1:5-1:8 unreachable-rule", 1));
    assert_eq!((&unreachable["severity"], &unreachable["source"]), (&json!(1), &json!("rules")));
    assert_eq!(unreachable["tags"], json!([1]));
    assert_eq!(unreachable["relatedInformation"][0]["location"]["uri"], client.uri("+15550100.rules"));
    let page = unreachable["codeDescription"]["href"].as_str().unwrap();
    assert!(page.ends_with("/src/check/lints/unreachable_rule.md"), "{page}");

    client.replace("+15550100.rules", 2, SLAES);
    let found = client.pull("+15550100.rules");
    assert_eq!(found[0]["message"], "no group is called `Slaes`\ndid you mean `Sales`?");
    assert_eq!(found[0]["data"]["edits"][0]["newText"], "\"Sales\"");
    client.shut_down();
}

#[test]
fn a_simple_client_gets_nothing_that_it_does_not_know() {
    let mut client = Client::simple(Rules::new());
    client.open("+15550100.rules", TWICE);
    let told = client.told("+15550100.rules");
    assert_eq!(told["version"], 1);
    let found = &told["diagnostics"][0];
    assert_eq!(short(found), "1:5-1:8 unreachable-rule");
    for missing in ["tags", "relatedInformation", "codeDescription", "data"] {
        assert!(found.get(missing).is_none(), "{found}");
    }
    client.replace("+15550100.rules", 2, "otherwise: assign nobody\n");
    assert_eq!(client.told("+15550100.rules")["diagnostics"], json!([]));
    client.shut_down();
}

#[test]
fn files_that_are_not_open_are_told_too_and_taken_back() {
    let mut client = Client::simple(Rules::new().file("+15550100.rules", SLAES));
    assert_eq!(client.told("+15550100.rules")["diagnostics"][0]["code"], "unknown-group");
    client.open("+15550100.rules", SLAES);
    client.replace("+15550100.rules", 2, "otherwise: assign nobody\n");
    assert_eq!(client.told("+15550100.rules")["diagnostics"], json!([]));
    client.close("+15550100.rules");
    assert_eq!(client.told("+15550100.rules")["diagnostics"][0]["code"], "unknown-group");
    client.shut_down();
}

#[test]
fn what_has_not_changed_is_not_sent_again() {
    let mut client = Client::pulling(Rules::new());
    client.open("+15550100.rules", SLAES);
    let first = client.ask("textDocument/diagnostic", "+15550100.rules", json!({}));
    let previous = json!({ "previousResultId": first["resultId"] });
    let again = client.ask("textDocument/diagnostic", "+15550100.rules", previous.clone());
    assert_eq!(again, json!({ "kind": "unchanged", "resultId": first["resultId"] }));
    client.replace("+15550100.rules", 2, &SLAES.replace("Slaes", "Salse"));
    let changed = client.ask("textDocument/diagnostic", "+15550100.rules", previous);
    assert_eq!((&changed["kind"], changed["items"].as_array().unwrap().len()), (&json!("full"), 1));
    client.shut_down();
}

#[test]
fn all_files_at_once() {
    let rules =
        Rules::new().file("+15550100.rules", SLAES).file("default.rules", "otherwise: assign nobody\n");
    let mut client = Client::pulling(rules);
    let all = client.request("workspace/diagnostic", json!({ "previousResultIds": [] })).unwrap();
    let found = &all["items"][0];
    assert_eq!((all["items"].as_array().unwrap().len(), &found["version"]), (1, &json!(null)));
    assert_eq!(found["items"][0]["code"], "unknown-group");
    let known = json!([{ "uri": client.uri("+15550100.rules"), "value": found["resultId"] }]);
    let again = client.request("workspace/diagnostic", json!({ "previousResultIds": known })).unwrap();
    assert_eq!(again["items"][0]["kind"], "unchanged");
    client.shut_down();
}

#[test]
fn an_edit_that_harms_another_document_has_it_asked_again() {
    let refreshing = json!({ "textDocument": { "diagnostic": {} },
        "workspace": { "diagnostics": { "refreshSupport": true } } });
    let user = "use \"common.rules\"\nwhen vip: assign nobody\notherwise: assign nobody\n";
    let mut client = Client::start(Rules::new(), &refreshing);
    client.open("common.rules", "let vip = any_online\n");
    client.open("+15550100.rules", user);
    assert_eq!(client.found("+15550100.rules"), ["1:0-1:8 unnamed-rule"]);
    client.replace("common.rules", 2, "let vop = any_online\n");
    client.wait_for(|message| message["method"] == "workspace/diagnostic/refresh");
    assert_eq!(client.found("+15550100.rules")[1], "1:5-1:8 unknown-fact");
    client.shut_down();
}

#[test]
fn a_request_can_be_cancelled() {
    let mut client = Client::pulling(Rules::new());
    client.open("+15550100.rules", TWICE);
    let params = json!({ "textDocument": { "uri": client.uri("+15550100.rules") } });
    // It cannot have been answered yet: the check of what was typed has not begun.
    let id = client.send_request("textDocument/diagnostic", params);
    client.notify("$/cancelRequest", json!({ "id": id }));
    assert_eq!(client.answer(id).unwrap_err()["code"], -32800);
    assert_eq!(client.found("+15550100.rules").len(), 1);
    client.shut_down();
}

#[test]
fn a_large_file_is_refused_and_a_long_line_is_not() {
    let mut client = Client::pulling(Rules::new());
    client.open("+15550100.rules", &format!("# {}\n{SLAES}", "x".repeat(9 * 1024 * 1024)));
    assert_eq!(client.found("+15550100.rules"), ["0:0-0:0 syntax"]);
    client.replace("+15550100.rules", 2, &format!("# {}\n{SLAES}", "é😀".repeat(100_000)));
    assert_eq!(client.found("+15550100.rules"), ["1:24-1:31 unknown-group"]);
    client.shut_down();
}

/// A policy that takes seconds to prove.
fn long_policy() -> String {
    let rule = |n: usize| {
        format!(
            "rule \"{n}\" when message contains any [\"a{n}\", \"b {n}\"] and customer.orders >= {n}: assign nobody\n"
        )
    };
    (0..6_000).map(rule).collect::<String>() + "otherwise: assign nobody\n"
}

#[test]
fn a_check_that_takes_long_is_shown_and_can_be_overtaken() {
    let capabilities =
        json!({ "window": { "workDoneProgress": true }, "textDocument": { "diagnostic": {} } });
    let mut client = Client::start(Rules::new(), &capabilities);
    client.open("+15550100.rules", &long_policy());
    let created = client.wait_for(|message| message["method"] == "window/workDoneProgress/create");
    let is_about = |message: &serde_json::Value, kind: &str| {
        message["params"]["token"] == created["params"]["token"] && message["params"]["value"]["kind"] == kind
    };
    client.wait_for(|message| is_about(message, "begin"));
    client.replace("+15550100.rules", 2, SLAES);
    assert_eq!(client.found("+15550100.rules"), ["0:24-0:31 unknown-group"]);
    client.wait_for(|message| is_about(message, "end"));
    client.shut_down();
}
