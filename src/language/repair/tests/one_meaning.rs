//! Words and signs for which the language has one place only.

use super::each;

#[test]
fn words_of_others_in_tests() {
    let text = r#"
        test "t": expect send "Hi"
        test "t": expect no respond
        test "t": expect after 5m say contains "Hi"
        test "t": expect route to user "bob"
        test "t": expect give user "bob"
        test "t": expect assign agent "bob"
        test "t": expect assign USER "bob"
        test "t": expect assign usr any ["bob", "amy"]
        test "t": expect assign "bob"
        test "t": expect assign "bob" user
        test "t": expect "a" rule
        test "t": given client returning
        test "t": given with "bob", in "Sales"
        test "t": given online "bob" with 2, "amy"
        test "t": given online "bob" with 2 chats "amy"
        test "t": given customer returning name "Mona"
    "#;
    insta::assert_snapshot!(each(text), @r#"
    syntax 1:18-22 write `reply`, not `send`
    → test "t": expect reply "Hi"
    syntax 1:21-28 write `reply`, not `respond`
    → test "t": expect no reply
    syntax 1:27-30 write `reply`, not `say`
    → test "t": expect after 5m reply contains "Hi"
    syntax 1:18-26 write `assign`, not `route to`
    → test "t": expect assign user "bob"
    syntax 1:18-22 write `assign`, not `give`
    → test "t": expect assign user "bob"
    syntax 1:25-30 write `user`, not `agent`
    → test "t": expect assign user "bob"
    syntax 1:25-29 `USER` must be in lower case
    → test "t": expect assign user "bob"
    syntax 1:25-28 write `user`, not `usr`
    → test "t": expect assign user any ["bob", "amy"]
    syntax 1:18-30 this does not say whether a user or a group takes the chat | write `expect assign user "bob"`, or `expect assign group "bob"`
    syntax 1:25-35 `"bob"` and `user` are in the wrong order
    → test "t": expect assign user "bob"
    syntax 1:18-26 `"a"` and `rule` are in the wrong order
    → test "t": expect rule "a"
    syntax 1:17-23 write `customer`, not `client`
    → test "t": given customer returning
    syntax 1:17-21 `chat` is missing before `with`
    → test "t": given chat with "bob", in "Sales"
    syntax 1:36-37 `chats` is missing before `,`
    → test "t": given online "bob" with 2 chats, "amy"
    syntax 1:43-48 `,` is missing after `chats`
    → test "t": given online "bob" with 2 chats, "amy"
    syntax 1:36-40 `,` is missing after `returning` | without `returning` it makes sense too: write what is meant
    "#);
}

#[test]
fn a_dot_is_meant() {
    let text = r#"
        when customer's city is "Cairo": assign owner
        when customer->plan is "gold": assign owner
        when message::age > 5m: assign owner
        when customer..blocked: assign owner
        when customer:city is "Cairo": assign owner
        when customer: assign owner
    "#;
    insta::assert_snapshot!(each(text), @r#"
    syntax 1:14-17 write `.` after `customer`, not `'s`
    → when customer.city is "Cairo": assign owner
    syntax 1:14-16 write `.` after `customer`, not `->`
    → when customer.plan is "gold": assign owner
    syntax 1:13-15 write `.` after `message`, not `::`
    → when message.age > 5m: assign owner
    syntax 1:14-16 write `.` after `customer`, not `..`
    → when customer.blocked: assign owner
    syntax 1:14-15 write `.` after `customer`, not `:`
    → when customer.city is "Cairo": assign owner
    syntax 1:14-15 expected `has` or `.` after `customer`, not `:`
    "#);
}

#[test]
fn words_that_one_place_is_left_for() {
    let text = r#"
        when the customer.blocked: assign owner
        when message part "angr": assign owner
        when customer has tag yn ["a", "b"]: assign owner
        when customer has tag none ["a", "b"]: assign owner
        when customer has tag any ("a", "b"]: assign owner
        when a: give group "Sales" by random
        when a: assign "Sales" group by random
        when a: assign group ["Sales"] by random
        when a: assign group ["Sales", "Support"] by random
        otherwise when: assign owner
        otherwise when vip: assign owner
    "#;
    insta::assert_snapshot!(each(text), @r#"
    syntax 1:6-18 write `customer`, not `the customer`
    → when customer.blocked: assign owner
    syntax 1:14-18 `contains` is missing before `part`
    → when message contains part "angr": assign owner
    syntax 1:23-25 `yn` is not known before a list | did you mean `any`?
    → when customer has tag any ["a", "b"]: assign owner
    syntax 1:28-29 `none` of a list is written with `not` before the test | write `not customer has tag any […]`
    → when not customer has tag any ["a", "b"]: assign owner
    syntax 1:27-28 write `[`, not `(`
    → when customer has tag any ["a", "b"]: assign owner
    syntax 1:9-13 write `assign`, not `give`
    → when a: assign group "Sales" by random
    syntax 1:16-29 `"Sales"` and `group` are in the wrong order
    → when a: assign group "Sales" by random
    syntax 1:22-31 this text needs no brackets | write `"Sales"`
    → when a: assign group "Sales" by random
    syntax 1:22-23 a chat is given through one group | name the groups one after the other, as in `group "Sales" by random else group "Support" by random`, or make one group of their members in `inbox.toml`
    syntax 1:11-15 `otherwise` has no condition, and so no `when`
    → otherwise: assign owner
    syntax 1:1-15 write `when`, not `otherwise when`
    → when vip: assign owner
    "#);
}

#[test]
fn two_items_on_a_line() {
    let text = r#"
        when a: assign owner rule "b" when c: assign nobody
        when a: assign owner when c: assign nobody
        when a: assign owner when c
        let a = x let b = y
        hours h = mon 09:00-10:00 hours i = tue 09:00-10:00
        when a: assign owner otherwise: assign nobody
    "#;
    insta::assert_snapshot!(each(text), @r#"
    syntax 1:22-26 `rule` starts on a line of its own
    → when a: assign owner
    → rule "b" when c: assign nobody
    syntax 1:22-26 `when` starts on a line of its own
    → when a: assign owner
    → when c: assign nobody
    syntax 1:22-26 an action cannot have a condition of its own, so `when` is not known here | write another rule with `when`; to give the chat only to somebody who is online, write `among online`
    syntax 1:11-14 `let` starts on a line of its own
    → let a = x
    → let b = y
    syntax 1:27-32 `hours` starts on a line of its own
    → hours h = mon 09:00-10:00
    → hours i = tue 09:00-10:00
    syntax 1:22-31 `otherwise` cannot start a rule in the middle of a line | start a line of its own with `otherwise:` for messages that no rule takes, or write `else nobody` or another alternative for when nobody here can be given the chat
    "#);
}
