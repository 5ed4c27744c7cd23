//! Lists and questions.

use super::each;

#[test]
fn lists() {
    let text = r#"
        when customer.country is "EG" or "SA": assign owner
        when message contains "a", "b" or "c": assign owner
        when customer.country in ["EG", "SA"]: assign owner
        when customer.country is ["EG", "SA"]: assign owner
        when customer.country is any ("EG", "SA"): assign owner
        when customer.country is any "EG", "SA" and vip: assign owner
        when customer.country is one of ["EG"]: assign owner
        when customer.plan not in ["a"]: assign owner
    "#;
    insta::assert_snapshot!(each(text), @r#"
    syntax 1:34-38 several values need a list | write `any ["EG", "SA"]`
    → when customer.country is any ["EG", "SA"]: assign owner
    syntax 1:26-27 several values need a list | write `any ["a", "b", "c"]`
    → when message contains any ["a", "b", "c"]: assign owner
    syntax 1:23-25 write `is any`, not `in`
    → when customer.country is any ["EG", "SA"]: assign owner
    syntax 1:26-27 `any` is missing before the list | `any ["a", "b"]` means one of these
    → when customer.country is any ["EG", "SA"]: assign owner
    syntax 1:30-31 a list needs `[` and `]` | write `any ["a", "b"]`
    → when customer.country is any ["EG", "SA"]: assign owner
    syntax 1:30-34 a list needs `[` and `]` | write `any ["a", "b"]`
    → when customer.country is any ["EG", "SA"] and vip: assign owner
    syntax 1:23-32 write `is any`, not `is one of`
    → when customer.country is any ["EG"]: assign owner
    syntax 1:20-26 write `is not any`, not `not in`
    → when customer.plan is not any ["a"]: assign owner
    "#);
}

#[test]
fn questions() {
    let text = r#"
        when customer.plan equals "gold" and message includes "x": assign owner
        when message begins with "x": assign owner
        when message does not contain "x": assign owner
        when customer.name doesn't contain "x": assign owner
        when customer.plan isn't "gold": assign owner
        when online is at least 2: assign owner
        when customer.orders is more than 2: assign owner
        when waiting >= 1,000: assign owner
    "#;
    insta::assert_snapshot!(each(text), @r#"
    syntax 1:20-26 write `is`, not `equals`
    syntax 1:46-54 write `contains`, not `includes`
    → when customer.plan is "gold" and message contains "x": assign owner
    syntax 1:14-25 write `starts with`, not `begins with`
    → when message starts with "x": assign owner
    syntax 1:14-30 write `not … contains`, not `does not contain` | write `not message contains …`
    → when not message contains "x": assign owner
    syntax 1:20-35 write `not … contains`, not `doesn't contain` | write `not customer.name contains …`
    → when not customer.name contains "x": assign owner
    syntax 1:20-25 write `is not`, not `isn't`
    → when customer.plan is not "gold": assign owner
    syntax 1:13-24 write `>=`, not `is at least`
    → when online >= 2: assign owner
    syntax 1:22-34 write `>`, not `is more than`
    → when customer.orders > 2: assign owner
    syntax 1:17-22 write `1_000`, not `1,000`
    → when waiting >= 1_000: assign owner
    "#);
}

#[test]
fn values_after_not() {
    insta::assert_snapshot!(each(r#"
        when not customer has tag "vip" and "debt": assign owner
        when not message contains "a" or "b": assign owner
        when not chat has tag "a", "b": assign owner
        when not customer.city is "a" and "b": assign owner
        when not message contains all ["a", "b"]: assign owner
        when not (customer has tag "vip" and "debt"): assign owner
    "#), @r#"
    syntax 1:37-43 several values need a list | write `not customer has tag any ["vip", "debt"]` if none of them may be there, or `not (customer has tag "vip" and customer has tag "debt")` if not all of them may
    syntax 1:34-37 several values need a list | write `any ["a", "b"]`
    → when not message contains any ["a", "b"]: assign owner
    syntax 1:26-27 several values need a list | write `not chat has tag any ["a", "b"]` if none of them may be there, or `not (chat has tag "a" and chat has tag "b")` if not all of them may
    syntax 1:35-38 several values need a list | write `not customer.city is any ["a", "b"]` for none of them, or repeat the whole test
    syntax 1:10-41 `contains` and `has tag` take one text, or `any` of a list | write `not (message contains "a" and message contains "b")`
    → when not (message contains "a" and message contains "b"): assign owner
    syntax 1:38-44 each value needs a test of its own | write `customer has tag "vip" and customer has tag "debt"`
    → when not (customer has tag "vip" and customer has tag "debt"): assign owner
    "#);
}

#[test]
fn values_of_other_tests() {
    insta::assert_snapshot!(each(r#"
        when chat with "bob" or "al": assign owner
        when chat with "bob" and "al": assign owner
        when not chat with "bob" and "al": assign owner
        when any_online in "Sales" or "Support": assign owner
        when not any_available in "Sales" or "Support": assign owner
        when chat in "Sales" and "Support": assign owner
        when message is "a" | "b": assign owner
        when message contains “a” or “b”: assign owner
        when customer has tag "a" and not "b": assign owner
        when "a" or "b" in message: assign owner
        when not during 09:00-12:00 or 13:00-14:00: assign owner
        when during 09:00-12:00 and 13:00-14:00: assign owner
        when during 09:00-12:00 or 13:00-14:00: assign owner
    "#), @r#"
    syntax 1:25-29 several values need a list | write `any ["bob", "al"]`
    → when chat with any ["bob", "al"]: assign owner
    syntax 1:26-30 several values need a list | one user has the chat: write `any ["bob", "al"]` for any of them
    syntax 1:30-34 several values need a list | write `not chat with any ["bob", "al"]` for none of them, or repeat the whole test
    syntax 1:31-40 `"Support"` needs a test of its own | write `any_online in "Sales" or any_online in "Support"`
    syntax 1:38-47 `"Support"` needs a test of its own | write `not (any_available in "Sales" or any_available in "Support")`, or `not (any_available in "Sales" and any_available in "Support")`
    syntax 1:26-35 `"Support"` needs a test of its own | write `chat in "Sales" or chat in "Support"`
    syntax 1:21-22 several values need a list | write `any ["a", "b"]`
    → when message is any ["a", "b"]: assign owner
    syntax 1:23-26 `“a”` is in curly quotes | texts need straight quotes: `"`
    syntax 1:30-33 several values need a list | write `any ["a", "b"]`
    → when message contains any ["a", "b"]: assign owner
    syntax 1:35-38 `"b"` has no test before it | each text needs a test of its own, as in `customer has tag "b"`
    syntax 1:6-9 `"a"` has no test before it | each text needs a test of its own, as in `message contains "…"` or `customer has tag "…"`
    syntax 1:13-27 write `message contains "b"`, not `"b" in message`
    → when "a" or message contains "b": assign owner
    syntax 1:32-43 `during` is missing before `13:00-14:00` | several days or times stand side by side, as in `during 09:00-12:00 13:00-14:00`; with `not` before it, it asks for all other times
    syntax 1:29-40 `during` is missing before `13:00-14:00` | several days or times stand side by side, as in `during 09:00-12:00 13:00-14:00`; with `not` before it, it asks for all other times
    syntax 1:28-39 `during` is missing before `13:00-14:00`
    → when during 09:00-12:00 or during 13:00-14:00: assign owner
    "#);
}
