//! Mistakes behind which more than one meaning may be: they have no fix, or one that keeps the meaning.

use super::{check, each};

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
        when a: tag "b"," priority high, reply "One moment, {user.name}."
        when message button contains "yes": assign owner
        hours h = mon wed 0ri 09:00-12:00
        when a: assign group "Visas" with "skill customer.language and "visa" by random
        when during mon-fri or 09:00-12:30: assign owner
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
    syntax 1:17-41 expected an action (`assign`, `reply`, `tag` or `priority`) or the end of the item after `,`, not `" priority high, reply "`
    syntax 1:53-54 expected an action (`assign`, `reply`, `tag` or `priority`) or the end of the item after `,`, not `{`
    syntax 1:14-20 `.` is missing after `message` | without `button` it makes sense too: write what is meant
    syntax 1:19-22 expected a time like `09:00`, a day like `mon`, `,`, `-` or the end of the item after `wed`, not `0ri` | hours are written `mon-fri 09:00-17:00`, dates `2026-12-25` or `dec 25`
    syntax 1:35-65 expected `skill` after `with`, not `"skill customer.language and "`
    syntax 1:24-35 `during` is missing before `09:00-12:30` | without `or` it makes sense too: write what is meant
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
        when a: assign owner available
        dates a = jan 6, 2026-03-20. .2026-03-22
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
    syntax 1:22-31 `among` is missing before `available` | without `available` it makes sense too: write what is meant
    syntax 1:28-29 the dots of `..` have no space between them
    → dates a = jan 6, 2026-03-20..2026-03-22
    "#);
}

#[test]
fn one_slip_that_several_fixes_would_hide() {
    let text = r#"
        when message has button": assign owner
        when a: assign group "Sales" with skill any "en" and "ar" by random
        when a: assign group "Sales" by in_order online group "Support" by hand
        when customer.orders <> 3: assign owner
        when customer.name <> "a": assign owner
        test "t":\n    given owner online "hala"\n    expect waiting
        test "t":\n    given online "hala"\n    expect not reply rule "x"
        test "t":\n    given online "hala"\n    expect not tag "spam"
        test "t":\n    given online "hala" with 1# chat, "bob"\n    expect rule "x"
        test "t":\n    given online "hala"\n    expect tag contains "x"
        when message contains  and nnot message contains "a": assign owner
        let a = message.campaign is any ["a", "b"} 12 and b
        hours shop = lun-fri 09:00-18:00
        hours shop = jue 09:00-18:00
        hours shop = mtn 09:00-18:00
        rule "rest”\notherwise: assign owter
        when a: assign owner, reply "No answer yet. once per 1h afterafter 5m
    "#;
    let lines = text.lines().map(|line| line.trim().replace("\\n", "\n")).filter(|line| !line.is_empty());
    insta::assert_snapshot!(lines.map(|line| check(&line)).collect::<Vec<_>>().join("\n"), @r#"
    syntax 1:14-17 write `contains`, not `has`
    syntax 1:18-24 the `"` before `button` is missing | write both quotes, or remove `"`
    syntax 1:45-49 a list needs `[` and `]` | without `any` it makes sense too: write what is meant
    syntax 1:42-48 `among` is missing before `online` | with `else` instead of `online` it makes sense too: write what is meant
    syntax 1:22-24 for numbers, write `not … =`, not `<>` | write `not customer.orders = …`
    syntax 1:20-22 write `is not`, not `<>`
    → when customer.name is not "a": assign owner
    syntax 2:11-16 write `customer owner`, not `owner` | without `owner` it makes sense too: write what is meant
    syntax 3:12-21 write `no reply`, not `not reply` | without `reply` it makes sense too: write what is meant
    syntax 3:12-19 write `no tag`, not `not tag` | write `no tag` to deny it, or `tag` without the `not`
    syntax 2:31-44 `chats` is missing before `expect` | everything after `#` is a comment, up to the end of the line
    syntax 3:16-24 expected a text in quotes after `tag`, not `contains`
    syntax 1:24-27 expected a value after `contains`, not `and`
    syntax 1:28-32 `nnot` is not known here | did you mean `not`?
    → when message contains  and not message contains "a": assign owner
    syntax 1:42-43 there is one `}` too many | several words or signs are missing or too many here: write what is meant
    syntax 1:14-17 expected days, dates or times after `=`, not `lun` | hours are written `mon-fri 09:00-17:00`, dates `2026-12-25` or `dec 25`
    syntax 1:14-17 expected days, dates or times after `=`, not `jue` | hours are written `mon-fri 09:00-17:00`, dates `2026-12-25` or `dec 25`
    syntax 1:14-17 `mtn` is not known here | did you mean `mon`?
    → hours shop = mon 09:00-18:00
    syntax 1:6-12 `"rest”` is not closed | a text ends with `"` on the line where it starts
    syntax 2:19-24 `owter` is not known here | did you mean `owner`?
    → rule "rest"
    → otherwise: assign owner
    syntax 1:29-70 `"No answer yet. once per 1h afte…` is not closed | a text ends with `"` on the line where it starts
    "#);
}
