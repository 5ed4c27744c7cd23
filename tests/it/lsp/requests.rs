//! Every request about a place or a file, through the protocol. What is answered is tested where it is worked out.

use serde_json::{Value, json};

use super::client::{Client, pulling};
use crate::harness::Rules;

const NAME: &str = "+15550100.rules";
/// Columns after the emoji differ in each encoding.
const TEXT: &str = "\
use \"common.rules\"
rule \"😀\" when vip and message is \"مرحبا\": assign group \"Sales\" by hand
otherwise:
    assign user \"bob\"

test \"t\":
    given online \"alice\"
    expect assign user \"bob\"
";

fn client() -> Client {
    let mut capabilities = pulling();
    capabilities["textDocument"]["documentSymbol"] = json!({ "hierarchicalDocumentSymbolSupport": true });
    capabilities["textDocument"]["completion"] = json!({ "completionItem": { "snippetSupport": true } });
    capabilities["textDocument"]["hover"] = json!({ "contentFormat": ["markdown"] });
    with(&capabilities)
}

fn with(capabilities: &Value) -> Client {
    let rules = Rules::new().file("common.rules", "let vip = customer has tag \"vip\"\n");
    let mut client = Client::start(rules, capabilities);
    client.open(NAME, TEXT);
    client
}

/// A request about a place.
fn at(client: &mut Client, method: &str, line: u32, character: u32) -> Value {
    client.ask(method, NAME, json!({ "position": { "line": line, "character": character } }))
}

/// A range as `line:column-line:column`.
fn short(range: &Value) -> String {
    let at = |end: &str| format!("{}:{}", range[end]["line"], range[end]["character"]);
    format!("{}-{}", at("start"), at("end"))
}

#[test]
fn a_place_in_another_file() {
    let mut client = client();
    let hover = at(&mut client, "textDocument/hover", 1, 17);
    assert_eq!(
        (&hover["contents"]["kind"], short(&hover["range"]).as_str()),
        (&json!("markdown"), "1:15-1:18")
    );
    assert!(hover["contents"]["value"].as_str().unwrap().contains("customer has tag"), "{hover}");
    let defined = at(&mut client, "textDocument/definition", 1, 17);
    assert_eq!(defined[0]["uri"], client.uri("common.rules"));
    assert_eq!(short(&defined[0]["range"]), "0:4-0:7");
    let context =
        json!({ "position": { "line": 1, "character": 17 }, "context": { "includeDeclaration": true } });
    let used = client.ask("textDocument/references", NAME, context);
    let used: Vec<String> = used.as_array().unwrap().iter().map(|place| short(&place["range"])).collect();
    assert_eq!(used, ["1:15-1:18", "0:4-0:7"]);
    assert_eq!(at(&mut client, "textDocument/hover", 4, 0), Value::Null);
    client.shut_down();
}

#[test]
fn columns_after_an_emoji() {
    let mut client = client();
    let highlights = at(&mut client, "textDocument/documentHighlight", 1, 57);
    let ranges: Vec<String> = highlights.as_array().unwrap().iter().map(|one| short(&one["range"])).collect();
    assert_eq!(ranges, ["1:56-1:63"]);
    client.shut_down();
}

#[test]
fn renaming_over_all_files() {
    let mut client = client();
    let prepared = at(&mut client, "textDocument/prepareRename", 1, 57);
    assert_eq!(
        (short(&prepared["range"]), &prepared["placeholder"]),
        ("1:57-1:62".to_owned(), &json!("Sales"))
    );
    let rename = |client: &mut Client, name: &str| {
        let position = json!({ "line": 1, "character": 57 });
        let params =
            json!({ "textDocument": { "uri": client.uri(NAME) }, "position": position, "newName": name });
        client.request("textDocument/rename", params)
    };
    let renamed = rename(&mut client, "Shop").unwrap();
    let changes = renamed["changes"].as_object().unwrap();
    assert!(
        changes.contains_key(&client.uri(NAME)) && changes.contains_key(&client.uri("inbox.toml")),
        "{changes:?}"
    );
    let refused = rename(&mut client, "Support").unwrap_err();
    assert_eq!(refused["code"], -32803);
    assert!(refused["message"].as_str().unwrap().contains("already"), "{refused}");
    client.shut_down();
}

#[test]
fn completion_of_what_is_half_typed() {
    let mut client = client();
    client.replace(NAME, 2, "rule \"😀\" when any_online: assign group \"Sa");
    let found = at(&mut client, "textDocument/completion", 0, 43);
    let sales =
        found["items"].as_array().unwrap().iter().find(|item| item["label"] == "Sales").unwrap().clone();
    assert_eq!(short(&sales["textEdit"]["range"]), "0:41-0:43");
    assert_eq!((&sales["textEdit"]["newText"], &sales["kind"]), (&json!("Sales\""), &json!(7)));
    client.shut_down();
}

#[test]
fn snippets_only_for_those_who_know_them() {
    let snippets = |client: &mut Client| {
        client.replace(NAME, 2, "");
        let found = at(client, "textDocument/completion", 0, 0);
        let items = found["items"].as_array().unwrap().clone();
        items.iter().filter(|item| item["insertTextFormat"] == 2).count()
    };
    let (mut knows, mut simple) = (client(), with(&pulling()));
    assert!(snippets(&mut knows) > 0 && snippets(&mut simple) == 0);
    knows.shut_down();
    simple.shut_down();
}

#[test]
fn the_outline() {
    let mut nested = client();
    let symbols = nested.ask("textDocument/documentSymbol", NAME, json!({}));
    let names: Vec<&str> =
        symbols.as_array().unwrap().iter().map(|symbol| symbol["name"].as_str().unwrap()).collect();
    assert!(names.contains(&"😀") && names.contains(&"t"), "{names:?}");
    let found = nested.request("workspace/symbol", json!({ "query": "vip" })).unwrap();
    assert_eq!(found[0]["location"]["uri"], nested.uri("common.rules"));
    let folds = nested.ask("textDocument/foldingRange", NAME, json!({}));
    assert!(
        folds.as_array().unwrap().iter().any(|fold| fold["startLine"] == 5 && fold["endLine"] == 7),
        "{folds}"
    );
    let around = nested.ask(
        "textDocument/selectionRange",
        NAME,
        json!({ "positions": [{ "line": 3, "character": 18 }] }),
    );
    let (mut ranges, mut range) = (Vec::new(), &around[0]);
    while !range.is_null() {
        ranges.push(short(&range["range"]));
        range = &range["parent"];
    }
    assert!(ranges.len() > 2 && ranges.last().unwrap().starts_with("0:0-"), "{ranges:?}");
    nested.shut_down();

    let mut flat = with(&pulling());
    let symbols = flat.ask("textDocument/documentSymbol", "inbox.toml", json!({}));
    let alice = symbols.as_array().unwrap().iter().find(|symbol| symbol["name"] == "alice").unwrap();
    assert_eq!(alice["location"]["uri"], flat.uri("inbox.toml"));
    flat.shut_down();
}

/// The text and type of each token, decoded.
fn tokens(client: &mut Client, method: &str, more: Value) -> Vec<(String, u64)> {
    let data = client.ask(method, NAME, more)["data"].clone();
    let numbers: Vec<usize> = data
        .as_array()
        .unwrap()
        .iter()
        .map(|number| usize::try_from(number.as_u64().unwrap()).unwrap())
        .collect();
    let lines: Vec<Vec<u16>> = TEXT.lines().map(|line| line.encode_utf16().collect()).collect();
    let (mut line, mut start, mut found) = (0, 0, Vec::new());
    for token in numbers.chunks(5) {
        line += token[0];
        start = if token[0] == 0 { start + token[1] } else { token[1] };
        let text = String::from_utf16(&lines[line][start..start + token[2]]).unwrap();
        found.push((text, token[3] as u64));
    }
    found
}

#[test]
fn tokens_are_words_of_the_text() {
    let mut client = client();
    let all = tokens(&mut client, "textDocument/semanticTokens/full", json!({}));
    assert!(all.contains(&("vip".to_owned(), 3)) && all.contains(&("\"Sales\"".to_owned(), 7)), "{all:?}");
    let range =
        json!({ "range": { "start": { "line": 3, "character": 0 }, "end": { "line": 4, "character": 0 } } });
    let some = tokens(&mut client, "textDocument/semanticTokens/range", range);
    assert!(some.contains(&("assign".to_owned(), 0)) && some.len() < 5, "{some:?}");
    client.shut_down();
}

#[test]
fn a_lens_runs_its_test() {
    let mut client = client();
    let lenses = client.ask("textDocument/codeLens", NAME, json!({}));
    let lens = lenses.as_array().unwrap().iter().find(|lens| lens["range"]["start"]["line"] == 5).unwrap();
    assert_eq!(lens["command"]["command"], "rules.runTests");
    let report = client.request("workspace/executeCommand", lens["command"].clone()).unwrap();
    assert_eq!(report["passed"], 1);
    client.shut_down();
}

#[test]
fn hints_at_what_is_left() {
    let mut client = client();
    let text = "rule \"a\" when new_customer: assign nobody\nrule \"b\" when any_online: assign nobody\notherwise: assign nobody\n";
    client.replace(NAME, 2, text);
    let range =
        json!({ "range": { "start": { "line": 0, "character": 0 }, "end": { "line": 3, "character": 0 } } });
    let hints = client.ask("textDocument/inlayHint", NAME, range);
    let hints = hints.as_array().unwrap();
    assert!(hints.iter().any(|hint| hint["position"]["line"] == 1), "{hints:?}");
    client.shut_down();
}

/// The text with edits as a formatter sends them.
fn formatted(text: &str, edits: &Value) -> String {
    let units: Vec<Vec<u16>> = text.split_inclusive('\n').map(|line| line.encode_utf16().collect()).collect();
    let offset = |position: &Value| {
        let at = |key: &str| usize::try_from(position[key].as_u64().unwrap()).unwrap();
        units.iter().take(at("line")).map(Vec::len).sum::<usize>() + at("character")
    };
    let mut all: Vec<u16> = units.concat();
    let mut edits = edits.as_array().unwrap().clone();
    edits.sort_by_key(|edit| offset(&edit["range"]["start"]));
    for edit in edits.iter().rev() {
        let new: Vec<u16> = edit["newText"].as_str().unwrap().encode_utf16().collect();
        all.splice(offset(&edit["range"]["start"])..offset(&edit["range"]["end"]), new);
    }
    String::from_utf16(&all).unwrap()
}

#[test]
fn formatting_of_all_or_a_part() {
    let text = "rule \"😀\"   when  any_online :\n  assign   nobody\nrule \"b\"  when new_customer: assign  nobody\n";
    let options = json!({ "tabSize": 2, "insertSpaces": false });
    let mut client = client();
    client.replace(NAME, 2, text);
    let all = formatted(text, &client.ask("textDocument/formatting", NAME, json!({ "options": options })));
    client.replace(NAME, 3, &all);
    assert_eq!(client.ask("textDocument/formatting", NAME, json!({ "options": options })), json!([]));
    assert!(all.contains("rule \"b\"") && !all.contains("  when"), "{all}");

    client.replace(NAME, 4, text);
    let first = json!({ "start": { "line": 1, "character": 0 }, "end": { "line": 1, "character": 3 } });
    let asked = json!({ "options": options, "range": first });
    let part = formatted(text, &client.ask("textDocument/rangeFormatting", NAME, asked));
    assert!(part.contains("assign nobody") && part.contains("rule \"b\"  when"), "{part}");
    client.shut_down();
}

#[test]
fn formatting_of_what_was_typed() {
    let on_type = |text: &str, line: u32, character: u32| {
        let mut client = client();
        client.replace(NAME, 2, text);
        let options = json!({ "tabSize": 2, "insertSpaces": false });
        let position = json!({ "line": line, "character": character });
        let asked = json!({ "ch": "\n", "position": position, "options": options });
        let typed = formatted(text, &client.ask("textDocument/onTypeFormatting", NAME, asked));
        client.shut_down();
        typed
    };
    assert_eq!(on_type("rule \"😀\" when any_online:\n", 1, 0), "rule \"😀\" when any_online:\n    ");
    assert_eq!(on_type("let  a = any_online\n\n\n", 1, 0), "let a = any_online\n\n\n");
    assert_eq!(on_type("let  a = any_online", 0, 3), "let  a = any_online");
}
