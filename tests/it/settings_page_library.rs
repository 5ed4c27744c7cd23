//! The settings page of Chat Inbox as rules, run through the library: every case, and those that the page omits, with every
//! algorithm, with a reply and without.

use std::collections::BTreeSet;

use inbox_rules::language::vocabulary::Algorithm;
use inbox_rules::text::Source;
use inbox_rules::{Decision, Inbox, RuleSet, Situation, dice};
use serde_json::{Value as Json, json};

const INBOX: &str = r#"
[users.alice]
name = "Alice"
capacity = 10
[users.bob]
name = "Bob"
capacity = 3
[users.carol]
name = "Carol"
capacity = 10
[users.dora]
name = "Dora"
[users.erin]
[groups]
Sales = ["alice", "bob", "carol", "dora"]
Support = ["bob", "carol", "dora"]
Empty = []
"#;

/// Users of Sales such that each algorithm without chance chooses a different one.
fn users(presence: &str) -> String {
    format!(
        r#""turns": {{ "Sales": "dora" }}, "users": {{
        "alice": {{ "presence": "{presence}", "chats": 4, "last_message_at": "2026-11-24T11:55:00Z" }},
        "bob": {{ "presence": "{presence}", "chats": 2, "last_message_at": "2026-11-24T11:50:00Z" }},
        "carol": {{ "presence": "{presence}", "chats": 3, "last_message_at": "2026-11-24T11:57:00Z" }},
        "dora": {{ "presence": "{presence}", "chats": 5, "last_message_at": "2026-11-24T11:00:00Z" }} }}"#
    )
}

const OWNED: &str = r#""customer": { "returning": true, "owner": "alice", "name": "Mona" }"#;

/// The five questions of the page, each answered with `group` and `by`, and with a reply or without.
fn page(group: &str, by: Algorithm, message: bool) -> String {
    let reply = |text: &str| if message { format!(", reply \"{text}\"") } else { String::new() };
    format!(
        r#"
        rule "welcome" when new_customer and any_online in "Sales":
            assign group "{group}" by {by}{}
        rule "closed" when new_customer:
            assign group "{group}" by {by}{}
        rule "back to the owner" when returning_customer and owner_online:
            assign owner
        rule "owner is away" when returning_customer and owner_offline and any_online in "Support":
            assign group "Support" by {by}{}
        rule "the rest" otherwise:
            assign owner else group "Support" by in_order"#,
        reply("Welcome, {customer.name or dear customer}."),
        reply("We are out of office hours."),
        reply("{owner.name} is away, {user.name or a colleague} will help you."),
    )
}

/// The user that each algorithm chooses.
struct Picks {
    in_order: &'static str,
    most_waiting: &'static str,
    least_chats: &'static str,
    least_load: &'static str,
    /// The users that may be drawn by chance.
    drawn: &'static [&'static str],
}

const SALES: Picks = Picks {
    in_order: "alice",
    most_waiting: "dora",
    least_chats: "bob",
    least_load: "carol",
    drawn: &["alice", "bob", "carol", "dora"],
};
const SUPPORT: Picks = Picks { in_order: "bob", drawn: &["bob", "carol", "dora"], ..SALES };

/// Who takes the chat.
enum Assignee {
    /// A member of the group, chosen by the algorithm under test.
    Picked(&'static str, Picks),
    /// This assignment, for every algorithm.
    Always(Json),
    /// This assignment, except for the algorithm.
    Waits(Json),
}

/// Checks that in the situation `fields`, `rule` decides and sends `reply`.
fn check(group: &str, fields: &str, rule: Option<&str>, expected: &Assignee, reply: Option<&str>) {
    for by in Algorithm::ALL {
        for message in [true, false] {
            let decide = |seed| decision(&page(group, *by, message), fields, seed);
            let decision = decide(0);
            assert_eq!(decision.rule.as_ref().and_then(|rule| rule.name.as_deref()), rule, "{by}: {fields}");
            let assign = serde_json::to_value(&decision.assign).unwrap();
            match expected {
                Assignee::Always(expected) => assert_eq!(assign, *expected, "{by}: {fields}"),
                Assignee::Waits(expected) => {
                    let mut expected = expected.clone();
                    expected["by"] = json!(by);
                    if *by == Algorithm::Hand {
                        expected["reason"] = json!(format!("members of {group} take chats by hand"));
                    }
                    assert_eq!(assign, expected, "{by}: {fields}");
                }
                Assignee::Picked(group, picks) => check_pick(*by, group, picks, &assign, &decide),
            }
            let name = match assign["user"].as_str() {
                Some("alice") => "Alice",
                Some("bob") => "Bob",
                Some("carol") => "Carol",
                Some("dora") => "Dora",
                _ => "a colleague",
            };
            let sent: Vec<_> = decision.replies.iter().map(|reply| reply.text.clone()).collect();
            let expected = reply.filter(|_| message).map(|reply| reply.replace("USER", name));
            assert_eq!(sent, Vec::from_iter(expected), "{by}: {fields}");
        }
    }
}

fn decision(rules: &str, fields: &str, seed: u64) -> Decision {
    let (inbox, findings) = Inbox::parse(&Source::new("inbox.toml", INBOX));
    assert_eq!(findings, []);
    let set = RuleSet::parse("+15550100.rules", rules, &inbox).unwrap();
    let situation = format!(r#"{{ "number": "+15550100", "at": "2026-11-24T12:00:00Z", {fields} }}"#);
    set.decide(&Situation::from_json(&situation).unwrap(), &mut dice(seed, None)).unwrap()
}

fn check_pick(by: Algorithm, group: &str, picks: &Picks, assign: &Json, decide: &dyn Fn(u64) -> Decision) {
    let user = match by {
        Algorithm::InOrder => picks.in_order,
        Algorithm::MostWaiting => picks.most_waiting,
        Algorithm::LeastChats => picks.least_chats,
        Algorithm::LeastLoad => picks.least_load,
        Algorithm::Hand => {
            let reason = format!("members of {group} take chats by hand");
            let queue = json!({ "to": "queue", "user": null, "group": group, "by": "hand", "alternative": 0, "reason": reason });
            return assert_eq!(*assign, queue);
        }
        Algorithm::Random | Algorithm::Weighted => {
            let drawn = (0..40).map(|seed| serde_json::to_value(decide(seed).assign).unwrap()["user"].take());
            let drawn: BTreeSet<_> = drawn.map(|user| user.as_str().unwrap().to_owned()).collect();
            return assert_eq!(drawn, picks.drawn.iter().map(ToString::to_string).collect(), "{by}");
        }
    };
    assert_eq!(
        *assign,
        json!({ "to": "user", "user": user, "group": group, "by": by, "alternative": 0 }),
        "{by}"
    );
}

fn owner(user: &str) -> Assignee {
    Assignee::Always(json!({ "to": "user", "user": user, "group": null, "by": null, "alternative": 0 }))
}

fn picked(group: &'static str, picks: Picks) -> Assignee {
    Assignee::Picked(group, picks)
}

#[test]
fn a_new_customer_while_somebody_is_online() {
    check(
        "Sales",
        &users("online"),
        Some("welcome"),
        &picked("Sales", SALES),
        Some("Welcome, dear customer."),
    );
}

#[test]
fn a_new_customer_while_all_are_offline() {
    for presence in ["offline", "away"] {
        let reply = Some("We are out of office hours.");
        check("Sales", &users(presence), Some("closed"), &picked("Sales", SALES), reply);
    }
}

#[test]
fn a_returning_customer_whose_owner_is_online() {
    let fields = format!("{OWNED}, {}", users("online"));
    check("Sales", &fields, Some("back to the owner"), &owner("alice"), None);
}

#[test]
fn a_returning_customer_whose_owner_is_not_online_while_others_are() {
    let fields = format!("{OWNED}, {}", users("online").replacen("online", "away", 1));
    let reply = Some("Alice is away, USER will help you.");
    check("Sales", &fields, Some("owner is away"), &picked("Support", SUPPORT), reply);
}

#[test]
fn the_same_where_the_page_says_to_keep_the_owner() {
    let fields = format!("{OWNED}, {}", users("online").replacen("online", "away", 1));
    let rules =
        "rule \"keep\" when returning_customer and owner_offline and any_online: assign owner, reply \"Hi\"";
    let decision = decision(rules, &fields, 0);
    let Assignee::Always(expected) = owner("alice") else { unreachable!() };
    assert_eq!(serde_json::to_value(decision.assign).unwrap(), expected);
    assert_eq!(decision.replies[0].text, "Hi");
}

#[test]
fn a_returning_customer_while_all_are_offline() {
    let fields = format!("{OWNED}, {}", users("offline"));
    check("Sales", &fields, Some("the rest"), &owner("alice"), None);
}

#[test]
fn a_returning_customer_without_an_owner_or_with_one_who_left() {
    for customer in [r#"{ "returning": true }"#, r#"{ "returning": true, "owner": "zoe" }"#] {
        let fields = format!("\"customer\": {customer}, {}", users("online"));
        let bob =
            json!({ "to": "user", "user": "bob", "group": "Support", "by": "in_order", "alternative": 1 });
        check("Sales", &fields, Some("the rest"), &Assignee::Always(bob), None);
    }
}

#[test]
fn a_group_with_nobody_online_while_others_are() {
    let others =
        users("offline").replace("\"users\": {", "\"users\": { \"erin\": { \"presence\": \"online\" },");
    let reply = Some("We are out of office hours.");
    check("Sales", &others, Some("closed"), &picked("Sales", SALES), reply);
    check("Sales", &format!("{OWNED}, {others}"), Some("the rest"), &owner("alice"), None);
}

#[test]
fn a_group_without_members() {
    let queue = json!({ "to": "queue", "user": null, "group": "Empty", "by": null, "alternative": 0, "reason": "Empty has no members" });
    check(
        "Empty",
        &users("online"),
        Some("welcome"),
        &Assignee::Waits(queue),
        Some("Welcome, dear customer."),
    );
}

#[test]
fn everybody_at_capacity() {
    // Dora has no capacity and is not online; the others are online and full.
    let full = users("online").replacen(
        "\"dora\": { \"presence\": \"online\"",
        "\"dora\": { \"presence\": \"away\"",
        1,
    );
    let full = full.replace("\"chats\": 4", "\"chats\": 12").replace("\"chats\": 2", "\"chats\": 3");
    let full = full.replace(
        "\"chats\": 3, \"last_message_at\": \"2026-11-24T11:57",
        "\"chats\": 10, \"last_message_at\": \"2026-11-24T11:57",
    );
    let picks = Picks {
        in_order: "alice",
        most_waiting: "bob",
        least_chats: "bob",
        least_load: "bob",
        drawn: &["alice", "bob", "carol"],
    };
    check("Sales", &full, Some("welcome"), &picked("Sales", picks), Some("Welcome, dear customer."));
}

#[test]
fn a_second_message_while_the_chat_is_open() {
    for (chat, user) in [(r#""bob""#, json!("bob")), ("null", Json::Null)] {
        let fields =
            format!(r#"{OWNED}, {}, "chat": {{ "user": {chat}, "group": "Support" }}"#, users("online"));
        let kept = json!({ "to": "kept", "user": user, "group": "Support" });
        check("Sales", &fields, None, &Assignee::Always(kept), None);
    }
}
