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
    syntax 1:24-31 `“Sales”` is in curly quotes | texts need straight quotes: `"`
    syntax 1:49-53 `‘Hi’` is in curly quotes | texts need straight quotes: `"`
    → when vip: assign group "Sales" by random, reply "Hi"
    syntax 1:17-24 `'don't'` is in single quotes | texts need straight quotes: `"`
    syntax 1:38-45 ``alice`` is in back quotes | texts need straight quotes: `"`
    → when vip: reply "don't", assign user "alice"
    syntax 1:17-24 `„Hallo“` is in curly quotes | texts need straight quotes: `"`
    → when vip: reply "Hallo"
    syntax 1:17-26 `«Bonjour»` is in angle quotes | texts need straight quotes: `"`
    → when vip: reply "Bonjour"
    syntax 1:17-35 `“He said "hi", ok”` is in curly quotes | texts need straight quotes: `"`
    → when vip: reply "He said \"hi\", ok"
    syntax 1:17-24 `“Hello"` is in curly quotes | texts need straight quotes: `"`
    → when vip: reply "Hello"
    syntax 1:17-28 a text on one line needs only one `"` at each end
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
    syntax 1:24-49 `"Sales by random, reply "` ends too late | a `"` is missing inside it
    → when vip: assign group "Sales" by random, reply "Hi"
    syntax 1:17-29 `"Hello there` is not closed | a text ends with `"` on the line where it starts
    → when vip: reply "Hello there"
    syntax 1:20-40 `"Sales: assign owner` is not closed | a text ends with `"` on the line where it starts
    → when any_online in "Sales": assign owner
    syntax 1:17-51 `"Thanks once per 12h, assign own…` is not closed | a text ends with `"` on the line where it starts
    → when vip: reply "Thanks" once per 12h, assign owner
    syntax 1:17-24 `"Hello”` is not closed | a text ends with `"` on the line where it starts
    → when vip: reply "Hello"
    syntax 1:17-23 `“Hello` is not closed | a text ends with `"` on the line where it starts
    → when vip: reply "Hello"
    syntax 1:22-43 `/refund: assign owner` is not closed | a pattern ends with `/` on the line where it starts
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
    syntax 1:24-29 `Sales` has no quotes around it | names and texts need quotes: write `"Sales"`
    → when vip: assign group "Sales" by random
    syntax 1:24-37 `Customer Care` has no quotes around it | names and texts need quotes: write `"Customer Care"`
    → when vip: assign group "Customer Care" by random
    syntax 1:23-28 `alice` has no quotes around it | names and texts need quotes: write `"alice"`
    syntax 1:36-48 `Hello there!` has no quotes around it | names and texts need quotes: write `"Hello there!"`
    → when vip: assign user "alice", reply "Hello there!"
    syntax 1:29-35 `refund` has no quotes around it | names and texts need quotes: write `"refund"`
    → when vip: assign owner, tag "refund"
    syntax 1:26-28 `EG` has no quotes around it | names and texts need quotes: write `"EG"`
    → when customer.country is "EG": assign owner
    syntax 1:10-22 `Africa/Cairo` has no quotes around it | names and texts need quotes: write `"Africa/Cairo"`
    → timezone "Africa/Cairo"
    syntax 1:5-17 `common.rules` has no quotes around it | names and texts need quotes: write `"common.rules"`
    → use "common.rules"
    syntax 1:6-13 `welcome` has no quotes around it | names and texts need quotes: write `"welcome"`
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
    syntax 1:35-43 `"random"` should not be in quotes | words of the language and names of definitions have no quotes
    → when vip: assign group "Sales" by random
    syntax 1:5-10 `"vip"` should not be in quotes | words of the language and names of definitions have no quotes
    → let vip = a
    syntax 1:13-27 `"office hours"` should not be in quotes | words of the language and names of definitions have no quotes
    → when during office_hours: assign owner
    syntax 1:34-40 `"high"` should not be in quotes | words of the language and names of definitions have no quotes
    → when vip: assign owner, priority high
    "#);
}

#[test]
fn a_quote_that_slipped_in_before_a_word() {
    let found =
        check("when a: assign group \"A\" with skill \"customer.city by random else group \"B\" by hand");
    assert!(found.contains("ends too late") && !found.contains('→'), "{found}");
}

#[test]
fn a_character_beside_the_quotes_of_several_lines() {
    for text in ["\"\"\"\"\n  Hello\n  \"\"\"", "\"\"\"x\n  Hello\n  \"\"\"", "\"\"\"\n  Hello\n  x\"\"\""] {
        let found = check(&format!("when vip: reply {text}"));
        assert!(found.contains("needs a line break") && !found.contains('→'), "{found}");
    }
}

#[test]
fn texts_of_several_lines() {
    let text = r#"
when vip: reply """Hello
  there
  """"#;
    insta::assert_snapshot!(check(text.trim_start()), @r#"
    syntax 1:17-6 a `"""` text needs a line break after the first `"""` and before the last | write `"""` at the end of a line, then the lines, then `"""` on a line of its own
    → when vip: reply """
    →   Hello
    →   there
    →   """
    "#);
    let text = r#"
when vip: reply """
  Hello
  there""""#;
    insta::assert_snapshot!(check(text.trim_start()), @r#"
    syntax 1:17-11 a `"""` text needs a line break after the first `"""` and before the last | write `"""` at the end of a line, then the lines, then `"""` on a line of its own
    → when vip: reply """
    →   Hello
    →   there
    →   """
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
    syntax 1:17-30 `"Hello there,` is not closed | a text ends with `"` on the line where it starts
    → when vip: reply "Hello there",
    "#);
}

#[test]
fn no_value_is_no_text() {
    insta::assert_snapshot!(each("when customer.city is NULL: assign owner\nwhen customer.city is not Empty: assign owner"), @r#"
    syntax 1:23-27 `NULL` has no quotes around it | to ask whether there is a value at all, write `customer has …` and the attribute; a text needs quotes: `"NULL"`
    syntax 1:27-32 `Empty` has no quotes around it | to ask whether there is a value at all, write `customer has …` and the attribute; a text needs quotes: `"Empty"`
    "#);
}
