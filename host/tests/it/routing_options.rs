//! Routing options: the form of rules, what is said about another one, and the tests that it breaks.

use serde_json::{Value, json};

use crate::page_calls::posted;
use crate::running::{READER, RunningHost};

/// Rules with a form, and tests of them.
const STORE: &str = r#"rule "new"
when new_customer:
    assign group "Sales" by least_chats, reply "Welcome."

otherwise:
    assign owner else group "Support" by in_order

test "the one with fewer chats":
    given online "alice" with 3 chats, "bob" with 1 chat
    expect rule "new"
    expect assign user "bob" # not Alice
    expect reply "Welcome."

test "welcomed":
    expect reply contains "welcome"

test "never held":
    given customer returning
    expect assign user "bob"
"#;

fn store_options(host: &RunningHost) -> Value {
    posted(host, "rules/options", &json!({ "number": "+15550100", "files": { "default.rules": STORE } }))
        ["options"]
        .clone()
}

/// The codes of the errors, each with its fields.
fn errors(told: &Value) -> Vec<String> {
    let findings = told["findings"].as_array().unwrap().iter();
    let errors = findings.filter(|finding| finding["level"] == "error");
    errors.map(|finding| format!("{} {}", finding["code"].as_str().unwrap(), finding["fields"])).collect()
}

fn written(host: &RunningHost, options: &Value, update_tests: bool) -> Value {
    let files = json!({ "default.rules": STORE });
    let body = json!({
        "number": "+15550100", "files": files, "options": options, "update_tests": update_tests,
    });
    posted(host, "rules/options", &body)
}

#[test]
fn tests_that_other_options_break_are_named_and_updated_if_that_is_asked_for() {
    let host = RunningHost::start();
    let mut options = store_options(&host);
    for case in ["new_online", "new_offline"] {
        options[case]["by"] = json!("random");
    }
    let told = written(&host, &options, false);
    let broken = told["broken_tests"].as_array().unwrap();
    assert_eq!(broken.len(), 1, "a test that never held is not broken by the form: {broken:?}");
    assert_eq!(
        (&broken[0]["name"], &broken[0]["file"], &broken[0]["line"], &broken[0]["can_update"]),
        (&json!("the one with fewer chats"), &json!("default.rules"), &json!(8), &json!(true))
    );
    assert_eq!(
        (&broken[0]["failures"][0]["line"], &broken[0]["failures"][0]["expected"]),
        (&json!(11), &json!("assign user \"bob\""))
    );
    assert_eq!(errors(&told), ["test-by-chance []"]);
    let text = STORE.replacen("least_chats", "random", 1);
    assert_eq!(told["text"], text);

    let updated = written(&host, &options, true);
    assert_eq!(
        updated["text"],
        text.replace("user \"bob\" #", "user any [\"alice\", \"bob\"] #"),
        "nothing else is changed"
    );
    assert_eq!(errors(&updated), [""; 0]);
    assert_eq!(updated["broken_tests"][0]["name"], "the one with fewer chats");
}

#[test]
fn findings_are_told_with_their_fields() {
    let host = RunningHost::start();
    let mut options = store_options(&host);
    options["new_online"]["reply"] = json!("Dear {customer.nme}");
    options["owner_online"]["reply"] = json!("x".repeat(4_097));
    let told = written(&host, &options, false);
    assert_eq!(
        errors(&told),
        [r#"unknown-placeholder ["new_online.reply"]"#, r#"reply-too-long ["owner_online.reply"]"#,]
    );
    assert_eq!(told["broken_tests"], json!([]), "rules with faults decide nothing");
}

#[test]
fn a_number_gets_a_copy_of_rules_that_have_no_form() {
    let host = RunningHost::start();
    let own = json!({ "number": "+15550100", "own": true });
    let copy = posted(&host, "rules/options", &own);
    assert_eq!((&copy["file"], &copy["shared_with"]), (&json!("+15550100.rules"), &json!([])));
    assert_eq!(copy["text"], host.call("GET", "rules/files/default.rules", "").body);
    assert_eq!(errors(&copy), [""; 0]);
    assert!(copy["why_not"].is_string());
    let edit = json!({ "base": copy["digest"], "files": { "+15550100.rules": copy["text"] } });
    assert_eq!(host.call("PUT", "rules", &edit.to_string()).status, 200);
    assert_eq!(host.get("numbers")["items"][0]["file"], "+15550100.rules");

    let reader = format!("Authorization: Bearer {READER}");
    let body = own.to_string();
    let refused = host.request("POST", "/v1/inboxes/main/rules/options", &[&reader], body.as_bytes()).error();
    assert!(refused.starts_with("403 not-allowed"), "{refused}");
}

#[test]
fn rules_of_another_shape_say_why_they_have_no_form() {
    let host = RunningHost::start();
    let read = posted(&host, "rules/options", &json!({ "number": "+15550100" }));
    assert_eq!(read["file"], "default.rules");
    assert_eq!(read["options"], Value::Null);
    assert_eq!(
        read["why_not"],
        "the rule on line 5 has an `assign` that this form cannot show: `group \"Sales\" by least_chats among online`"
    );
}

#[test]
fn routing_options_become_rules() {
    let host = RunningHost::start();
    let case = |group: &str, by: &str, reply: Value| json!({ "owner": false, "group": group, "by": by, "reply": reply });
    let options = json!({
        "new_online": case("Sales", "least_chats", json!("Welcome.")),
        "new_offline": case("Sales", "in_order", json!(null)),
        "owner_online": { "owner": true, "group": null, "by": null, "reply": null },
        "owner_not_online": case("Support", "most_waiting", json!(null)),
        "all_offline": { "owner": true, "group": "Support", "by": "in_order", "reply": null },
        "new_group": "Sales", "returning_group": null, "unowned": "owner_not_online",
    });
    let write = |own: bool, options: &Value| {
        let body = json!({ "number": "+15550100", "options": options, "own": own });
        host.call("POST", "rules/options", &body.to_string())
    };
    let refused = write(false, &options).json();
    assert_eq!((&refused["options"], refused["why_not"].is_string()), (&json!(null), true));

    let empty = json!({ "number": "+15550100", "files": { "default.rules": null } });
    let empty = posted(&host, "rules/options", &empty);
    let digest = host.get("rules")["digest"].clone();
    assert_eq!(
        empty,
        json!({
            "digest": digest, "file": "+15550100.rules", "shared_with": [], "text": "", "options": null,
            "why_not": null, "findings": [], "broken_tests": [],
        })
    );

    let body = json!({ "number": "+15550100", "options": options, "files": { "default.rules": null } });
    let written = posted(&host, "rules/options", &body);
    let text = written["text"].as_str().unwrap();
    assert!(
        text.starts_with("rule \"new customer\"\nwhen new_customer and any_online in \"Sales\":\n"),
        "{text}"
    );
    let put = host.call(
        "PUT",
        "rules",
        &json!({ "base": written["digest"], "files": { "+15550100.rules": text } }).to_string(),
    );
    assert_eq!(put.status, 200, "{put:?}");
    let read = posted(&host, "rules/options", &json!({ "number": "+15550100" }));
    assert_eq!((&read["file"], &read["options"]), (&json!("+15550100.rules"), &options));
    assert_eq!(host.call("PATCH", "users/bob", r#"{"presence":"online"}"#).status, 200);
    let routed = host.message("A1", "+201001234567", "hi");
    assert_eq!(routed["decision"]["rule"]["name"], "new customer");
    assert_eq!(routed["replies"][0]["text"], "Welcome.");

    let mut wrong = options.clone();
    wrong["new_online"]["group"] = json!("Slaes");
    assert_eq!(
        write(false, &wrong).error(),
        "422 unknown-group @ options.new_online.group: the inbox has no group called `Slaes`; did you mean `Sales`?"
    );
    wrong["new_online"] = json!({ "owner": true, "group": null, "by": null, "reply": null });
    assert_eq!(
        write(false, &wrong).error(),
        "422 bad-field @ options.new_online.owner: a new customer has no owner"
    );
    let unknown = json!({ "number": "5", "options": null }).to_string();
    assert_eq!(
        host.call("POST", "rules/options", &unknown).error(),
        "400 bad-field @ number: `5` is not a number such as `+15550100`"
    );
}

#[test]
fn a_test_that_never_held_is_told_if_it_keeps_the_rules_from_being_saved() {
    let host = RunningHost::start();
    let mut options = store_options(&host);
    options["all_offline"]["by"] = json!("random");
    options["all_offline"]["group"] = json!("Sales");
    options["owner_not_online"] = options["all_offline"].clone();
    options["owner_online"] = options["all_offline"].clone();
    let told = written(&host, &options, false);
    assert_eq!(errors(&told), ["test-by-chance []"]);
    assert_eq!(told["broken_tests"][0]["name"], "never held");
    assert_eq!(errors(&written(&host, &options, true)), [""; 0]);
}
