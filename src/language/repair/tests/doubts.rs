//! Mistakes behind which more than one meaning may be: they have no fix, or one that keeps the meaning.

use super::each;

#[test]
fn two_meanings() {
    let text = r#"
        when a: assign group "Sales" by random otherwise: assign nobody
        when a: assign group "Sales" by random, otherwise: assign nobody
        when a: assign group "Sales" by random otherwise assign nobody
        when a: assign group "Sales" by random else: assign nobody
        when a: assign group "Sales" with skill "en" and .language by random
        move when has tag "late": assign owner
        also when tag is "late": tag "b"
        move when chat has tag any ["late"[ "hot"]: assign owner
        let late = has tag "late"
        when message has a button: assign owner
    "#;
    insta::assert_snapshot!(each(text), @r#"
    syntax 1:40-49 `otherwise` cannot start a rule in the middle of a line | start a line of its own with `otherwise:` for messages that no rule takes, or write `else nobody` or another alternative for when nobody here can be given the chat
    syntax 1:41-50 `otherwise` cannot start a rule in the middle of a line | start a line of its own with `otherwise:` for messages that no rule takes, or write `else nobody` or another alternative for when nobody here can be given the chat
    syntax 1:40-49 `otherwise` cannot start a rule in the middle of a line | start a line of its own with `otherwise:` for messages that no rule takes, or write `else nobody` or another alternative for when nobody here can be given the chat
    syntax 1:40-44 `else` cannot start a rule in the middle of a line | start a line of its own with `otherwise:` for messages that no rule takes, or write `else nobody` or another alternative for when nobody here can be given the chat
    syntax 1:50-51 `.language` does not say whose it is | write `customer.language` for what the customer has, or `"language"` for the text
    syntax 1:11-25 write `customer has tag "late"`, not `has tag "late"` | write `customer has tag "late"` for a tag of the customer, or `chat has tag "late"` for one of the chat
    syntax 1:11-24 write `customer has tag "late"`, not `tag is "late"` | write `customer has tag "late"` for a tag of the customer, or `chat has tag "late"` for one of the chat
    syntax 1:35-36 a list has no other list in it | write `,` between the values, as in `any ["a", "b"]`
    syntax 1:12-26 write `customer has tag "late"`, not `has tag "late"` | write `customer has tag "late"` for a tag of the customer, or `chat has tag "late"` for one of the chat
    syntax 1:6-26 write `message is button`, not `message has a button` | write `message is button` for the kind, or `message has button` for any message with the id of a button
    "#);
}

#[test]
fn texts_keep_their_quotes() {
    let text = r#"
        when customer has tag "a" and not "vip": assign owner
        when message is not "a" and not "vip": assign owner
        when message contains "a" or not "new customer": assign owner
        when customer has tag any ["a", "c"] and not "b": assign owner
        when "vip" and any_online: assign owner
        move when not chat with "bob" or "vip": assign owner
        move when chat with "bob" or "alice": assign owner
        when any_online in "Sales" or "Support": assign owner
        when any_online in "Sales" and not "Support": assign owner
        when any_online and "has_owner": assign owner
    "#;
    insta::assert_snapshot!(each(text), @r#"
    syntax 1:35-40 `"vip"` has no test before it | each text needs a test of its own, as in `customer has tag "vip"`
    syntax 1:33-38 `"vip"` has no test before it | each text needs a test of its own, as in `message is not "vip"`
    syntax 1:34-48 `"new customer"` has no test before it | each text needs a test of its own, as in `message contains "new customer"`
    syntax 1:46-49 `"b"` has no test before it | each text needs a test of its own, as in `customer has tag "b"`
    syntax 1:6-11 `"vip"` has no test before it | each text needs a test of its own, as in `message contains "…"` or `customer has tag "…"`
    syntax 1:34-39 several values need a list | write `any ["bob", "vip"]`
    → move when not chat with any ["bob", "vip"]: assign owner
    syntax 1:30-37 several values need a list | write `any ["bob", "alice"]`
    → move when chat with any ["bob", "alice"]: assign owner
    syntax 1:31-40 `"Support"` needs a test of its own | write `any_online in "Sales" or any_online in "Support"`
    syntax 1:36-45 `"Support"` has no test before it | each text needs a test of its own, as in `any_online in "Support"`
    syntax 1:21-32 `"has_owner"` should not be in quotes | words of the language and names of definitions have no quotes
    → when any_online and has_owner: assign owner
    "#);
}

#[test]
fn one_meaning() {
    let text = r#"
        when a: assign group "Sales" by random otherwise nobody
        when message has AD or message has Campaign: assign owner
        when message has Button: assign owner
        when message has Image: assign owner
        when a: assign nobody, priority after 5m high
        when a: tag 'ad"
        when a: reply ‘Hello there"
    "#;
    insta::assert_snapshot!(each(text), @r#"
    syntax 1:40-49 write `else`, not `otherwise`
    → when a: assign group "Sales" by random else nobody
    syntax 1:18-20 `AD` must be in lower case
    syntax 1:36-44 `Campaign` must be in lower case
    → when message has ad or message has campaign: assign owner
    syntax 1:18-24 `Button` must be in lower case
    → when message has button: assign owner
    syntax 1:6-23 write `message is image`, not `message has Image`
    → when message is image: assign owner
    syntax 1:39-41 `after 5m` comes last
    → when a: assign nobody, priority high after 5m
    syntax 1:13-14 write `"`, not `'`
    → when a: tag "ad"
    syntax 1:15-16 write `"`, not `‘`
    → when a: reply "Hello there"
    "#);
}
