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

/// The index of the theme about open chats. Only `move` and `also` rules are asked while one is open.
pub(crate) const CHAT: usize = 10;

/// The first of the themes of which there are cases of every kind that their facts can tell apart together.
pub(crate) const COMPLETE: usize = 12;

/// Those of them that are about open chats: who has them, what is told of them, and a few of both.
pub(crate) const CHATS: [usize; 3] = [COMPLETE, COMPLETE + 1, COMPLETE + 2];

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
    Theme {
        facts: &[
            "chat_open",
            "chat_waiting",
            "chat_answered",
            "user_online",
            "user_offline",
            "user_away",
            "owner_away",
            "owner_online",
            "chat with \"bob\"",
            "chat with any [\"alice\", \"carol\"]",
            "chat in \"Sales\"",
            "chat in \"Support\"",
            "chat has tag \"A\"",
            "chat has tag any [\"b\", \"c\"]",
            "chat.open_for > 1h",
            "chat.open_for <= 1d",
            "chat.waiting_for >= 10m",
            "chat.waiting_for < 1h",
            "returning_customer",
        ],
        cases: chats,
    },
    Theme {
        facts: &[
            "message has ad",
            "message.ad is \"120\"",
            "message.ad is not any [\"120\", \"7\"]",
            "message.ad_text contains \"sale\"",
            "message has ad_text",
            "message.button is \"yes\"",
            "message.button starts with \"y\"",
            "message.forwarded",
            "message.campaign contains part \"spr\"",
            "message has campaign",
            "message.source is \"web\"",
            "message.source is not \"qr\"",
            "message.items >= 2",
            "message.items = 2.5",
            "message.rush",
            "message has rush",
        ],
        cases: messages,
    },
    Theme {
        facts: &[
            "chat_open",
            "chat_waiting",
            "user_online",
            "user_offline",
            "user_away",
            "chat with \"bob\"",
            "chat with any [\"alice\", \"carol\"]",
            "new_customer",
            "has_owner",
            "owner_online",
            "owner_offline",
            "owner_away",
            "any_online in \"Sales\"",
            "online >= 2",
            "any_available",
        ],
        cases: people_with_chats,
    },
    Theme {
        facts: &[
            "chat_open",
            "chat_waiting",
            "chat_answered",
            "returning_customer",
            "chat in \"Sales\"",
            "chat in \"Support\"",
            "chat has tag \"a\"",
            "chat has tag any [\"A\", \"b\"]",
            "chat.open_for > 1h",
            "chat.open_for <= 1h",
            "chat.waiting_for >= 10m",
            "chat.waiting_for < 10m",
        ],
        cases: details_of_chats,
    },
    Theme {
        facts: &["chat_open", "chat_waiting", "chat with \"bob\"", "new_customer"],
        cases: || {
            let mut cases = vec![json!({}), json!({"customer": {"returning": true}})];
            for (user, group) in [
                (None, None),
                (None, Some("Sales")),
                (Some("alice"), None),
                (Some("bob"), None),
                (Some("carol"), Some("Sales")),
            ] {
                cases.push(json!({"customer": {"returning": true}, "chat": {"user": user, "group": group}}));
            }
            cases
        },
    },
    Theme {
        facts: &[
            "message.ad is \"120\"",
            "message has ad",
            "message.ad_text contains \"sale\"",
            "message.button is any [\"yes\", \"no\"]",
            "message.button is not \"yes\"",
            "message.forwarded",
        ],
        cases: || {
            let mut cases = Vec::new();
            for ad in [None, Some("120"), Some("7")] {
                for ad_text in [None, Some("big sale"), Some("wholesale")] {
                    for button in [None, Some("yes"), Some("no")] {
                        for forwarded in [false, true] {
                            cases.push(json!({"message":
                                {"ad": ad, "ad_text": ad_text, "button": button, "forwarded": forwarded}}));
                        }
                    }
                }
            }
            cases
        },
    },
    Theme {
        facts: &[
            "message.source is \"web\"",
            "message.source is not any [\"web\", \"qr\"]",
            "message has source",
            "message.items > 2",
            "message.items <= 2",
            "message has items",
            "message.rush",
            "message has rush",
        ],
        cases: || {
            let mut cases = Vec::new();
            for source in [None, Some("web"), Some("qr")] {
                for items in [None, Some(2.0), Some(2.5)] {
                    for rush in [None, Some(false), Some(true)] {
                        cases.push(json!({"message": {"attributes":
                            {"source": source, "items": items, "rush": rush}}}));
                    }
                }
            }
            cases
        },
    },
];

/// The cases of a theme, each made once.
pub(crate) fn theme_cases(theme: usize) -> &'static [Json] {
    static CASES: LazyLock<Vec<Vec<Json>>> =
        LazyLock::new(|| THEMES.iter().map(|theme| (theme.cases)()).collect());
    &CASES[theme]
}

/// Every presence of the users, with every owner and every user who has the open chat.
fn people_with_chats() -> Vec<Json> {
    let users = ["alice", "bob", "carol"];
    let mut customers = vec![json!({}), json!({"customer": {"returning": true}})];
    for owner in users {
        customers.push(json!({"customer": {"returning": true, "owner": owner}}));
    }
    let chats = [json!({"user": null})].into_iter().chain(users.map(|user| json!({"user": user})));
    let open: Vec<Json> = customers
        .iter()
        .skip(1)
        .flat_map(|customer| {
            chats.clone().map(|chat| json!({"customer": customer["customer"], "chat": chat}))
        })
        .collect();
    customers.extend(open);
    let user = |state: usize, capacity: i32| {
        let presence = ["offline", "away", "online", "online"][state];
        json!({"presence": presence, "chats": if state == 3 { capacity } else { 0 }})
    };
    let mut cases = Vec::new();
    for customer in customers {
        // Nobody asks whether somebody is away who neither owns the customer nor has the chat.
        let is_singled_out =
            |user: &str| customer["customer"]["owner"] == *user || customer["chat"]["user"] == *user;
        let states = |user: &str, most: usize| usize::from(!is_singled_out(user))..most;
        for alice in states("alice", 4) {
            for bob in states("bob", 4) {
                for carol in states("carol", 3) {
                    let mut case = customer.clone();
                    let users =
                        json!({"alice": user(alice, 5), "bob": user(bob, 3), "carol": user(carol, 0)});
                    merge(&mut case, &json!({"users": users}));
                    cases.push(case);
                }
            }
        }
    }
    cases
}

/// What is told of open chats themselves.
fn details_of_chats() -> Vec<Json> {
    let mut cases = vec![json!({}), json!({"customer": {"returning": true}})];
    for user in [None, Some("bob"), Some("carol")] {
        for group in [None, Some("Sales"), Some("Support")] {
            for tags in [json!([]), json!(["a"]), json!(["B"])] {
                for answered in [false, true] {
                    for open_for in [None, Some(3_600), Some(3_601)] {
                        for waiting_for in [None, Some(599), Some(600)] {
                            if user.is_some() && waiting_for.is_some() {
                                continue;
                            }
                            cases.push(json!({"chat": {
                                "user": user, "group": group, "tags": tags, "answered": answered,
                                "open_for": open_for, "waiting_for": waiting_for,
                            }}));
                        }
                    }
                }
            }
        }
    }
    cases
}

/// Chats in every state: with each user, a former one or nobody, who are online or not; and no chat.
fn chats() -> Vec<Json> {
    let details = [
        json!({"group": "Sales", "tags": ["a"], "answered": true}),
        json!({"group": "Support", "tags": [" B", "x"]}),
        json!({"group": "Gone"}),
        json!({}),
    ];
    let times = [
        json!({}),
        json!({"open_for": 3_600, "waiting_for": 599}),
        json!({"open_for": 86_401, "waiting_for": 3_600}),
    ];
    let users = |presence: &str| json!({"users": {"alice": {"presence": "online"}, "bob": {"presence": presence, "chats": 1}}});
    let mut cases: Vec<Json> = ["online", "away", "offline"].map(users).into();
    for (place, user) in
        [Some("alice"), Some("bob"), Some("carol"), Some("zoe"), None].into_iter().enumerate()
    {
        for (n, detail) in details.iter().enumerate() {
            for presence in ["online", "away"] {
                let mut case = users(presence);
                merge(&mut case, &json!({"chat": detail}));
                merge(&mut case, &json!({"chat": {"user": user}}));
                // Each owner and time with some of the chats.
                merge(&mut case, &times[(place + n) % times.len()]);
                let owner = [None, Some("bob"), Some("alice"), Some("zoe")][(place * 3 + n) % 4];
                merge(&mut case, &json!({"customer": {"returning": true, "owner": owner}}));
                cases.push(case);
            }
        }
    }
    cases
}

/// What comes with a message beside its text.
fn messages() -> Vec<Json> {
    let ads = [
        json!({}),
        json!({"ad": "120", "ad_text": "Summer Sale!"}),
        json!({"ad": "7", "ad_text": "new", "button": "Yes"}),
        json!({"ad": "", "button": "yes please"}),
    ];
    let attributes = [
        json!({}),
        json!({"campaign": "Spring", "source": "WEB", "items": 2.5, "rush": true}),
        json!({"campaign": "x", "source": "qr", "items": 2, "rush": false}),
        json!({"items": -1, "rush": null}),
    ];
    let both = ads.iter().flat_map(|ad| attributes.iter().map(move |attributes| (ad, attributes)));
    both.zip([false, true, true].into_iter().cycle())
        .map(|((ad, attributes), forwarded)| {
            let mut case = json!({"message": {"attributes": attributes, "forwarded": forwarded}});
            merge(&mut case, &json!({"message": ad}));
            case
        })
        .collect()
}

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
    for (ago, field) in [("open_for", "opened_at"), ("waiting_for", "waiting_since")] {
        let of_chat = case.get_mut("chat").and_then(Json::as_object_mut).and_then(|chat| chat.remove(ago));
        let ago = case.as_object_mut().unwrap().remove(ago).or(of_chat).and_then(|seconds| seconds.as_i64());
        if let Some(seconds) = ago {
            let at: Timestamp = case["at"].as_str().unwrap().parse().unwrap();
            let since = at - jiff::SignedDuration::from_secs(seconds);
            if case["chat"].is_object() {
                merge(&mut case, &json!({"chat": {field: since}}));
            }
        }
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
