//! Tests of `rules test`.

use super::harness::Rules;

const POLICY: &str = r#"
rule "busy"
when waiting in "Support" > 3:
    assign group "Support" by least_chats

rule "welcome"
when new_customer and any_online in "Sales":
    assign group "Sales" by least_chats,
    reply "Welcome to my store.",
    tag "new"

also rule "loud"
when message contains "now":
    priority high

otherwise:
    assign owner else group "Support" by in_order
"#;

fn with(tests: &str) -> Rules {
    Rules::new().file("+15550100.rules", format!("{POLICY}{tests}"))
}

#[test]
fn every_expectation_can_be_met() {
    let tests = r#"
test "a new customer":
    given online "alice" with 2 chats, "bob" with 1 chat
    given message "now, please"
    expect rule "welcome"
    expect assign user "bob"
    expect assign group "Sales"
    expect reply "Welcome to my store."
    expect reply contains "WELCOME to"
    expect tag "NEW"
    expect also rule "loud"
    expect priority high

test "nobody owns the customer":
    given customer returning
    expect assign user "bob"
    expect no reply
"#;
    with(tests).run("test").exits_with(0).prints("2 tests passed");
}

#[test]
fn no_rule_and_nobody_and_waiting() {
    let policy = r#"
rule "spam" when message contains "casino": assign nobody
rule "by hand" when message contains "hand": assign group "Sales" by hand
test "spam":
    given message "casino"
    expect assign nobody
test "by hand":
    given message "hand"
    expect waiting
    expect assign group "Sales"
test "else":
    expect no rule
"#;
    Rules::new().file("default.rules", policy).run("test").exits_with(0).prints("3 tests passed");
}

#[test]
fn expected_got_and_why() {
    let tests = r#"
test "busy Support helps":
    given online "alice", "bob" with 3 chats
    given waiting 2 in "Support"
    expect rule "busy"
    expect assign user "carol"
    expect reply contains "sorry"
"#;
    let run = with(tests).run("test").exits_with(1);
    let run = run.prints("failed: busy Support helps (rules/+15550100.rules:");
    let run = run.prints("expected: rule \"busy\"\n    got:      rule \"welcome\"");
    let run = run.prints(
        "expected: assign user \"carol\"\n    got:      assign user \"alice\", through group \"Sales\"",
    );
    let run = run.prints("expected: reply contains \"sorry\"\n    got:      reply \"Welcome to my store.\"");
    let run = run.prints("2 chats wait in Support").prints("Alice has the fewest chats");
    run.prints("0 passed, 1 failed");
}

#[test]
fn a_rule_that_is_not_reached() {
    let tests = r#"
test "t":
    given online "alice"
    given waiting 9 in "Support"
    expect rule "welcome"
"#;
    let run = with(tests).run("test").exits_with(1);
    run.prints("`welcome` was not reached: `busy` is above it and decides");
}

#[test]
fn rules_that_do_not_match() {
    let tests = r#"
test "t":
    expect rule "welcom"
test "u":
    expect rule "loud"
test "v":
    expect also rule "loud"
test "w":
    expect rule "nothing like it"
"#;
    let run = with(tests).run("test").exits_with(1).prints("did you mean `welcome`?");
    let run =
        run.prints("`loud` is an `also` rule").prints("`loud` does not hold at `message contains \"now\"`: ");
    run.prints("no rule is called `nothing like it`\n").prints("0 passed, 4 failed");
}

#[test]
fn a_test_without_expectation() {
    let run = with("test \"empty\":\n    given customer new\n").run("test").exits_with(1);
    run.prints("failed: empty").prints("at least one `expect` line");
}

#[test]
fn a_user_by_chance() {
    let policy =
        "otherwise: assign group \"Sales\" by random\ntest \"t\":\n    expect assign user \"alice\"\n";
    let run = Rules::new().file("default.rules", policy).run("test").exits_with(1);
    run.prints("the choice is random here");
}

#[test]
fn only_the_filtered_tests() {
    let tests = "test \"Owner away\":\n    expect no reply\ntest \"other\":\n    expect no reply\n";
    let run = with(tests).run("test --filter OWNER").exits_with(0).prints("1 test passed");
    run.rules.run("test --filter nothing").exits_with(0).prints("no tests found");
}

#[test]
fn as_json_and_junit() {
    let tests = "test \"good\":\n    expect no reply\ntest \"bad\":\n    expect rule \"welcome\"\n";
    let run = with(tests).run("test --format json").exits_with(1);
    let json = run.json();
    assert_eq!((&json["passed"], &json["failed"]), (&1.into(), &1.into()));
    let failed = &json["tests"][1];
    assert_eq!((&failed["name"], &failed["passed"]), (&"bad".into(), &false.into()));
    assert_eq!(failed["file"], "rules/+15550100.rules");
    assert_eq!(failed["failures"][0]["expected"], "rule \"welcome\"");
    assert!(failed["failures"][0]["got"].as_str().unwrap().starts_with("the rule at +15550100.rules:"));
    assert!(failed["why"][0].is_string());
    let run = run.rules.run("test --format junit").exits_with(1);
    run.prints("<testsuite name=\"rules test\" tests=\"2\" failures=\"1\"").prints("name=\"bad\"");
}

#[test]
fn faults_come_first() {
    let run = with("test \"t\":\n    expect assign user \"zoe\"\n").run("test").exits_with(2);
    let run = run.reports("unknown-user").reports("the rules cannot be used until this is fixed");
    assert_eq!(run.stdout(), "");
}

#[test]
fn without_an_inbox() {
    let policy =
        "otherwise: assign group \"Any\" by in_order\ntest \"t\":\n    expect assign group \"Any\"\n";
    let run = Rules::empty().file("a.rules", policy).run("test rules/a.rules").exits_with(0);
    let run = run.reports("note: there is no `inbox.toml`").prints("1 test passed");
    run.rules.input(policy).run("test -").exits_with(0).prints("1 test passed");
}

#[test]
fn nothing_to_test() {
    Rules::new()
        .file("default.rules", "otherwise: assign owner\n")
        .run("test")
        .exits_with(0)
        .prints("no tests found");
    Rules::empty().run("test nowhere").exits_with(2).reports("there is no file or folder `nowhere`");
}
