//! Documents and files: what the editor has, and what is on disk.

use std::fs;

use serde_json::json;

use super::client::Client;
use crate::harness::Rules;

const USER: &str = "use \"common.rules\"\nrule \"a\" when vip: assign nobody\notherwise: assign nobody\n";
const VIP: &str = "let vip = any_online\n";

#[test]
fn unsaved_texts_use_each_other() {
    let mut client = Client::pulling(Rules::new().file("+15550100.rules", USER).file("common.rules", VIP));
    client.open("+15550100.rules", USER);
    assert_eq!(client.found("+15550100.rules"), [""; 0]);
    client.open("common.rules", "let vop = any_online\n");
    assert_eq!(client.found("+15550100.rules"), ["1:14-1:17 unknown-fact"]);
    client.close("common.rules");
    assert_eq!(client.found("+15550100.rules"), [""; 0]);
    client.shut_down();
}

#[test]
fn a_file_that_exists_only_in_the_editor() {
    let mut client = Client::pulling(Rules::new());
    client.open("+15550100.rules", USER);
    assert_eq!(client.found("+15550100.rules")[0], "0:4-0:18 unknown-file");
    client.open("common.rules", VIP);
    assert_eq!(client.found("+15550100.rules"), [""; 0]);
    client.shut_down();
}

#[test]
fn the_inbox_is_a_document_too() {
    let mut client = Client::pulling(Rules::new());
    client.open("+15550100.rules", "otherwise: assign user \"dina\"\n");
    assert_eq!(client.found("+15550100.rules"), ["0:23-0:29 unknown-user"]);
    let inbox = client.rules.read("inbox.toml");
    client.open("inbox.toml", &format!("{inbox}\n[users.dina]\n"));
    assert_eq!(client.found("+15550100.rules"), [""; 0]);
    client.replace("inbox.toml", 2, "[users.dina\n");
    assert_eq!(client.found("inbox.toml").len(), 1);
    client.shut_down();
}

#[test]
fn files_change_on_disk() {
    let mut client = Client::pulling(Rules::new().file("common.rules", VIP));
    client.open("+15550100.rules", USER);
    assert_eq!(client.found("+15550100.rules"), [""; 0]);
    fs::write(client.rules.path().join("rules/common.rules"), "let vop = any_online\n").unwrap();
    client.changed_on_disk("common.rules");
    assert_eq!(client.found("+15550100.rules"), ["1:14-1:17 unknown-fact"]);
    fs::remove_file(client.rules.path().join("rules/common.rules")).unwrap();
    client.changed_on_disk("common.rules");
    assert_eq!(client.found("+15550100.rules")[0], "0:4-0:18 unknown-file");
    client.shut_down();
}

#[test]
fn a_client_that_watches_no_files_hears_of_them() {
    let mut client = Client::simple(Rules::new().file("common.rules", VIP));
    client.open("+15550100.rules", USER);
    assert_eq!(client.told("+15550100.rules")["diagnostics"], json!([]));
    fs::write(client.rules.path().join("rules/common.rules"), "let vop = any_online\n").unwrap();
    assert_eq!(client.told("+15550100.rules")["diagnostics"][0]["code"], "unknown-fact");
    client.shut_down();
}

#[test]
fn a_client_that_watches_files_is_asked_to() {
    let watching = json!({ "workspace": { "didChangeWatchedFiles": { "dynamicRegistration": true } } });
    let mut client = Client::start(Rules::new(), &watching);
    let asked = client.wait_for(|message| message["method"] == "client/registerCapability");
    let patterns = &asked["params"]["registrations"][0]["registerOptions"]["watchers"];
    assert_eq!(patterns[0]["globPattern"], "**/*.rules");
    client.shut_down();
}

#[test]
fn a_file_without_a_folder_of_rules_stands_alone() {
    let alone = Rules::empty().beside("elsewhere/x.rules", "").beside("elsewhere/y.rules", "nonsense\n");
    let mut client = Client::pulling(alone.beside("rules/.keep", ""));
    client.open("../elsewhere/x.rules", "otherwise: assign user \"anybody\"\nlet unused = any_online\n");
    assert_eq!(client.found("../elsewhere/x.rules"), ["0:0-0:0 no-inbox", "1:4-1:10 unused-definition"]);
    client.open("../elsewhere/x.rules", "use \"y.rules\"\notherwise: assign user \"anybody\"\n");
    assert_eq!(client.found("../elsewhere/x.rules"), ["0:0-0:0 no-inbox"]);
    client.shut_down();
}

#[test]
fn a_document_without_a_file() {
    let mut client = Client::pulling(Rules::new());
    let uri = "untitled:Untitled-1";
    let document =
        json!({ "uri": uri, "languageId": "rules", "version": 1, "text": "otherwise: assgn nobody\n" });
    client.notify("textDocument/didOpen", json!({ "textDocument": document }));
    let report =
        client.request("textDocument/diagnostic", json!({ "textDocument": { "uri": uri } })).unwrap();
    let found: Vec<String> = report["items"].as_array().unwrap().iter().map(super::client::short).collect();
    assert_eq!(found, ["0:0-0:0 no-inbox", "0:11-0:16 syntax"]);
    client.shut_down();
}

/// Typing `typed` over the range of `text` from `start` to `end`, each as line and column, in this encoding, mends it.
#[track_caller]
fn check_positions(encoding: &str, text: &str, found: &str, start: (u32, u32), end: (u32, u32)) {
    let mut capabilities = super::client::pulling();
    capabilities["general"] = json!({ "positionEncodings": [encoding] });
    let mut client = Client::start(Rules::new(), &capabilities);
    client.open("+15550100.rules", text);
    let at = |(line, character): (u32, u32)| json!({ "line": line, "character": character });
    assert_eq!(
        client.found("+15550100.rules"),
        [format!("{}:{}-{}:{} {found}", start.0, start.1, end.0, end.1)]
    );
    let change = json!([{ "range": { "start": at(start), "end": at(end) }, "text": "\"Sales\"" }]);
    client.change("+15550100.rules", 2, change);
    assert_eq!(client.found("+15550100.rules"), [""; 0]);
    client.shut_down();
}

#[test]
fn columns_after_emoji_and_arabic() {
    let text = "\u{FEFF}# a\r\nrule \"مرحبا 😀\" when any_online: assign group \"Slaes\" by hand\r\notherwise: assign nobody\r\n";
    check_positions("utf-16", text, "unknown-group", (1, 46), (1, 53));
    check_positions("utf-8", text, "unknown-group", (1, 53), (1, 60));
    check_positions("utf-32", text, "unknown-group", (1, 45), (1, 52));
}
