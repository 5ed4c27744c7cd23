//! How a server begins and ends, and what it says to wrong messages.

use serde_json::{Value, json};

use super::client::Client;
use crate::harness::Rules;

const SLAES: &str = "otherwise: assign group \"Slaes\" by random\n";

#[test]
fn a_server_is_shut_down() {
    let mut client = Client::pulling(Rules::new());
    client.open("+15550100.rules", SLAES);
    client.shut_down();
}

#[test]
fn an_end_without_shutting_down_is_told() {
    let mut client = Client::simple(Rules::new());
    client.notify("exit", Value::Null);
    assert_eq!(client.end().0, Some(1));
    assert_eq!(Client::simple(Rules::new()).end().0, Some(1));
    let mut client = Client::uninitialized(Rules::new());
    client.notify("exit", Value::Null);
    assert_eq!(client.end().0, Some(1));
}

#[test]
fn requests_must_wait_for_initialize_and_end_with_shutdown() {
    let mut client = Client::uninitialized(Rules::new());
    assert_eq!(client.request("textDocument/hover", json!({})).unwrap_err()["code"], -32002);
    client.notify("textDocument/didOpen", json!({}));
    assert!(client.request("initialize", json!({ "capabilities": {} })).is_ok());
    assert_eq!(client.request("initialize", json!({ "capabilities": {} })).unwrap_err()["code"], -32600);
    assert_eq!(client.request("shutdown", Value::Null), Ok(Value::Null));
    assert_eq!(client.request("shutdown", Value::Null).unwrap_err()["code"], -32600);
    client.notify("exit", Value::Null);
    assert_eq!(client.end().0, Some(0));
}

#[test]
fn wrong_messages_are_refused_and_nothing_ends() {
    let mut client = Client::pulling(Rules::new());
    client.open("+15550100.rules", SLAES);
    assert_eq!(client.request("textDocument/strange", json!({})).unwrap_err()["code"], -32601);
    assert_eq!(client.request("textDocument/diagnostic", json!({})).unwrap_err()["code"], -32602);
    assert_eq!(
        client.request("textDocument/codeAction", json!({ "textDocument": 5 })).unwrap_err()["code"],
        -32602
    );
    let no_range = json!({ "textDocument": { "uri": client.uri("+15550100.rules") } });
    assert_eq!(client.request("textDocument/codeAction", no_range).unwrap_err()["code"], -32602);
    client.notify("textDocument/didOpen", json!([1]));
    client.notify(
        "textDocument/didChange",
        json!({ "textDocument": { "uri": "file:///x", "version": "one" } }),
    );
    client.notify("$/cancelRequest", json!({ "id": 7 }));
    client.notify("$/cancelRequest", json!("what"));
    client.notify("strange", Value::Null);
    client.send(&json!({ "jsonrpc": "2.0", "id": 99, "result": 1 }));
    client.wait_for(|message| message["method"] == "window/logMessage" && message["params"]["type"] == 1);
    assert_eq!(client.found("+15550100.rules"), ["0:24-0:31 unknown-group"]);
    client.shut_down();
}

#[test]
fn other_documents_are_nobodys_business() {
    let mut client = Client::pulling(Rules::new());
    let document =
        json!({ "uri": client.uri("Cargo.toml"), "languageId": "toml", "version": 1, "text": "x" });
    client.notify("textDocument/didOpen", json!({ "textDocument": document }));
    assert!(client.pull("Cargo.toml").is_empty());
    let none = json!({ "range": { "start": { "line": 0, "character": 0 }, "end": { "line": 0, "character": 1 } },
        "context": { "diagnostics": [] } });
    assert_eq!(client.ask("textDocument/codeAction", "Cargo.toml", none), Value::Null);
    client.shut_down();
}

#[test]
fn a_broken_stream_ends_the_server() {
    let mut client = Client::simple(Rules::new());
    client.send_raw(b"Content-Length: 5\r\n\r\n{}{}{");
    let (code, errors) = client.end();
    assert_eq!(code, Some(2), "{errors}");
    assert!(!errors.contains("panicked"), "{errors}");
}
