//! Dates, times and numbers with one slip in them.

use super::each;

#[test]
fn what_slipped_in_or_is_missing() {
    let text = "
        hours h = mon-fri 09%:00-17:00
        hours h = mon-fri 09:00k-17:00
        hours h = mon-fri 0:900-17:00
        hours h = mon-fri 09:0017:00
        hours h = 2200-02:00
        hours h = sat 10:00-14:000
        hours h = sat 10:00-31 14:00
        hours h = sat 10:00-14group :00
        dates d = 2026-0105
        dates d = 202603-20..2026-03-22
        dates d = 2026-03-20..2026-03-.22
        dates d = 2026;-03-20
        when during 2026-12-24..2026-12-26shop: assign owner
        test \"t\": given at 2026-07-06 09:00.0 expect waiting
        test \"t\": given at 2026given -07-06 09:00 expect waiting
        test \"t\": given at fri 22:e00 expect waiting
        hours h = 221:00-02:00
        test \"t\": given at 2026-11-11 24 18:30 expect waiting
    ";
    insta::assert_snapshot!(each(text), @r#"
    syntax 1:19-31 `09%:00-17:00` is not a time
    → hours h = mon-fri 09:00-17:00
    syntax 1:19-31 `09:00k-17:00` is not a time
    → hours h = mon-fri 09:00-17:00
    syntax 1:19-30 `0:900-17:00` is not a time
    → hours h = mon-fri 09:00-17:00
    syntax 1:19-29 `09:0017:00` is not a time
    → hours h = mon-fri 09:00-17:00
    syntax 1:11-21 `2200-02:00` is not a time
    → hours h = 22:00-02:00
    syntax 1:15-27 `10:00-14:000` is not a time
    → hours h = sat 10:00-14:00
    syntax 1:15-29 `10:00-31 14:00` is not a time
    → hours h = sat 10:00-14:00
    syntax 1:15-32 `10:00-14group :00` is not a time
    → hours h = sat 10:00-14:00
    syntax 1:11-20 `2026-0105` is not a date
    → dates d = 2026-01-05
    syntax 1:11-20 `202603-20` is not a date
    → dates d = 2026-03-20..2026-03-22
    syntax 1:23-34 `2026-03-.22` is not a date
    → dates d = 2026-03-20..2026-03-22
    syntax 1:11-22 `2026;-03-20` is not a date
    → dates d = 2026-03-20
    syntax 1:25-39 `2026-12-26shop` is not a date
    → when during 2026-12-24..2026-12-26: assign owner
    syntax 1:31-38 `09:00.0` is not a time
    → test "t": given at 2026-07-06 09:00 expect waiting
    syntax 1:20-36 `2026given -07-06` is not a date
    → test "t": given at 2026-07-06 09:00 expect waiting
    syntax 1:24-30 `22:e00` is not a time
    → test "t": given at fri 22:00 expect waiting
    syntax 1:11-23 expected days, dates or times after `=`, not `221` | hours are written `mon-fri 09:00-17:00`, dates `2026-12-25` or `dec 25`
    syntax 1:31-33 expected a time like `09:00` after `2026-11-11`, not `24` | hours are written `mon-fri 09:00-17:00`, dates `2026-12-25` or `dec 25`
    "#);
}

#[test]
fn more_than_one_may_be_meant() {
    let text = "
        hours h = sat 110:00-14:00
        hours h = sat 10:00-13 14:00
        hours h = sat 09:300-14:00
        hours h = sat 11:00pm-14:00
        hours h = mon 09:00-12:00 fry 13:00-17:00
        hours h = mon 09:00-17:00  holidays
        hours h = mon wed fir 09:00-12:00
        dates d = 2026-012-24
        test \"t\": given at 2026-07-06 09:00Z expect waiting
    ";
    insta::assert_snapshot!(each(text), @"
    syntax 1:15-27 expected a time like `09:00`, a day like `mon`, `,`, `-` or the end of the item after `sat`, not `110` | hours are written `mon-fri 09:00-17:00`, dates `2026-12-25` or `dec 25`
    syntax 1:15-23 write `10:00-13:00`, not `10:00-13` | without `13` it makes sense too: write what is meant
    syntax 1:15-21 `09:300` is not a time | times are written `09:00-17:00`, with four digits
    syntax 1:15-28 write `23:00-14:00`, not `11:00pm-14:00` | times are written `09:00-17:00`, with four digits
    → hours h = sat 23:00-14:00
    syntax 1:27-30 expected a time like `09:00`, `,` or the end of the item after `09:00-12:00`, not `fry` | hours are written `mon-fri 09:00-17:00`, dates `2026-12-25` or `dec 25`
    syntax 1:28-36 expected a time like `09:00`, `,` or the end of the item after `09:00-17:00`, not `holidays` | hours are written `mon-fri 09:00-17:00`, dates `2026-12-25` or `dec 25`
    syntax 1:19-22 `fir` is not known here | did you mean `fri`?
    → hours h = mon wed fri 09:00-12:00
    syntax 1:11-15 expected a date like `2026-12-25` or `dec 25` or the name of hours or dates after `=`, not `2026`
    syntax 1:31-37 expected a time like `09:00` after `2026-07-06`, not `09` | hours are written `mon-fri 09:00-17:00`, dates `2026-12-25` or `dec 25`
    ");
}

#[test]
fn behind_a_number() {
    let text = "
        when message.age > 1h.0: assign owner
        when message.age > 30dk: assign owner
        when message.age > 12ham: assign owner
        when message.age > 10mm: assign owner
        when message.age > 10ms: assign owner
        when message.age > 1h,5: assign owner
        when online >= 2%: assign owner
        when customer.orders > 100k: assign owner
        test \"t\": given online \"bob\" with 2% chats expect waiting
        test \"t\": given online \"bob\" with 8am chats expect waiting
        test \"t\": given online \"bob\" with .3 chats expect waiting
        test \"t\": given online \"bob\" with 4,5 chats expect waiting
        test \"t\": given online \"bob\" with 3k chats expect waiting
        test \"t\": given waiting 3am in \"Sales\" expect waiting
    ";
    insta::assert_snapshot!(each(text), @r#"
    syntax 1:20-24 `1h.0` is not a number
    → when message.age > 1h: assign owner
    syntax 1:20-24 `30dk` is not a number
    → when message.age > 30d: assign owner
    syntax 1:20-25 `12ham` is not a number
    → when message.age > 12h: assign owner
    syntax 1:20-24 `10mm` is not a number
    → when message.age > 10m: assign owner
    syntax 1:20-24 expected a value after `>`, not `10ms`
    syntax 1:22-23 expected `and`, `or` or `:` after `1h`, not `,`
    syntax 1:16-18 a number has no `%` | write `2`
    syntax 1:24-28 `100k` is not a number | write `100_000`
    syntax 1:35-37 `2%` is not a number
    → test "t": given online "bob" with 2 chats expect waiting
    syntax 1:35-38 `8am` is not a number
    → test "t": given online "bob" with 8 chats expect waiting
    syntax 1:35-37 chats are counted in whole numbers
    → test "t": given online "bob" with 3 chats expect waiting
    syntax 1:35-38 `4,5` is not a number | write `4.5`, if that is meant
    syntax 1:35-37 expected a number after `with`, not `3k`
    syntax 1:25-28 `3am` is not a number
    → test "t": given waiting 3 in "Sales" expect waiting
    "#);
}
