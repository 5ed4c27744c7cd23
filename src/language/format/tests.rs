//! Tests of the layout.

use std::ops::RangeInclusive;

use proptest::prelude::*;
use proptest::sample::select;

use super::super::lexer::{TokenKind, is_item_word, lex};
use super::super::parse::parse;
use super::format;
use crate::testing::{complete_policies, config, sound_policies};
use crate::text::Source;

fn formatted(text: &str) -> String {
    let formatted = format(&Source::new("a.rules", text));
    let mut edited = text.to_owned();
    for edit in formatted.edits.iter().rev() {
        edited.replace_range(edit.span.range(), &edit.text);
    }
    edited
}

/// Checks that `before` is formatted as `after`, and `after` as itself.
#[track_caller]
fn check(before: &str, after: &str) {
    assert_eq!(formatted(before), after);
    assert_eq!(formatted(after), after);
}

#[test]
fn a_rule_has_a_line_for_each_part() {
    check(
        "rule \"x\" when  new_customer and any_online :assign  group \"Sales\" by random ,reply \"Hi\"",
        "rule \"x\"\nwhen new_customer and any_online:\n    assign group \"Sales\" by random,\n    reply \"Hi\"\n",
    );
    check("also rule \"x\" when vip: tag \"a\",", "also rule \"x\"\nwhen vip:\n    tag \"a\",\n");
    check("move\nwhen vip:\nassign owner", "move when vip:\n    assign owner\n");
    check("rule \"x\" otherwise: assign owner", "rule \"x\"\notherwise:\n    assign owner\n");
}

#[test]
fn a_condition_is_broken_at_its_joints() {
    check(
        "when customer.country is \"EG\" and message contains any [\"refund\", \"money back\"] and any_online in \"Support\" and (vip or customer.orders > 10): assign owner",
        "when customer.country is \"EG\"\n        and message contains any [\"refund\", \"money back\"]\n        and any_online in \"Support\"\n        and (vip or customer.orders > 10):\n    assign owner\n",
    );
    check(
        "let x = message contains any [\"refund\", \"money back\"] and new_customer and any_online in \"Support\" or customer has tag \"vip\"",
        "let x =\n    message contains any [\"refund\", \"money back\"] and new_customer and any_online in \"Support\"\n    or customer has tag \"vip\"\n",
    );
    check(
        "when not (message contains \"the first long text of these\" or message contains \"the second long text of these\"): assign owner",
        "when not (message contains \"the first long text of these\"\n        or message contains \"the second long text of these\"):\n    assign owner\n",
    );
}

#[test]
fn a_long_list_fills_its_lines() {
    let words: Vec<String> = (10..30).map(|n| format!("\"word {n}\"")).collect();
    let list = words.join(",");
    let lines = |indent: &str| {
        words.chunks(8).map(|line| format!("{indent}{}", line.join(", "))).collect::<Vec<_>>().join(",\n")
    };
    check(
        &format!("when new_customer and message contains any [{list}] and vip: assign owner"),
        &format!(
            "when new_customer\n        and message contains any [\n{}\n        ]\n        and vip:\n    assign owner\n",
            lines("            ")
        ),
    );
}

#[test]
fn alternatives_are_broken_before_else() {
    check(
        "otherwise: assign group \"Concierge\" by least_load among available for 5m else group \"Counter\" by least_chats among available else group \"Concierge\" by hand, tag \"x\"",
        "otherwise:\n    assign group \"Concierge\" by least_load among available for 5m\n        else group \"Counter\" by least_chats among available\n        else group \"Concierge\" by hand,\n    tag \"x\"\n",
    );
}

#[test]
fn hours_have_a_line_for_each_entry_and_dates_fill_theirs() {
    check(
        "hours clinic = sun - thu 09:00 -17:00,sat 10:00-14:00 except feasts",
        "hours clinic = sun-thu 09:00-17:00, sat 10:00-14:00 except feasts\n",
    );
    check(
        "hours clinic = sun-thu 09:00-17:00, sat 10:00-14:00, 2026-04-12 10:00-13:00, 2026-04-13 10:00-13:00 except feasts, dec 25",
        "hours clinic =\n    sun-thu 09:00-17:00,\n    sat 10:00-14:00,\n    2026-04-12 10:00-13:00,\n    2026-04-13 10:00-13:00\n    except feasts, dec 25\n",
    );
    check(
        "dates feasts = jan 7, apr 25, jul 23, oct 6, 2026-03-20 .. 2026-03-22, 2026-04-13, 2026-05-26..2026-05-29, 2027-04-13",
        "dates feasts =\n    jan 7, apr 25, jul 23, oct 6, 2026-03-20..2026-03-22, 2026-04-13, 2026-05-26..2026-05-29,\n    2027-04-13\n",
    );
}

#[test]
fn a_test_has_a_line_for_each_given_and_expect() {
    check(
        "test \"x\": given customer returning , owner \"alice\" given online \"bob\" with 3 chats idle 20m expect assign user any [\"a\",\"b\"]",
        "test \"x\":\n    given customer returning, owner \"alice\"\n    given online \"bob\" with 3 chats idle 20m\n    expect assign user any [\"a\", \"b\"]\n",
    );
    check(
        "test \"x\":\n\n given at fri 22:00\n\n\n # why\n expect kept",
        "test \"x\":\n\n    given at fri 22:00\n\n    # why\n    expect kept\n",
    );
}

#[test]
fn texts_of_several_lines_move_together() {
    check(
        "otherwise: assign owner, reply \"\"\"\n  a\n    b \n \t\n\"\"\" once per 12h",
        "otherwise:\n    assign owner,\n    reply \"\"\"\n        a\n          b \n\n        \"\"\" once per 12h\n",
    );
}

#[test]
fn comments_stay_where_they_are() {
    check(
        "# allow unanswered: why\n\n\n# a   \nrule \"x\" # b\n# c\nwhen vip: # d\n  # e\nassign owner, # f\n  tag \"x\" # g\n  # h\n# i\n",
        "# allow unanswered: why\n\n# a\nrule \"x\" # b\n# c\nwhen vip: # d\n    # e\n    assign owner, # f\n    tag \"x\" # g\n    # h\n\n# i\n",
    );
    check(
        "let x = new_customer # a\nand # b\n# c\nvip",
        "let x =\n    new_customer # a\n    and # b\n    # c\n    vip\n",
    );
}

#[test]
fn rules_and_tests_stand_apart() {
    check("let a = vip\nlet b = vip\n\n\n\nlet c = vip\n", "let a = vip\nlet b = vip\n\nlet c = vip\n");
    check(
        "let a = vip\n# about\n# this\nwhen a: assign owner\notherwise: assign nobody",
        "let a = vip\n\n# about\n# this\nwhen a:\n    assign owner\n\notherwise:\n    assign nobody\n",
    );
}

#[test]
fn what_cannot_be_read_stays_as_it_is() {
    check(
        "let  a=vip\n  rule  \"x\" when  :  assign owner \n# c\nlet  b =  vip",
        "let a = vip\n  rule  \"x\" when  :  assign owner\n# c\nlet b = vip\n",
    );
    check("rule  \"x\"\n\nwhen vip: assign owner", "rule  \"x\"\n\nwhen vip: assign owner\n");
    check("let\u{A0}a  = vip\n\u{200F}let b  = vip", "let\u{A0}a  = vip\n\u{200F}let b = vip\n");
    let unread = format(&Source::new("a.rules", "let a = vip\nlet b = =\nlet c = vip")).unread;
    assert_eq!(unread.len(), 1);
    check("let  a = vip\rlet b = vip", "let  a = vip\rlet b = vip");
}

#[test]
fn line_breaks_and_the_byte_order_mark_stay() {
    check(
        "\u{FEFF}\r\nwhen vip: assign owner, reply \"\"\"\r\na\r\n\"\"\"",
        "\u{FEFF}when vip:\r\n    assign owner,\r\n    reply \"\"\"\r\n        a\r\n        \"\"\"\r\n",
    );
    check("", "");
    check(" \n\n", "");
    check("# c", "# c\n");
}

/// The tokens of `text` that are not comments, and the comments with the number of tokens before each. The lines of a text
/// lose their indentation.
fn written(text: &str) -> (Vec<String>, Vec<(usize, String)>) {
    let (mut tokens, mut comments) = (Vec::new(), Vec::new());
    for token in lex(text) {
        match token.kind {
            TokenKind::Comment => comments.push((tokens.len(), token.of(text).trim_end().to_owned())),
            TokenKind::Text if token.of(text).starts_with("\"\"\"") => {
                tokens.push(token.of(text).lines().map(str::trim).collect::<Vec<_>>().join("\n"));
            }
            _ => tokens.push(token.of(text).to_owned()),
        }
    }
    (tokens, comments)
}

/// `text` with other white space and, if `has_comments`, some more comments. `choices` says what comes where.
fn respaced(text: &str, choices: &[u8], has_comments: bool) -> String {
    let mut respaced = String::new();
    let tokens = lex(text);
    for (number, token) in tokens.iter().enumerate() {
        let choice = choices[number % choices.len()];
        let before = number.checked_sub(1).map(|before| tokens[before]);
        let must_break = token.first && is_item_word(token.of(text))
            || before.is_some_and(|b| b.kind == TokenKind::Comment);
        let may_break = !is_item_word(token.of(text));
        let touches = before.is_some_and(|before| before.span.end == token.span.start);
        let is_head = must_break && matches!(token.of(text), "when" | "otherwise");
        match choice {
            _ if token.kind == TokenKind::Comment => respaced.push_str(if token.first { "\n" } else { " " }),
            // A head that is broken into lines may be joined.
            _ if must_break => respaced.push_str(if is_head { "\n" } else { "\n\n" }),
            _ if touches => {}
            0..60 => respaced.push(' '),
            60..90 if may_break => respaced.push_str("\n   "),
            90..100 if may_break && has_comments => respaced.push_str(" # more\n"),
            100..110 if may_break && has_comments => respaced.push_str("\n\t# more # still\n  "),
            _ => respaced.push_str("  "),
        }
        respaced.push_str(token.of(text));
    }
    respaced
}

fn choices() -> impl Strategy<Value = Vec<u8>> {
    const SOME: RangeInclusive<usize> = 7..=97;
    prop::collection::vec(0_u8..128, SOME)
}

fn texts() -> impl Strategy<Value = String> {
    let samples: Vec<String> = sound_policies().iter().map(|policy| policy.text.to_owned()).collect();
    prop_oneof![select(samples), complete_policies().prop_map(|policy| policy.text())]
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn nothing_that_is_written_gets_lost(text in texts(), choices in choices()) {
        let text = respaced(&text, &choices, true);
        let after = formatted(&text);
        prop_assert_eq!(written(&after), written(&text));
        prop_assert_eq!(formatted(&after), after.clone());
        prop_assert!(parse(&Source::new("a.rules", &*after)).findings.is_empty());
    }

    #[test]
    fn how_it_was_broken_makes_no_difference(text in texts(), choices in choices()) {
let is_comment = |line: &&str| line.trim_start().starts_with('#');
        let text: String = text.split_inclusive('\n').filter(|line| !is_comment(line)).collect();
        let without_empty_lines = |text: &str| formatted(text).replace("\n\n", "\n");
        prop_assert_eq!(without_empty_lines(&respaced(&text, &choices, false)), without_empty_lines(&text));
    }
}
