//! Times of day, with and without `am` and `pm`.

use super::each;

/// Without the day or the comma, other hours would be meant.
#[test]
fn days_with_times_of_their_own() {
    let text = r"
        when during mon-thu 09:00-17:00, fri 09:00-15:00: assign nobody
        when not during mon-fri 09:00-17:00 sat 10:00-12:00: assign nobody
        when during mon-fri, sat 10:00-14:00: assign nobody
        when during mon or tue 09:00-12:00: assign nobody
        when during 6pm-12pm: assign nobody
        when not after 18:00: assign nobody
        when before 12am: assign nobody
    ";
    insta::assert_snapshot!(each(text), @"
    syntax 1:32-33 after `during` all days have the same times | name the hours, as in `hours open = mon-thu 09:00-17:00, fri 09:00-15:00`, and write `during open`
    syntax 1:37-40 after `during` all days have the same times | name the hours, as in `hours open = mon-thu 09:00-17:00, fri 09:00-15:00`, and write `during open`
    syntax 1:20-21 after `during` all days have the same times | name the hours, as in `hours open = mon-thu 09:00-17:00, fri 09:00-15:00`, and write `during open`
    syntax 1:20-35 `during` is missing before `tue 09:00-12:00` | write `during tue 09:00-12:00` too, or the days side by side, as in `during mon tue 09:00-12:00`
    syntax 1:13-21 `6pm-12pm` can be read in two ways | write `18:00-24:00`, or `18:00-12:00` if it goes on until the next morning
    syntax 1:10-21 write `during 18:00-24:00`, not `after 18:00`
    → when not during 18:00-24:00: assign nobody
    syntax 1:6-17 write `during 00:00-00:00`, not `before 12am` | write the times that are meant, as in `during 08:00-18:00` or `not during 08:00-18:00`
    ");
}

#[test]
fn the_colon_of_a_rule_is_not_that_of_a_time() {
    insta::assert_snapshot!(each(r#"
        when during 09:00-17: assign owner
        when during 09:00-5pm: assign owner
        when during 09:00-17h: assign owner
        when during mon 9-5pm: assign owner
        when during 09:00-17:0: assign owner
        hours h = 09:00-17:
        test "x": given at fri 22: expect waiting
    "#), @"
    syntax 1:13-21 write `09:00-17:00`, not `09:00-17` | times are written `09:00-17:00`, with four digits
    → when during 09:00-17:00: assign owner
    syntax 1:13-22 write `09:00-17:00`, not `09:00-5pm` | times are written `09:00-17:00`, with four digits
    → when during 09:00-17:00: assign owner
    syntax 1:13-22 write `09:00-17:00`, not `09:00-17h` | times are written `09:00-17:00`, with four digits
    → when during 09:00-17:00: assign owner
    syntax 1:17-22 write `09:00-17:00`, not `9-5pm` | times are written `09:00-17:00`, with four digits
    → when during mon 09:00-17:00: assign owner
    syntax 1:13-23 `09:00-17:0` is not a time | times are written `09:00-17:00`, with four digits
    syntax 1:11-20 `09:00-17:` is not a time | times are written `09:00-17:00`, with four digits
    syntax 1:24-27 `22:` is not a time | times are written `09:00-17:00`, with four digits
    ");
}

#[test]
fn morning_or_afternoon() {
    insta::assert_snapshot!(each(r#"
        hours h = 9am-5
        hours h = 9am to 5
        hours h = 09:00-5
        hours h = 1-5pm
        hours h = 2-6
        hours h = 8-12
        hours h = 12-6
        hours h = 9-midnight
        hours h = 9:30-5:30
        hours h = between 9 and 5
        hours h = 9-5am
        when between 9am and 5: assign owner
        when between 2 and 6 or after 5:30 or before 12: assign owner
        test "x": given at fri 5
    "#), @"
    syntax 1:11-16 `9am-5` can be read in two ways | write `09:00-17:00`, or `09:00-05:00` if it goes on until the next morning
    syntax 1:11-19 `9am to 5` can be read in two ways | write `09:00-17:00`, or `09:00-05:00` if it goes on until the next morning
    syntax 1:11-18 `09:00-5` can be read in two ways | write `09:00-17:00`, or `09:00-05:00` if it goes on until the next morning
    syntax 1:11-16 `1-5pm` can be read in two ways | write `13:00-17:00` or `01:00-17:00`
    syntax 1:11-14 `2-6` can be read in two ways | write `02:00-06:00` or `14:00-18:00`
    syntax 1:11-15 `8-12` can be read in two ways | write `08:00-12:00` or `20:00-24:00`
    syntax 1:11-15 `12-6` can be read in two ways | write `12:00-18:00` or `00:00-06:00`
    syntax 1:11-21 `9-midnight` can be read in two ways | write `21:00-24:00` or `09:00-24:00`
    syntax 1:11-20 `9:30-5:30` can be read in two ways | write `09:30-17:30`, or `09:30-05:30` if it goes on until the next morning
    syntax 1:11-26 `between 9 and 5` can be read in two ways | write `09:00-17:00`, or `09:00-05:00` if it goes on until the next morning
    syntax 1:11-16 `9-5am` can be read in two ways | write `21:00-05:00` or `09:00-05:00`
    syntax 1:6-23 `between 9am and 5` can be read in two ways | write `during 09:00-17:00`, or `during 09:00-05:00` if it goes on until the next morning
    syntax 1:6-21 `between 2 and 6` can be read in two ways | write `during 02:00-06:00` or `during 14:00-18:00`
    syntax 1:25-35 `after 5:30` can be read in two ways | write `during 05:30-24:00` or `during 17:30-24:00`
    syntax 1:39-48 `before 12` can be read in two ways | write `during 00:00-12:00` or `during 00:00-24:00`
    syntax 1:24-25 `5` can be read in two ways | write `05:00` or `17:00`
    ");
}

#[test]
fn one_reading() {
    insta::assert_snapshot!(each(r"
        hours h = 9-5pm, 11-1pm, 9-17, 14-18, 22-6, 22:00-6, 10pm-2am, 09:00-17, 8-noon
        hours h = from 9 to 17, between 9:30 and 17:00
        hours h = mon 10:00 to 14:00 / 16:00 to 20:00, tue 9:00-12:30 and 13:30-17:00
        when between 9 and 5pm: assign owner
    "), @"
    syntax 1:11-16 write `09:00-17:00`, not `9-5pm` | times are written `09:00-17:00`, with four digits
    syntax 1:18-24 write `11:00-13:00`, not `11-1pm` | times are written `09:00-17:00`, with four digits
    syntax 1:26-30 write `09:00-17:00`, not `9-17` | times are written `09:00-17:00`, with four digits
    syntax 1:32-37 write `14:00-18:00`, not `14-18` | times are written `09:00-17:00`, with four digits
    syntax 1:39-43 write `22:00-06:00`, not `22-6` | times are written `09:00-17:00`, with four digits
    syntax 1:45-52 write `22:00-06:00`, not `22:00-6` | times are written `09:00-17:00`, with four digits
    syntax 1:54-62 write `22:00-02:00`, not `10pm-2am` | times are written `09:00-17:00`, with four digits
    syntax 1:64-72 write `09:00-17:00`, not `09:00-17` | times are written `09:00-17:00`, with four digits
    syntax 1:74-80 write `08:00-12:00`, not `8-noon` | times are written `09:00-17:00`, with four digits
    → hours h = 09:00-17:00, 11:00-13:00, 09:00-17:00, 14:00-18:00, 22:00-06:00, 22:00-06:00, 22:00-02:00, 09:00-17:00, 08:00-12:00
    syntax 1:11-23 write `09:00-17:00`, not `from 9 to 17` | times are written `09:00-17:00`, with four digits
    syntax 1:25-47 write `09:30-17:00`, not `between 9:30 and 17:00` | times are written `09:00-17:00`, with four digits
    → hours h = 09:00-17:00, 09:30-17:00
    syntax 1:21-23 write `-`, not `to`
    syntax 1:30-31 `/` is not needed between times | times stand side by side, as in `09:00-12:00 13:00-17:00`
    syntax 1:38-40 write `-`, not `to`
    syntax 1:52-62 write `09:00-12:30`, not `9:00-12:30` | times are written `09:00-17:00`, with four digits
    syntax 1:63-66 `and` is not needed between times | times stand side by side, as in `09:00-12:00 13:00-17:00`
    → hours h = mon 10:00 - 14:00 16:00 - 20:00, tue 09:00-12:30 13:30-17:00
    syntax 1:6-23 write `during 09:00-17:00`, not `between 9 and 5pm`
    → when during 09:00-17:00: assign owner
    ");
}
