//! Lines of tests in other words.

use super::check;

/// [`check`] of a test with each of these after `given message "x"`.
#[track_caller]
fn each(lines: &str) -> String {
    let lines = lines.split('\n').map(str::trim).filter(|line| !line.is_empty());
    let test = |line: &str| {
        check(&format!("test \"t\":\n    given message \"x\"\n    {}", line.replace("\\n", "\n    ")))
    };
    lines.map(test).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_sign_inside_a_kind() {
    let found = each("given message stick}er\ngiven message aud io");
    assert!(!found.contains('"'), "{found}");
}

#[test]
fn times_before_expect() {
    insta::assert_snapshot!(each(r#"
        after 10m expect waiting
        after 10 minutes expect waiting
        expect assign nobody\nafter 10m expect waiting
        expect assign nobody\nin 10m expect waiting
        expect assign nobody\n10m later expect waiting
        expect assign nobody\nafter 10m:\nexpect waiting
        expect within 10m waiting
        expect waiting after 10m
    "#), @r#"
    syntax 3:5-14 `after 10m` comes directly after `expect` | write `expect after 10m …`
    →     expect after 10m waiting
    syntax 3:5-21 `after 10m` comes directly after `expect` | write `expect after 10m …`
    →     expect after 10m waiting
    syntax 4:5-14 `after 10m` comes directly after `expect` | write `expect after 10m …`
    →     expect after 10m waiting
    syntax 4:5-11 `after 10m` comes directly after `expect` | write `expect after 10m …`
    →     expect after 10m waiting
    syntax 4:5-8 `after 10m` comes directly after `expect` | write `expect after 10m …`
    →     expect after 10m waiting
    syntax 4:5-14 `after 10m` comes directly after `expect` | write `expect after 10m …`
    → test "t":
    →     given message "x"
    →     expect assign nobody
    →     expect after 10m waiting
    syntax 3:12-18 write `after`, not `within`
    →     expect after 10m waiting
    syntax 3:20-29 `after 10m` comes directly after `expect` | write `expect after 10m …`
    →     expect after 10m waiting
    "#);
}

#[test]
fn lines_that_are_joined() {
    insta::assert_snapshot!(each(r#"
        expect waiting and reply "y"
        expect waiting, no reply
        expect waiting\nand expect no reply
        expect waiting\nthen expect no reply
        given customer new and at fri 22:00
        given message "y", at fri 22:00\nexpect waiting
    "#), @r#"
    syntax 3:20-29 each `expect` has a line of its own
    → test "t":
    →     given message "x"
    →     expect waiting
    →     expect reply "y"
    syntax 3:19-23 each `expect` has a line of its own
    → test "t":
    →     given message "x"
    →     expect waiting
    →     expect no reply
    syntax 4:5-8 `and` is not needed here
    →     expect no reply
    syntax 4:5-9 `then` is not needed here
    →     expect no reply
    syntax 3:24-30 each `given` has a line of its own
    → test "t":
    →     given message "x"
    →     given customer new
    →     given at fri 22:00
    syntax 3:22-26 each `given` has a line of its own
    → test "t":
    →     given message "x"
    →     given message "y"
    →     given at fri 22:00
    →     expect waiting
    "#);
}

#[test]
fn givens() {
    insta::assert_snapshot!(each(r#"
        given the message "y"
        given a new customer
        given chat waiting for 10m
        given chat with "bob", open for 2h
        given message I want a refund
        given message contains "y"
        given "alice" is online
        given "alice" and "bob" online
        given alice is online
        given everyone online
        given nobody online
        given monday 22:00
        given on 2026-01-05 22:00
        given on friday at 10:00
        given 2026-01-05 22:00
        given time = monday 8am
        given at 22:00
    "#), @r#"
    syntax 3:11-14 `the` is not needed here
    →     given message "y"
    syntax 3:11-25 write `customer new`, not `a new customer`
    →     given customer new
    syntax 3:16-27 write `waiting_for`, not `waiting for`
    →     given chat waiting, waiting_for 10m
    syntax 3:28-36 write `open_for`, not `open for`
    →     given chat with "bob", open_for 2h
    syntax 3:19-34 `I want a refund` has no quotes around it | write `given message "I want a refund"`
    →     given message "I want a refund"
    syntax 3:19-27 a test gives the whole message | write what the customer writes, as in `given message "I want a refund"`
    syntax 3:11-28 write `online "alice"`, not `"alice" is online`
    →     given online "alice"
    syntax 3:11-35 write `online "alice", "bob"`, not `"alice" and "bob" online`
    →     given online "alice", "bob"
    syntax 3:11-26 users are given by their names | write `given online "alice"`, with the name that the user has in `inbox.toml`
    syntax 3:11-19 users are given by their names | list them, as in `given online "alice", group "Sales"`
    syntax 3:11-17 users are given by their names | everybody is offline where nothing else is given, so remove this line
    syntax 3:11-17 `at` is missing before `monday`
    →     given at mon 22:00
    syntax 3:11-18 `at` is missing before `2026`
    →     given at 2026-01-05 22:00
    syntax 3:11-20 `at` is missing before `friday`
    →     given at fri 10:00
    syntax 3:11-15 `at` is missing before `2026`
    →     given at 2026-01-05 22:00
    syntax 3:11-15 the moment is given with `at` | write the day or the date and the time, as in `given at mon 22:00` or `given at 2026-11-24 18:30`
    syntax 3:11-16 a moment has a day | write the day or the date too, as in `given at mon 22:00` or `given at 2026-11-24 18:30`
    "#);
}

#[test]
fn expectations() {
    insta::assert_snapshot!(each(r#"
        expect nobody
        expect assign "bob"
        expect assigned to "bob"
        expect assign owner
        expect otherwise
        expect assign bob
        expect group "Sales"
        expect "We are closed"
        expect reply to contain "x"
        expect queue "Sales"
        expect waiting in "Sales"
        expect not assign user "bob"
        expect not reply "y"
        expect no assign
        expect assign user ["alice", "bob"]
    "#), @r#"
    syntax 3:12-18 write `assign nobody`, not `nobody`
    →     expect assign nobody
    syntax 3:12-24 this does not say whether a user or a group takes the chat | write `expect assign user "bob"`, or `expect assign group "bob"`
    syntax 3:12-29 this does not say whether a user or a group takes the chat | write `expect assign user "bob"`, or `expect assign group "bob"`
    syntax 3:12-24 a test expects a certain user | write who is the owner, as in `given customer owner "alice"` and `expect assign user "alice"`
    syntax 3:12-21 a rule is expected by its name | give it a name, as in `rule "anything else"` on the line above `otherwise:`, and write `expect rule "anything else"`
    syntax 3:12-22 this does not say whether a user or a group takes the chat | write `expect assign user "bob"`, or `expect assign group "bob"`
    syntax 3:12-17 `assign` is missing before `group` | write `expect assign group "Sales"`
    →     expect assign group "Sales"
    syntax 3:12-27 this does not say what is expected | write `expect reply "We are closed"` for a reply, or `expect rule "We are closed"` for a rule
    syntax 3:18-28 write `contains`, not `to contain`
    →     expect reply contains "x"
    syntax 3:12-25 `waiting` takes no group | write `expect assign group "Sales"`, and `expect waiting` on a line of its own
    syntax 3:12-30 `waiting` takes no group | write `expect assign group "Sales"`, and `expect waiting` on a line of its own
    syntax 3:12-22 `not` comes before `rule` only | write what happens instead, as in `expect assign user "alice"` or `expect waiting`; `expect not rule "…"` says that a rule does not act
    syntax 3:12-21 `not` comes before `rule` only | write `expect no reply`, or the reply that you expect
    syntax 3:12-21 `no` comes before `rule`, `reply` or `tag` | write `expect waiting` if the chat waits, or `expect assign nobody` if nobody takes it
    syntax 3:24-25 `any` is missing before the list | `any ["a", "b"]` means one of these
    →     expect assign user any ["alice", "bob"]
    "#);
}
