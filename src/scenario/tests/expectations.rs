//! What each `expect` compares, and what is said when it does not hold.

use super::super::run;
use crate::testing;

pub(super) const RULES: &str = r#"
rule "welcome"
when new_customer and any_online in "Sales":
    assign group "Sales" by least_chats,
    reply "Hello from {user.name}",
    tag "new"

rule "luck"
when message is "dice":
    assign group "Sales" by random among everyone for 5m else group "Support" by in_order

rule "in turn"
when message is "turn":
    assign user "alice" for 5m
        else group "Sales" by in_order among everyone for 5m
        else group "Support" by hand,
    reply "We are busy." after 5m,
    tag "slow" after 10m,
    priority high after 1h

rule "spam"
when message is "casino":
    assign nobody

move rule "a human, please"
when chat with "alice" and message contains "human":
    assign group "Sales" by least_chats else group "Support" by hand

move rule "to the queue"
when message contains "queue":
    assign group "Support" by hand

move rule "to Bob"
when message contains any ["bob", "queue"]:
    assign user "bob"

also rule "loud"
when message contains "now":
    priority urgent
"#;

/// What is said of a test with these lines; nothing if it passes.
fn failures(lines: &str) -> String {
    let inbox = testing::inbox();
    let policy = testing::policy(&inbox, &format!("{RULES}\ntest \"t\":\n{lines}\n"));
    let mismatches = run(&policy, &inbox, &policy.tests[0]).mismatches;
    let lines = mismatches.into_iter().map(|mismatch| {
        let help = mismatch.hint.map(|hint| format!("\n  help: {hint}")).unwrap_or_default();
        format!("expected {}, got {}{help}", mismatch.expected, mismatch.got)
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Checks that a test with these lines passes.
fn passes(lines: &str) {
    assert_eq!(failures(lines), "", "{lines}");
}

#[test]
fn chats_that_are_kept() {
    passes(
        "given chat with \"bob\"\nexpect kept\nexpect no rule\nexpect not rule \"welcome\"\nexpect after 5m assign user \"bob\"",
    );
    passes(
        "given chat waiting, in \"Sales\"\nexpect kept\nexpect after 5m waiting\nexpect after 5m assign group \"Sales\"",
    );
    passes(
        "given chat waiting\ngiven message \"now\"\nexpect kept\nexpect also rule \"loud\"\nexpect priority urgent",
    );
    insta::assert_snapshot!(failures("given chat with \"bob\"\nexpect assign user \"bob\"\nexpect waiting\nexpect rule \"welcome\"\nexpect also rule \"to Bob\""), @r#"
    expected assign user "bob", got kept, with "bob"
      help: the open chat stays where it is; write `expect kept`
    expected waiting, got kept, with "bob"
      help: the open chat stays where it is; write `expect kept`
    expected rule "welcome", got no rule
      help: `welcome` is tried only when no chat is open, and here one is
    expected also rule "to Bob", got no `also` rule fires
      help: `to Bob` is not an `also` rule; write `expect rule "to Bob"`
    "#);
    insta::assert_snapshot!(failures("given chat waiting, in \"Sales\"\nexpect waiting\nexpect assign group \"Sales\"\nexpect assign nobody"), @r#"
    expected waiting, got kept, waiting in group "Sales"
      help: the open chat stays where it is; write `expect kept`
    expected assign group "Sales", got kept, waiting in group "Sales"
      help: the open chat stays where it is; write `expect kept`
    expected assign nobody, got kept, waiting in group "Sales"
      help: the open chat stays where it is; write `expect kept`
    "#);
    insta::assert_snapshot!(failures("given message \"casino\"\nexpect kept\nexpect not rule \"spam\""), @r#"
    expected kept, got assign nobody
      help: no chat is open here; describe the chat, as in `given chat waiting`
    expected not rule "spam", got rule "spam"
    "#);
}

#[test]
fn chats_that_move() {
    passes(
        "given chat with \"alice\", in \"Sales\"\ngiven online \"alice\", \"bob\"\ngiven message \"a human\"\nexpect rule \"a human, please\"\nexpect assign user \"bob\"\nexpect assign group \"Sales\"",
    );
    passes(
        "given chat with \"alice\"\ngiven message \"a human\"\nexpect waiting\nexpect assign group \"Support\"",
    );
    insta::assert_snapshot!(failures("given chat with \"alice\"\ngiven message \"a human\"\nexpect kept\nexpect rule \"to Bob\"\nexpect not rule \"a human, please\""), @r#"
    expected kept, got waiting in group "Support" (its members take chats by hand)
    expected rule "to Bob", got rule "a human, please"
      help: `to Bob` was not reached: `a human, please` is above it and decides
    expected not rule "a human, please", got rule "a human, please"
    "#);
    insta::assert_snapshot!(failures("given message \"bob\"\nexpect rule \"to Bob\""), @r#"
    expected rule "to Bob", got no rule
      help: `to Bob` is a `move` rule, which needs an open chat; describe the chat, as in `given chat waiting`
    "#);
    // One that holds and finds nobody, and those below it.
    insta::assert_snapshot!(failures("given chat with \"bob\"\ngiven message \"bob\"\nexpect rule \"to Bob\""), @r#"
    expected rule "to Bob", got no rule
      help: `to Bob` holds, but finds nobody, so the chat stays where it is
    "#);
    insta::assert_snapshot!(failures("given chat waiting, in \"Support\"\ngiven message \"queue\"\nexpect rule \"to the queue\"\nexpect rule \"to Bob\""), @r#"
    expected rule "to the queue", got no rule
      help: `to the queue` holds, but the chat waits in that queue already, so it stays where it is
    expected rule "to Bob", got no rule
      help: `to Bob` was not reached: `to the queue` is above it and holds
    "#);
}

#[test]
fn rules_that_must_not_fire() {
    passes(
        "given online \"alice\"\nexpect not rule \"spam\"\nexpect not rule \"loud\"\nexpect no tag \"old\"",
    );
    insta::assert_snapshot!(failures("given online \"alice\"\ngiven message \"now\"\nexpect not rule \"loud\"\nexpect not rule \"welcome\"\nexpect no tag \"NEW\"\nexpect not rule \"welcom\""), @r#"
    expected not rule "loud", got rule "welcome", also rule "loud"
    expected not rule "welcome", got rule "welcome", also rule "loud"
    expected no tag "NEW", got tag "new"
    expected not rule "welcom", got rule "welcome", also rule "loud"
      help: no rule is called `welcom`; did you mean `welcome`?
    "#);
}

#[test]
fn choices_by_chance() {
    passes(
        "given message \"dice\"\nexpect assign user any [\"bob\", \"alice\"]\nexpect assign group \"Sales\"",
    );
    insta::assert_snapshot!(failures("given message \"dice\"\nexpect assign user \"alice\"\nexpect after 5m assign user \"bob\"\nexpect after 5m assign group \"Sales\""), @r#"
    expected assign user "alice", got assign user "bob", through group "Sales"
      help: the choice is random here; expect the group, or `assign user any ["alice", "bob"]`
    expected after 5m assign user "bob", got assign user "carol", through group "Support"
      help: the choice is random here; expect the group, or `assign user any ["bob", "carol"]`
    expected after 5m assign group "Sales", got assign user "bob", through group "Support"
    "#);
}

#[test]
fn what_comes_later() {
    let turn = |expects: &str| format!("given message \"turn\"\n{expects}");
    passes(&turn("expect assign user \"alice\"\nexpect no reply\nexpect after 4m assign user \"alice\""));
    passes(&turn("expect after 5m assign user \"bob\"\nexpect after 5m reply \"We are busy.\""));
    passes(&turn(
        "expect after 10m waiting\nexpect after 10m assign group \"Support\"\nexpect after 10m tag \"slow\"",
    ));
    passes(&turn("expect after 1h priority high\nexpect after 1h reply contains \"busy\""));
    insta::assert_snapshot!(failures(&turn("expect reply \"We are busy.\"\nexpect after 4m assign user \"bob\"\nexpect after 5m waiting\nexpect after 299s reply \"We are busy.\"\nexpect after 9m tag \"slow\"\nexpect after 59m priority high")), @r#"
    expected reply "We are busy.", got no reply
    expected after 4m assign user "bob", got assign user "alice"
    expected after 5m waiting, got assign user "bob", through group "Sales"
    expected after 299s reply "We are busy.", got no reply
    expected after 9m tag "slow", got no tag
    expected after 59m priority high, got no priority
    "#);
}

#[test]
fn the_reasons_of_what_comes_later() {
    let inbox = testing::inbox();
    let lines = "given message \"turn\"\nexpect after 5m waiting";
    let policy = testing::policy(&inbox, &format!("{RULES}\ntest \"t\":\n{lines}\n"));
    insta::assert_snapshot!(run(&policy, &inbox, &policy.tests[0]).why.join("\n"), @"
    `in turn` decides: the message is `turn`.
    The rule names Alice.
    If nobody answers within 5 min, the next alternative is tried.
    If no user has written within 5 min, the reply `We are busy.` is sent.
    If no user has written within 10 min, the chat gets the tag `slow`.
    If no user has written within 1 h, the chat's priority becomes at least high.
    After 5m: The assignment of `in turn` goes on, without its conditions being asked again.
    After 5m: Bob is the only one among everyone in Sales.
    After 5m: Alice was not considered: has the chat.
    ");
}
