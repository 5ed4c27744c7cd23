//! The calls that the page makes: rules as people read and write them, and what has happened lately.

use serde_json::{Value, json};

use crate::running::{READER, RunningHost};

#[track_caller]
pub(crate) fn posted(host: &RunningHost, path: &str, body: &Value) -> Value {
    let answer = host.call("POST", path, &body.to_string());
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

#[test]
fn rules_are_told_as_a_flow_and_a_week() {
    let host = RunningHost::start();
    let flow = posted(&host, "rules/flow", &json!({ "number": "+15550100" }));
    assert_eq!(flow["digest"], host.get("rules")["digest"]);
    assert_eq!((&flow["file"], &flow["shared_with"]), (&json!("default.rules"), &json!([])));
    assert_eq!(flow["rules"][0]["parts"]["sentence"], "somebody in “Sales” is online");
    assert_eq!(flow["rules"][0]["parts"]["text"], "any_online in \"Sales\"");
    assert_eq!(flow["rules"][0]["steps"][0]["by"], "least_chats");
    assert_eq!(flow["rules"][1]["kind"], "otherwise");
    assert_eq!(
        flow["rules"][1]["replies"][0],
        json!({ "text": "Please wait.", "once_per_seconds": 3600, "after_seconds": null })
    );
    assert_eq!(flow["rules"][1]["steps"][0]["among"], "online");

    let rules = "hours office = mon-fri 09:00-17:00 except dec 25
        let vip = customer has tag \"vip\"
        also rule \"t\" when vip: tag \"seen\"
        rule \"open\" when during office and (vip or not new_customer): assign user \"bob\" else group \"Sales\" by hand
        rule \"never\" when during office and vip: assign nobody, priority high
        rule \"night\" when not during office: assign owner
        rule \"rest\" otherwise: assign nobody";
    let edit = json!({ "number": "+15550101", "files": { "+15550101.rules": rules } });
    let flow = posted(&host, "rules/flow", &edit);
    let told: Vec<String> = flow["rules"]
        .as_array()
        .unwrap()
        .iter()
        .map(|rule| {
            let steps: Vec<&str> =
                rule["steps"].as_array().unwrap().iter().map(|step| step["to"].as_str().unwrap()).collect();
            format!(
                "{} {} {} {} {}",
                rule["kind"],
                rule["name"],
                rule["line"],
                rule["reached"],
                steps.join(" ")
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            r#""also" "t" 3 true "#,
            r#""rule" "open" 4 true user queue"#,
            r#""rule" "never" 5 false nobody"#,
            r#""rule" "night" 6 true owner"#,
            r#""otherwise" "rest" 7 true nobody"#,
        ]
    );
    let fact = |text: &str, subject: &str, name: Option<&str>, [sentence, negation]: [&str; 2]| {
        json!({ "text": text, "sentence": sentence, "negation": negation, "subject": subject, "name": name,
            "test": null, "values": [], "seconds": null, "hours": null })
    };
    let office = ["the message comes during “office”", "the message comes outside “office”"];
    let new = [
        "the customer has never written to this inbox before",
        "the customer has written to this inbox before",
    ];
    assert_eq!(
        flow["rules"][1]["parts"],
        json!({ "all": [
            fact("during office", "during", Some("office"), office),
            { "any": [
                fact("vip", "definition", Some("vip"), ["“vip” holds", "“vip” does not hold"]),
                { "not": fact("new_customer", "new_customer", None, new) },
            ] },
        ] })
    );
    let week = posted(&host, "rules/week", &edit);
    assert_eq!((&week["digest"], &week["timezone"]), (&flow["digest"], &json!("UTC")));
    let of = |rule: usize| (&week["rules"][rule]["intervals"], &week["rules"][rule]["exceptions"]);
    let days = |from: u32, to: u32| -> Vec<(u32, u32)> {
        (0..5).map(|day| (day * 1440 + from, day * 1440 + to)).collect()
    };
    assert_eq!(of(0), (&json!([(0, 10_080)]), &json!(false)));
    assert_eq!(of(1), (&json!(days(540, 1020)), &json!(true)));
    assert_eq!(of(2), (&json!([]), &json!(false)));
    assert_eq!(of(3).0[0], json!([0, 540]));
    assert_eq!(of(4), (&json!(days(540, 1020)), &json!(true)));

    let reader = format!("Authorization: Bearer {READER}");
    let nobody =
        host.request("POST", "/v1/inboxes/main/rules/flow", &[&reader], br#"{"number":"+15550100"}"#);
    assert_eq!(nobody.status, 200);
    let edited = br#"{"number":"+15550100","files":{"default.rules":null}}"#;
    let refused = host.request("POST", "/v1/inboxes/main/rules/flow", &[&reader], edited).error();
    assert!(refused.starts_with("403 not-allowed"), "{refused}");
    let none = posted(
        &host,
        "rules/flow",
        &json!({ "number": "+15550102", "files": { "default.rules": null, "+15550100.rules": "otherwise: assign nobody" } }),
    );
    assert_eq!((&none["file"], &none["rules"]), (&json!(null), &json!([])));
}

#[test]
fn what_names_stand_for_is_told() {
    let host = RunningHost::start();
    let rules = "hours office = mon-fri 09:00-17:00 except dec 25
        let vip = customer has tag \"vip\"
        when during office and vip: assign owner else user \"bob\"
        otherwise: assign nobody";
    let files = json!({ "+15550101.rules": rules });
    let flow = posted(&host, "rules/flow", &json!({ "number": "+15550101", "files": files }));
    let definitions = &flow["definitions"];
    assert_eq!(definitions["vip"]["text"], "customer has tag \"vip\"");
    assert_eq!(definitions["vip"]["parts"]["values"], json!(["vip"]));
    assert_eq!(
        definitions["office"]["hours"],
        json!({
            "sentence": "from Monday to Friday between 09:00 and 17:00; except on 25 December",
            "open": [{ "days": [0, 1, 2, 3, 4], "dates": [], "times": [[540, 1020]] }],
            "except": [["12-25", "12-25"]],
            "names": [],
        })
    );
}

#[test]
fn what_a_rule_does_is_told() {
    let host = RunningHost::start();
    let rules = "when new_customer:
        assign group \"Sales\" with skill any [\"fr\", \"en\"] and customer.language except owner and user \"bob\" by random for 90m
            else owner among online,
        reply \"Hi\" once per 12h after 5m, tag \"slow\" after 10m, tag \"new\", priority high after 10m
        otherwise: assign nobody";
    let files = json!({ "+15550101.rules": rules });
    let flow = posted(&host, "rules/flow", &json!({ "number": "+15550101", "files": files }));
    let rule = &flow["rules"][0];
    let step = &rule["steps"][0];
    assert_eq!(step["skills"], json!([{ "any": ["fr", "en"] }, { "customer": "language" }]));
    assert_eq!(
        (&step["except"], &step["except_owner"], &step["for_seconds"]),
        (&json!(["bob"]), &json!(true), &json!(5400))
    );
    assert_eq!(
        (&rule["steps"][1]["to"], &rule["steps"][1]["among"], &rule["steps"][1]["for_seconds"]),
        (&json!("owner"), &json!("online"), &Value::Null)
    );
    assert_eq!(rule["replies"], json!([{ "text": "Hi", "once_per_seconds": 43_200, "after_seconds": 300 }]));
    assert_eq!(
        rule["tags"],
        json!([{ "tag": "slow", "after_seconds": 600 }, { "tag": "new", "after_seconds": null }])
    );
    assert_eq!(rule["priorities"], json!([{ "priority": "high", "after_seconds": 600 }]));
}

#[test]
fn a_rule_without_a_name_is_counted_wherever_it_stands() {
    let host = RunningHost::start();
    let put = |text: &str| {
        let base = host.get("rules")["digest"].clone();
        let body = json!({ "base": base, "files": { "+15550100.rules": text } });
        let put = host.call("PUT", "rules", &body.to_string());
        assert_eq!(put.status, 200, "{put:?}");
    };
    let otherwise = "otherwise: assign user \"bob\"\n";
    put(&format!("when message contains \"a\": assign nobody\n{otherwise}"));
    host.message("A1", "+201001234561", "a");
    put(&format!(
        "when message contains \"b\": assign nobody\n\nwhen\n  message contains \"a\":\n  assign nobody, tag \"t\"\n{otherwise}"
    ));
    host.message("A2", "+201001234562", "a");
    host.message("A3", "+201001234563", "c");
    let counts = || -> Vec<String> {
        let counts = host.get("counts");
        let rows = counts["rules"].as_array().unwrap().iter();
        rows.map(|row| format!("{} {} {}", row["rule"]["line"], row["current"], row["week"])).collect()
    };
    assert_eq!(counts(), ["3 true 2", "6 true 1"]);
    let listed = |line: u32| {
        let list = host.get(&format!("decisions?number=%2B15550100&place=%2B15550100.rules:{line}"));
        list["items"].as_array().unwrap().iter().map(|item| item["text"].clone()).collect::<Vec<_>>()
    };
    assert_eq!((listed(3), listed(1), listed(6)), (vec![json!("a"); 2], vec![], vec![json!("c")]));
    put("otherwise: assign user \"bob\", tag \"t\"\n");
    host.message("A4", "+201001234564", "c");
    assert_eq!(counts(), ["1 true 2", "3 false 2"]);
    let refused = host.call("GET", "decisions?place=%2B15550100.rules:3", "").error();
    assert!(refused.starts_with("404 unknown-rule @ place: no rule without a name begins at"), "{refused}");
}

#[test]
fn words_tests_and_tried_messages() {
    let host = RunningHost::start();
    let words = host.get("rules/words");
    let has = |list: &str, item: Value| words[list].as_array().unwrap().contains(&item);
    assert!(has(
        "words",
        json!({ "word": "new_customer", "class": "fact", "form": "new_customer",
        "meaning": "the customer has never written to this inbox before" })
    ));
    assert!(has("groups", json!({ "name": "Sales", "members": ["alice", "bob"] })));
    assert!(has("customer_attributes", json!({ "name": "plan", "values": ["free", "gold"] })));
    assert!(has("placeholders", json!("customer.name")) && has("files", json!("default.rules")));

    let rules = "otherwise: assign owner else group \"Sales\" by in_order, reply \"Hi {owner.name or you}\"
test \"a\":
    expect assign user \"alice\"
test \"b\":
    expect assign user \"bob\"";
    let files = json!({ "default.rules": rules });
    let tested = posted(&host, "rules/test", &json!({ "files": files }));
    assert_eq!((&tested["passed"], &tested["failed"]), (&json!(1), &json!(1)));
    let failed = &tested["tests"][1];
    assert_eq!(
        (&failed["name"], &failed["file"], &failed["line"]),
        (&json!("b"), &json!("default.rules"), &json!(4))
    );
    assert_eq!(failed["failures"][0]["line"], 5);

    let tried = json!({ "number": "+15550100", "message": { "text": "hi" }, "customer": { "phone": "+201001234567" } });
    assert_eq!(posted(&host, "rules/try", &tried)["assign"]["group"], "Sales");
    let mut edited = tried.clone();
    (edited["files"], edited["owner"]) = (files, json!("carol"));
    let decided = posted(&host, "rules/try", &edited);
    assert_eq!(
        (&decided["assign"]["user"], &decided["replies"][0]["text"]),
        (&json!("carol"), &json!("Hi carol"))
    );
    edited["owner"] = json!("corol");
    let refused = host.call("POST", "rules/try", &edited.to_string()).error();
    assert_eq!(
        refused,
        "422 unknown-user @ owner: the inbox has no user called `corol`; did you mean `carol`?"
    );
}

#[test]
fn what_has_happened_lately() {
    let host = RunningHost::start();
    assert_eq!(host.call("PATCH", "users/bob", r#"{"presence":"online"}"#).status, 200);
    for nth in 0..7 {
        host.message(&format!("A{nth}"), &format!("+20100123456{nth}"), &format!("text {nth}"));
    }
    let counts = host.get("counts");
    let expected = json!({ "name": "welcome", "file": "default.rules", "line": 2 });
    assert_eq!(
        counts["rules"],
        json!([{ "number": "+15550100", "rule": expected, "current": true, "alternative": 0, "day": 7, "week": 7 }])
    );
    host.message("B", "+201001234560", "again");
    assert_eq!(host.get("counts")["rules"].as_array().unwrap().len(), 2);
    let number = host.get("numbers")["items"][0].clone();
    assert_eq!(number["users"], json!([{ "user": "bob", "chats": 7 }]));
    assert_eq!(
        (&number["today"], &number["file"], &number["paused"]),
        (&json!(8), &json!("default.rules"), &json!(null))
    );

    let groups = host.get("groups");
    assert_eq!(
        groups["items"][0],
        json!({ "name": "Sales", "members": ["alice", "bob"], "next": "bob", "waiting": 0 })
    );
    assert_eq!(groups["items"][1]["next"], Value::Null);

    let newest = host.get("decisions?newest=true&limit=3");
    let texts = |list: &Value| -> Vec<String> {
        list["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["text"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(texts(&newest), ["again", "text 6", "text 5"]);
    assert_eq!(newest["items"][0]["kind"], "text");
    let next = newest["next"].as_u64().unwrap();
    assert_eq!(
        texts(&host.get(&format!("decisions?before={next}&limit=9"))),
        ["text 4", "text 3", "text 2", "text 1", "text 0"]
    );
    assert_eq!(host.get("decisions?newest=true&user=alice")["items"], json!([]));
    assert_eq!(
        texts(&host.get("decisions?newest=true&user=bob&number=%2B15550100&customer=%2B201001234560")),
        ["again", "text 0"]
    );
    assert_eq!(texts(&host.get("decisions?user=bob&limit=2")), ["text 0", "text 1"]);
    assert_eq!(texts(&host.get(&format!("decisions?newest=true&after={}", next - 1)))[..1], ["again"]);
    assert_eq!(host.get("notices?newest=true")["items"], json!([]));

    // The same chats from either end, by parts; those that wait, too.
    let ids = |path: &str| -> (Vec<u64>, Option<u64>) {
        let list = host.get(path);
        let ids = list["items"].as_array().unwrap().iter().map(|item| item["id"].as_u64().unwrap());
        (ids.collect(), list["next"].as_u64())
    };
    let (mut all, _) = ids("chats");
    assert_eq!(all.len(), 7);
    let (first, next) = ids("chats?newest=true&limit=4");
    let (rest, end) = ids(&format!("chats?before={}&limit=4&user=bob&state=open", next.unwrap()));
    all.reverse();
    assert_eq!(([first, rest].concat(), end), (all, None));
    assert_eq!(ids("chats?newest=true&state=waiting"), (vec![], None));
    assert_eq!(ids("chats?newest=true&customer=nobody"), (vec![], None));
    let reply = |path: &str| host.get(path)["items"][0]["seq"].as_u64().unwrap();
    assert!(reply("replies?newest=true&state=returned&limit=1") > reply("replies?limit=1"));

    let chat = newest["items"][0]["chat"].as_u64().unwrap();
    let send = json!({ "id": "m1", "user": "bob", "text": "Hello" }).to_string();
    assert_eq!(host.call("POST", &format!("chats/{chat}/messages"), &send).status, 202);
    let conversation = host.get(&format!("chats/{chat}/texts"));
    let told: Vec<String> = conversation["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| format!("{} {}", item["from"].as_str().unwrap(), item["text"].as_str().unwrap()))
        .collect();
    assert_eq!(told, ["customer text 0", "rules Welcome.", "customer again", "user Hello"]);
    assert!(host.call("GET", "chats/999/texts", "").error().starts_with("404 unknown-chat"));
    let inboxes = host
        .request("GET", "/v1/inboxes", &[&format!("Authorization: Bearer {}", crate::running::ALL)], b"")
        .json();
    assert!(inboxes["items"][0]["seq"].as_u64().unwrap() > 8, "{inboxes}");

    let sets = host.get("rules/sets");
    let digest = sets["items"][0]["digest"].as_str().unwrap();
    assert_eq!(sets["items"][0]["by"], "folder");
    let set = host.get(&format!("rules/sets/{digest}"));
    assert!(set["files"]["default.rules"].as_str().unwrap().contains("welcome"));
    assert!(host.call("GET", "rules/sets/sha256:x", "").error().starts_with("404 unknown-digest"));
}
