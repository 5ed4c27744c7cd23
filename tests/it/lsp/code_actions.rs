//! Code actions: fixes, all fixes, and silencing a finding.

use serde_json::{Value, json};

use super::client::Client;
use crate::harness::Rules;

const NAME: &str = "+15550100.rules";

/// A client that shows code actions.
fn client(more: Value) -> Client {
    let mut capabilities =
        json!({ "textDocument": { "diagnostic": {}, "codeAction": { "codeActionLiteralSupport": {} } } });
    if let Some(more) = more.as_object() {
        capabilities["textDocument"]["codeAction"].as_object_mut().unwrap().extend(more.clone());
    }
    Client::start(Rules::new(), &capabilities)
}

fn actions(client: &mut Client, line: u32, only: Option<&str>) -> Vec<Value> {
    let range =
        json!({ "start": { "line": line, "character": 0 }, "end": { "line": line, "character": 99 } });
    let mut context = json!({ "diagnostics": client.pull(NAME) });
    if let Some(only) = only {
        context["only"] = json!([only]);
    }
    let found = client.ask("textDocument/codeAction", NAME, json!({ "range": range, "context": context }));
    found.as_array().unwrap().clone()
}

fn titles(actions: &[Value]) -> Vec<&str> {
    actions.iter().map(|action| action["title"].as_str().unwrap()).collect()
}

/// The text with the edits of an action.
fn applied(client: &Client, text: &str, action: &Value) -> String {
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    let mut edits = action["edit"]["changes"][client.uri(NAME)].as_array().unwrap().clone();
    edits.sort_by_key(|edit| edit["range"]["start"]["line"].as_u64());
    for edit in edits.iter().rev() {
        let at = |end: &str, part: &str| usize::try_from(edit["range"][end][part].as_u64().unwrap()).unwrap();
        let (first, last) = (at("start", "line"), at("end", "line"));
        let before = lines.get(first).map_or("", |line| &line[..at("start", "character")]).to_owned();
        let after = lines.get(last).map_or("", |line| &line[at("end", "character")..]).to_owned();
        let new = edit["newText"].as_str().unwrap();
        lines.splice(first..lines.len().min(last + 1), [before + new + &after]);
    }
    lines.concat()
}

#[test]
fn a_fix() {
    let text = "when any_online: assign group \"Slaes\" by hand\notherwise: assign nobody\n";
    let mut client = client(Value::Null);
    client.open(NAME, text);
    let found = actions(&mut client, 0, Some("quickfix"));
    assert_eq!(titles(&found), ["Write `Sales`", "Allow `unnamed-rule` here, with a reason"]);
    assert_eq!((&found[0]["isPreferred"], &found[0]["kind"]), (&json!(true), &json!("quickfix")));
    assert_eq!(found[0]["diagnostics"][0]["code"], "unknown-group");
    assert_eq!(applied(&client, text, &found[0]), text.replace("Slaes", "Sales"));
    let allowed = applied(&client, text, &found[1]);
    client.replace(NAME, 2, &allowed);
    assert_eq!(client.found(NAME), ["1:30-1:37 unknown-group"]);
    assert_eq!(titles(&actions(&mut client, 2, None)), [""; 0]);
    client.shut_down();
}

#[test]
fn silencing_what_is_about_the_whole_policy() {
    let text = "\n\nrule \"a\" when any_online: assign nobody\n";
    let mut client = client(Value::Null);
    client.open(NAME, text);
    let found = actions(&mut client, 2, None);
    assert_eq!(titles(&found), ["Allow `unanswered` here, with a reason"]);
    let allowed = applied(&client, text, &found[0]);
    client.replace(NAME, 2, &allowed);
    assert_eq!(client.found(NAME), [""; 0]);
    client.shut_down();
}

#[test]
fn silencing_a_warning_of_the_inbox() {
    let mut client = client(Value::Null);
    let inbox = client.rules.read("inbox.toml").replace("Sales = [\"alice\", \"bob\"]", "Sales = []");
    client.open("inbox.toml", &inbox);
    let line = u32::try_from(inbox.lines().position(|line| line == "Sales = []").unwrap()).unwrap();
    let range = json!({ "start": { "line": line, "character": 0 }, "end": { "line": line, "character": 3 } });
    assert_eq!(client.found("inbox.toml").len(), 1);
    let asked = json!({ "range": range, "context": { "diagnostics": [] } });
    let found = client.ask("textDocument/codeAction", "inbox.toml", asked);
    assert_eq!(found[0]["title"], "Allow `empty-group` here, with a reason");
    let edit = &found[0]["edit"]["changes"][client.uri("inbox.toml")][0];
    assert_eq!(edit["range"]["start"], json!({ "line": line, "character": 0 }));
    client.shut_down();
}

#[test]
fn all_fixes_at_once() {
    let text = "# É😀\nrule \"a\" when any_onlin: assign group \"Slaes\" by hand\notherwise: assign nobody\n";
    let mended =
        "# É😀\nrule \"a\" when any_online: assign group \"Sales\" by hand\notherwise: assign nobody\n";
    let mut simple = client(Value::Null);
    simple.open(NAME, text);
    let found = actions(&mut simple, 0, Some("source.fixAll"));
    assert_eq!(titles(&found), ["Fix all that has only one fix"]);
    assert_eq!(found[0]["kind"], "source.fixAll.rules");
    assert_eq!(applied(&simple, text, &found[0]), mended);
    assert_eq!(titles(&actions(&mut simple, 0, Some("refactor"))), [""; 0]);
    simple.shut_down();

    let mut resolving = client(json!({ "resolveSupport": { "properties": ["edit"] } }));
    resolving.open(NAME, text);
    let found = actions(&mut resolving, 0, None);
    let action = found.last().unwrap().clone();
    assert!(action.get("edit").is_none());
    let resolved = resolving.request("codeAction/resolve", action).unwrap();
    assert_eq!(applied(&resolving, text, &resolved), mended);
    resolving.shut_down();
}

#[test]
fn edits_name_the_version_that_they_are_for() {
    let capabilities = json!({
        "textDocument": { "codeAction": { "codeActionLiteralSupport": {} }, "diagnostic": {} },
        "workspace": { "workspaceEdit": { "documentChanges": true } },
    });
    let mut client = Client::start(Rules::new(), &capabilities);
    client.open(NAME, "otherwise: assign group \"Slaes\" by hand\n");
    let found = actions(&mut client, 0, None);
    let change = &found[0]["edit"]["documentChanges"][0];
    assert_eq!(
        (&change["textDocument"]["version"], &change["edits"][0]["newText"]),
        (&json!(1), &json!("\"Sales\""))
    );
    client.shut_down();
}
