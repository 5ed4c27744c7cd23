//! Tests of `rules route` with one situation.

use serde_json::json;

use super::harness::Rules;

const POLICY: &str = r#"rule "owner is away"
when owner_offline and any_online in "Support":
    assign group "Support" by most_waiting,
    reply "{owner.name} is away, {user.name} will help you."

rule "new"
when new_customer:
    assign group "Sales" by random
"#;

const AWAY: &str = r#"{
  "number": "+15550100",
  "at": "2026-11-24T18:30:00+02:00",
  "message": { "id": "wamid.A1", "kind": "text", "text": "I want a refund", "age_seconds": 0 },
  "customer": { "id": "2010", "name": "Mona", "returning": true, "owner": "alice" },
  "users": {
    "alice": { "presence": "offline", "chats": 4, "last_message_at": "2026-11-24T15:00:00Z" },
    "bob": { "presence": "online", "chats": 3 }
  },
  "waiting": { "Sales": 2 },
  "turns": { "Support": "carol" },
  "chat": null
}"#;

fn with(input: impl AsRef<[u8]>) -> Rules {
    Rules::new().file("+15550100.rules", POLICY).input(input)
}

#[test]
fn one_object_over_several_lines() {
    let run = with(AWAY).run("route").exits_with(0);
    assert_eq!(run.stdout().lines().count(), 1);
    let mut decision = run.json();
    assert!(decision["policy"].as_str().unwrap().starts_with("sha256:"));
    decision["policy"] = "sha256:…".into();
    let expected = json!({
        "message": "wamid.A1",
        "number": "+15550100",
        "rule": { "name": "owner is away", "file": "+15550100.rules", "line": 1 },
        "assign": { "to": "user", "user": "bob", "group": "Support", "by": "most_waiting", "alternative": 0 },
        "replies": [
            { "text": "Alice is away, Bob will help you.", "once_per_seconds": null, "once_key": null }
        ],
        "tags": [],
        "priority": null,
        "also": [],
        "resume": null,
        "later": [],
        "moved": null,
        "policy": "sha256:…"
    });
    assert_eq!(decision, expected);
}

#[test]
fn from_a_file() {
    let run = with("").beside("situation.json", AWAY).run("route situation.json").exits_with(0);
    let decision = run.json();
    let run = run.rules.input(AWAY).run("route -").exits_with(0);
    assert_eq!(run.json(), decision);
}

#[test]
fn the_reasons() {
    let why = &with(AWAY).run("route --explain").exits_with(0).json()["why"];
    assert_eq!(why["rules"][0]["held"], true);
    assert_eq!(why["assign"][0]["candidates"].as_array().unwrap().len(), 2);
}

#[test]
fn another_number() {
    let run = with("{}").run("route --number +15550100").exits_with(0);
    assert_eq!(run.json()["number"], "+15550100");
    let run = run.rules.input(AWAY).run("route --number +15550199").exits_with(1);
    assert!(run.json()["error"]["message"].as_str().unwrap().contains("+15550199"));
}

#[test]
fn chance_depends_on_the_seed_alone() {
    let user = |seed: u64| {
        let run =
            with(r#"{"number": "+15550100", "message": {"id": "a"}}"#).run(&format!("route --seed {seed}"));
        run.exits_with(0).json()["assign"]["user"].clone()
    };
    let users: Vec<_> = (0..8).map(user).collect();
    assert_eq!(users[0], user(0));
    assert!(users.iter().any(|user| *user != users[0]), "{users:?}");
}

#[test]
fn what_is_not_a_situation() {
    for (input, place, message) in [
        ("{\"number\": \"+15550100\", \"nubmer\": 1}", "nubmer", "`nubmer`"),
        ("{\"number\": \"+15550100\", \"customer\": {\"owner\": \"bob\"}}", "customer.owner", "is not true"),
        ("{\"number\": \"+15550100\", \"users\": {\"zoe\": {}}}", "users.zoe", "`zoe`"),
        ("{\"number\": \"+15550100\", \"waiting\": {\"Slaes\": 1}}", "waiting.Slaes", "`Slaes`"),
        ("{\"number\": \"+15550100\", \"turns\": {\"Sales\": \"zoe\"}}", "turns.Sales", "`zoe`"),
        (
            "{\"number\": \"+15550100\", \"customer\": {\"attributes\": {\"plan\": \"golden\"}}}",
            "customer.attributes.plan",
            "`golden`",
        ),
        ("{\"number\": \"+15550199\"}", "number", "`+15550199`"),
        ("{}", "number", "number"),
    ] {
        let error = &with(input).run("route").exits_with(1).json()["error"];
        assert_eq!(error["place"], place, "{input}");
        assert!(error["message"].as_str().unwrap().contains(message), "{error}");
    }
}

#[test]
fn what_is_not_json() {
    for input in ["{", "{\"number\": }", "[]", "nonsense", "\u{feff}{", "{\n  \"number\" 1\n}"] {
        let run = with(input).run("route").exits_with(1);
        assert_eq!(run.json_lines().len(), 1, "{input}");
        assert!(run.json()["error"]["message"].is_string());
    }
    let run = with("{\n\n  \"number\" 1\n}").run("route").exits_with(1);
    assert_eq!(run.json()["error"]["line"], 3);
    with(b"\xff").run("route").exits_with(1).prints("UTF-8");
    with(format!("{}{}", "{\"a\":".repeat(200), "}".repeat(200))).run("route").exits_with(1);
}

#[test]
fn nothing_to_decide() {
    assert_eq!(with("").run("route").exits_with(0).stdout(), "");
    assert_eq!(with("\n \n").run("route").exits_with(0).stdout(), "");
}

#[test]
fn missing_files() {
    with("").run("route nowhere.json").exits_with(2).reports("there is no file `nowhere.json`");
    with("").run("route rules").exits_with(2).reports("`rules` is a folder");
    with("{}").run("route --rules nowhere").exits_with(2).reports("there is no file or folder `nowhere`");
    Rules::empty()
        .file("default.rules", POLICY)
        .run("route")
        .exits_with(2)
        .reports("`rules` has no `inbox.toml`");
    with("{}").run("route --seed x").exits_with(2).reports("invalid value");
}

#[test]
fn faulty_rules_decide_nothing() {
    let rules = Rules::new().file("default.rules", "otherwise: assign group \"Slaes\" by random");
    let run = rules
        .input(AWAY)
        .run("route")
        .exits_with(2)
        .reports("unknown-group")
        .reports("did you mean `Sales`?");
    assert_eq!(run.stdout(), "");
}

#[test]
fn lints_do_not_matter() {
    let policy = "when any_online: assign owner\notherwise: assign group \"Sales\" by in_order\n";
    Rules::new()
        .file("default.rules", policy)
        .input("{\"number\": \"+1999999999\"}")
        .run("route")
        .exits_with(0);
}

#[test]
fn without_a_time_it_is_now() {
    let policy = "rule \"past\" when during 2020-01-01..2024-12-31: assign nobody\notherwise: assign owner\n";
    let run = Rules::new().file("default.rules", policy).input("{\"number\": \"+1999999999\"}").run("route");
    assert_eq!(run.exits_with(0).json()["rule"]["name"], serde_json::Value::Null);
}

#[test]
fn sentences_go_into_a_pipe_too() {
    let run = with(AWAY).run("route --explain --format human").exits_with(0);
    run.prints("`bob` of Support takes the chat.\n").prints("\nWhy:\n  ").prints_no("{");
    with(AWAY).run("route --format human").exits_with(0).prints("takes the chat.").prints_no("Why");
    let lines = "{\"number\": \"+15550100\"}\n{\"number\": \"+15550100\", \"cats\": 1}\n";
    let run = Rules::new().file("+15550100.rules", "otherwise: assign nobody\n").input(lines);
    run.run("route --format human").exits_with(1).prints("error: line 2: ").prints("cats");
}
