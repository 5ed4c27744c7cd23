//! The settings page of Chat Inbox as rules, run with `rules route`: every case with every algorithm, with a reply and
//! without.

use serde_json::{Value, json};

use super::harness::Rules;

const ALGORITHMS: [&str; 4] = ["random", "in_order", "most_waiting", "least_chats"];

const INBOX: &str = r#"
[users.alice]
capacity = 5
[users.bob]
capacity = 5
[users.carol]
capacity = 5
[users.dave]
[groups]
Sales = ["alice", "bob", "carol"]
Support = ["carol", "bob"]
Empty = []
"#;

/// The page as rules, with `algorithm` and `reply` wherever the page offers a choice.
fn policy(algorithm: &str, reply: &str) -> String {
    format!(
        r#"
rule "new, somebody online"
when new_customer and any_online:
    assign group "Sales" by {algorithm}{reply}

rule "new, all offline"
when new_customer and all_offline:
    assign group "Sales" by {algorithm}{reply}

rule "owner online"
when returning_customer and owner_online:
    assign owner

rule "owner away, tagged"
when returning_customer and owner_offline and any_online and customer has tag "keep":
    assign owner

rule "owner away"
when returning_customer and owner_offline and any_online:
    assign group "Support" by {algorithm}{reply}

rule "all offline"
when returning_customer and has_owner and all_offline:
    assign owner

rule "without owner, tagged"
when customer has tag "empty":
    assign group "Empty" by {algorithm}{reply}

otherwise:
    assign owner else group "Sales" by {algorithm}{reply}
"#
    )
}

/// A situation with the open chats of each user and the minute of their last message; `alice` had the last turn of Sales.
fn situation(customer: &Value, online: &[&str], chats: [u32; 4]) -> Value {
    let presence = |id: &str| if online.contains(&id) { "online" } else { "offline" };
    let user = |id: &str, at: usize, minute: u32| {
        let last = format!("2026-11-24T10:{minute:02}:00Z");
        json!({ "presence": presence(id), "chats": chats[at], "last_message_at": last })
    };
    json!({
        "number": "+15550100",
        "at": "2026-11-24T11:00:00Z",
        "message": { "id": "a", "text": "hello" },
        "customer": customer,
        "users": {
            "alice": user("alice", 0, 40),
            "bob": user("bob", 1, 50),
            "carol": user("carol", 2, 10),
            "dave": user("dave", 3, 0),
        },
        "turns": { "Sales": "alice" },
    })
}

/// Who takes the chat.
enum Assignee {
    /// This user, not chosen from a group.
    Owner(&'static str),
    /// The members that `in_order`, `most_waiting` and `least_chats` choose; `random` chooses any of them.
    One { of: &'static str, by: [&'static str; 3], pool: &'static [&'static str] },
    /// Nobody: the chat waits.
    Queue(&'static str),
}

struct Case {
    name: &'static str,
    customer: Value,
    online: &'static [&'static str],
    chats: [u32; 4],
    rule: Option<&'static str>,
    assignee: Assignee,
    /// Whether the page offers a reply for the case.
    replies: bool,
}

const SALES: &[&str] = &["alice", "bob", "carol"];
const USUAL: [u32; 4] = [1, 2, 3, 0];

fn cases() -> Vec<Case> {
    let new = || json!({});
    let returning = || json!({ "returning": true });
    let of_alice = || json!({ "returning": true, "owner": "alice" });
    let all_of_sales = || Assignee::One { of: "Sales", by: ["bob", "carol", "alice"], pool: SALES };
    let case = |name, customer, online, rule, assignee| Case {
        name,
        customer,
        online,
        chats: USUAL,
        rule: Some(rule),
        assignee,
        replies: true,
    };
    vec![
        case("new, all of Sales online", new(), SALES, "new, somebody online", all_of_sales()),
        case("new, two of Sales online", new(), &["bob", "carol"], "new, somebody online", {
            Assignee::One { of: "Sales", by: ["bob", "carol", "bob"], pool: &["bob", "carol"] }
        }),
        case(
            "new, somebody online, but nobody of Sales",
            new(),
            &["dave"],
            "new, somebody online",
            all_of_sales(),
        ),
        case("new, all offline", new(), &[], "new, all offline", all_of_sales()),
        Case {
            chats: [7, 6, 5, 9],
            ..case("new, everybody at capacity", new(), &["bob", "carol"], "new, somebody online", {
                Assignee::One { of: "Sales", by: ["bob", "carol", "carol"], pool: &["bob", "carol"] }
            })
        },
        Case {
            chats: [5, 2, 9, 0],
            ..case("new, one below capacity", new(), SALES, "new, somebody online", {
                Assignee::One { of: "Sales", by: ["bob", "bob", "bob"], pool: &["bob"] }
            })
        },
        Case {
            replies: false,
            ..case("owner online", of_alice(), &["alice", "bob"], "owner online", Assignee::Owner("alice"))
        },
        case("owner away, others online", of_alice(), &["bob", "carol"], "owner away", {
            Assignee::One { of: "Support", by: ["carol", "carol", "bob"], pool: &["bob", "carol"] }
        }),
        Case {
            replies: false,
            ..case(
                "owner away, others online, keep the owner",
                json!({ "returning": true, "owner": "alice", "tags": ["Keep"] }),
                &["bob"],
                "owner away, tagged",
                Assignee::Owner("alice"),
            )
        },
        Case {
            replies: false,
            ..case("owner away, everyone offline", of_alice(), &[], "all offline", Assignee::Owner("alice"))
        },
        Case { rule: None, ..case("returning without an owner", returning(), SALES, "", all_of_sales()) },
        Case {
            rule: None,
            ..case(
                "returning, the owner has left",
                json!({ "returning": true, "owner": "zoe" }),
                SALES,
                "",
                all_of_sales(),
            )
        },
        case(
            "a group without members",
            json!({ "returning": true, "tags": ["empty"] }),
            SALES,
            "without owner, tagged",
            Assignee::Queue("Empty"),
        ),
    ]
}

#[test]
fn every_case_with_every_algorithm() {
    let situations =
        cases().into_iter().map(|case| situation(&case.customer, case.online, case.chats).to_string());
    let situations = situations.collect::<Vec<_>>().join("\n");
    for (index, algorithm) in ALGORITHMS.into_iter().enumerate() {
        for reply in ["", ",\n    reply \"{user.name or nobody} of {group}\""] {
            let rules =
                Rules::new().file("inbox.toml", INBOX).file("+15550100.rules", policy(algorithm, reply));
            let run = rules.input(&situations).run("route").exits_with(0);
            let decisions = run.json_lines();
            assert_eq!(decisions.len(), cases().len());
            for (case, decision) in cases().iter().zip(&decisions) {
                check(case, decision, algorithm, index, !reply.is_empty());
            }
        }
    }
}

fn check(case: &Case, decision: &Value, algorithm: &str, algorithm_index: usize, with_reply: bool) {
    let about = format!("{} by {algorithm}: {decision}", case.name);
    let assign = &decision["assign"];
    assert_eq!(decision["rule"]["name"].as_str(), case.rule, "{about}");
    let user = assign["user"].as_str();
    let group = match &case.assignee {
        Assignee::Owner(owner) => {
            assert_eq!((user, &assign["to"]), (Some(*owner), &"user".into()), "{about}");
            return assert_eq!(assign["group"], Value::Null, "{about}");
        }
        Assignee::One { of, by, pool } => {
            match algorithm_index.checked_sub(1) {
                Some(index) => assert_eq!(user, Some(by[index]), "{about}"),
                None => assert!(pool.contains(&user.unwrap()), "{about}"),
            }
            of
        }
        Assignee::Queue(group) => {
            assert_eq!((user, &assign["to"]), (None, &"queue".into()), "{about}");
            assert!(assign["reason"].as_str().unwrap().contains("no members"), "{about}");
            group
        }
    };
    assert_eq!((&assign["group"], &assign["by"]), (&(*group).into(), &algorithm.into()), "{about}");
    let replies: Vec<_> =
        decision["replies"].as_array().unwrap().iter().map(|reply| &reply["text"]).collect();
    if with_reply && case.replies {
        assert_eq!(replies, [&format!("{} of {group}", user.unwrap_or("nobody"))], "{about}");
    } else {
        assert!(replies.is_empty(), "{about}");
    }
}

#[test]
fn random_reaches_everybody() {
    let rules = Rules::new().file("inbox.toml", INBOX).file("+15550100.rules", policy("random", ""));
    let lines = (0..60).map(|id| {
        let mut situation = situation(&json!({}), SALES, USUAL);
        situation["message"]["id"] = id.to_string().into();
        situation.to_string()
    });
    let run = rules.input(lines.collect::<Vec<_>>().join("\n")).run("route").exits_with(0);
    let decisions = run.json_lines();
    for user in SALES {
        assert!(decisions.iter().any(|decision| decision["assign"]["user"] == *user), "{user}");
    }
}

#[test]
fn a_second_message_while_the_chat_is_open_is_kept() {
    for (chat, user) in
        [(json!({ "user": "bob", "group": "Sales" }), Some("bob")), (json!({ "user": null }), None)]
    {
        let mut situation = situation(&json!({}), SALES, USUAL);
        situation["chat"] = chat;
        let rules = Rules::new().file("inbox.toml", INBOX).file("+15550100.rules", policy("random", ""));
        let decision = rules.input(situation.to_string()).run("route").exits_with(0).json();
        assert_eq!(decision["rule"], Value::Null);
        assert_eq!((&decision["assign"]["to"], decision["assign"]["user"].as_str()), (&"kept".into(), user));
    }
}
