//! Parts of a rule in another order or in other words.

use super::{check, each};

#[test]
fn among_and_by() {
    insta::assert_snapshot!(each(r#"
        when a: assign group "Sales" among available by least_load
        when a: assign group "Sales" among the online by random with skill "fr"
        when a: assign group "Sales" by least_chats online else nobody
        when a: assign online owner else available user "alice" else nobody
        when a: assign queue "Sales"
        when a: assign user among the available
        when a: assign any user
        when a: assign Sales by random
    "#), @r#"
    syntax 1:30-59 `among available` comes after `by least_load`
    → when a: assign group "Sales" by least_load among available
    syntax 1:30-56 `among online` comes after `by random`
    syntax 1:57-72 `with skill` comes before `by` | write `group "…" with skill … by …`
    → when a: assign group "Sales" with skill "fr" by random among online
    syntax 1:45-51 `among` is missing before `online` | without `online` it makes sense too: write what is meant
    syntax 1:16-28 write `owner among online`, not `online owner` | or write `owner`, whether online or not
    syntax 1:34-56 write `user "alice" among available`, not `available user "alice"` | or write `user "alice"`, whether available or not
    syntax 1:16-29 write `group "Sales" by hand`, not `queue "Sales"` | `by hand` leaves the chat in the queue of the group
    → when a: assign group "Sales" by hand
    syntax 1:21-26 `user` needs a name | for any user who is available, write `assign group "…" by least_chats among available`, with a group of these users
    syntax 1:16-19 `assign any` does not say who is meant | write `assign group "…" by least_chats` with a group of the users who may be chosen
    syntax 1:16-21 `group` is missing before `Sales` | write `group "Sales"`
    → when a: assign group "Sales" by random
    "#);
}

#[test]
fn several_assignments() {
    insta::assert_snapshot!(each(r#"
        when a: assign owner, group "Sales" by random
        when a: assign group "Sales" by random then group "Support" by hand
        when a: reply "x", group "Sales" by random
        when a: assign owner || group "Sales" by random
        when owner does not answer in 10m: assign owner
        when customer has not written for 30d or message matches "a/b": assign owner
    "#), @r#"
    syntax 1:23-28 a rule assigns once | write `else group …` for when nobody before it can be given the chat, or `for 5m else group …` for when there is no answer either
    syntax 1:40-44 a rule assigns once | write `else group …` for when nobody before it can be given the chat, or `for 5m else group …` for when there is no answer either
    syntax 1:20-25 `assign` is missing before `group`
    → when a: reply "x", assign group "Sales" by random
    syntax 1:22-24 write `else`, not `||`
    → when a: assign owner else group "Sales" by random
    syntax 1:6-27 a condition cannot wait for an answer | write `assign owner for 10m else …`: the alternative after `else` is for when there is no answer within that time
    syntax 1:6-30 there is no condition called `has not written` | `customer.silent_for > 30d` asks how long ago the customer's last message before this one was
    syntax 1:58-63 a pattern stands between slashes | write `/a\/b/`
    "#);
}

#[test]
fn names() {
    insta::assert_snapshot!(each(r#"
        move "x" when a: assign owner
        also "x" when a: tag "y"
        "x" when a: assign owner
        hours x mon,tue,wed = 09:00-17:00
        hours office hours = mon-fri
        let vip-customer = a
        office = mon-fri 09:00-17:00
    "#), @r#"
    syntax 1:6-9 `rule` is missing after `move` | write `move rule "x"`
    → move rule "x" when a: assign owner
    syntax 1:6-9 `rule` is missing after `also` | write `also rule "x"`
    → also rule "x" when a: tag "y"
    syntax 1:1-4 `"x"` cannot start a line here | write `rule "x"` for the name of a rule, or `test "x":` for that of a test
    syntax 1:7-20 days and dates come after the `=` | write `hours x = mon tue wed 09:00-17:00`
    syntax 1:7-19 a name is one word | join its parts: `office_hours`
    syntax 1:5-17 a name is one word | join its parts: `vip_customer`
    syntax 1:1-7 `office` cannot start a line here | write `let office = …`, or `hours` or `dates` before the name for times or dates
    "#);
}

#[test]
fn replies() {
    insta::assert_snapshot!(each(r#"
        when a: assign owner, reply "{user.name or "A colleague"} will help"
        when a: assign owner, reply "Hi {customer.name or "there"}!" once per 1d
        when a: assign owner, reply "Hi" once
        when a: assign owner, reply "Hi" once per customer
        when a: assign owner, reply "Hi" once a day
    "#), @r#"
    syntax 1:30-58 the other text of a placeholder has no quotes | write `{user.name or A colleague}`
    → when a: assign owner, reply "{user.name or A colleague} will help"
    syntax 1:33-59 the other text of a placeholder has no quotes | write `{customer.name or there}`
    → when a: assign owner, reply "Hi {customer.name or there}!" once per 1d
    syntax 1:38-38 expected `per` after `once`
    syntax 1:43-51 `once per` needs a time | write how long the same reply is not sent again, as in `once per 12h`
    syntax 1:34-44 write `once per 1d`, not `once a day`
    → when a: assign owner, reply "Hi" once per 1d
    "#);
    insta::assert_snapshot!(check("when during not office:\n    - assign owner\n    - reply \"x\"\n"), @r#"
    syntax 1:6-16 `not` comes before `during`
    syntax 2:5-6 `-` is not needed before an action | actions are separated by commas
    syntax 3:5-6 `-` is not needed before an action | actions are separated by commas
    → when not during office:
    →     assign owner,
    →     reply "x"
    "#);
}
