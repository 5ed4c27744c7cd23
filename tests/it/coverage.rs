//! Tests of `rules test --coverage` and `rules test --suggest`.

use super::harness::Rules;

const POLICY: &str = r#"
rule "welcome"
when new_customer and any_online in "Sales":
    assign group "Sales" by least_chats

also rule "loud"
when message contains "now":
    priority high

otherwise:
    assign owner else group "Support" by random
"#;

const TEST: &str = r#"
test "welcome":
    given online "alice"
    expect rule "welcome"
"#;

fn with(tests: &str) -> Rules {
    Rules::new().file("+15550100.rules", format!("{POLICY}{tests}"))
}

#[test]
fn what_is_not_covered() {
    let run = with(TEST).run("test --coverage").exits_with(0);
    insta::assert_snapshot!(run.stdout(), @r#"
    1 test passed

    rules/+15550100.rules: 1 of 3 rules fire, 3 of 6 parts of conditions decide
      rules/+15550100.rules:3  no test depends on `new_customer` being false
      rules/+15550100.rules:3  no test depends on `any_online in "Sales"` being false
      rules/+15550100.rules:6  the `also` rule "loud" fires in no test
      rules/+15550100.rules:7  no test depends on `message contains "now"` being true
      rules/+15550100.rules:10  `otherwise` fires in no test

    `rules test --suggest` writes tests for what is not covered
    "#);
}

#[test]
fn a_test_that_fails_counts_too() {
    let run = with(&TEST.replace("expect rule", "expect also rule")).run("test --coverage").exits_with(1);
    run.prints("0 passed, 1 failed").prints("1 of 3 rules fire, 3 of 6 parts of conditions decide");
}

#[test]
fn as_json() {
    let run = with(TEST).run("test --coverage --format json").exits_with(0);
    let json = run.json();
    assert_eq!(json["passed"], 1);
    let policy = &json["coverage"]["policies"][0];
    let missed = policy["missed"][0].clone();
    let place = POLICY.find("new_customer").unwrap();
    assert_eq!((&missed["start"], &missed["end"]), (&place.into(), &(place + "new_customer".len()).into()));
    insta::assert_snapshot!(serde_json::to_string(policy).unwrap(), @r#"{"file":"rules/+15550100.rules","missed":[{"end":33,"line":3,"start":21,"what":"no test depends on `new_customer` being false"},{"end":59,"line":3,"start":38,"what":"no test depends on `any_online in \"Sales\"` being false"},{"end":165,"line":6,"start":102,"what":"the `also` rule \"loud\" fires in no test"},{"end":146,"line":7,"start":124,"what":"no test depends on `message contains \"now\"` being true"},{"end":225,"line":10,"start":167,"what":"`otherwise` fires in no test"}],"parts":{"coverable":6,"covered":3},"rules":{"coverable":3,"covered":1},"unsettled":[]}"#);
    assert!(run.rules.run("test --format json").exits_with(0).json().get("coverage").is_none());
}

#[test]
fn what_is_suggested() {
    let run = with(TEST).run("test --suggest").exits_with(0);
    let suggested = run.stdout();
    insta::assert_snapshot!(suggested, @r#"
    test "otherwise: a returning customer while Alice is online":
        given customer returning
        given online "alice"
        expect assign group "Support"

    test "otherwise and loud: a new customer who writes 'now'":
        given message "now"
        expect assign group "Support"
        expect also rule "loud"
    "#);
    let rules = with(&format!("{TEST}\n{suggested}"));
    let run = rules
        .run("test --coverage")
        .exits_with(0)
        .prints("3 of 3 rules fire, 6 of 6 parts of conditions decide");
    let run = run.prints_no("never").prints_no("--suggest").rules.run("test --suggest").exits_with(0);
    let run = run.reports("no test is missing");
    assert_eq!(run.stdout(), "");
    run.rules.run("check").exits_with(0);
}

#[test]
fn several_policies() {
    let rules = with(TEST).file("default.rules", "rule \"all\" otherwise: assign nobody\n");
    let run = rules.run("test --suggest").exits_with(0);
    let run = run
        .prints("# +15550100.rules\n\ntest \"")
        .prints("\n# default.rules\n\ntest \"all: a new customer\":\n");
    run.rules
        .run("test --coverage")
        .exits_with(0)
        .prints("rules/default.rules: 0 of 1 rules fire, 0 of 0 parts of conditions decide");
}

#[test]
fn only_the_selected_tests() {
    with(TEST)
        .run("test --coverage --filter else")
        .exits_with(0)
        .prints("0 of 3 rules fire, 0 of 6 parts of conditions decide");
}

#[test]
fn unsettled_parts_are_named() {
    let policy = "when message matches /#[0-9]/ and not message matches /^[a-z]+$/: assign nobody\n";
    let run = Rules::new().file("default.rules", policy).run("test --coverage").exits_with(0);
    let not_settled =
        "it is not known whether any message depends on `message matches /^[a-z]+$/` being true";
    run.prints("0 of 3 parts").prints(not_settled);
}

#[test]
fn without_an_inbox() {
    for flag in ["--coverage", "--suggest"] {
        let run = Rules::empty().input(POLICY).run(&format!("test - {flag}")).exits_with(2);
        let run = run
            .reports(&format!("`{flag}` needs to know who is in which group, but there is no `inbox.toml`"));
        assert_eq!(run.stdout(), "");
    }
}

#[test]
fn conflicting_flags() {
    let run = with(TEST)
        .run("test --coverage --format junit")
        .exits_with(2)
        .reports("`--format junit` cannot show the coverage");
    run.rules.run("test --coverage --suggest").exits_with(2).reports("cannot be used with");
}

#[test]
fn a_policy_that_a_number_names_once() {
    let inbox = "[numbers.\"+15550101\"]\nrules = \"store.rules\"\n[users.alice]\n";
    let store = "rule \"all\" otherwise: assign user \"alice\"\n\n\
                 test \"who\": expect assign user \"alice\"\n";
    let rules = Rules::empty().file("inbox.toml", inbox).file("store.rules", store);
    let run = rules.run("test rules/store.rules").exits_with(0).prints("1 test passed");
    let run = run.rules.file("store.rules", store.split_once("\n\n").unwrap().0.to_owned() + "\n");
    let run = run.run("test rules/store.rules --suggest").exits_with(0);
    assert_eq!(run.stdout().matches("test \"").count(), 1, "{}", run.stdout());
}
