//! What people say where the language has a word for it, and what no condition asks.

use super::{check, each};

#[test]
fn customers_and_their_owners() {
    let text = r#"
        when customer is new and the owner is online: assign owner
        when customer is not new or owner is not online: assign owner
        when customer is returning and owner not online: assign owner
        when customer is vip: assign owner
        when customer is tagged "vip" or customer has "debt": assign owner
        when has tag "vip" or tag is "debt": assign owner
        when first message: assign owner
        when customer is from "Egypt": assign owner
        when customer is online: assign owner
        when country is "EG" and phone starts with "+20": assign owner
        when owner.chats < 5: assign owner
        when owner is available: assign owner
        when Owner.name is "alice" or owner is "alice": assign owner
        when tier is "gold" and vip: assign owner
        when client.tier is "gold" and msg contains "x": assign owner
    "#;
    insta::assert_snapshot!(each(text), @r#"
    unknown-fact 1:6-21 write `new_customer`, not `customer is new`
    unknown-fact 1:26-45 write `owner_online`, not `the owner is online`
    → when new_customer and owner_online: assign owner
    unknown-fact 1:6-25 write `returning_customer`, not `customer is not new`
    unknown-fact 1:29-48 write `owner_offline`, not `owner is not online`
    → when returning_customer or owner_offline: assign owner
    unknown-fact 1:6-27 write `returning_customer`, not `customer is returning`
    unknown-fact 1:32-48 write `owner_offline`, not `owner not online`
    → when returning_customer and owner_offline: assign owner
    syntax 1:6-21 `customer is` does not say what of the customer is meant | for a tag, write `customer has tag "vip"`; for a flag of `inbox.toml`, `customer.vip`
    syntax 1:6-30 write `customer has tag "vip"`, not `customer is tagged "vip"`
    syntax 1:34-53 write `customer has tag "debt"`, not `customer has "debt"`
    → when customer has tag "vip" or customer has tag "debt": assign owner
    syntax 1:6-19 write `customer has tag "vip"`, not `has tag "vip"`
    syntax 1:23-36 write `customer has tag "debt"`, not `tag is "debt"`
    → when customer has tag "vip" or customer has tag "debt": assign owner
    unknown-fact 1:6-19 write `new_customer`, not `first message`
    → when new_customer: assign owner
    syntax 1:6-30 `from` is not known here | write `customer.country is "EG"`, with the two letters of the country
    syntax 1:6-24 there is no condition for whether a customer is online | `customer.silent_for > 30d` asks how long ago their last message before this one was
    syntax 1:6-13 `customer.` is missing before `country`
    syntax 1:26-31 `customer.` is missing before `phone`
    → when customer.country is "EG" and customer.phone starts with "+20": assign owner
    syntax 1:6-17 there is no condition for how many chats the owner has | write `assign owner among available`, and give the users a `capacity` in `inbox.toml`
    syntax 1:6-24 there is no condition for whether the owner is available | write `assign owner among available`, with another alternative after `else`
    syntax 1:6-16 there is no condition about the owner but `has_owner`, `owner_online`, `owner_offline` and `owner_away` | `assign owner` gives the chat to the owner, whoever that is
    syntax 1:31-47 there is no condition for who the owner is | `assign owner` gives the chat to the owner, whoever that is
    syntax 1:6-13 `tier` is not known here | for an attribute of the customer, write `customer.tier`; for the text, `message contains "…"`
    syntax 1:6-12 write `customer`, not `client`
    syntax 1:32-35 write `message`, not `msg`
    → when customer.tier is "gold" and message contains "x": assign owner
    "#);
}

#[test]
fn who_is_online() {
    let text = r#"
        when nobody is online or no one is online: assign owner
        when everyone is offline or all users are offline: assign owner
        when somebody is online and anyone online in "Sales": assign owner
        when nobody online in "Sales" or nobody in "Support" is online: assign owner
        when "Sales" is online and group "Support" is not online: assign owner
        when someone is available: assign owner
        when everyone is online: assign owner
        when someone is offline: assign owner
        when user "alice" is online: assign owner
        when alice is online: assign owner
    "#;
    insta::assert_snapshot!(each(text), @r#"
    unknown-fact 1:6-22 write `all_offline`, not `nobody is online`
    unknown-fact 1:26-42 write `all_offline`, not `no one is online`
    → when all_offline or all_offline: assign owner
    unknown-fact 1:6-25 write `all_offline`, not `everyone is offline`
    unknown-fact 1:29-50 write `all_offline`, not `all users are offline`
    → when all_offline or all_offline: assign owner
    unknown-fact 1:6-24 write `any_online`, not `somebody is online`
    unknown-fact 1:29-42 write `any_online`, not `anyone online`
    → when any_online and any_online in "Sales": assign owner
    unknown-fact 1:6-19 write `all_offline`, not `nobody online`
    unknown-fact 1:34-63 write `all_offline in "Support"`, not `nobody in "Support" is online`
    → when all_offline in "Sales" or all_offline in "Support": assign owner
    unknown-fact 1:6-23 write `any_online in "Sales"`, not `"Sales" is online`
    unknown-fact 1:28-57 write `all_offline in "Support"`, not `group "Support" is not online`
    → when any_online in "Sales" and all_offline in "Support": assign owner
    unknown-fact 1:6-26 write `any_available`, not `someone is available`
    → when any_available: assign owner
    syntax 1:6-24 there is no condition for everybody being online | count them instead: `online >= 3`, or `online in "Sales" >= 3`
    syntax 1:6-24 there is no condition for somebody being offline | count who is online instead: `online < 3`, or `online in "Sales" < 3`
    syntax 1:6-28 there is no condition about one user | write `assign user "alice" among online`, with another alternative after `else`
    syntax 1:6-21 there is no condition called `alice` | for a group, write `any_online in "alice"` with its own name; for one user, write `assign user "alice" among online`
    "#);
}

#[test]
fn hours_and_days() {
    let text = r#"
        when outside office hours or not in office hours: assign owner
        when outside office and during support hours: assign owner
        when time is between 9 and 17: assign owner
        when time is between 09:00 and 17:00 or between 9am and 5:30 pm: assign owner
        when time is between 9 and 5: assign owner
        when after 5: assign owner
        when after 17:00 or before 9:00: assign owner
        when today is sunday or on friday or on dec 25: assign owner
        when during sat-sun or mon-fri 18:00-24:00 or fri-sat: assign owner
        when on weekends: assign owner
        when outside hours: assign owner
    "#;
    insta::assert_snapshot!(each(text), @"
    syntax 1:6-26 write `not during office`, not `outside office hours`
    syntax 1:34-49 write `during office`, not `in office hours`
    → when not during office or not during office: assign owner
    syntax 1:6-20 write `not during office`, not `outside office`
    syntax 1:25-45 write `during support`, not `during support hours`
    → when not during office and during support: assign owner
    syntax 1:6-30 write `during 09:00-17:00`, not `time is between 9 and 17`
    → when during 09:00-17:00: assign owner
    syntax 1:6-37 write `during 09:00-17:00`, not `time is between 09:00 and 17:00`
    syntax 1:41-64 write `during 09:00-17:30`, not `between 9am and 5:30 pm`
    → when during 09:00-17:00 or during 09:00-17:30: assign owner
    syntax 1:6-29 `time is between 9 and 5` can be read in two ways | write `during 09:00-17:00`, or `during 09:00-05:00` if it goes on until the next morning
    syntax 1:6-13 `after 5` can be read in two ways | write `during 05:00-24:00` or `during 17:00-24:00`
    syntax 1:6-17 write `during 17:00-24:00`, not `after 17:00`
    syntax 1:21-32 `before 9:00` can be read in two ways | write `during 00:00-09:00` or `during 00:00-21:00`
    → when during 17:00-24:00 or before 9:00: assign owner
    syntax 1:6-21 write `during sun`, not `today is sunday`
    syntax 1:25-34 write `during fri`, not `on friday`
    syntax 1:38-47 write `during dec 25`, not `on dec 25`
    → when during sun or during fri or during dec 25: assign owner
    syntax 1:24-43 `during` is missing before `mon-fri 18:00-24:00`
    syntax 1:47-54 `during` is missing before `fri-sat`
    → when during sat-sun or during mon-fri 18:00-24:00 or during fri-sat: assign owner
    syntax 1:6-17 this does not say which days the weekend is | write the days: `during sat-sun`, or `during fri-sat`
    syntax 1:6-19 this does not say which hours | name them as their definition does: `not during office` with `hours office = mon-fri 09:00-17:00`
    ");
}

#[test]
fn months_and_durations() {
    let text = r#"
        hours summer = june to august
        dates summer = june to august, dec 24-26, march 4
        dates winter = nov to feb
        hours weekend = fri and sat 10:00-14:00
        when during march 4 or during jun-aug: assign owner
        when customer.silent_for > 3 months or message.age > 1y: assign owner
    "#;
    insta::assert_snapshot!(each(text), @"
    syntax 1:16-30 write `jun 1..aug 31`, not `june to august` | a month is written with its days: `jun 1..jun 30`
    → hours summer = jun 1..aug 31
    syntax 1:16-30 write `jun 1..aug 31`, not `june to august` | a month is written with its days: `jun 1..jun 30`
    syntax 1:32-41 write `dec 24..dec 26`, not `dec 24-26`
    syntax 1:43-50 write `mar 4`, not `march 4` | dates are written `2026-12-25`, or `dec 25` for every year
    → dates summer = jun 1..aug 31, dec 24..dec 26, mar 4
    syntax 1:16-26 write `nov 1..feb 28`, not `nov to feb` | a month is written with its days: `jun 1..jun 30`
    syntax 1:17-28 write `fri sat`, not `fri and sat`
    → hours weekend = fri sat 10:00-14:00
    syntax 1:13-20 write `mar 4`, not `march 4` | dates are written `2026-12-25`, or `dec 25` for every year
    syntax 1:31-38 write `jun 1..aug 31`, not `jun-aug` | a month is written with its days: `jun 1..jun 30`
    → when during mar 4 or during jun 1..aug 31: assign owner
    syntax 1:28-36 there is no unit for months or years, which are not all equally long | write days: `90d`
    syntax 1:54-56 there is no unit for months or years, which are not all equally long | write days: `365d`
    ");
}

#[test]
fn texts_of_messages() {
    let text = r#"
        when message contains all ["a", "b"]: assign owner
        when vip or message contains all ["a", "b"]: assign owner
        when message is "a" or contains "b" or starts with "c": assign owner
        when customer.name is "a" and not contains "b": assign owner
        when not message is "a" or contains "b": assign owner
        when contains "b" and vip: assign owner
        when message ends with "x" or message says "y": assign owner
        when message has image or message has a photo: assign owner
        when vip: assign owner, reply "it"s fine"
    "#;
    insta::assert_snapshot!(each(text), @r#"
    syntax 1:6-37 `contains` and `has tag` take one text, or `any` of a list | write `message contains "a" and message contains "b"`
    → when message contains "a" and message contains "b": assign owner
    syntax 1:13-44 `contains` and `has tag` take one text, or `any` of a list | write `(message contains "a" and message contains "b")`
    → when vip or (message contains "a" and message contains "b"): assign owner
    syntax 1:24-32 `message` is missing before `contains` | each test names what it asks about
    syntax 1:40-46 `message` is missing before `starts` | each test names what it asks about
    → when message is "a" or message contains "b" or message starts with "c": assign owner
    syntax 1:35-43 `customer.name` is missing before `contains` | each test names what it asks about
    → when customer.name is "a" and not customer.name contains "b": assign owner
    syntax 1:28-36 `message` is missing before `contains` | each test names what it asks about
    syntax 1:6-14 `contains` has nothing to test | write what it asks about, as in `message contains "…"` or `customer.name contains "…"`
    syntax 1:6-27 there is no test for how a text ends | write a pattern, in which `$` is the end: `message matches /…$/`
    syntax 1:31-47 `says` could be two tests | write `message is "y"` for the whole text, or `message contains "y"` for a part of it
    syntax 1:27-46 write `message is image`, not `message has a photo`
    → when message has image or message is image: assign owner
    syntax 1:34-35 this `"` ends the text | write `'` for an apostrophe, and `\"` for a quote inside a text
    → when vip: assign owner, reply "it's fine"
    "#);
}

#[test]
fn joints() {
    let text = r#"
        when vip, gold: assign owner
        when new_customer any_online: assign owner
        when if vip: assign owner
    "#;
    insta::assert_snapshot!(each(text), @"
    syntax 1:6-15 conditions are not joined by a comma | write `and` if both must hold, or `or` if one is enough
    syntax 1:19-29 `and` or `or` is missing before `any_online` | write `and` if both must hold, or `or` if one is enough
    syntax 1:6-8 `if` is not needed here
    → when vip: assign owner
    ");
    insta::assert_snapshot!(check("when new_customer,\n    assign owner"), @"
    syntax 1:18-19 the actions come after `:`, not `,`
    → when new_customer:
    ");
}

#[test]
fn actions() {
    let text = r#"
        when vip: assign owner, tag "a", "b", "c"
        when vip: tag ["a", "b"], assign owner
        when vip: assign owner, tag "a" and "b"
        when vip: assign group "Sales" by random with skill "ar" among online
        when vip: assign group any ["Sales", "Support"] by random
        when vip: assign group "Sales" and "Support" by random
        when vip: assign owner if online, reply "Hi"
        when vip: assign owner, notify "bob"
        when vip: ignore
        when vip: assign owner, priority 1
        when vip: assign owner, reply "Hi" by bob
    "#;
    insta::assert_snapshot!(each(text), @r#"
    syntax 1:34-37 each tag is an action of its own | write `tag "a", tag "b"`
    → when vip: assign owner, tag "a", tag "b", tag "c"
    syntax 1:15-16 each tag is an action of its own | write `tag "a", tag "b"`
    → when vip: tag "a", tag "b", assign owner
    syntax 1:33-36 each tag is an action of its own | write `tag "a", tag "b"`
    → when vip: assign owner, tag "a", tag "b"
    syntax 1:42-57 `with skill` comes before `by` | write `group "…" with skill … by …`
    → when vip: assign group "Sales" with skill "ar" by random among online
    syntax 1:24-27 a chat is given through one group | name the groups one after the other, as in `group "Sales" by random else group "Support" by random`, or make one group of their members in `inbox.toml`
    syntax 1:32-35 a chat is given through one group | name the groups one after the other, as in `group "Sales" by random else group "Support" by random`, or make one group of their members in `inbox.toml`
    syntax 1:24-33 write `among online`, not `if online`
    → when vip: assign owner among online, reply "Hi"
    syntax 1:25-31 there is no action called `notify` | a rule cannot notify; `tag` and `priority` are for the program that shows the chats
    syntax 1:11-17 there is no action called `ignore` | to give the chat to nobody, write `assign nobody`
    syntax 1:34-35 `1` is not a priority | the priorities are `low`, `normal`, `high`, `urgent`
    syntax 1:36-38 expected `,` or the end of the item after `"Hi"`, not `by` | `by` is used as in `by least_chats`
    "#);
}

#[test]
fn a_text_over_several_lines() {
    let text =
        "when vip:\n    assign owner,\n    reply \"Hello\n    we are closed\" once per 12h\n\nlet a = b";
    insta::assert_snapshot!(check(text), @r#"
    syntax 3:11-17 a text over several lines stands between `"""` | write `"""` at the end of a line, then the lines, then `"""` on a line of its own
    → when vip:
    →     assign owner,
    →     reply """
    →     Hello
    →     we are closed
    →     """ once per 12h
    → 
    → let a = b
    "#);
}

/// A word of the language that is used as a name is reported where it is defined, and nowhere else.
#[test]
fn words_of_the_language_as_names() {
    insta::assert_snapshot!(check("let tag = any_online\nwhen tag and any_online: assign nobody"), @"");
}

#[test]
fn denied_conditions() {
    insta::assert_snapshot!(each(r#"
        when customer has no tag "vip": assign owner
        when customer without tag any ["a", "b"]: assign owner
        when vip and chat doesn't have the tag "a": assign owner
        when customer not has tag "a": assign owner
        when customer has no owner: assign owner
        when no owner and vip: assign owner
        when chat not in "Sales": assign owner
        when the chat is not waiting: assign owner
        when chat is closed: assign owner
        when owner is not away: assign owner
        when user is not online: assign owner
        when customer is not blocked: assign owner
        when "refund" in message: assign owner
    "#), @r#"
    syntax 1:6-31 write `not customer has tag "vip"`, not `customer has no tag "vip"`
    → when not customer has tag "vip": assign owner
    syntax 1:6-41 write `not customer has tag any ["a", "b"]`, not `customer without tag any ["a", "b"]`
    → when not customer has tag any ["a", "b"]: assign owner
    syntax 1:14-43 write `not chat has tag "a"`, not `chat doesn't have the tag "a"`
    → when vip and not chat has tag "a": assign owner
    syntax 1:6-30 write `not customer has tag "a"`, not `customer not has tag "a"` | write `not customer has tag "a"` to deny it, or `customer has tag "a"` without the `not`
    syntax 1:6-27 write `not has_owner`, not `customer has no owner`
    → when not has_owner: assign owner
    syntax 1:6-14 write `not has_owner`, not `no owner`
    → when not has_owner and vip: assign owner
    syntax 1:6-25 write `not chat in "Sales"`, not `chat not in "Sales"` | write `not chat in "Sales"` to deny it, or `chat in "Sales"` without the `not`
    syntax 1:6-29 a condition is denied by `not` before it | write `not chat_waiting`, which also holds where no chat is open
    syntax 1:6-20 there is no condition called `closed` | write `not chat_open`
    syntax 1:6-23 a condition is denied by `not` before it | write `not owner_away`, which also holds where there is no owner
    syntax 1:6-24 a condition is denied by `not` before it | write `user_offline`, or `not user_online`, which also holds where nobody has the chat
    syntax 1:6-29 `customer is` does not say what of the customer is meant | for a flag of `inbox.toml`, write `not customer.blocked`; for a tag, `not customer has tag "blocked"`
    syntax 1:6-25 write `message contains "refund"`, not `"refund" in message`
    → when message contains "refund": assign owner
    "#);
}

#[test]
fn names_after_facts() {
    insta::assert_snapshot!(each(r#"
        when has_owner "bob": assign owner
        when user_online "bob": assign owner
        when chat_waiting "Sales": assign owner
        when new_customer "bob": assign owner
        when any_online "Sales": assign owner
    "#), @r#"
    syntax 1:16-21 `has_owner` takes no name | there is no condition for who the owner is; `assign owner` gives the chat to the owner, whoever that is
    syntax 1:18-23 `user_online` takes no name | ask for who has the chat too: `chat with "bob" and user_online`
    syntax 1:19-26 `chat_waiting` takes no name | ask for the group of the chat too: `chat_waiting and chat in "Sales"`
    syntax 1:19-24 `new_customer` takes no name | write `new_customer` alone, or join it to another condition by `and` or `or`
    syntax 1:17-24 `in` is missing after `any_online`
    → when any_online in "Sales": assign owner
    "#);
}

#[test]
fn actions_in_another_order() {
    insta::assert_snapshot!(check(r#"when a: assign owner, reply after 5m "x""#), @r#"
    syntax 1:29-34 `after 5m` comes last
    → when a: assign owner, reply "x" after 5m
    "#);
    insta::assert_snapshot!(check(r#"when a: assign group "Sales" randomly, tag "b""#), @r#"
    syntax 1:30-38 write `by random`, not `randomly`
    → when a: assign group "Sales" by random, tag "b"
    "#);
    insta::assert_snapshot!(check(r#"when a: assign group "Sales" in order among online"#), @r#"
    syntax 1:30-38 write `by in_order`, not `in order`
    → when a: assign group "Sales" by in_order among online
    "#);
    insta::assert_snapshot!(check("test \"t\":\n  given new customer\n  expect kept"), @r#"
    syntax 2:9-21 write `customer new`, not `new customer`
    →   given customer new
    "#);
    insta::assert_snapshot!(check("test \"t\":\n  given returning customer, tag \"a\"\n  expect kept"), @r#"
    syntax 2:9-27 write `customer returning`, not `returning customer`
    →   given customer returning, tag "a"
    "#);
    insta::assert_snapshot!(check("test \"t\":\n  given owner \"x\"\n  expect kept"), @r#"
    syntax 2:9-14 write `customer owner`, not `owner`
    →   given customer owner "x"
    "#);
}
