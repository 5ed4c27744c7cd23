//! One slip that makes sense of the whole item: neighbours in the wrong order, a wrong letter, a word too many or missing.

use super::each;

#[test]
fn neighbours_in_the_wrong_order() {
    let text = r#"
        when a: assign group "Sales" by ,hand reply "Hi"
        test "t": message given "Hi"
        when a: assign group "Sales" byi n_order
        when a: assign ownerf or 5m else nobody
        when a()b: assign owner
        when customer has tag any "[a", "b"]: assign owner
        when customer has tag any ["a", "b]": assign owner
        test "t:" given message "Hi"
    "#;
    insta::assert_snapshot!(each(text), @r#"
    syntax 1:33-38 `,` and `hand` are in the wrong order
    → when a: assign group "Sales" by hand, reply "Hi"
    syntax 1:11-24 `message` and `given` are in the wrong order
    → test "t": given message "Hi"
    syntax 1:30-41 write `by in_order`, not `byi n_order`
    → when a: assign group "Sales" by in_order
    syntax 1:16-25 write `owner for`, not `ownerf or`
    → when a: assign owner for 5m else nobody
    syntax 1:7-8 expected `and`, `or` or `:` after `a`, not `(`
    syntax 1:27-31 the `[` of the list is inside the text
    → when customer has tag any ["a", "b"]: assign owner
    syntax 1:35-37 the `]` of the list is inside the text
    → when customer has tag any ["a", "b"]: assign owner
    syntax 1:8-10 the `:` is inside the quotes
    → test "t": given message "Hi"
    "#);
}

#[test]
fn a_word_too_many_or_missing() {
    let text = r#"
        when a: assign skill nobody
        when a: assign group "Sales" skill "fr" by hand
        when a: group "Sales" by hand
        when a: assign owner nobody
        when chat in "a" and in "b": assign owner
        hours h = mon 09:00-17:00 sat 10:00-12:00
        when a andand b: assign owner
        when a: tag "x" "x", assign owner
        when a: tag "x" "y", assign owner
        when message contains any ["a", "b" or message is image: assign owner
        test "t": expect tag rule "x"
        test "t": given online "bob" with +2 chats
        test "t": given customer ! blocked
    "#;
    insta::assert_snapshot!(each(text), @r#"
    syntax 1:16-21 `skill` has no place here
    → when a: assign nobody
    syntax 1:30-35 `with` is missing before `skill`
    → when a: assign group "Sales" with skill "fr" by hand
    syntax 1:9-14 `assign` is missing before `group`
    → when a: assign group "Sales" by hand
    syntax 1:22-28 expected `,` or the end of the item after `owner`, not `nobody` | `nobody` is used as in `assign nobody`
    syntax 1:22-24 expected a condition after `and`, not `in`
    syntax 1:27-30 `,` is missing after `09:00-17:00`
    → hours h = mon 09:00-17:00, sat 10:00-12:00
    syntax 1:11-14 `and` is here twice
    → when a and b: assign owner
    syntax 1:16-20 `"x"` is here twice
    → when a: tag "x", assign owner
    syntax 1:17-20 expected `,` or the end of the item after `"x"`, not `"y"`
    syntax 1:37-39 `]` is missing before `or`
    → when message contains any ["a", "b"] or message is image: assign owner
    syntax 1:22-26 expected a text in quotes after `tag`, not `rule`
    syntax 1:35-36 numbers have no `+`
    → test "t": given online "bob" with 2 chats
    syntax 1:26-27 write `not`, not `!`
    → test "t": given customer not blocked
    "#);
}

#[test]
fn a_wrong_letter() {
    let text = r#"
        when a ar b: assign owner
        when a: assign group "Sales" ba hand
        when cha|t in "Sales": assign owner
        when a: reply "Hi" once per1 2h
        when a: assign group "Sale"s by hand
        test "t": given customer owner a"lice"
        test "t": given at 2026–01-07 09：00
        test "t": given message "Hi" aged m
    "#;
    insta::assert_snapshot!(each(text), @r#"
    syntax 1:8-10 `ar` is not known here | did you mean `or`?
    → when a or b: assign owner
    syntax 1:30-32 `ba` is not known here | did you mean `by`?
    → when a: assign group "Sales" by hand
    syntax 1:6-11 write `chat`, not `cha|t`
    → when chat in "Sales": assign owner
    syntax 1:25-29 expected `per` after `once`, not `per1`
    syntax 1:28-29 `s` touches the text `"Sale"` | write `"Sales"`, or leave `s` out
    syntax 1:32-33 `a` touches the text `"lice"` | write `"alice"`, or leave `a` out
    syntax 1:20-30 write `2026-01-07`, not `2026–01-07`
    syntax 1:31-36 write `09:00`, not `09：00`
    → test "t": given at 2026-01-07 09:00
    syntax 1:35-36 expected a duration like `5m` after `aged`, not `m`
    "#);
}

#[test]
fn lines_in_the_wrong_order() {
    let check = super::check;
    insta::assert_snapshot!(check("when a:\nrule \"x\"\n    assign owner"), @r#"
    syntax 2:1-9 `rule "x"` stands before `when`
    → rule "x"
    → when a:
    "#);
    insta::assert_snapshot!(check("rule \"x\"\n    assign owner,\nwhen a:\n    tag \"b\""), @r#"
    syntax 2:1-8 these two lines are in the wrong order
    → when a:
    →     assign owner,
    "#);
    insta::assert_snapshot!(check("aslo rule \"x\"\nwhen a: tag \"b\""), @r#"
    syntax 1:1-5 `aslo` is not known here | did you mean `also`?
    → also rule "x"
    "#);
    insta::assert_snapshot!(check("ruel \"x\"\nwhen a: assign owner"), @r#"
    syntax 1:1-5 `ruel` is not known here | did you mean `rule`?
    → rule "x"
    "#);
    insta::assert_snapshot!(check("when a:\nwhen a:\n    assign owner"), @r#"
    syntax 1:1-8 this line is here twice
    → when a:
    →     assign owner
    "#);
}

#[test]
fn one_edit_of_several() {
    let text = r#"
        hours night mon = 22:00-02:00
        test "t": no expect tag "ad"
        hours h = mon 09:00-12:00 sat 13:00-17:00
        also when a and message is “text: tag "lead"
        when message contains any ["merci, "s'il te plaît"]: assign owner
        when customer.plan not "gold": assign owner
    "#;
    insta::assert_snapshot!(each(text), @r#"
    syntax 1:7-16 days and dates come after the `=` | write `hours night = mon 22:00-02:00`
    syntax 1:11-20 `no` and `expect` are in the wrong order | without `no` it makes sense too: write what is meant
    syntax 1:27-30 `,` is missing after `09:00-12:00` | without `sat` it makes sense too: write what is meant
    syntax 1:28-40 expected a value after `is`, not `“text: tag "`
    syntax 1:36-37 this `"` ends the text | write `'` for an apostrophe, and `\"` for a quote inside a text
    syntax 1:20-23 `is` is missing before `not`
    → when customer.plan is not "gold": assign owner
    "#);
}

#[test]
fn a_word_or_sign_in_another_place() {
    let text = r#"
        when a and ]message contains any ["b", "c" or d: assign owner
        when customer[.country is any "EG", "SA"]: assign owner
        when a: assign group with "Sales" skill "fr" by hand
        when a and =b: assign owner
        when a or (has_owner # and b):
        when a: assign group # "Sales" by hand
        when a # and b:
    "#;
    insta::assert_snapshot!(each(text), @r#"
    syntax 1:12-13 the `]` of the list is in the wrong place
    → when a and message contains any ["b", "c"] or d: assign owner
    syntax 1:14-15 the `[` of the list is in the wrong place
    → when customer.country is any [ "EG", "SA"]: assign owner
    syntax 1:22-27 `with` is in the wrong place
    → when a: assign group "Sales" with skill "fr" by hand
    syntax 1:8-13 `and` and `=` are in the wrong order | leave a space between words and numbers
    syntax 1:21-21 expected `and`, `or` or `)` after `has_owner`
    syntax 1:22-39 what is missing here follows the `#` | everything after `#` is a comment, up to the end of the line
    → when a: assign group "Sales" by hand
    syntax 1:7-7 expected `and`, `or` or `:` after `a`
    "#);
}

#[test]
fn lines_twice_or_swapped() {
    let check = super::check;
    insta::assert_snapshot!(check("also rule \"x\"\n    tag \"b\"\nwhen a:\n"), @r#"
    syntax 2:1-8 these two lines are in the wrong order
    → when a:
    →     tag "b"
    "#);
    insta::assert_snapshot!(check("rule \"x\"\nwhen a:\nwhen a:\n    assign owner"), @r#"
    syntax 2:1-8 this line is here twice
    → rule "x"
    → when a:
    →     assign owner
    "#);
    insta::assert_snapshot!(check("when a:\n    assign owner,\n    tag \"b\"\n    tag \"b\"\n"), @r#"
    syntax 4:5-12 this line is here twice
    → when a:
    →     assign owner,
    →     tag "b"
    "#);
    insta::assert_snapshot!(check("\"x\"\nwhen a: assign owner"), @r#"
    syntax 1:1-4 `"x"` cannot start a line here | write `rule "x"` for the name of a rule, or `test "x":` for that of a test
    "#);
    insta::assert_snapshot!(check("when a: assign owner\n\n\"x\"\nwhen b: assign owner"), @r#"
    syntax 3:1-4 `rule` is missing before `"x"`
    → rule "x"
    "#);
    insta::assert_snapshot!(check("when a: assign owner\n\n\"x\":\n    expect kept"), @r#"
    syntax 3:1-4 `test` is missing before `"x"`
    → test "x":
    "#);
    insta::assert_snapshot!(check("also \"x\"\nwhen a: tag \"b\""), @r#"
    syntax 1:6-9 `rule` is missing after `also` | write `also rule "x"`
    → also rule "x"
    "#);
    insta::assert_snapshot!(check("rule \"x when a: assign owner\notherwise: assign nobody"), @r#"
    syntax 1:6-29 `"x when a: assign owner` is not closed | a text ends with `"` on the line where it starts
    → rule "x" when a: assign owner
    "#);
}
