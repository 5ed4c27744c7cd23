//! Signs: other ones, missing ones, needless ones.

use super::{check, each};

#[test]
fn programmers_signs() {
    let text = r#"
        when a && b || c: assign owner
        when !vip and !(a or b): assign owner
        when customer.plan == "gold": assign owner
        when customer.orders == 5: assign owner
        when customer.plan != "gold": assign owner
        when customer.orders != 5: assign owner
        when vip => assign owner
        when vip -> assign owner
        when online => 2 and online =< 5: assign owner
        when new_customer {assign owner}
        let vip == customer has tag "vip"
        let vip: customer has tag "vip"
        hours office: mon-fri 09:00-17:00
        when any_online("Sales"): assign owner
        when message matches /refund/i: assign owner
    "#;
    insta::assert_snapshot!(each(text), @r#"
    syntax 1:8-10 write `and`, not `&&`
    syntax 1:13-15 write `or`, not `||`
    → when a and b or c: assign owner
    syntax 1:6-7 write `not`, not `!`
    syntax 1:15-16 write `not`, not `!`
    → when not vip and not (a or b): assign owner
    syntax 1:20-22 write `is`, not `==`
    → when customer.plan is "gold": assign owner
    syntax 1:22-24 write `=`, not `==`
    → when customer.orders = 5: assign owner
    syntax 1:20-22 write `is not`, not `!=`
    → when customer.plan is not "gold": assign owner
    syntax 1:22-24 for numbers, write `not … =`, not `!=` | write `not customer.orders = …`
    → when not customer.orders = 5: assign owner
    syntax 1:10-12 write `:`, not `=>`
    → when vip: assign owner
    syntax 1:10-12 write `:`, not `->`
    → when vip: assign owner
    syntax 1:13-15 write `>=`, not `=>`
    syntax 1:29-31 write `<=`, not `=<`
    syntax 1:19-20 rules have no braces: write `:` instead of `{` | a rule ends where the next item starts
    → when new_customer: assign owner
    syntax 1:9-11 write `=`, not `==`
    → let vip = customer has tag "vip"
    syntax 1:8-9 write `=`, not `:`
    → let vip = customer has tag "vip"
    syntax 1:13-14 write `=`, not `:`
    → hours office = mon-fri 09:00-17:00
    syntax 1:16-17 the group after `any_online` needs `in` | write `any_online in "Sales"`
    → when any_online in "Sales": assign owner
    syntax 1:30-31 `i` is not needed after a pattern | patterns always ignore case
    → when message matches /refund/: assign owner
    "#);
}

#[test]
fn other_scripts() {
    let text = r#"
        when vip： assign owner， tag "x"
        when vip؛ assign owner، tag "x"؛
        when （a or b） and vip: assign owner
        hours office = mon–fri 09:00–17:00
        dates x = 2026-12-24…2026-12-26, 2026-12-28 to 2026-12-30
        when message.age > ٥m and online >= １２: assign owner
    "#;
    insta::assert_snapshot!(each(text), @r#"
    syntax 1:9-10 write `:`, not `：`
    syntax 1:23-24 write `,`, not `，`
    → when vip: assign owner, tag "x"
    syntax 1:9-10 write `:`, not `؛`
    syntax 1:23-24 write `,`, not `،`
    syntax 1:32-33 `؛` is not needed here
    → when vip: assign owner, tag "x"
    syntax 1:6-7 write `(`, not `（`
    → when (a or b) and vip: assign owner
    syntax 1:19-20 write `-`, not `–`
    syntax 1:29-30 write `-`, not `–`
    → hours office = mon-fri 09:00-17:00
    syntax 1:21-22 write `..`, not `…`
    syntax 1:45-47 write `..`, not `to`
    → dates x = 2026-12-24..2026-12-26, 2026-12-28 .. 2026-12-30
    syntax 1:20-22 write `5m`, not `٥m` | digits are `0` to `9`
    syntax 1:37-39 write `12`, not `１２` | digits are `0` to `9`
    → when message.age > 5m and online >= 12: assign owner
    "#);
}

#[test]
fn ends_of_lines() {
    let text = r#"
        when vip: assign owner;
        when vip: assign owner.
        when vip: assign owner; reply "Hi";
        when vip; assign owner
    "#;
    insta::assert_snapshot!(each(text), @r#"
    syntax 1:23-24 `;` is not needed here
    → when vip: assign owner
    syntax 1:23-24 `.` is not needed here
    → when vip: assign owner
    syntax 1:23-24 write `,`, not `;`
    syntax 1:35-36 `;` is not needed here
    → when vip: assign owner, reply "Hi"
    syntax 1:9-10 write `:`, not `;`
    → when vip: assign owner
    "#);
}

#[test]
fn missing_signs() {
    let text = r#"
        when vip assign owner
        otherwise assign owner
        when vip: assign owner reply "Hi"
        when message contains any ["a" "b"]: assign owner
        when message contains any ["a", "b": assign owner
        hours office = mon-fri 09:00-17:00 sat 10:00-14:00
        when (a or b: assign owner
        when customer country is "EG": assign owner
        when message starts "order": assign owner
        let vip customer has tag "vip"
    "#;
    insta::assert_snapshot!(each(text), @r#"
    syntax 1:10-16 `:` is missing after `vip`
    → when vip: assign owner
    syntax 1:11-17 `:` is missing after `otherwise`
    → otherwise: assign owner
    syntax 1:24-29 `,` is missing after `owner`
    → when vip: assign owner, reply "Hi"
    syntax 1:32-35 `,` is missing after `"a"`
    → when message contains any ["a", "b"]: assign owner
    syntax 1:36-37 `]` is missing after `"b"`
    → when message contains any ["a", "b"]: assign owner
    syntax 1:36-39 `,` is missing after `09:00-17:00`
    → hours office = mon-fri 09:00-17:00, sat 10:00-14:00
    syntax 1:13-14 `)` is missing after `b`
    → when (a or b): assign owner
    syntax 1:15-22 `.` is missing after `customer`
    → when customer.country is "EG": assign owner
    syntax 1:21-28 `with` is missing after `starts`
    → when message starts with "order": assign owner
    syntax 1:9-17 `=` is missing after `vip`
    → let vip = customer has tag "vip"
    "#);
}

#[test]
fn too_much() {
    let text = r#"
        when a or b): assign owner
        when vip:: assign owner,, reply "x"
        when a and and b: assign owner
        when and a: assign owner
        when vip and: assign owner
        when vip and not: assign owner
        hours office = mon-fri 09:00-17:00, except dec 25
    "#;
    insta::assert_snapshot!(each(text), @r#"
    syntax 1:12-13 there is one `)` too many
    → when a or b: assign owner
    syntax 1:10-11 `:` is here twice
    syntax 1:25-26 `,` is here twice
    → when vip: assign owner, reply "x"
    syntax 1:12-15 `and` is here twice | write the missing condition, or remove `and`
    syntax 1:6-9 there is one `and` too many | write the missing condition, or remove `and`
    syntax 1:10-13 `and` has no condition after it | write the missing condition, or remove `and`
    syntax 1:10-17 `and not` has no condition after it | write the missing condition, or remove `and`
    syntax 1:35-43 write `except`, not `, except`
    → hours office = mon-fri 09:00-17:00 except dec 25
    "#);
}

#[test]
fn comments() {
    let text = r"
        // hello
        when vip: assign owner // why
        let vip = a -- why
    ";
    insta::assert_snapshot!(each(text), @r#"
    syntax 1:1-3 write `#`, not `//`
    → # hello
    syntax 1:24-26 write `#`, not `//`
    → when vip: assign owner # why
    syntax 1:13-15 write `#`, not `--`
    → let vip = a # why
    "#);
}

#[test]
fn missing_signs_at_line_ends() {
    let text = r#"
when vip
    assign owner
    reply "Hi""#;
    insta::assert_snapshot!(check(text.trim_start()), @r#"
    syntax 1:9-9 `:` is missing after `vip`
    syntax 2:17-17 `,` is missing after `owner`
    → when vip:
    →     assign owner,
    "#);
    let text = r#"
test "x"
  given online bob with 3 chats
  expect assign to user "bob""#;
    insta::assert_snapshot!(check(text.trim_start()), @r#"
    syntax 1:9-9 `:` is missing after `"x"`
    syntax 2:16-19 `bob` has no quotes around it | names and texts need quotes: write `"bob"`
    syntax 3:17-19 `to` is not needed here
    → test "x":
    →   given online "bob" with 3 chats
    →   expect assign user "bob"
    "#);
    let text = r#"
when vip:
    assign owner
    and reply "Hi""#;
    insta::assert_snapshot!(check(text.trim_start()), @r#"
    syntax 3:5-8 write `,`, not `and`
    →     assign owner,
    →     reply "Hi"
    "#);
    let text = r"
when vip: -- why
   assign owner";
    insta::assert_snapshot!(check(text.trim_start()), @r#"
    syntax 1:11-13 write `#`, not `--`
    → when vip: # why
    "#);
}

#[test]
fn braces() {
    let text = r"
when vip {
   assign owner
}";
    insta::assert_snapshot!(check(text.trim_start()), @r#"
    syntax 1:10-11 rules have no braces: write `:` instead of `{` | a rule ends where the next item starts
    → when vip:
    →    assign owner
    "#);
    let text = r#"
when customer.city is 'Cairo' || customer.city is 'Giza' {
    assign group "Sales" by random;
    reply 'Hi';
}"#;
    insta::assert_snapshot!(check(text.trim_start()), @r#"
    syntax 1:23-30 `'Cairo'` is in single quotes | texts need straight quotes: `"`
    syntax 1:31-33 write `or`, not `||`
    syntax 1:51-57 `'Giza'` is in single quotes | texts need straight quotes: `"`
    syntax 1:58-59 rules have no braces: write `:` instead of `{` | a rule ends where the next item starts
    syntax 2:35-36 write `,`, not `;`
    syntax 3:11-15 `'Hi'` is in single quotes | texts need straight quotes: `"`
    syntax 3:15-16 `;` is not needed here
    → when customer.city is "Cairo" or customer.city is "Giza":
    →     assign group "Sales" by random,
    →     reply "Hi"
    "#);
}

#[test]
fn actions_after_a_wait() {
    insta::assert_snapshot!(each(r#"
        when vip: assign owner for 5m else group "Support" by hand and reply "x"
        when vip: assign owner for 5m else group "Support" by hand tag "x"
        when vip: assign owner else group "Support" by hand and reply "x"
        when vip: assign owner for 5m else nobody, reply "x" and tag "y"
        when vip: assign owner for 5m else nobody, then reply "x"
        when vip: assign owner for 5m else nobody, and reply "x"
        when vip: assign owner, and reply "x"
    "#), @r#"
    syntax 1:60-63 write `,`, not `and` | write `, reply "x"` to do it at once, or `, reply "x" after 5m` to do it 5m after the message
    syntax 1:60-63 `,` is missing after `hand` | write `, tag "x"` to do it at once, or `, tag "x" after 5m` to do it 5m after the message
    syntax 1:53-56 write `,`, not `and`
    → when vip: assign owner else group "Support" by hand, reply "x"
    syntax 1:54-57 write `,`, not `and` | write `, tag "y"` to do it at once, or `, tag "y" after 5m` to do it 5m after the message
    syntax 1:44-48 `then` is not needed here | write `, reply "x"` to do it at once, or `, reply "x" after 5m` to do it 5m after the message
    syntax 1:44-47 `and` is not needed here | write `, reply "x"` to do it at once, or `, reply "x" after 5m` to do it 5m after the message
    syntax 1:25-28 `and` is not needed here
    → when vip: assign owner, reply "x"
    "#);
    insta::assert_snapshot!(check("when vip:\n    assign owner for 5m else nobody\n    reply \"x\""), @r#"
    syntax 2:36-36 `,` is missing after `nobody`
    →     assign owner for 5m else nobody,
    "#);
}
