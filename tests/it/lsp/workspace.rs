//! Several folders of rules: in one workspace, and in a workspace whose folders change.

use std::collections::BTreeMap;
use std::fs;

use serde_json::{Value, json};

use super::client::{Client, pulling, short};
use crate::harness::Rules;

/// An inbox with two users and a group of that name.
fn inbox(group: &str) -> String {
    format!("[users.alice]\n[users.bob]\n[groups]\n{group} = [\"alice\", \"bob\"]\n")
}

const NAME: &str = "+15550100.rules";
const SALES: &str = "otherwise: assign group \"Sales\" by random\n";

/// The folders `rules/a` and `rules/b`, of which the second has no group `Sales`, and `other` beside them.
fn folders() -> Rules {
    Rules::empty()
        .file("a/inbox.toml", inbox("Sales"))
        .file(&format!("a/{NAME}"), SALES)
        .file("b/inbox.toml", inbox("Support"))
        .file(&format!("b/{NAME}"), SALES)
        .beside("other/inbox.toml", inbox("Support"))
        .beside(&format!("other/{NAME}"), SALES)
}

/// Has `folder`, a name relative to `rules/`, join the workspace or leave it.
fn change(client: &mut Client, which: &str, folder: &str) {
    let folder = json!([{ "uri": client.uri(folder).trim_end_matches('/'), "name": "folder" }]);
    let mut event = json!({ "added": [], "removed": [] });
    event[which] = folder;
    client.notify("workspace/didChangeWorkspaceFolders", json!({ "event": event }));
}

/// What is found in all files of the workspace, by the folder and name of each file.
#[track_caller]
fn found(client: &mut Client) -> BTreeMap<String, Vec<String>> {
    let report = client.request("workspace/diagnostic", json!({ "previousResultIds": [] })).unwrap();
    let items = report["items"].as_array().unwrap().iter().map(|item| {
        let uri = item["uri"].as_str().unwrap().replace("%2B", "+");
        let mut parts: Vec<&str> = uri.rsplit('/').take(2).collect();
        parts.reverse();
        (parts.join("/"), item["items"].as_array().unwrap().iter().map(short).collect())
    });
    items.filter(|(_, found): &(String, Vec<String>)| !found.is_empty()).collect()
}

#[track_caller]
fn check_found(client: &mut Client, folders: &[&str]) {
    let expected = folders.iter().map(|folder| {
        // Each of them misses the same group.
        (format!("{folder}/{NAME}"), vec!["0:24-0:31 unknown-group".to_owned()])
    });
    assert_eq!(found(client), expected.collect());
}

#[test]
fn each_inbox_of_a_workspace_counts_by_itself() {
    let mut client = Client::pulling(folders());
    check_found(&mut client, &["b"]);
    let a = format!("a/{NAME}");
    client.open(&a, SALES);
    client.open(&format!("b/{NAME}"), SALES);
    assert_eq!(client.found(&a), [""; 0]);
    assert_eq!(client.found(&format!("b/{NAME}")), ["0:24-0:31 unknown-group"]);
    let place = json!({ "position": { "line": 0, "character": 26 }, "newName": "Shop" });
    let edit = client.ask("textDocument/rename", &a, place);
    let mut files: Vec<&str> = edit["changes"].as_object().unwrap().keys().map(String::as_str).collect();
    files.sort_unstable();
    assert!(files.len() == 2 && files.iter().all(|file| file.contains("/rules/a/")), "{files:?}");
    let symbols = client.request("workspace/symbol", json!({ "query": "Support" })).unwrap();
    assert_eq!(symbols.as_array().unwrap().len(), 1, "{symbols}");
    client.open("b/inbox.toml", &inbox("Sales"));
    assert_eq!(client.found(&format!("b/{NAME}")), [""; 0]);
    client.shut_down();
}

#[test]
fn folders_join_a_workspace_and_leave_it() {
    let mut client = Client::pulling(folders());
    check_found(&mut client, &["b"]);
    change(&mut client, "added", "../other");
    check_found(&mut client, &["b", "other"]);
    change(&mut client, "removed", "");
    check_found(&mut client, &["other"]);
    change(&mut client, "removed", "../other");
    check_found(&mut client, &[]);
    change(&mut client, "added", "");
    check_found(&mut client, &["b"]);
    client.shut_down();
}

#[test]
fn what_was_told_of_a_folder_that_has_left_is_taken_back() {
    let mut client = Client::simple(folders());
    let file = format!("../other/{NAME}");
    change(&mut client, "added", "../other");
    let uri =
        |client: &Client| client.uri("").replace("rules/", &format!("other/{NAME}")).replace('+', "%2B");
    let told = |client: &mut Client| -> Value {
        let uri = uri(client);
        let message = client.wait_for(|message| {
            let of = message["params"]["uri"].as_str().map(|uri| uri.replace('+', "%2B"));
            message["method"] == "textDocument/publishDiagnostics" && of.as_ref() == Some(&uri)
        });
        message["params"]["diagnostics"].clone()
    };
    assert_eq!(told(&mut client)[0]["code"], "unknown-group");
    change(&mut client, "removed", "../other");
    assert_eq!(told(&mut client), json!([]), "{file}");
    client.shut_down();
}

#[test]
fn who_waits_for_a_folder_that_leaves_is_answered() {
    let mut client = Client::pulling(folders());
    let name = format!("../other/{NAME}");
    change(&mut client, "added", "../other");
    client.open(&name, SALES);
    let params = json!({ "textDocument": { "uri": client.uri(&name) } });
    let id = client.send_request("textDocument/diagnostic", params);
    // The folder of an open document without its inbox is another one.
    fs::remove_file(client.rules.path().join("other/inbox.toml")).unwrap();
    client.changed_on_disk("../other/inbox.toml");
    change(&mut client, "removed", "../other");
    assert_eq!(client.answer(id).unwrap()["kind"], "full");
    client.shut_down();
}

/// A client that can be asked to ask again for lenses and hints, with a policy open that uses `common.rules`.
fn refreshing() -> Client {
    let mut capabilities = pulling();
    capabilities["workspace"] = json!({
        "codeLens": { "refreshSupport": true }, "inlayHint": { "refreshSupport": true },
    });
    let mut client = Client::start(
        Rules::new().file("common.rules", "let vip = any_online\n").file("other.rules", ""),
        &capabilities,
    );
    client.open(NAME, "use \"common.rules\"\nrule \"a\" when vip: assign nobody\notherwise: assign nobody\n");
    assert_eq!(client.found(NAME), [""; 0]);
    client
}

#[track_caller]
fn is_refreshed(client: &mut Client) {
    for what in ["workspace/codeLens/refresh", "workspace/inlayHint/refresh"] {
        client.wait_for(|message| message["method"] == what);
    }
}

#[test]
fn lenses_and_hints_are_asked_for_again_when_another_document_was_edited() {
    let mut client = refreshing();
    client.open("common.rules", "let vip = all_offline\n");
    is_refreshed(&mut client);
    client.replace("common.rules", 2, "let vip = new_customer\n");
    is_refreshed(&mut client);
    client.shut_down();
}

#[test]
fn lenses_and_hints_are_asked_for_again_when_a_file_has_changed_on_disk() {
    let mut client = refreshing();
    fs::write(client.rules.path().join("rules/common.rules"), "let vip = all_offline\n").unwrap();
    client.changed_on_disk("common.rules");
    is_refreshed(&mut client);
    client.shut_down();
}
