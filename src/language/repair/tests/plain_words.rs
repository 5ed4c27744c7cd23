//! What people write who have read no page of the docs: each gets one sentence, and a fix only where one meaning is left.

use super::each;

#[test]
fn one_sentence_for_conditions() {
    let text = r#"
        when not after 18:00 or before 08:00: assign owner
        when customer.orders > 3 days: assign owner
        when customer.blocked != true: assign owner
        when customer.blocked != false and not has_owner: assign owner
        when customer.country is DE or AT: assign owner
        when customer.country is not DE or AT: assign owner
        when customer.country is AT: assign owner
        when vip: assign bob if available
        when vip: assign owner if they are online else group "Sales" by random
        hours open = mon-fri 09:00-17:00 except 25.12. and 1.1.
        when during sat; sun 10:00-11:00: assign owner
        when vip: assign group "Sales" by random or wait
        hours open = mon-fri 09:00-17:00 closed on dec 25
        when message contains "a" but not "b": assign owner
        when new_customer or message contains "a" but not "b": assign owner
        when vip: assign owner else nobody, remove tag "a"
        when vip: assign owner else nobody, untag "a"
        when vip: assign owner else nobody, do not reply
        when vip: assign nobody, close
        when customer.orders not more than 3: assign owner
        when customer.orders no less than 3: assign owner
    "#;
    insta::assert_snapshot!(each(text), @r#"
    syntax 1:10-21 write `during 18:00-24:00`, not `after 18:00` | write the times that are meant, as in `during 08:00-18:00` or `not during 08:00-18:00`
    syntax 1:25-37 write `during 00:00-08:00`, not `before 08:00` | write the times that are meant, as in `during 08:00-18:00` or `not during 08:00-18:00`
    syntax 1:24-30 `orders` is compared with a number, and `3 days` is a duration | write `3`; the times that are compared are `customer.silent_for`, `message.age`, `chat.open_for` and `chat.waiting_for`
    syntax 1:6-30 write `not customer.blocked`, not `customer.blocked != true`
    → when not customer.blocked: assign owner
    syntax 1:6-31 write `customer.blocked`, not `customer.blocked != false`
    → when customer.blocked and not has_owner: assign owner
    syntax 1:26-34 several texts need quotes and a list | write `any ["DE", "AT"]`
    → when customer.country is any ["DE", "AT"]: assign owner
    syntax 1:30-38 several texts need quotes and a list | write `any ["DE", "AT"]`
    syntax 1:26-28 `AT` has no quotes around it | names and texts need quotes: write `"AT"`
    → when customer.country is "AT": assign owner
    syntax 1:18-34 an action cannot have a condition of its own | write `user "bob" among available`, with another alternative after `else`
    syntax 1:24-42 write `among online`, not `if they are online`
    → when vip: assign owner among online else group "Sales" by random
    syntax 1:41-47 write `dec 25`, not `25.12.` | dates are written `2026-12-25`, or `dec 25` for every year
    syntax 1:48-51 write `,`, not `and`
    syntax 1:52-56 write `jan 1`, not `1.1.` | dates are written `2026-12-25`, or `dec 25` for every year
    → hours open = mon-fri 09:00-17:00 except dec 25, jan 1
    syntax 1:16-17 there is one `;` too many | write the days side by side if all have the same times, as in `sat sun 10:00-11:00`
    syntax 1:42-44 a chat waits in the queue of a group | write `else group "…" by hand`, with the group whose members may take it
    syntax 1:34-43 write `except`, not `closed on`
    → hours open = mon-fri 09:00-17:00 except dec 25
    syntax 1:27-38 write `and not message contains "b"`, not `but not "b"` | each text needs a test of its own
    → when message contains "a" and not message contains "b": assign owner
    syntax 1:43-54 write `and not message contains "b"`, not `but not "b"` | each text needs a test of its own
    syntax 1:37-51 no action removes a tag | leave it out: `tag` adds a tag to the decision, and the program that shows the chats can remove one
    syntax 1:37-46 no action removes a tag | leave it out: `tag` adds a tag to the decision, and the program that shows the chats can remove one
    syntax 1:37-39 there is no action called `do` | leave it out: nothing is sent where no `reply` says so
    syntax 1:26-31 there is no action called `close` | leave it out: `assign nobody` gives the chat to nobody, and nothing else ends it
    syntax 1:22-35 write `<=`, not `not more than`
    → when customer.orders <= 3: assign owner
    syntax 1:22-34 write `>=`, not `no less than`
    → when customer.orders >= 3: assign owner
    "#);
}

#[test]
fn one_sentence_for_times_and_rules() {
    let text = r#"
        when time > 22:00: assign owner
        when time < 9:00: assign owner
        when outside 08:00-18:00: assign owner
        when message.age > 1.5h: assign owner
        when customer.silent_for > 1h 30m: assign owner
        when during 1-5 jan: assign owner
        dates d = 24-26 dec
        dates d = 24.-26. december, 24.12.
        rule "a" unless new_customer: assign nobody
        rule "a" when has_owner unless new_customer: assign nobody
        rule "a" when has_owner or new_customer unless any_online: assign nobody
        rule "c": assign nobody
        when customer has tags ["a", "b"]: assign owner
        when customer has tags any ["a", "b"]: assign owner
        when message contains none ["a", "b"]: assign owner
        when customer.orders between 3 and 7: assign owner
        when 3 < customer.orders: assign owner
        when before noon: assign owner
        hours h = mon-fri 0900-1700
        hours h = mon-fri 9.00-17.30 Uhr
        hours h = Mo-Fr 9-17, Sa 10-14
        move rule "x" when chat with not "bob": assign owner else nobody
        when vip: assign user "bob" and user "alice"
        when message not contains "x": assign owner
        when vip: assign group "Sales" with skill "en" or "ar" by random
    "#;
    insta::assert_snapshot!(each(text), @r#"
    syntax 1:6-18 write `during 22:00-24:00`, not `time > 22:00`
    → when during 22:00-24:00: assign owner
    syntax 1:6-17 `time < 9:00` can be read in two ways | write `during 00:00-09:00` or `during 00:00-21:00`
    syntax 1:6-25 write `not during 08:00-18:00`, not `outside 08:00-18:00`
    → when not during 08:00-18:00: assign owner
    syntax 1:20-24 `1.5h` is not one number with one unit | write `90m`, if that is meant
    syntax 1:28-34 `1h 30m` is not one number with one unit | write `90m`, if that is meant
    syntax 1:13-20 write `jan 1..jan 5`, not `1-5 jan`
    → when during jan 1..jan 5: assign owner
    syntax 1:11-20 write `dec 24..dec 26`, not `24-26 dec`
    → dates d = dec 24..dec 26
    syntax 1:11-27 write `dec 24..dec 26`, not `24.-26. december`
    syntax 1:29-35 write `dec 24`, not `24.12.` | dates are written `2026-12-25`, or `dec 25` for every year
    → dates d = dec 24..dec 26, dec 24
    syntax 1:10-16 write `when not`, not `unless`
    → rule "a" when not new_customer: assign nobody
    syntax 1:25-31 write `and not`, not `unless`
    → rule "a" when has_owner and not new_customer: assign nobody
    syntax 1:41-47 write `and not`, not `unless` | write `and not (…)`, with brackets around what `unless` is about
    syntax 1:9-10 this rule has no condition | write `when …` before the `:`, or `otherwise` for every message that no rule takes
    syntax 1:19-23 write `tag`, not `tags` | write `customer has tag any ["a", "b"]` if one of them is enough, or `customer has tag "a" and customer has tag "b"` for all of them
    syntax 1:19-23 write `tag`, not `tags`
    → when customer has tag any ["a", "b"]: assign owner
    syntax 1:28-29 `none` of a list is written with `not` before the test | write `not message contains any […]`
    → when not message contains any ["a", "b"]: assign owner
    syntax 1:6-37 write `customer.orders >= 3 and customer.orders <= 7`, not `customer.orders between 3 and 7` | write `customer.orders >= 3 and customer.orders <= 7`, or `>` and `<` if the two numbers are left out
    syntax 1:6-25 write `customer.orders > 3`, not `3 < customer.orders`
    → when customer.orders > 3: assign owner
    syntax 1:6-17 write `during 00:00-12:00`, not `before noon`
    → when during 00:00-12:00: assign owner
    syntax 1:19-28 write `09:00-17:00`, not `0900-1700` | times are written `09:00-17:00`, with four digits
    → hours h = mon-fri 09:00-17:00
    syntax 1:19-33 write `09:00-17:30`, not `9.00-17.30 Uhr` | times are written `09:00-17:00`, with four digits
    → hours h = mon-fri 09:00-17:30
    syntax 1:11-16 write `mon-fri`, not `Mo-Fr` | days are written `mon tue wed thu fri sat sun`, several in a row `mon-fri`
    syntax 1:17-21 write `09:00-17:00`, not `9-17` | times are written `09:00-17:00`, with four digits
    syntax 1:23-25 write `sat`, not `Sa` | days are written `mon tue wed thu fri sat sun`, several in a row `mon-fri`
    syntax 1:26-31 write `10:00-14:00`, not `10-14` | times are written `09:00-17:00`, with four digits
    → hours h = mon-fri 09:00-17:00, sat 10:00-14:00
    syntax 1:20-39 write `not chat with "bob"`, not `chat with not "bob"` | write `not chat with "bob"` to deny it, or `chat with "bob"` without the `not`
    syntax 1:29-45 a chat is given to one user | write `user "bob" else user "alice"` to try one after the other, or make a group of them in `inbox.toml` and write `group "…" by least_chats`
    syntax 1:14-26 write `not … contains`, not `not contains` | write `not message contains` to deny it, or `message contains` without the `not`
    syntax 1:48-50 skills are joined with `and` | write `with skill "en" and "ar"` if the user needs all of them, `with skill any ["en", "ar"]` if one is enough
    "#);
}

#[test]
fn one_sentence_for_other_orders_and_languages() {
    let text = r#"
        rule move "x" when chat_waiting: assign owner
        rule also "x" when new_customer: tag "a"
        when vip: assign user anna or ben
        when vip: assign owner else user "anna" and ben
        otherwise else owner
        otherwise: else group "Sales" by random
        hours open = Di Do 09:00-17:00
        hours open = Mo-Do 09:00-17:00, So 10:00-12:00
        hours open = tu 09:00-17:00
        when during Do: assign owner
        when vip do: assign owner
    "#;
    insta::assert_snapshot!(each(text), @r#"
    syntax 1:1-10 `move` comes before `rule` | write `move rule "x"` if it is a rule for open chats, or `rule "x"`
    syntax 1:1-10 `also` comes before `rule` | write `also rule "x"` if it is a rule that adds to others, or `rule "x"`
    syntax 1:18-34 a chat is given to one user | write `user "anna" else user "ben"` to try one after the other, or make a group of them in `inbox.toml` and write `group "…" by least_chats`
    syntax 1:41-48 a chat is given to one user | write `user "anna" else user "ben"` to try one after the other, or make a group of them in `inbox.toml` and write `group "…" by least_chats`
    syntax 1:11-15 `else` comes after an alternative | write `otherwise: assign owner`, without `else`
    syntax 1:12-16 `else` comes after an alternative | write `otherwise: assign group "Sales" by random`, without `else`
    syntax 1:14-16 write `tue`, not `Di` | days are written `mon tue wed thu fri sat sun`, several in a row `mon-fri`
    syntax 1:17-19 write `thu`, not `Do` | days are written `mon tue wed thu fri sat sun`, several in a row `mon-fri`
    → hours open = tue thu 09:00-17:00
    syntax 1:14-19 write `mon-thu`, not `Mo-Do` | days are written `mon tue wed thu fri sat sun`, several in a row `mon-fri`
    syntax 1:33-35 write `sun`, not `So` | days are written `mon tue wed thu fri sat sun`, several in a row `mon-fri`
    → hours open = mon-thu 09:00-17:00, sun 10:00-12:00
    syntax 1:14-16 `tu` may be `tue` or `thu` | write the day with three letters
    syntax 1:13-15 write `thu`, not `Do` | days are written `mon tue wed thu fri sat sun`, several in a row `mon-fri`
    → when during thu: assign owner
    syntax 1:10-13 write `:`, not `do:`
    → when vip: assign owner
    "#);
}
