//! Words: capitals, two pieces, slips, other words for the same.

use super::{check, each};

#[test]
fn capitals() {
    let text = r#"
        When new_customer: assign owner
        when New_Customer AND Any_Online: assign owner
        Rule "x" When Vip: Assign Group "Sales" By Random
        let Vip = customer has tag "vip"
        when message is Image: assign owner
    "#;
    insta::assert_snapshot!(each(text), @r#"
    syntax 1:1-5 `When` must be in lower case
    → when new_customer: assign owner
    syntax 1:6-18 `New_Customer` must be in lower case
    syntax 1:19-22 `AND` must be in lower case
    syntax 1:23-33 `Any_Online` must be in lower case
    → when new_customer and any_online: assign owner
    syntax 1:1-5 `Rule` must be in lower case
    syntax 1:10-14 `When` must be in lower case
    syntax 1:15-18 `Vip` must be in lower case
    syntax 1:20-26 `Assign` must be in lower case
    syntax 1:27-32 `Group` must be in lower case
    syntax 1:41-43 `By` must be in lower case
    syntax 1:44-50 `Random` must be in lower case
    → rule "x" when vip: assign group "Sales" by random
    syntax 1:5-8 `Vip` must be in lower case
    → let vip = customer has tag "vip"
    syntax 1:17-22 `Image` must be in lower case
    → when message is image: assign owner
    "#);
}

#[test]
fn words_in_two_pieces() {
    let text = r#"
        when vip: assign group "Sales" by least chats
        when vip: assign group "Sales" by least-chats
        when vip: assign group "Sales" by Least Chats
        when vip: assign group "Sales" by LeastChats
        when vip: assign group "Sales" by in order among online
        when new customer and any-online in "Sales": assign owner
        when customer.silent for > 30d: assign owner
    "#;
    insta::assert_snapshot!(each(text), @r#"
    unknown-algorithm 1:35-46 write `least_chats`, not `least chats`
    → when vip: assign group "Sales" by least_chats
    unknown-algorithm 1:35-46 write `least_chats`, not `least-chats`
    → when vip: assign group "Sales" by least_chats
    unknown-algorithm 1:35-46 write `least_chats`, not `Least Chats`
    → when vip: assign group "Sales" by least_chats
    unknown-algorithm 1:35-45 write `least_chats`, not `LeastChats`
    → when vip: assign group "Sales" by least_chats
    unknown-algorithm 1:35-43 write `in_order`, not `in order`
    → when vip: assign group "Sales" by in_order among online
    unknown-fact 1:6-18 write `new_customer`, not `new customer`
    unknown-fact 1:23-33 write `any_online`, not `any-online`
    → when new_customer and any_online in "Sales": assign owner
    unknown-attribute 1:15-25 write `silent_for`, not `silent for`
    → when customer.silent_for > 30d: assign owner
    "#);
}

#[test]
fn other_words_for_ways_to_choose() {
    let text = r#"
        when vip: assign group "Sales" by random order
        when vip: assign group "Sales" by round robin
        when vip: assign group "Sales" by round-robin
        when vip: assign group "Sales" using least_load
        when vip: assign group "Sales" least_chats
    "#;
    insta::assert_snapshot!(each(text), @r#"
    unknown-algorithm 1:35-47 write `random`, not `random order`
    → when vip: assign group "Sales" by random
    unknown-algorithm 1:35-46 write `in_order`, not `round robin`
    → when vip: assign group "Sales" by in_order
    unknown-algorithm 1:35-46 write `in_order`, not `round-robin`
    → when vip: assign group "Sales" by in_order
    syntax 1:32-37 write `by`, not `using`
    → when vip: assign group "Sales" by least_load
    syntax 1:32-43 `by` is missing before `least_chats`
    → when vip: assign group "Sales" by least_chats
    "#);
}

#[test]
fn no_way_to_choose() {
    let text = r#"
        when vip: assign group "Sales"
        when vip: assign group "Sales", reply "Hi"
        when vip: assign group "Sales" by
    "#;
    insta::assert_snapshot!(each(text), @r#"
    syntax 1:31-31 the way to choose a member of `"Sales"` is missing | write `by` and one of `random`, `in_order`, `most_waiting`, `least_chats`, `least_load`, `weighted`, `hand`
    syntax 1:31-32 the way to choose a member of `"Sales"` is missing | write `by` and one of `random`, `in_order`, `most_waiting`, `least_chats`, `least_load`, `weighted`, `hand`
    syntax 1:34-34 the way to choose a member is missing | write `by` and one of `random`, `in_order`, `most_waiting`, `least_chats`, `least_load`, `weighted`, `hand`
    "#);
}

#[test]
fn whom_to_assign_to() {
    let text = r#"
        when vip: assign to group Sales by random
        when vip: assign to the group Sales by random
        when vip: assign to owner
        when vip: assign to Sales by random
        when vip: assign alice
        when vip: assign "alice"
        when vip: assign team "Sales" by random
        when vip: assign owner else assign group "Sales" by random
        when vip: assign owner for 5m, else nobody
        when vip: assign owner or nobody
    "#;
    insta::assert_snapshot!(each(text), @r#"
    syntax 1:18-20 `to` is not needed after `assign` | write `assign group …`
    → when vip: assign group "Sales" by random
    syntax 1:18-20 `to` is not needed after `assign` | write `assign group …`
    → when vip: assign group "Sales" by random
    syntax 1:18-20 `to` is not needed after `assign` | write `assign owner`
    → when vip: assign owner
    syntax 1:18-20 `group` is missing before `Sales` | write `group "Sales"`
    → when vip: assign group "Sales" by random
    syntax 1:18-23 `alice` could be a user or a group | write `user "alice"`, or `group "alice"` with `by` and a way to choose a member
    syntax 1:18-25 `alice` could be a user or a group | write `user "alice"`, or `group "alice"` with `by` and a way to choose a member
    syntax 1:18-22 write `group`, not `team`
    → when vip: assign group "Sales" by random
    syntax 1:29-35 `assign` is not needed here
    → when vip: assign owner else group "Sales" by random
    syntax 1:30-36 write `else`, not `, else`
    → when vip: assign owner for 5m else nobody
    syntax 1:24-26 write `else`, not `or`
    → when vip: assign owner else nobody
    "#);
}

#[test]
fn other_words_for_actions() {
    let text = r#"
        when vip: send "Hi", keep owner
        when vip: assign owner and reply "Hi"
        when vip: assign owner, then reply "Hi"
        when vip: reply: "Hi"
        when vip: reply with "Hi"
        when vip: reply "Hi" once every 12h
        when vip: reply "Hi" once 12h
        when vip: reply "Hi" every 12h, priority = high
    "#;
    insta::assert_snapshot!(each(text), @r#"
    syntax 1:11-15 write `reply`, not `send`
    syntax 1:22-32 write `assign owner`, not `keep owner`
    → when vip: reply "Hi", assign owner
    syntax 1:24-27 write `,`, not `and`
    → when vip: assign owner, reply "Hi"
    syntax 1:25-29 `then` is not needed here
    → when vip: assign owner, reply "Hi"
    syntax 1:16-17 `:` is not needed here
    → when vip: reply "Hi"
    syntax 1:17-21 `with` is not needed here
    → when vip: reply "Hi"
    syntax 1:27-32 write `per`, not `every`
    → when vip: reply "Hi" once per 12h
    syntax 1:27-30 `per` is missing after `once`
    → when vip: reply "Hi" once per 12h
    syntax 1:22-27 write `once per`, not `every`
    syntax 1:42-43 `=` is not needed here
    → when vip: reply "Hi" once per 12h, priority high
    "#);
}

#[test]
fn slips() {
    let text = r#"
        whn vip: assign owner
        when vip: asign owner
        when vip: assign owner, repley "x"
        when vip: assign ownr
        when mesage is image: assign owner
        when message contians "x": assign owner
        tset "x": expect waiting
    "#;
    insta::assert_snapshot!(each(text), @r#"
    syntax 1:1-4 `whn` is not known here | did you mean `when`?
    → when vip: assign owner
    syntax 1:11-16 `asign` is not known here | did you mean `assign`?
    → when vip: assign owner
    syntax 1:25-31 `repley` is not known here | did you mean `reply`?
    → when vip: assign owner, reply "x"
    syntax 1:18-22 `ownr` is not known here | did you mean `owner`?
    → when vip: assign owner
    syntax 1:6-12 `mesage` is not known here | did you mean `message`?
    → when message is image: assign owner
    syntax 1:14-22 `contians` is not known here | did you mean `contains`?
    → when message contains "x": assign owner
    syntax 1:1-5 `tset` is not known here | did you mean `test`?
    → test "x": expect waiting
    "#);
}

#[test]
fn if_then_else() {
    let text = r"
        if vip: assign owner
        IF vip THEN assign owner
        when vip then: assign owner
        else: assign owner
        else when vip: assign owner
        elif vip: assign owner
        otherwise if vip: assign owner
    ";
    insta::assert_snapshot!(each(text), @r#"
    syntax 1:1-3 write `when`, not `if`
    → when vip: assign owner
    syntax 1:1-3 write `when`, not `IF`
    syntax 1:8-12 write `:`, not `THEN`
    → when vip: assign owner
    syntax 1:10-15 write `:`, not `then:`
    → when vip: assign owner
    syntax 1:1-5 write `otherwise`, not `else`
    → otherwise: assign owner
    syntax 1:1-10 write `when`, not `else when`
    → when vip: assign owner
    syntax 1:1-5 write `when`, not `elif`
    → when vip: assign owner
    syntax 1:1-13 write `when`, not `otherwise if`
    → when vip: assign owner
    "#);
}

#[test]
fn new_rules() {
    let text = r"
when a: assign owner
else if b: assign nobody
else: assign nobody";
    insta::assert_snapshot!(check(text.trim_start()), @r#"
    syntax 2:1-8 write `when`, not `else if`
    syntax 3:1-5 write `otherwise`, not `else`
    → when b: assign nobody
    → otherwise: assign nobody
    "#);
    let text = r#"
rule "x":
when vip: assign owner"#;
    insta::assert_snapshot!(check(text.trim_start()), @r#"
    syntax 1:9-10 `:` is not needed here
    → rule "x"
    "#);
    let text = r"
when vip: assign owner
whne b: assign owner";
    insta::assert_snapshot!(check(text.trim_start()), @r#"
    syntax 2:1-5 `whne` cannot start a line here | did you mean `when`?
    → when b: assign owner
    "#);
    let text = r#"
when vip: assign owner
tset "x":
  given customer new
  expect waiting"#;
    insta::assert_snapshot!(check(text.trim_start()), @r#"
    syntax 2:1-5 `tset` cannot start a line here | did you mean `test`?
    → test "x":
    "#);
}

#[test]
fn nothing_better_is_known() {
    insta::assert_snapshot!(check(r"also otherwise: assign owner"), @"syntax 1:6-15 there is no `also otherwise` | the rule needs a condition: write `also when …`");
    insta::assert_snapshot!(check(r"when : assign owner"), @r#"
    syntax 1:6-7 expected a condition after `when`, not `:`
    "#);
    insta::assert_snapshot!(check(r"when vip:"), @r#"
    syntax 1:10-10 expected an action (`assign`, `reply`, `tag` or `priority`) after `:`
    "#);
    let text = r"
foo bar
when vip: assign owner";
    insta::assert_snapshot!(check(text.trim_start()), @r#"
    syntax 1:1-4 `foo` cannot start a line here | an item starts with one of `rule`, `when`, `also`, `move`, `otherwise`, `let`, `hours`, `dates`, `use`, `test`, `timezone`
    "#);
    let text = r"
when vip: assign owner
foo bar baz
quux
when b: assign owner";
    insta::assert_snapshot!(check(text.trim_start()), @r#"
    syntax 2:1-12 `foo` cannot start a line here | an item starts with one of `rule`, `when`, `also`, `move`, `otherwise`, `let`, `hours`, `dates`, `use`, `test`, `timezone`
    "#);
    insta::assert_snapshot!(check(r"when vip: assign owner foo"), @r#"
    syntax 1:24-27 expected `,` or the end of the item after `owner`, not `foo`
    "#);
    insta::assert_snapshot!(check(r"let مهم = vip"), @r#"
    syntax 1:5-8 `مهم` cannot be a name | names consist of `a` to `z`, `0` to `9` and `_`; texts in quotes can contain anything
    "#);
    insta::assert_snapshot!(check(r#"when a: reply "Hi \q there""#), @r#"
    syntax 1:19-21 `\q` is not an escape sequence | the escape sequences are `\"`, `\\`, `\n`, `\t` and `\u{1F600}`; write a backslash as `\\`
    → when a: reply "Hi \\q there"
    "#);
    let text = r"
when a and

# c
let x = y";
    insta::assert_snapshot!(check(text.trim_start()), @r#"
    syntax 1:11-11 expected a condition after `and`
    "#);
    insta::assert_snapshot!(check(r#"when a: assign group "Sales" by hand among online"#), @r#"
    syntax 1:38-50 `by hand` chooses nobody, so `among` has no meaning here | the chat waits in the group's queue until a member takes it
    → when a: assign group "Sales" by hand
    "#);
    let text = r"
hours office = mon-fri wed 09:00
let x = y";
    insta::assert_snapshot!(check(text.trim_start()), @r#"
    syntax 1:33-33 expected `-` after `09:00`
    "#);
}

#[test]
fn words_of_other_languages_that_start_a_line() {
    let text = r#"
        import "common.rules"
        const vip = new_customer
        /* new customers */
        everybody else
        new_customer -> assign owner
    "#;
    insta::assert_snapshot!(each(text), @r#"
    syntax 1:1-7 `import` cannot start a line here | to take the definitions of another file, write `use "common.rules"`
    syntax 1:1-6 `const` cannot start a line here | to name a condition, write `let vip = …`
    syntax 1:1-3 `/*` cannot start a line here | a comment starts with `#`, on each of its lines
    syntax 1:1-10 `everybody` cannot start a line here | for whatever no rule takes, write `otherwise: assign …`
    syntax 1:1-13 `new_customer` cannot start a line here | a rule starts with `when`, as in `when new_customer: assign …`
    "#);
    let text = "when vip: assign owner\nend";
    insta::assert_snapshot!(check(text), @"syntax 2:1-4 `end` cannot start a line here | leave it out: a rule ends where the next item starts");
}
