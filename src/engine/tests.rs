//! What a decision says, case by case.

use serde_json::{Value as Json, json};

use super::sample::{
    ALICE, EMPTY, SALES, SUPPORT, all, any_online, fact, group, inbox, policy, reply, rule, situation,
};
use super::*;
use crate::language::vocabulary::{Algorithm, MessageKind, Pool, Priority};
use crate::policy::{Attribute, Fact, Placeholder, Policy, Skill, Target};
use crate::roster::dice;
use crate::situation::Situation;

fn decided(policy: &Policy, situation: &Situation) -> Json {
    let decision = decide(policy, &inbox(), situation, &mut dice(0, None)).unwrap();
    serde_json::to_value(decision).unwrap()
}

fn assigned(targets: Vec<Target>, fields: &str) -> Json {
    decided(&policy(vec![rule("r", None, targets)], vec![]), &situation(fields))["assign"].take()
}

const ALICE_OWNS: &str = r#""customer": { "returning": true, "owner": "alice", "name": "Mona" }"#;
const ZOE_OWNED: &str = r#""customer": { "returning": true, "owner": "zoe" }"#;

#[test]
fn the_shape_of_a_decision() {
    let mut deciding = rule("r", None, vec![group(SALES, Algorithm::LeastChats)]);
    deciding.replies = vec![reply("Hi", &[])];
    deciding.tags = vec!["refund".into()];
    deciding.priority = Some(Priority::High);
    let fields =
        r#""number": "+15550100", "message": { "id": "m1" }, "users": { "bob": { "presence": "online" } }"#;
    assert_eq!(
        decided(&policy(vec![deciding], vec![]), &situation(fields)),
        json!({
            "message": "m1",
            "number": "+15550100",
            "rule": { "name": "r", "file": "+15550100.rules", "line": 1 },
            "assign": { "to": "user", "user": "bob", "group": "Sales", "by": "least_chats", "alternative": 0 },
            "replies": [{ "text": "Hi", "once_per_seconds": null, "once_key": null }],
            "tags": ["refund"],
            "priority": "high",
            "also": [],
            "resume": null,
            "policy": "sha256:0"
        })
    );
}

#[test]
fn who_takes_the_chat() {
    let user = |user, alternative| json!({ "to": "user", "user": user, "group": null, "by": null, "alternative": alternative });
    assert_eq!(assigned(vec![Target::Owner], ALICE_OWNS), user("alice", 0));
    assert_eq!(assigned(vec![Target::Owner, Target::User(ALICE)], ZOE_OWNED), user("alice", 1));
    assert_eq!(assigned(vec![Target::Nobody], ""), json!({ "to": "nobody" }));
    assert_eq!(
        assigned(vec![Target::Owner], ZOE_OWNED),
        json!({ "to": "queue", "user": null, "group": null, "by": null, "alternative": 0,
            "reason": "the customer's owner `zoe` is no longer in the inbox" })
    );
    assert_eq!(
        assigned(vec![group(EMPTY, Algorithm::Random), Target::Owner], ""),
        json!({ "to": "queue", "user": null, "group": "Empty", "by": "random", "alternative": 1,
            "reason": "Empty has no members, and the customer has no owner" })
    );
    assert_eq!(
        assigned(vec![Target::Owner, group(EMPTY, Algorithm::Hand)], ""),
        json!({ "to": "queue", "user": null, "group": "Empty", "by": "hand", "alternative": 1,
            "reason": "Empty takes its chats by hand" })
    );
}

#[test]
fn why_a_pool_is_empty() {
    let reason = |skill: Option<&str>, among, fields: &str| {
        let mut target = group(SALES, Algorithm::LeastChats);
        if let Target::Group(target) = &mut target {
            target.among = among;
            target.skill = skill.map(|skill| match skill {
                "customer.language" => Skill::CustomerLanguage,
                _ => Skill::Named {
                    folded: crate::language::fold(skill),
                    written: skill.into(),
                    span: crate::text::Span::default(),
                },
            });
        }
        assigned(vec![target], fields)["reason"].as_str().unwrap_or("somebody").to_owned()
    };
    let full = r#""users": { "alice": { "presence": "online", "chats": 5 } }"#;
    assert_eq!(reason(None, Some(Pool::Online), ""), "no member of Sales is online");
    assert_eq!(reason(None, Some(Pool::Available), ""), "no member of Sales is online");
    assert_eq!(
        reason(None, Some(Pool::Available), full),
        "every member of Sales who is online is at capacity"
    );
    assert_eq!(reason(Some("fr"), None, full), "no member of Sales has the skill `fr`");
    assert_eq!(
        reason(Some("AR"), Some(Pool::Online), ""),
        "no member of Sales with the skill `AR` is online"
    );
    assert_eq!(reason(Some("AR"), None, ""), "somebody");
    assert_eq!(
        reason(Some("customer.language"), None, ""),
        "the customer's language is not known, so nobody has it as a skill"
    );
    assert_eq!(reason(Some("customer.language"), None, r#""customer": { "language": "EN" }"#), "somebody");
}

#[test]
fn an_open_chat_is_kept_and_also_rules_act() {
    let mut also = rule("also", None, vec![]);
    also.replies = vec![reply("with ", &[(Placeholder::UserName, "nobody"), (Placeholder::Group, "")])];
    let mut deciding = rule("deciding", None, vec![Target::Nobody]);
    deciding.replies = vec![reply("never", &[])];
    let policy = policy(vec![deciding, also], vec![]);
    let kept = |chat: &str| decided(&policy, &situation(&format!(r#""chat": {chat}"#)));
    let open = kept(r#"{ "user": "bob", "group": "Support" }"#);
    assert_eq!(open["rule"], Json::Null);
    assert_eq!(open["assign"], json!({ "to": "kept", "user": "bob", "group": "Support" }));
    assert_eq!(open["replies"][0]["text"], "with BobSupport");
    assert_eq!(open["also"][0]["name"], "also");
    assert_eq!(open["replies"].as_array().unwrap().len(), 1);
    let waits = kept(r#"{ "user": null, "group": "Support" }"#);
    assert_eq!(waits["assign"], json!({ "to": "kept", "user": null, "group": "Support" }));
    assert_eq!(waits["replies"][0]["text"], "with nobodySupport");
    assert_eq!(kept("null")["rule"]["name"], "deciding");
}

#[test]
fn also_rules_add_wherever_they_stand() {
    let acting = |name: &str, targets, tags: &[&str], priority| {
        let mut rule = rule(name, None, targets);
        rule.replies = vec![reply(name, &[])];
        rule.tags = tags.iter().map(|tag| (*tag).into()).collect();
        rule.priority = priority;
        rule
    };
    let never = rule("never", Some(fact(Fact::HasOwner)), vec![]);
    let first = acting("first", vec![], &["VIP", "b"], Some(Priority::Urgent));
    let deciding = acting("deciding", vec![Target::Nobody], &["vip", "a"], Some(Priority::Low));
    let last = acting("last", vec![], &["A", "c"], None);
    let decision = decided(&policy(vec![first, never, deciding, last], vec![]), &situation(""));
    let texts: Vec<_> = decision["replies"].as_array().unwrap().iter().map(|reply| &reply["text"]).collect();
    assert_eq!(texts, ["deciding", "first", "last"]);
    assert_eq!(decision["tags"], json!(["vip", "a", "b", "c"]));
    assert_eq!(decision["priority"], "urgent");
    assert_eq!(decision["also"][1]["name"], "last");
}

#[test]
fn no_rule() {
    let also = rule("also", None, vec![]);
    let decision = decided(&policy(vec![also], vec![]), &situation(""));
    assert_eq!((&decision["rule"], &decision["assign"]), (&Json::Null, &Json::Null));
    assert_eq!(decision["also"][0]["name"], "also");
}

#[test]
fn replies_are_filled_in() {
    let plan = Attribute::Custom(inbox().attribute("plan").unwrap());
    let orders = Attribute::Custom(inbox().attribute("orders").unwrap());
    let blocked = Attribute::Custom(inbox().attribute("blocked").unwrap());
    let check = |pieces: &[(Placeholder, &str)], text: &str| {
        let mut rule = rule("r", None, vec![group(SUPPORT, Algorithm::InOrder)]);
        rule.replies = vec![reply("", pieces)];
        let fields = r#""number": "+15550100", "customer": { "returning": true, "owner": "alice", "name": "Mona",
            "attributes": { "orders": 2.50, "blocked": false } }, "users": { "carol": { "presence": "online" } }"#;
        let decision = decided(&policy(vec![rule], vec![]), &situation(fields));
        let replies = decision["replies"].as_array().unwrap();
        assert_eq!(replies.first().map_or("none", |reply| reply["text"].as_str().unwrap()), text);
    };
    check(&[(Placeholder::Customer(Attribute::Name), "there")], "Mona");
    check(&[(Placeholder::Customer(Attribute::Country), "somewhere")], "somewhere");
    check(&[(Placeholder::Customer(plan), ""), (Placeholder::Number, "")], "+15550100");
    check(&[(Placeholder::Customer(orders), ""), (Placeholder::Customer(blocked), "")], "2.5no");
    check(
        &[(Placeholder::OwnerName, ""), (Placeholder::UserName, ""), (Placeholder::Group, "")],
        "AliceCarolSupport",
    );
    check(&[(Placeholder::Customer(plan), "")], "none");
}

#[test]
fn once_per_has_a_key() {
    let mut rule = rule("r", None, vec![Target::Nobody]);
    rule.replies = vec![reply("Hi", &[])];
    rule.replies[0].once_per = Some(43_200);
    let decision = decided(&policy(vec![rule], vec![]), &situation(r#""number": "+15550100""#));
    let reply = &decision["replies"][0];
    assert_eq!(reply["once_per_seconds"], 43_200);
    assert_eq!(reply["once_key"].as_str().unwrap().len(), 16);
}

#[test]
fn waiting_for_an_answer() {
    let mut rule = rule(
        "r",
        None,
        vec![group(SALES, Algorithm::Hand), Target::Owner, group(SUPPORT, Algorithm::InOrder)],
    );
    rule.replies = vec![reply("Hi", &[])];
    for alternative in &mut rule.assign.as_mut().unwrap().alternatives {
        alternative.patience = Some(300);
    }
    let policy = policy(vec![rule], vec![]);
    let situation = situation(r#""chat": null, "users": { "carol": { "presence": "online" } }"#);
    let decision = decide(&policy, &inbox(), &situation, &mut dice(0, None)).unwrap();
    assert_eq!(decision.resume, Some(Resume { after_seconds: 300, alternative: 1 }));
    let go_on = |from| {
        let place = decision.rule.clone().unwrap();
        resume(&policy, &inbox(), &place, from, &situation, &mut dice(0, None)).unwrap()
    };
    let later = go_on(1).unwrap();
    assert!(matches!(&later.assign, Some(Assignment::User { user, alternative: 2, .. }) if user == "carol"));
    assert_eq!((later.replies, later.resume), (vec![], None));
    assert_eq!(go_on(3), None);
}

#[test]
fn a_long_chain_and_a_wide_web_of_definitions() {
    use crate::policy::{Condition, ConditionKind};
    use crate::text::Span;
    let part = |kind| Condition { span: Span::default(), kind };
    let name = |place| part(ConditionKind::Definition(place));
    // Each names the one before it twice: asked without memory it would take 2 to the 100,000 steps.
    let twice = |place: usize| part(ConditionKind::Or(vec![name(place - 1), name(place - 1)]));
    let definitions = (0..100_000).map(|place| if place == 0 { fact(Fact::HasOwner) } else { twice(place) });
    let policy = policy(vec![rule("r", Some(name(99_999)), vec![Target::Nobody])], definitions.collect());
    let quote = |_: &str, _: Span| String::new();
    let decision = explain(&policy, &inbox(), &situation(""), &mut dice(0, None), &quote).unwrap();
    assert_eq!(decision.rule, None);
}

#[test]
fn message_kinds() {
    let check = |not, kind: &str, holds: bool| {
        let when = fact(Fact::MessageKind { not, kinds: vec![MessageKind::Image, MessageKind::Video] });
        let policy = policy(vec![rule("r", Some(when), vec![Target::Nobody])], vec![]);
        let decision = decided(&policy, &situation(&format!(r#""message": {{ "kind": "{kind}" }}"#)));
        assert_eq!(decision["rule"].is_object(), holds, "{kind}");
    };
    check(false, "image", true);
    check(false, "text", false);
    check(true, "image", false);
    check(true, "hologram", true);
}

/// The reasons as they are read, with every place quoted as `…`.
fn told(policy: &Policy, fields: &str) -> String {
    let quote = |_: &str, _: crate::text::Span| "…".to_owned();
    let decision = explain(policy, &inbox(), &situation(fields), &mut dice(0, None), &quote).unwrap();
    let written = serde_json::to_string(&decision).unwrap();
    assert_eq!(serde_json::from_str::<Decision>(&written).unwrap(), decision);
    sentences(&decision).join("\n")
}

#[test]
fn the_reasons_are_told() {
    let policy = policy(
        vec![
            rule(
                "welcome",
                Some(all(vec![Fact::NewCustomer, any_online(SALES)])),
                vec![group(SALES, Algorithm::LeastChats)],
            ),
            rule("back", Some(all(vec![Fact::ReturningCustomer, Fact::OwnerOnline])), vec![Target::Owner]),
            rule(
                "away",
                Some(all(vec![Fact::OwnerOffline, any_online(SUPPORT)])),
                vec![group(SUPPORT, Algorithm::MostWaiting)],
            ),
        ],
        vec![],
    );
    let users = r#""users": { "bob": { "presence": "online", "chats": 3, "last_message_at": "2026-11-24T11:42:00Z" },
        "carol": { "presence": "online", "chats": 1, "last_message_at": "2026-11-24T11:57:00Z" } }"#;
    insta::assert_snapshot!(told(&policy, &format!("{ALICE_OWNS}, {users}")), @r"
    `away` decides: Alice, who owns Mona, is offline; Bob and 1 other are online in Support.
    `welcome` did not: Mona is a returning customer (`…`).
    `back` did not: Alice, who owns Mona, is offline (`…`).
    Carol is the only one among those available in Support.
    Bob was left out: at capacity (3 of 3 chats).
    ");
    insta::assert_snapshot!(told(&policy, users), @r"
    `welcome` decides: the customer is a new customer; Bob is online in Sales.
    Nobody in Sales is available, so the choice is among those online: Bob is the only one.
    Alice was left out: offline.
    ");
    insta::assert_snapshot!(told(&policy, r#""chat": { "user": "bob" }"#), @r"The chat is open with `bob`, so it stays there.");
    insta::assert_snapshot!(told(&policy, ZOE_OWNED), @r"
    No rule holds, so the chat is given to nobody.
    `welcome` did not: the customer is a returning customer (`…`).
    `back` did not: `zoe`, who owned the customer, is no longer in the inbox (`…`).
    `away` did not: `zoe`, who owned the customer, is no longer in the inbox (`…`).
    ");
}
