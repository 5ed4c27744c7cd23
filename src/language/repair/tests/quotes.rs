//! Quotes: other ones, missing ones, needless ones.

use super::{check, each};

#[test]
fn other_quotes() {
    let text = r#"
        when vip: assign group “Sales” by random, reply ‘Hi’
        when vip: reply 'don't', assign user `alice`
        when vip: reply „Hallo“
        when vip: reply «Bonjour»
        when vip: reply “He said "hi", ok”
        when vip: reply “Hello"
        when vip: reply """Hello"""
    "#;
    insta::assert_snapshot!(each(text), @r#"
    syntax 1:24-31 `“Sales”` stands in curly quotes | texts stand in straight quotes: `"`
    syntax 1:49-53 `‘Hi’` stands in curly quotes | texts stand in straight quotes: `"`
    → when vip: assign group "Sales" by random, reply "Hi"
    syntax 1:17-24 `'don't'` stands in single quotes | texts stand in straight quotes: `"`
    syntax 1:38-45 ``alice`` stands in backward quotes | texts stand in straight quotes: `"`
    → when vip: reply "don't", assign user "alice"
    syntax 1:17-24 `„Hallo“` stands in curly quotes | texts stand in straight quotes: `"`
    → when vip: reply "Hallo"
    syntax 1:17-26 `«Bonjour»` stands in angled quotes | texts stand in straight quotes: `"`
    → when vip: reply "Bonjour"
    syntax 1:17-35 `“He said "hi", ok”` stands in curly quotes | texts stand in straight quotes: `"`
    → when vip: reply "He said \"hi\", ok"
    syntax 1:17-24 `“Hello"` stands in curly quotes | texts stand in straight quotes: `"`
    → when vip: reply "Hello"
    syntax 1:17-28 a text on one line stands between single `"`
    → when vip: reply "Hello"
    "#);
}

#[test]
fn missing_end() {
    let text = r#"
        when vip: assign group "Sales by random, reply "Hi"
        when vip: reply "Hello there
        when any_online in "Sales: assign owner
        when vip: reply "Thanks once per 12h, assign owner
        when vip: reply "Hello”
        when vip: reply “Hello
        when message matches /refund: assign owner
    "#;
    insta::assert_snapshot!(each(text), @r#"
    syntax 1:24-49 `"Sales by random, reply "` is closed too late | a `"` is missing in it
    → when vip: assign group "Sales" by random, reply "Hi"
    syntax 1:17-29 `"Hello there` is not closed | a text ends with `"` on the line it begins on
    → when vip: reply "Hello there"
    syntax 1:20-40 `"Sales: assign owner` is not closed | a text ends with `"` on the line it begins on
    → when any_online in "Sales": assign owner
    syntax 1:17-51 `"Thanks once per 12h, assign own…` is not closed | a text ends with `"` on the line it begins on
    → when vip: reply "Thanks" once per 12h, assign owner
    syntax 1:17-24 `"Hello”` is not closed | a text ends with `"` on the line it begins on
    → when vip: reply "Hello"
    syntax 1:17-23 `“Hello` is not closed | a text ends with `"` on the line it begins on
    → when vip: reply "Hello"
    syntax 1:22-43 `/refund: assign owner` is not closed | a pattern ends with `/` on the line it begins on
    → when message matches /refund/: assign owner
    "#);
}

#[test]
fn missing_beginning() {
    let text = r#"
        when vip: assign group Sales" by random
        when message contains refund": assign owner
    "#;
    insta::assert_snapshot!(each(text), @r#"
    syntax 1:24-29 the `"` before `Sales` is missing
    → when vip: assign group "Sales" by random
    syntax 1:23-29 the `"` before `refund` is missing
    → when message contains "refund": assign owner
    "#);
}

#[test]
fn no_quotes() {
    let text = r"
        when vip: assign group Sales by random
        when vip: assign group Customer Care by random
        when vip: assign user alice, reply Hello there!
        when vip: assign owner, tag refund
        when customer.country is EG: assign owner
        timezone Africa/Cairo
        use common.rules
        rule welcome when vip: assign owner
    ";
    insta::assert_snapshot!(each(text), @r#"
    syntax 1:24-29 `Sales` has no quotes around it | names and texts stand in quotes: write `"Sales"`
    → when vip: assign group "Sales" by random
    syntax 1:24-37 `Customer Care` has no quotes around it | names and texts stand in quotes: write `"Customer Care"`
    → when vip: assign group "Customer Care" by random
    syntax 1:23-28 `alice` has no quotes around it | names and texts stand in quotes: write `"alice"`
    syntax 1:36-48 `Hello there!` has no quotes around it | names and texts stand in quotes: write `"Hello there!"`
    → when vip: assign user "alice", reply "Hello there!"
    syntax 1:29-35 `refund` has no quotes around it | names and texts stand in quotes: write `"refund"`
    → when vip: assign owner, tag "refund"
    syntax 1:26-28 `EG` has no quotes around it | names and texts stand in quotes: write `"EG"`
    → when customer.country is "EG": assign owner
    syntax 1:10-22 `Africa/Cairo` has no quotes around it | names and texts stand in quotes: write `"Africa/Cairo"`
    → timezone "Africa/Cairo"
    syntax 1:5-17 `common.rules` has no quotes around it | names and texts stand in quotes: write `"common.rules"`
    → use "common.rules"
    syntax 1:6-13 `welcome` has no quotes around it | names and texts stand in quotes: write `"welcome"`
    → rule "welcome" when vip: assign owner
    "#);
}

#[test]
fn needless_quotes() {
    let text = r#"
        when vip: assign group "Sales" by "random"
        let "vip" = a
        when during "office hours": assign owner
        when vip: assign owner, priority "high"
    "#;
    insta::assert_snapshot!(each(text), @r#"
    syntax 1:35-43 `"random"` is no text here | this is a word, and words have no quotes
    → when vip: assign group "Sales" by random
    syntax 1:5-10 `"vip"` is no text here | this is a word, and words have no quotes
    → let vip = a
    syntax 1:13-27 `"office hours"` is no text here | this is a word, and words have no quotes
    → when during office_hours: assign owner
    syntax 1:34-40 `"high"` is no text here | this is a word, and words have no quotes
    → when vip: assign owner, priority high
    "#);
}

#[test]
fn texts_of_several_lines() {
    let text = r#"
when vip: reply """Hello
  there
  """"#;
    insta::assert_snapshot!(check(text.trim_start()), @r#"
    syntax 1:17-6 a `"""` text begins after the end of a line and ends at the start of one | write `"""` at the end of a line, then the lines, then `"""` on a line of its own
    → when vip: reply """
    → Hello
    →   there
    →   """
    "#);
    let text = r#"
when vip: reply """
  Hello
  there""""#;
    insta::assert_snapshot!(check(text.trim_start()), @r#"
    syntax 1:17-11 a `"""` text begins after the end of a line and ends at the start of one | write `"""` at the end of a line, then the lines, then `"""` on a line of its own
    → when vip: reply """
    →   Hello
    →   there
    → """
    "#);
    let text = r#"
when vip: reply """
  Hello
  there

rule "next" when a: assign owner"#;
    insta::assert_snapshot!(check(text.trim_start()), @r#"
    syntax 1:17-20 this text is not closed | write `"""` on a line of its own after it
    "#);
    let text = r#"
when vip: reply "Hello there,
    assign owner"#;
    insta::assert_snapshot!(check(text.trim_start()), @r#"
    syntax 1:17-30 `"Hello there,` is not closed | a text ends with `"` on the line it begins on
    → when vip: reply "Hello there",
    "#);
}
