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
    "#);
}

#[test]
fn one_meaning() {
    let text = r#"
        when a: assign group "Sales" by random otherwise nobody
        when message has AD or message has Campaign: assign owner
        when message has Button: assign owner
        when message has Image: assign owner
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
    syntax 1:13-14 write `"`, not `'`
    → when a: tag "ad"
    syntax 1:15-16 write `"`, not `‘`
    → when a: reply "Hello there"
    "#);
}
