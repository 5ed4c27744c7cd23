//! Reading on after a mistake that nothing repairs: each mistake is told once, in one run.

use super::{read, short};

#[track_caller]
fn check(text: &str) -> String {
    let parsed = read(text);
    short(text, &parsed)
}

#[test]
fn a_rule_with_four_mistakes() {
    let text = "rule \"a\"\nwhen customer wants refund and vip or blue sky:\n    assign group \"Sales\" by,\n    priority very high,\n    notify \"bob\"";
    insta::assert_snapshot!(check(text), @r#"
    syntax 2:6-20 there is no condition about what a customer wants | write `message contains "…"` with words of the message
    syntax 2:44-47 expected `and`, `or` or `:` after `blue`, not `sky`
    syntax 3:28-29 the way to choose a member is missing | write `by` and one of `random`, `in_order`, `most_waiting`, `least_chats`, `least_load`, `weighted`, `hand`
    syntax 4:19-23 expected `,` or the end of the item after `very`, not `high`
    syntax 5:5-11 there is no action called `notify` | a rule cannot notify; `tag` and `priority` are for the program that shows the chats
    "#);
}

#[test]
fn clauses_of_a_condition() {
    insta::assert_snapshot!(check("let a = (blue sky or vip) and not green grass"), @"
    syntax 1:15-18 expected `and`, `or` or `)` after `blue`, not `sky`
    syntax 1:41-46 expected `and`, `or` or the end of the item after `green`, not `grass`
    ");
    insta::assert_snapshot!(check("when a (b and c) d or vip: assign owner"), @"syntax 1:8-9 expected `and`, `or` or `:` after `a`, not `(`");
    insta::assert_snapshot!(check("when a b\n    assign owner,\n    notify \"bob\""), @"
    syntax 1:8-9 expected `and`, `or` or `:` after `a`, not `b`
    syntax 3:5-11 there is no action called `notify` | a rule cannot notify; `tag` and `priority` are for the program that shows the chats
    ");
}

#[test]
fn actions_and_alternatives() {
    insta::assert_snapshot!(check("when a: assign owner else moon and stars else group \"B\" by x y, tag 5"), @r#"
    syntax 1:27-31 `moon` could be a user or a group | write `user "moon"`, or `group "moon"` with `by` and a way to choose a member
    syntax 1:62-63 expected `,` or the end of the item after `x`, not `y`
    syntax 1:69-70 `5` has no quotes around it | names and texts need quotes: write `"5"` | put it in quotes
    "#);
    insta::assert_snapshot!(check("when a:\n    shout \"x\"\n    tag \"b\",\n    whisper \"y\""), @"
    syntax 2:5-10 there is no action called `shout` | the actions are `assign`, `reply`, `tag` and `priority`
    syntax 4:5-12 there is no action called `whisper` | the actions are `assign`, `reply`, `tag` and `priority`
    ");
}

#[test]
fn entries_and_lines() {
    insta::assert_snapshot!(check("hours h = mon, often, tue sometimes except dec 25, often yes"), @"
    syntax 1:16-21 expected days, dates or times after `,`, not `often` | hours are written `mon-fri 09:00-17:00`, dates `2026-12-25` or `dec 25`
    syntax 1:27-36 expected a time like `09:00`, a day like `mon`, `,`, `-` or the end of the item after `tue`, not `sometimes` | hours are written `mon-fri 09:00-17:00`, dates `2026-12-25` or `dec 25`
    syntax 1:58-61 `,` is missing after `often` | without `often` it makes sense too: write what is meant
    ");
    insta::assert_snapshot!(
        check("test \"t\":\n    given the moon\n    given online \"bob\" 3\n    expect the best\n    expects rul \"x\"\n    expect rule 5"),
        @r#"
    syntax 2:11-14 expected `online`, `away`, `offline`, `at`, `chat`, `customer`, `message`, `number`, `turn` or `waiting` after `given`, not `the`
    syntax 3:24-25 expected `expect`, `given`, `with`, `,` or the end of the item after `"bob"`, not `3`
    syntax 4:12-15 expected `after`, `also`, `assign`, `kept`, `no`, `not`, `priority`, `reply`, `rule`, `tag` or `waiting` after `expect`, not `the`
    syntax 5:5-12 expected `expect`, `given` or the end of the item, not `expects`
    syntax 6:17-18 `5` has no quotes around it | names and texts need quotes: write `"5"` | put it in quotes
    "#
    );
}

/// A guess that is followed by what cannot be read was wrong: only the error that it was for is told, without a fix.
#[test]
fn wrong_guesses() {
    insta::assert_snapshot!(check("when message says \"x\" and vip: assign owner"), @r#"syntax 1:6-22 `says` could be two tests | write `message is "x"` for the whole text, or `message contains "x"` for a part of it"#);
    insta::assert_snapshot!(check("when vip: assign group \"A\" by and least_load"), @"syntax 1:31-34 expected a way to choose after `by`, not `and`");
}

/// A word that is spelt correctly once repaired may be followed by another mistake.
#[test]
fn right_guesses() {
    insta::assert_snapshot!(check("when vip: asign nobody to anyone"), @"
    syntax 1:11-16 `asign` is not known here | did you mean `assign`? | write `assign`
    syntax 1:24-26 expected `,` or the end of the item after `nobody`, not `to`
    ");
}

#[test]
fn what_an_item_defines_is_known_however_it_is_written() {
    let names = |text: &str| {
        let broken = read(text).file.broken;
        broken.into_iter().flat_map(|broken| broken.names).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(names("when a: assign owner\ndefine vip = b"), "vip");
    assert_eq!(names("vip = b"), "vip");
    assert_eq!(names("letvip = b and"), "vip");
    // A definition that is mended is read.
    assert_eq!(read("letvip = b").file.items.len(), 1);
    // Of two items on a line, the first is read.
    assert_eq!(names("let a = x let b = y"), "b b");
    assert_eq!(read("let a = x let b = y").file.items.len(), 1);
    assert_eq!(names("when customer.orders = 5 and online in = 3: x"), "");
}

#[test]
fn a_blank_line_in_the_head_of_a_rule() {
    insta::assert_snapshot!(check("rule \"a\"\n\n\nwhen vip: assign owner"), @"syntax 2:1-1 there must be no empty line between `rule` and `when` | remove the empty line, or write the rest of the rule");
    insta::assert_snapshot!(check("also\n# why\n\nrule \"a\"\nwhen vip: tag \"x\""), @"syntax 3:1-1 there must be no empty line between `also` and `rule` | remove the empty line, or write the rest of the rule");
}

#[test]
fn an_invisible_character_and_what_it_breaks() {
    insta::assert_snapshot!(check("when new\u{A0}customer: assign owner"), @"syntax 1:9-10 a no-break space (U+00A0) is not allowed here | it looks like a space, but it is another character; pasted text often contains it | write a plain space");
}

/// The time for many mistakes in one item is limited.
#[test]
fn many_mistakes_in_one_item() {
    let text = format!("when {}: assign owner", vec!["blue sky"; 20_000].join(" and "));
    assert!(read(&text).findings.len() <= 21);
}
