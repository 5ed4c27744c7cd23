//! `move` rules, and what is told of them.

use serde_json::{Value as Json, json};

use super::sample::{decided, explained};
use crate::engine::explanation;

const RULES: &str = r#"
move rule "human" when chat with "bob" and message contains "human":
    assign group "Sales" by least_chats else group "Support" by hand, reply "{user.name or Somebody} will help you."
move rule "queue" when chat_waiting:
    assign group "Support" by hand for 5m else group "Sales" by in_order, tag "late" after 10m, reply "Please wait."
move rule "below" when chat_waiting: assign user "alice"
move rule "spam" when message.forwarded: assign nobody, tag "b" after 5m
also when not new_customer: reply "{user.name or nobody}/{group or none}"
rule "other" otherwise:
    assign group "Sales" by least_chats, tag "a" after 5m, reply "Still there?" once per 1d after 5m, priority high after 1h"#;

fn texts(decision: &Json) -> Vec<&str> {
    decision["replies"].as_array().unwrap().iter().map(|reply| reply["text"].as_str().unwrap()).collect()
}

fn told(fields: &str) -> String {
    explanation(&explained(RULES, fields)).join("\n")
}

#[test]
fn what_the_inbox_no_longer_has_is_repeated_and_not_mentioned() {
    let chat = r#""chat": { "user": "zoe", "group": "Gone" }"#;
    let rules = r#"
        move when message is "go": assign user "alice" for 5m else user "bob"
        also when chat_waiting: reply "{user.name or nobody} {group or none}""#;
    let kept = decided(rules, chat);
    assert_eq!(kept["assign"], json!({"to": "kept", "user": "zoe", "group": "Gone"}));
    assert_eq!((texts(&kept), &kept["moved"]), (vec!["nobody none"], &Json::Null));
    let moved = decided(rules, &format!(r#"{chat}, "message": {{ "text": "go" }}"#));
    assert_eq!(moved["moved"], json!({"user": "zoe", "group": "Gone"}));
    assert_eq!((texts(&moved), &moved["resume"]["had"]), (vec!["Alice none"], &json!(["alice"])));
}

#[test]
fn nothing_is_put_off_for_a_chat_that_is_not_open() {
    let later = |rules: &str, fields: &str| decided(rules, fields)["later"].take();
    assert_eq!(later("otherwise: assign nobody, tag \"a\" after 5m", ""), json!([]));
    let also = "also when new_customer or chat_open: tag \"a\" after 5m, reply \"{customer.plan}\" after 1m";
    assert_eq!(later(also, ""), json!([]), "no rule decides");
    let entry = json!([{"after_seconds": 300, "replies": [], "tags": ["a"], "priority": null}]);
    assert_eq!(later(also, r#""chat": {}"#), entry, "without the reply of which nothing is left");
    let closed = decided(RULES, r#""chat": { "user": "bob" }, "message": { "forwarded": true }"#);
    assert_eq!((&closed["assign"], &closed["later"]), (&json!({"to": "nobody"}), &json!([])));
    assert_eq!(closed["moved"], json!({"user": "bob", "group": null}));
}

#[test]
fn by_hand_in_the_queue_where_it_waits_begins_nothing() {
    let kept =
        decided(RULES, r#""chat": { "group": "Support" }, "users": { "alice": { "presence": "online" } }"#);
    assert_eq!(kept["assign"], json!({"to": "kept", "user": null, "group": "Support"}));
    assert_eq!((&kept["rule"], &kept["resume"], &kept["later"]), (&Json::Null, &Json::Null, &json!([])));
    assert_eq!(texts(&kept), ["nobody/Support"], "no rule below it acts, only the `also` rule");
    let moved = decided(RULES, r#""chat": { "group": "Sales" }"#);
    assert_eq!((&moved["assign"]["group"], &moved["resume"]["had"]), (&json!("Support"), &json!([])));
    assert_eq!(texts(&moved), ["Please wait.", "nobody/Support"]);
}

#[test]
fn a_chat_is_resumed_without_who_has_it_and_who_had_it() {
    let rules = r#"
        move rule "m" when chat_open: assign user "alice" for 1m else group "Sales" by in_order else owner"#;
    let resumed = |users: &str, had: &str| {
        let resume = format!(r#"{{ "rule": {{ "name": "m" }}, "alternative": 1, "had": {had} }}"#);
        decided(
            rules,
            &format!(r#""chat": {{ "user": "alice" }}, "users": {{ {users} }}, "resume": {resume}"#),
        )
    };
    let bob = r#""bob": { "presence": "online" }, "alice": { "presence": "online" }"#;
    assert_eq!(resumed(bob, "[]")["assign"]["user"], "bob");
    let mut waits = resumed(bob, r#"["bob", "zoe"]"#);
    assert_eq!(waits["assign"]["reason"], "there is no other member of Sales, and the customer has no owner");
    assert_eq!((&waits["assign"]["group"], &waits["assign"]["alternative"]), (&json!("Sales"), &json!(2)));
    let rest = ["message", "number", "policy", "assign"].map(|field| waits[field].take());
    assert!(rest[3].is_object());
    assert_eq!(
        waits,
        json!({"message": null, "number": null, "policy": null, "assign": null, "resume": null,
            "rule": {"name": "m", "file": "+15550100.rules", "line": 2}, "moved": null,
            "replies": [], "tags": [], "priority": null, "also": [], "later": []})
    );
    let offline = resumed("", "[]");
    assert_eq!(offline["assign"]["to"], "queue", "not everyone, there neither");
}

#[test]
fn who_is_left_out_and_why() {
    let rules = r#"otherwise: assign group "Sales" except owner by least_chats among online"#;
    let reason = |fields: &str| decided(rules, fields)["assign"]["reason"].take();
    let owned = r#""customer": { "returning": true, "owner": "alice" }"#;
    assert_eq!(reason(owned), "no other member of Sales is online");
    assert_eq!(reason(""), "no member of Sales is online", "nobody owns the customer");
    let former = r#""customer": { "returning": true, "owner": "zoe" }"#;
    assert_eq!(reason(former), "no member of Sales is online");
}

#[test]
fn reasons_for_a_move() {
    insta::assert_snapshot!(told(r#""chat": { "user": "bob" }, "message": { "text": "a human" }"#), @r#"
    The chat is open with Bob.
    `human` moves the chat: Bob has the chat; the message is `a human`.
    The rule at +15550100.rules:8 also acts: the customer is a returning customer.
    `group "Sales" by least_chats` found nobody: no other member of Sales is online.
    The chat waits in the Support queue: members of Support take chats by hand.
    "#);
    insta::assert_snapshot!(told(r#""chat": { "group": "Sales" }"#), @r#"
    The chat is already waiting in the Sales queue.
    `queue` moves the chat: the chat waits.
    `human` does not hold at `chat with "bob"`: the chat waits.
    The rule at +15550100.rules:8 also acts: the customer is a returning customer.
    The chat waits in the Support queue: members of Support take chats by hand.
    If nobody answers within 5 min, the next alternative is tried.
    If no user has written within 10 min, the chat gets the tag `late`.
    "#);
    insta::assert_snapshot!(told(r#""chat": { "user": "alice" }, "message": { "forwarded": true }"#), @r#"
    The chat is open with Alice.
    `spam` closes the chat: the message was forwarded.
    `human` does not hold at `chat with "bob"`: Alice has the chat.
    `queue` does not hold at `chat_waiting`: Alice has the chat.
    `below` does not hold at `chat_waiting`: Alice has the chat.
    The rule at +15550100.rules:8 also acts: the customer is a returning customer.
    Nobody takes the chat, and it does not wait.
    "#);
}

#[test]
fn reasons_for_a_chat_that_stays() {
    insta::assert_snapshot!(told(r#""chat": { "group": "Support" }"#), @r#"
    The chat is already waiting in the Support queue, and `queue` would only leave it there, so it stays.
    `queue` holds: the chat waits.
    `human` does not hold at `chat with "bob"`: the chat waits.
    The rule at +15550100.rules:8 also acts: the customer is a returning customer.
    "#);
    insta::assert_snapshot!(told(r#""chat": { "user": "zoe", "group": "Support" }, "message": { "forwarded": false }"#), @r#"
    The chat is open with `zoe`, who is no longer in the inbox, and `queue` would only leave it there, so it stays.
    `queue` holds: the chat waits, because `zoe` is no longer in the inbox.
    `human` does not hold at `chat with "bob"`: the chat waits, because `zoe` is no longer in the inbox.
    The rule at +15550100.rules:8 also acts: the customer is a returning customer.
    "#);
    insta::assert_snapshot!(told(r#""chat": { "user": "alice" }"#), @r#"
    The chat is open with Alice, and no `move` rule holds, so it stays there.
    `human` does not hold at `chat with "bob"`: Alice has the chat.
    `queue` does not hold at `chat_waiting`: Alice has the chat.
    `below` does not hold at `chat_waiting`: Alice has the chat.
    `spam` does not hold at `message.forwarded`: the message was not forwarded.
    The rule at +15550100.rules:8 also acts: the customer is a returning customer.
    "#);
}

#[test]
fn reasons_for_what_comes_later() {
    insta::assert_snapshot!(told(r#""users": { "alice": { "presence": "online" } }"#), @r"
    `other` decides: no rule above it held.
    Alice is the only one among those available in Sales.
    Bob was not considered: offline.
    If no user has written within 5 min, the reply `Still there?` is sent and the chat gets the tag `a`.
    If no user has written within 1 h, the chat's priority becomes at least high.
    ");
    let resume = r#""resume": { "rule": { "name": "queue" }, "alternative": 1, "had": ["alice"] }"#;
    let users = r#""users": { "alice": { "presence": "online" }, "bob": { "presence": "online" } }"#;
    insta::assert_snapshot!(told(&format!("{resume}, {users}")), @r"
    The assignment of `queue` goes on, without its conditions being asked again.
    Bob is the only one among those available in Sales.
    Alice was not considered: had the chat.
    ");
}
