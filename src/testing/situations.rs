//! What random policies test, and the situations that such a policy can tell apart.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::Timestamp;
use serde_json::{Value as Json, json};

use super::inbox::{inbox, policy};
use super::moments::moments;
use crate::engine::{Decision, decide};
use crate::inbox::Inbox;
use crate::policy::Policy;
use crate::roster::dice;
use crate::situation::Situation;

/// Facts about one part of a situation, and a case of each kind that they can tell apart.
pub(crate) struct Theme {
    pub(crate) facts: &'static [&'static str],
    pub(crate) cases: fn() -> Vec<Json>,
}

pub(crate) const HEAD: &str =
    "hours office = mon-fri 09:00-17:00 except dec 25\nhours night = fri 22:00-02:00\n";

/// The index of the theme about the time.
pub(crate) const TIME: usize = 2;

pub(crate) const THEMES: &[Theme] = &[
    Theme {
        facts: &[
            "new_customer",
            "returning_customer",
            "has_owner",
            "owner_online",
            "owner_offline",
            "any_online",
            "all_offline",
            "any_online in \"Sales\"",
            "all_offline in \"Support\"",
            "any_available",
            "any_available in \"Support\"",
            "any_online in \"Two\"",
            "any_online in \"Empty\"",
            "online in \"Sales\" = 1",
            "online >= 2",
            "available < 2",
            "available in \"Sales\" >= 2",
            "online <= 2",
        ],
        cases: people,
    },
    Theme {
        facts: &[
            "new_customer",
            "has_owner",
            "customer.silent_for > 1d",
            "customer.silent_for <= 1d",
            "customer.silent_for = 2d",
            "customer has silent_for",
            "customer.silent_for < 1d",
        ],
        cases: || {
            let mut cases = vec![json!({}), json!({"customer": {"returning": true}})];
            for seconds in [0, 86_399, 86_400, 86_401, 172_800, 172_801] {
                for owner in [None, Some("bob")] {
                    cases.push(json!({"customer": {"returning": true, "owner": owner}, "silent": seconds}));
                }
            }
            cases.push(json!({"customer": {"returning": true, "owner": "bob"}}));
            cases
        },
    },
    Theme {
        facts: &[
            "during office",
            "during night",
            "during sat-sun",
            "during 2026-12-25",
            "during dec 25",
            "during 12:00-22:00",
            "during 2026-04-24 00:00-01:00",
            "during mon-fri",
            "during 2024-02-29..2024-03-01",
            // Wider than `night` and `office`.
            "during fri 21:00-02:00",
            "during mon-fri 09:00-18:00",
        ],
        cases: || moments(1, &THEMES[TIME].facts.concat()),
    },
    Theme {
        facts: &[
            "message contains \"ab\"",
            "message contains part \"ab\"",
            "message starts with \"(a\"",
            "message is any [\"ab\", \"!\"]",
            "message is not \"b!\"",
            "message contains \"a b\"",
            "message contains part \"b!\"",
            "message contains any [\"a\", \"b\"]",
            "message starts with any [\"b\", \"ab\"]",
            "message contains part \"b\"",
        ],
        cases: || TEXTS.clone(),
    },
    Theme {
        facts: &["customer has tag \"a\"", "customer has tag any [\"A\", \"b\"]", "customer has tag \"c\""],
        cases: || {
            let tags =
                |n: u8| ["a", "b", "c"].into_iter().enumerate().filter(move |(at, _)| n >> at & 1 == 1);
            (0..8)
                .map(|n| json!({"customer": {"tags": tags(n).map(|(_, tag)| tag).collect::<Vec<_>>()}}))
                .collect()
        },
    },
    Theme {
        facts: &[
            "customer.plan is \"gold\"",
            "customer.plan is not \"free\"",
            "customer has plan",
            "customer.plan is any [\"free\", \"gold\"]",
            "customer.blocked",
            "customer has blocked",
        ],
        cases: || {
            let plans = [Json::Null, json!("free"), json!("gold")];
            let flags = [Json::Null, json!(false), json!(true)];
            let both = plans.iter().flat_map(|plan| flags.iter().map(move |flag| (plan, flag)));
            both.map(|(plan, flag)| json!({"customer": {"attributes": {"plan": plan, "blocked": flag}}}))
                .collect()
        },
    },
    Theme {
        facts: &[
            "customer.orders >= 2",
            "customer.orders > 2",
            "customer.orders < 2.5",
            "customer.orders = 2.5",
            "customer has orders",
            "customer.orders <= -1",
        ],
        cases: || {
            let orders =
                [None, Some(-2.0), Some(-1.0), Some(0.0), Some(2.0), Some(2.2), Some(2.5), Some(3.0)];
            orders.into_iter().map(|orders| json!({"customer": {"attributes": {"orders": orders}}})).collect()
        },
    },
    Theme {
        facts: &[
            "customer.country is \"EG\"",
            "customer.country is not any [\"EG\", \"SA\"]",
            "customer has country",
            "customer.country is \"SA\"",
            "customer.country starts with \"e\"",
        ],
        cases: || {
            let countries = [None, Some("EG"), Some("SA"), Some("ES"), Some("DE")];
            countries.into_iter().map(|country| json!({"customer": {"country": country}})).collect()
        },
    },
    Theme {
        facts: &[
            "message is image",
            "message is not any [image, text]",
            "message is any [audio, image]",
            "message.age > 1h",
            "message.age <= 2h",
        ],
        cases: || {
            let kinds = ["text", "image", "audio", "video"];
            let ages = [0, 3600, 3601, 7200, 7201];
            let both = kinds.iter().flat_map(|kind| ages.iter().map(move |age| (kind, age)));
            both.map(|(kind, age)| json!({"message": {"kind": kind, "age_seconds": age}})).collect()
        },
    },
    Theme {
        facts: &[
            "waiting in \"Sales\" >= 2",
            "waiting >= 3",
            "waiting in \"Support\" < 2",
            "waiting = 3",
            "waiting in \"Sales\" = 0",
            "waiting <= 1",
        ],
        cases: || {
            let each = || [0, 1, 2, 3];
            let both = each().into_iter().flat_map(|sales| each().map(move |support| (sales, support)));
            let all = both.flat_map(|both| each().map(move |two| (both, two)));
            all.map(|((sales, support), two)| json!({"waiting": {"Sales": sales, "Support": support, "Two": two}})).collect()
        },
    },
];

fn people() -> Vec<Json> {
    let mut cases = Vec::new();
    for customer in [json!({}), json!({"returning": true})]
        .into_iter()
        .chain(["alice", "bob", "carol"].map(|owner| json!({"returning": true, "owner": owner})))
    {
        for (alice, bob, carol) in
            (0..3).flat_map(|a| (0..3).flat_map(move |b| (0..2).map(move |c| (a, b, c))))
        {
            let user = |state: i32, capacity: i32| {
                let presence = if state == 0 { "away" } else { "online" };
                json!({"presence": presence, "chats": if state == 2 { capacity } else { 0 }})
            };
            cases.push(json!({
                "customer": customer,
                "users": {"alice": user(alice, 5), "bob": user(bob, 3), "carol": user(carol, 9)}
            }));
        }
    }
    cases
}

/// One text for each set of facts that hold together, from all short texts.
static TEXTS: LazyLock<Vec<Json>> = LazyLock::new(|| {
    let inbox = inbox();
    let facts = THEMES[3].facts.iter().enumerate();
    let rules: Vec<String> = facts.map(|(at, fact)| format!("also when {fact}: tag \"{at}\"\n")).collect();
    let policy = policy(&inbox, &rules.concat());
    let mut found = BTreeMap::new();
    let mut texts = vec![String::new()];
    for length in 0..6 {
        for text in &texts {
            let case = json!({"message": {"text": text}});
            let decision = decided(&policy, &inbox, &case);
            found.entry(decision.tags).or_insert(case);
        }
        if length < 5 {
            texts = texts
                .iter()
                .flat_map(|text| ["a", "b", " ", "x", "!"].map(|letter| format!("{text}{letter}")))
                .collect();
        }
    }
    // Two of them joined may satisfy another set.
    for _ in 0..2 {
        let texts: Vec<String> =
            found.values().map(|case| case["message"]["text"].as_str().unwrap().to_owned()).collect();
        for text in texts.iter().flat_map(|text| texts.iter().map(move |next| format!("{text} {next}"))) {
            let case = json!({"message": {"text": text}});
            let decision = decided(&policy, &inbox, &case);
            found.entry(decision.tags).or_insert(case);
        }
    }
    found.into_values().collect()
});

fn decided(policy: &Policy, inbox: &Inbox, case: &Json) -> Decision {
    decide(policy, inbox, &situation(case), &mut dice(0, None)).unwrap()
}

/// The situation of a case: fields merged into the usual ones.
pub(crate) fn situation(case: &Json) -> Situation {
    let mut case = case.clone();
    merge(&mut case, &json!({"number": "+15550100"}));
    if case["at"].is_null() {
        merge(&mut case, &json!({"at": "2026-01-05T10:00:00Z"}));
    }
    if let Some(silent) = case.as_object_mut().unwrap().remove("silent").and_then(|silent| silent.as_i64()) {
        let at: Timestamp = case["at"].as_str().unwrap().parse().unwrap();
        let last = at - jiff::SignedDuration::from_secs(silent);
        merge(&mut case, &json!({"customer": {"last_message_at": last}}));
    }
    Situation::from_json(&case.to_string()).unwrap()
}

pub(crate) fn merge(into: &mut Json, from: &Json) {
    match (into, from) {
        (Json::Object(into), Json::Object(from)) => {
            for (name, value) in from {
                merge(into.entry(name.clone()).or_insert(Json::Null), value);
            }
        }
        (into, from) => *into = from.clone(),
    }
}
