//! What a decision says, case by case.

use serde_json::{Value as Json, json};

use super::sample::{decided, explained, situation};
use crate::engine::*;
use crate::roster::dice;
use crate::situation::{ResumeRequest, Situation};
use crate::testing::{inbox, policy};

const ALICE_OWNS: &str = r#""customer": { "returning": true, "owner": "alice", "name": "Mona" }"#;
const ZOE_OWNED: &str = r#""customer": { "returning": true, "owner": "zoe" }"#;

fn assigned(assign: &str, fields: &str) -> Json {
    decided(&format!("otherwise: assign {assign}"), fields)["assign"].take()
}

fn replied(reply: &str, fields: &str) -> String {
    let rules = format!("otherwise: assign group \"Support\" by in_order, reply {reply}");
    let decision = decided(&rules, fields);
    decision["replies"].get(0).map_or("none", |reply| reply["text"].as_str().unwrap()).to_owned()
}

#[test]
fn the_shape_of_a_decision() {
    let rules = r#"
        rule "r"
        otherwise:
            assign group "Sales" by least_chats,
            reply "Hi", tag "refund", priority high"#;
    let fields =
        r#""number": "+15550100", "message": { "id": "m1" }, "users": { "bob": { "presence": "online" } }"#;
    let mut decision = decided(rules, fields);
    assert!(decision["policy"].take().as_str().unwrap().starts_with("sha256:"));
    assert_eq!(
        decision,
        json!({
            "message": "m1",
            "number": "+15550100",
            "rule": { "name": "r", "file": "+15550100.rules", "line": 2 },
            "assign": { "to": "user", "user": "bob", "group": "Sales", "by": "least_chats", "alternative": 0 },
            "replies": [{ "text": "Hi", "once_per_seconds": null, "once_key": null }],
            "tags": ["refund"],
            "priority": "high",
            "also": [],
            "resume": null,
            "later": [],
            "moved": null,
            "policy": null
        })
    );
}

#[test]
fn who_takes_the_chat() {
    let user = |user, alternative| json!({ "to": "user", "user": user, "group": null, "by": null, "alternative": alternative });
    assert_eq!(assigned("owner", ALICE_OWNS), user("alice", 0));
    assert_eq!(assigned("owner else user \"bob\"", ZOE_OWNED), user("bob", 1));
    assert_eq!(assigned("nobody", ""), json!({ "to": "nobody" }));
    assert_eq!(
        assigned("owner", ZOE_OWNED),
        json!({ "to": "queue", "user": null, "group": null, "by": null, "alternative": 0,
            "reason": "the customer's owner `zoe` is no longer in the inbox" })
    );
    assert_eq!(
        assigned("group \"Empty\" by random else owner", ""),
        json!({ "to": "queue", "user": null, "group": "Empty", "by": "random", "alternative": 1,
            "reason": "Empty has no members, and the customer has no owner" })
    );
    assert_eq!(
        assigned("owner else group \"Empty\" by hand", ""),
        json!({ "to": "queue", "user": null, "group": "Empty", "by": "hand", "alternative": 1,
            "reason": "members of Empty take chats by hand" })
    );
}

#[test]
fn a_chat_waits_where_the_last_named_group_is() {
    let two =
        r#"group "Sales" by random among online else group "Support" by weighted among online else owner"#;
    let mut queue = assigned(two, "");
    assert_eq!((queue["group"].take(), queue["by"].take()), (json!("Support"), json!("weighted")));
    assert_eq!(queue["alternative"], 2);
}

#[test]
fn why_a_pool_is_empty() {
    let full = r#""users": { "alice": { "presence": "online", "chats": 5 } }"#;
    let check = |with: &str, among: &str, fields: &str, reason: &str| {
        let assignment = assigned(&format!("group \"Sales\" {with} by least_chats {among}"), fields);
        assert_eq!(assignment["reason"].as_str().unwrap_or("somebody"), reason, "{with} {among} {fields}");
    };
    check("", "among online", "", "no member of Sales is online");
    check("", "among available", "", "no member of Sales is online");
    check("", "among available", full, "every member of Sales who is online is at capacity");
    check("", "", full, "somebody");
    check("with skill \"fr\"", "", full, "no member of Sales has the skill `fr`");
    check("with skill \"AR\"", "among online", "", "no member of Sales with the skill `AR` is online");
    check("with skill \"AR\"", "", "", "somebody");
    let language = "with skill customer.language";
    check(language, "", "", "the customer's language is not known, so nobody has it as a skill");
    check(language, "", r#""customer": { "language": "EN" }"#, "somebody");
}

#[test]
fn an_open_chat_is_kept_and_also_rules_act() {
    let rules = r#"
        otherwise: assign nobody, reply "never"
        also rule "also"
        when not has_owner: reply "with {user.name or nobody}, {group}""#;
    let kept = |chat: &str| decided(rules, &format!(r#""chat": {chat}"#));
    let open = kept(r#"{ "user": "bob", "group": "Support" }"#);
    assert_eq!(open["rule"], Json::Null);
    assert_eq!(open["assign"], json!({ "to": "kept", "user": "bob", "group": "Support" }));
    assert_eq!(open["replies"].as_array().unwrap().len(), 1);
    assert_eq!(open["replies"][0]["text"], "with Bob, Support");
    assert_eq!(open["also"][0]["name"], "also");
    let waits = kept(r#"{ "user": null, "group": "Support" }"#);
    assert_eq!(waits["assign"], json!({ "to": "kept", "user": null, "group": "Support" }));
    assert_eq!(waits["replies"][0]["text"], "with nobody, Support");
    assert_eq!(kept("null")["assign"]["to"], "nobody");
}

#[test]
fn also_rules_add_wherever_they_stand() {
    let rules = r#"
        also rule "first" when new_customer: reply "first", tag "VIP", tag "b", priority urgent
        also rule "never" when has_owner: reply "never"
        when new_customer: assign nobody, tag "vip", reply "deciding", tag "a", priority low
        also rule "last" when new_customer: reply "last", tag "A", tag "c""#;
    let decision = decided(rules, "");
    let texts: Vec<_> = decision["replies"].as_array().unwrap().iter().map(|reply| &reply["text"]).collect();
    assert_eq!(texts, ["deciding", "first", "last"]);
    assert_eq!(decision["tags"], json!(["vip", "a", "b", "c"]));
    assert_eq!(decision["priority"], "urgent");
    let also: Vec<_> = decision["also"].as_array().unwrap().iter().map(|rule| &rule["name"]).collect();
    assert_eq!(also, ["first", "last"]);
}

#[test]
fn no_rule_decides() {
    let decision = decided("also when new_customer: tag \"new\"\nwhen has_owner: assign owner", "");
    assert_eq!((&decision["rule"], &decision["assign"]), (&Json::Null, &Json::Null));
    assert_eq!(decision["tags"], json!(["new"]));
}

#[test]
fn replies_are_filled_in() {
    let fields = r#""number": "+15550100", "users": { "carol": { "presence": "online" } },
        "customer": { "returning": true, "owner": "alice", "name": "Mona",
            "attributes": { "orders": 2.50, "blocked": false } }"#;
    let check = |text: &str, sent: &str| assert_eq!(replied(&format!("\"{text}\""), fields), sent);
    check("Hi {customer.name or there}", "Hi Mona");
    check("from {customer.country or somewhere}", "from somewhere");
    check("[{customer.plan}] {number}", "[] +15550100");
    check("{customer.orders} {customer.blocked}", "2.5 no");
    check("{owner.name} {user.name} {group}", "Alice Carol Support");
    check("{{group}}", "{group}");
    check(" {customer.plan} ", "none");
    assert_eq!(replied("\"{owner.name or nobody}\"", ZOE_OWNED), "nobody");
}

#[test]
fn once_per_has_a_key() {
    let key = |rules: &str, number: &str| {
        let mut decision = decided(rules, &format!(r#""number": "{number}""#));
        assert_eq!(decision["replies"][0]["once_per_seconds"], 43_200);
        decision["replies"][0]["once_key"].take()
    };
    let rules = r#"otherwise: assign nobody, reply "Hi {number}" once per 12h"#;
    assert_eq!(key(rules, "+15550100"), key(&format!("{rules}, tag \"a\""), "+15550100"));
    assert_ne!(key(rules, "+15550100"), key(rules, "+15550101"));
    assert_ne!(key(rules, "+15550100"), key(&rules.replace("Hi", "Hello"), "+15550100"));
}

#[test]
fn an_answer_that_does_not_come() {
    let inbox = inbox();
    let rules = r#"otherwise:
        assign group "Sales" by hand for 5m else owner for 10m else group "Support" by in_order, reply "Hi""#;
    let policy = policy(&inbox, rules);
    let situation = situation(r#""users": { "carol": { "presence": "online" } }"#);
    let decision = decide(&policy, &inbox, &situation, &mut dice(0, None)).unwrap();
    assert_eq!(decision.resume, Some(Resume { after_seconds: 300, alternative: 1, had: Vec::new() }));
    let rule = decision.rule.unwrap();
    let go_on = |alternative| {
        let resume = Some(ResumeRequest { rule: rule.clone(), alternative, had: Vec::new() });
        decide(&policy, &inbox, &Situation { resume, ..situation.clone() }, &mut dice(0, None))
    };
    let later = go_on(1).unwrap();
    assert!(
        matches!(&later.assign, Some(Assignment::User { user, alternative: 2, .. }) if &**user == "carol")
    );
    assert_eq!((later.replies, later.resume), (vec![], None));
    let error = go_on(3).unwrap_err();
    assert_eq!(error.to_string(), "the rule at +15550100.rules:1 has the alternatives 0 to 2");
    assert_eq!(error.place.as_deref(), Some("resume.alternative"));
}

#[test]
fn names_that_share_names() {
    // Evaluated without a memo, this takes 3 to the power of 30 steps; explained without a limit, as many words.
    let names = (1..30).map(|n| format!("let d{n} = d{0} or (d{0} and d{0})\n", n - 1));
    let rules = format!("let d0 = has_owner\n{}when d29: assign owner", names.collect::<String>());
    let decision = explained(&rules, "");
    assert_eq!(decision.rule, None);
    assert!(decision.why.unwrap().rules[0].saw.len() < 1_000);
}

/// The reasons as they are read.
fn told(rules: &str, fields: &str) -> String {
    let decision = explained(rules, fields);
    let written = serde_json::to_string(&decision).unwrap();
    assert_eq!(serde_json::from_str::<Decision>(&written).unwrap(), decision);
    explanation(&decision).join("\n")
}

const RULES: &str = r#"
    rule "welcome" when new_customer and any_online in "Sales": assign group "Sales" by least_chats
    rule "back" when returning_customer and owner_online: assign owner
    rule "owner is away"
    when returning_customer and owner_offline and any_online in "Support":
        assign group "Support" by most_waiting
    when returning_customer and (owner_offline or customer.plan is "gold" or message is image):
        assign owner else group "Empty" by in_order"#;

#[test]
fn reasons_for_a_choice() {
    let users = r#""users": { "bob": { "presence": "online", "chats": 2, "last_message_at": "2026-11-24T11:42:00Z" },
        "carol": { "presence": "online", "chats": 9, "last_message_at": "2026-11-24T11:57:00Z" } }"#;
    insta::assert_snapshot!(told(RULES, &format!("{ALICE_OWNS}, {users}")), @r"
    `owner is away` decides: Mona is a returning customer; Alice, who owns Mona, is offline; Bob and Carol are online in Support.
    `welcome` does not hold at `new_customer`: Mona is a returning customer.
    `back` does not hold at `owner_online`: Alice, who owns Mona, is offline.
    Bob waited longest among those available in Support: Bob 18 min, Carol 3 min.
    ");
    let full = users.replace("\"chats\": 2", "\"chats\": 3");
    insta::assert_snapshot!(told(RULES, &format!("{ALICE_OWNS}, {full}")), @r"
    `owner is away` decides: Mona is a returning customer; Alice, who owns Mona, is offline; Bob and Carol are online in Support.
    `welcome` does not hold at `new_customer`: Mona is a returning customer.
    `back` does not hold at `owner_online`: Alice, who owns Mona, is offline.
    Carol is the only one among those available in Support.
    Bob was not considered: at capacity (3 of 3 chats).
    ");
    insta::assert_snapshot!(told(RULES, &full), @r"
    `welcome` decides: the customer is a new customer; Bob is online in Sales.
    Nobody in Sales is available, so the choice is among those online: Bob is the only one.
    Alice was not considered: offline.
    ");
    let tie = "otherwise: assign group \"Support\" by least_chats for 5m else owner";
    insta::assert_snapshot!(told(tie, &users.replace("9,", "2,")), @r"
    The rule at +15550100.rules:1 decides: no rule above it held.
    On fewest chats there is a tie among those available in Support (Bob 2, Carol 2); longest waiting decides for Bob.
    If nobody answers within 5 min, the next alternative is tried.
    ");
}

#[test]
fn reasons_for_no_choice() {
    insta::assert_snapshot!(told(RULES, r#""chat": { "user": "bob" }"#), @"The chat is open with Bob, so it stays there.");
    insta::assert_snapshot!(told(RULES, ZOE_OWNED), @r#"
    No rule holds, so the chat is not assigned.
    `welcome` does not hold at `new_customer`: the customer is a returning customer.
    `back` does not hold at `owner_online`: `zoe`, who owned the customer, is no longer in the inbox.
    `owner is away` does not hold at `owner_offline`: `zoe`, who owned the customer, is no longer in the inbox.
    The rule at +15550100.rules:7 does not hold at `(owner_offline or customer.plan is "gold" or message is image)`: `zoe`, who owned the customer, is no longer in the inbox; the customer's plan is not known; the message is of the kind `text`.
    "#);
    let gold = r#""customer": { "returning": true, "owner": "zoe", "attributes": { "plan": "gold" } }"#;
    insta::assert_snapshot!(told(RULES, gold), @r#"
    The rule at +15550100.rules:7 decides: the customer is a returning customer; the customer's plan is `gold`.
    `welcome` does not hold at `new_customer`: the customer is a returning customer.
    `back` does not hold at `owner_online`: `zoe`, who owned the customer, is no longer in the inbox.
    `owner is away` does not hold at `owner_offline`: `zoe`, who owned the customer, is no longer in the inbox.
    `owner` found nobody: the customer's owner `zoe` is no longer in the inbox.
    `group "Empty" by in_order` found nobody: Empty has no members.
    The chat waits in the Empty queue: the customer's owner `zoe` is no longer in the inbox, and Empty has no members.
    "#);
}
