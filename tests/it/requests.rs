//! What people asked of other inboxes, as rules: open chats that move, people who are not there, and what comes after an
//! unanswered chat.

use serde_json::{Value as Json, json};

use super::harness::Rules;

const INBOX: &str = r#"
timezone = "Africa/Cairo"
[users.alice]
name = "Alice"
capacity = 5
skills = ["en", "ar"]
[users.bob]
name = "Bob"
capacity = 5
skills = ["en"]
[users.carol]
name = "Carol"
capacity = 3
skills = ["fr", "visa"]
[users.dave]
name = "Dave"
[users.bot]
name = "Bot"
[groups]
Sales = ["alice", "bob"]
Support = ["bob", "carol", "dave"]
[attributes]
city = "text"
"#;

const OTHERWISE: &str = "\notherwise:\n    assign owner else group \"Support\" by in_order\n";

/// What the rules decide of the situation, at 10:00 on a Monday unless it says when.
fn decided(rules: &str, situation: &Json) -> Json {
    let mut situation = situation.clone();
    situation["number"] = "+15550100".into();
    if situation["at"].is_null() {
        situation["at"] = "2026-06-01T10:00:00+03:00".into();
    }
    let folder =
        Rules::empty().file("inbox.toml", INBOX).file("+15550100.rules", rules.to_owned() + OTHERWISE);
    folder.input(situation.to_string()).run("route").exits_with(0).json()
}

fn user(rules: &str, situation: &Json) -> String {
    decided(rules, situation)["assign"]["user"].as_str().unwrap_or("nobody").to_owned()
}

#[test]
fn the_open_chat_of_a_user_who_went_offline_moves() {
    let rules = r#"
move rule "handover"
when user_offline:
    assign group "Support" by least_chats among online,
    reply "{user.name} will help you."
"#;
    let chat = json!({
        "customer": {"returning": true, "owner": "alice"},
        "users": {"alice": {"presence": "offline", "chats": 3}, "bob": {"presence": "online"}},
        "chat": {"user": "alice", "group": "Sales"},
    });
    let moved = decided(rules, &chat);
    assert_eq!(
        moved["assign"],
        json!({"to": "user", "user": "bob", "group": "Support", "by": "least_chats", "alternative": 0})
    );
    assert_eq!(moved["moved"], json!({"user": "alice", "group": "Sales"}));
    assert_eq!(moved["replies"][0]["text"], "Bob will help you.");
    let mut online = chat;
    online["users"]["alice"]["presence"] = "online".into();
    assert_eq!(decided(rules, &online)["assign"], json!({"to": "kept", "user": "alice", "group": "Sales"}));
}

#[test]
fn a_human_please() {
    let rules = r#"
move rule "human"
when chat with "bot" and message contains any ["agent", "human"]:
    assign group "Support" by least_chats else group "Support" by hand
"#;
    let bot = json!({"presence": "online", "chats": 40});
    let chat = |users: Json| json!({"message": {"text": "I want a human"}, "users": users, "chat": {"user": "bot", "group": null}});
    assert_eq!(user(rules, &chat(json!({"bot": bot, "dave": {"presence": "online"}}))), "dave");
    let waits = decided(rules, &chat(json!({"bot": bot})));
    assert_eq!((&waits["assign"]["to"], &waits["assign"]["group"]), (&json!("queue"), &json!("Support")));
}

#[test]
fn a_text_only_while_the_chat_waits() {
    let rules = r#"
hours office = mon-fri 09:00-18:00

also rule "closed"
when chat_waiting and not during office:
    reply "We are closed." once per 12h
"#;
    let at = "2026-06-01T22:05:00+03:00";
    let with_alice = json!({"at": at, "users": {"alice": {"presence": "online", "chats": 1}}, "chat": {"user": "alice", "group": "Sales"}});
    assert_eq!(decided(rules, &with_alice)["replies"], json!([]));
    let waiting = json!({"at": at, "chat": {"user": null, "group": "Sales"}});
    assert_eq!(decided(rules, &waiting)["replies"][0]["text"], "We are closed.");
}

#[test]
fn tags_that_the_chat_carries() {
    let rules = "move rule \"urgent again\" when chat has tag \"urgent\": assign user \"carol\"\n";
    let chat = |tag: &str| json!({"chat": {"user": "bob", "group": "Sales", "tags": [tag]}});
    assert_eq!(user(rules, &chat(" Urgent")), "carol");
    assert_eq!(decided(rules, &chat("other"))["assign"]["to"], "kept");
}

#[test]
fn an_owner_who_has_no_room() {
    let rules = r#"
rule "owner"
when has_owner:
    assign owner among available else group "Sales" by least_chats among available else group "Sales" by hand
"#;
    let owned = |chats: u32| {
        json!({
            "customer": {"returning": true, "owner": "alice"},
            "users": {"alice": {"presence": "online", "chats": chats}, "bob": {"presence": "online"}},
        })
    };
    assert_eq!(user(rules, &owned(9)), "bob");
    assert_eq!(user(rules, &owned(4)), "alice");
}

#[test]
fn a_user_if_they_are_there() {
    let rules = "rule \"invoices\" when message contains \"invoice\":\n    assign user \"alice\" among online else group \"Support\" by least_chats\n";
    let message = |users: Json| json!({"message": {"text": "invoice 12"}, "users": users});
    assert_eq!(user(rules, &message(json!({"dave": {"presence": "online"}}))), "dave");
    assert_eq!(user(rules, &message(json!({"alice": {"presence": "online", "chats": 9}}))), "alice");
}

#[test]
fn from_the_top_of_a_list() {
    let rules = r#"
rule "top down"
when new_customer:
    assign user "alice" among available else user "bob" among available else group "Sales" by hand
"#;
    let chats = |alice: u32, bob: u32| json!({"users": {"alice": {"presence": "online", "chats": alice}, "bob": {"presence": "online", "chats": bob}}});
    assert_eq!(
        [chats(1, 0), chats(5, 4), chats(5, 5)].map(|chats| user(rules, &chats)),
        ["alice", "bob", "nobody"]
    );
}

#[test]
fn not_to_the_one_who_did_not_answer() {
    let rules = r#"
rule "sales"
when new_customer:
    assign group "Sales" by least_chats among online for 2m
        else group "Sales" by least_chats among online
        else group "Support" by hand
"#;
    let mut situation =
        json!({"users": {"alice": {"presence": "online"}, "bob": {"presence": "online", "chats": 3}}});
    let first = decided(rules, &situation);
    assert_eq!(first["resume"], json!({"after_seconds": 120, "alternative": 1, "had": ["alice"]}));
    situation["chat"] = json!({"user": "alice", "group": "Sales"});
    situation["users"]["alice"]["chats"] = 1.into();
    situation["resume"] = json!({"rule": first["rule"], "alternative": 1, "had": first["resume"]["had"]});
    let next = decided(rules, &situation);
    assert_eq!((&next["assign"]["user"], &next["replies"]), (&json!("bob"), &json!([])));
    situation["resume"]["had"] = json!(["bob"]);
    let queue = &decided(rules, &situation)["assign"];
    assert_eq!(
        (&queue["to"], &queue["by"], &queue["group"]),
        (&json!("queue"), &json!("hand"), &json!("Support"))
    );
    situation["resume"]["alternative"] = 3.into();
    let folder =
        Rules::empty().file("inbox.toml", INBOX).file("+15550100.rules", rules.to_owned() + OTHERWISE);
    situation["number"] = "+15550100".into();
    let error = folder.input(situation.to_string()).run("route").exits_with(1).json();
    assert_eq!(error["error"]["place"], "resume.alternative");
}

#[test]
fn a_text_after_five_minutes() {
    let rules = r#"
rule "sales"
when new_customer:
    assign group "Sales" by least_chats among online for 5m else group "Support" by hand,
    reply "Still looking for somebody." after 5m, priority high after 5m
"#;
    let decision = decided(rules, &json!({"users": {"alice": {"presence": "online"}}}));
    let reply = json!({"text": "Still looking for somebody.", "once_per_seconds": null, "once_key": null});
    assert_eq!(
        decision["later"],
        json!([{"after_seconds": 300, "replies": [reply], "tags": [], "priority": "high"}])
    );
    assert_eq!((&decision["replies"], &decision["priority"]), (&json!([]), &Json::Null));
}

#[test]
fn one_of_several_skills_and_a_skill_from_an_attribute() {
    let any = "rule \"either\" when new_customer: assign group \"Support\" with skill any [\"fr\", \"ar\"] by least_chats\n";
    let users = json!({"bob": {"presence": "online"}, "carol": {"presence": "online", "chats": 1}});
    assert_eq!(user(any, &json!({"users": users})), "carol");
    let both = any.replace("any [\"fr\", \"ar\"]", "\"fr\" and \"visa\"");
    assert_eq!(user(&both, &json!({"users": users})), "carol");
    let city = "rule \"by city\" when customer has city:\n    assign group \"Support\" with skill customer.city by least_chats else user \"dave\"\n";
    let from = |city: &str| json!({"users": users, "customer": {"attributes": {"city": city}}});
    assert_eq!([from("VISA"), from("Cairo")].map(|situation| user(city, &situation)), ["carol", "dave"]);
}

#[test]
fn never_to_this_person() {
    let rules = r#"
rule "old quarrel"
when customer has tag "not bob":
    assign group "Support" except user "bob" by least_chats

rule "somebody else"
when owner_online and message contains "somebody else":
    assign group "Sales" except owner by least_chats
"#;
    let quarrel = json!({
        "customer": {"returning": true, "tags": ["not bob"]},
        "users": {"bob": {"presence": "online"}, "dave": {"presence": "online", "chats": 4}},
    });
    assert_eq!(user(rules, &quarrel), "dave");
    let other = json!({
        "message": {"text": "Somebody else, please"},
        "customer": {"returning": true, "owner": "alice"},
        "users": {"bob": {"presence": "online", "chats": 4}, "alice": {"presence": "online"}},
    });
    assert_eq!(user(rules, &other), "bob");
}

#[test]
fn the_ad_that_was_tapped() {
    let rules = r#"
rule "summer ad"
when message.ad is "120210000000000001" and message.ad_text contains "summer":
    assign user "alice",
    tag "summer ad"
"#;
    let ad = json!({"message": {"text": "Hello!", "ad": "120210000000000001", "ad_text": "Summer sale"}});
    let decision = decided(rules, &ad);
    assert_eq!((&decision["assign"]["user"], &decision["tags"]), (&json!("alice"), &json!(["summer ad"])));
    assert_eq!(decided(rules, &json!({"message": {"text": "Hello!"}}))["tags"], json!([]));
}
