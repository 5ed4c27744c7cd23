//! Commands: running tests.

use serde_json::{Value, json};

use super::client::Client;
use crate::harness::Rules;

const NAME: &str = "+15550100.rules";
const TEXT: &str = "\
rule \"a\" when any_online: assign nobody
otherwise: assign user \"bob\"

test \"good\": expect assign user \"bob\"
test \"bad\": expect rule \"a\"
";

fn run(client: &mut Client, arguments: Value) -> Result<Value, Value> {
    client.request("workspace/executeCommand", json!({ "command": "rules.runTests", "arguments": arguments }))
}

#[test]
fn tests_are_run_from_the_editor() {
    let mut client = Client::pulling(Rules::new());
    client.open(NAME, TEXT);
    let uri = client.uri(NAME);
    let report = run(&mut client, json!([uri, "good"])).unwrap();
    assert_eq!((&report["passed"], &report["failed"]), (&json!(1), &json!(0)));
    let shown = |client: &mut Client| {
        client.wait_for(|message| message["method"] == "window/showMessage")["params"].clone()
    };
    let said = shown(&mut client);
    assert_eq!((&said["type"], &said["message"]), (&json!(3), &json!("the test `good` passes")));

    let report = run(&mut client, json!([uri])).unwrap();
    assert_eq!((&report["passed"], &report["failed"]), (&json!(1), &json!(1)));
    let said = shown(&mut client);
    let message = said["message"].as_str().unwrap();
    assert_eq!(said["type"], 2);
    assert!(message.starts_with("the test `bad` fails: expected rule \"a\", but got "), "{message}");
    client.shut_down();
}

#[test]
fn what_cannot_be_run_is_told() {
    let mut client = Client::pulling(Rules::new());
    client.open(NAME, TEXT);
    let uri = client.uri(NAME);
    let no_test = run(&mut client, json!([uri, ["good", "x"]])).unwrap_err();
    assert_eq!(
        (&no_test["code"], &no_test["message"]),
        (&json!(-32803), &json!("there is no test `x` in this file"))
    );
    assert_eq!(run(&mut client, json!([])).unwrap_err()["code"], -32602);
    assert_eq!(run(&mut client, json!([uri, 5])).unwrap_err()["code"], -32602);
    let unknown = client.request("workspace/executeCommand", json!({ "command": "rules.fly" })).unwrap_err();
    assert_eq!(
        (&unknown["code"], &unknown["message"]),
        (&json!(-32602), &json!("there is no command `rules.fly`"))
    );
    client.replace(NAME, 2, &TEXT.replace("any_online", "any_onlin"));
    assert_eq!(run(&mut client, json!([uri])).unwrap_err()["code"], -32803);
    client.shut_down();
}
