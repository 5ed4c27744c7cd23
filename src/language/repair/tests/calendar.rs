//! Days, dates, times and durations.

use super::each;

#[test]
fn durations() {
    let text = r#"
        when vip: assign owner for 5 minutes else nobody
        when vip: assign owner for 5min else nobody
        when message.age > 1 hour: assign owner
        when customer.silent_for > 2 weeks: assign owner
        when vip: reply "Hi" once per day
        when vip: reply "Hi" once per 1h30m
    "#;
    insta::assert_snapshot!(each(text), @r#"
    syntax 1:28-37 write `5m`, not `5 minutes` | durations are written `30s`, `5m`, `12h` or `30d`
    → when vip: assign owner for 5m else nobody
    syntax 1:28-32 write `5m`, not `5min` | durations are written `30s`, `5m`, `12h` or `30d`
    → when vip: assign owner for 5m else nobody
    syntax 1:20-26 write `1h`, not `1 hour` | durations are written `30s`, `5m`, `12h` or `30d`
    → when message.age > 1h: assign owner
    syntax 1:28-35 write `14d`, not `2 weeks` | durations are written `30s`, `5m`, `12h` or `30d`
    → when customer.silent_for > 14d: assign owner
    syntax 1:31-34 write `1d`, not `day` | durations are written `30s`, `5m`, `12h` or `30d`
    → when vip: reply "Hi" once per 1d
    syntax 1:31-36 write `90m`, not `1h30m` | durations are written `30s`, `5m`, `12h` or `30d`
    → when vip: reply "Hi" once per 90m
    "#);
}

#[test]
fn days() {
    let text = r"
        hours office = Monday to Friday 09:00-17:00
        hours office = Mon-Fri
        hours office = mondays, weekends
        when during Monday: assign owner
        when during mondays: assign owner
        when during weekdays: assign owner
    ";
    insta::assert_snapshot!(each(text), @r#"
    syntax 1:16-32 write `mon-fri`, not `Monday to Friday` | days are written `mon tue wed thu fri sat sun`, several in a row `mon-fri`
    → hours office = mon-fri 09:00-17:00
    syntax 1:16-23 write `mon-fri`, not `Mon-Fri` | days are written `mon tue wed thu fri sat sun`, several in a row `mon-fri`
    → hours office = mon-fri
    syntax 1:16-23 write `mon`, not `mondays` | days are written `mon tue wed thu fri sat sun`, several in a row `mon-fri`
    syntax 1:25-33 `weekends` does not say which days are meant | write the days: `sat-sun`, or `fri-sat`
    → hours office = mon, weekends
    syntax 1:13-19 write `mon`, not `Monday` | days are written `mon tue wed thu fri sat sun`, several in a row `mon-fri`
    → when during mon: assign owner
    syntax 1:13-20 write `mon`, not `mondays` | days are written `mon tue wed thu fri sat sun`, several in a row `mon-fri`
    → when during mon: assign owner
    syntax 1:13-21 `weekdays` does not say which days are meant | write the days: `mon-fri`, or `sun-thu`
    "#);
}

#[test]
fn times() {
    let text = r#"
        hours office = mon-fri 9-17
        hours office = mon-fri 9:00-17:30
        hours office = mon 9am-5pm, tue 10 am to 2:30 pm, wed 9h-17h30, thu 9am until noon, fri 8pm-midnight
        hours office = 2-5pm
        test "x": given at 2026-01-05 9:00
    "#;
    insta::assert_snapshot!(each(text), @"
    syntax 1:24-28 write `09:00-17:00`, not `9-17` | times are written `09:00-17:00`, with four digits
    → hours office = mon-fri 09:00-17:00
    syntax 1:24-34 write `09:00-17:30`, not `9:00-17:30` | times are written `09:00-17:00`, with four digits
    → hours office = mon-fri 09:00-17:30
    syntax 1:20-27 write `09:00-17:00`, not `9am-5pm` | times are written `09:00-17:00`, with four digits
    syntax 1:33-49 write `10:00-14:30`, not `10 am to 2:30 pm` | times are written `09:00-17:00`, with four digits
    syntax 1:55-63 write `09:00-17:30`, not `9h-17h30` | times are written `09:00-17:00`, with four digits
    syntax 1:69-83 write `09:00-12:00`, not `9am until noon` | times are written `09:00-17:00`, with four digits
    syntax 1:89-101 write `20:00-24:00`, not `8pm-midnight` | times are written `09:00-17:00`, with four digits
    → hours office = mon 09:00-17:00, tue 10:00-14:30, wed 09:00-17:30, thu 09:00-12:00, fri 20:00-24:00
    syntax 1:16-21 `2-5pm` can be read in two ways | write `14:00-17:00` or `02:00-17:00`
    syntax 1:31-35 write `09:00`, not `9:00` | times are written `09:00-17:00`, with four digits
    ");
}

#[test]
fn dates() {
    let text = r"
        dates x = December 25
        dates x = 25 dec, Dec 25th, dec 25 2026, 25. December 2026
        dates x = 25.12.2026, 2026/12/25, 12/25/2026, 12/25
        dates x = december 20 - january 3, dec 25, 26, 4
        dates x = 01/02/2026
        hours x = mon-fri 09:00-17:00 except December 25
    ";
    insta::assert_snapshot!(each(text), @"
    syntax 1:11-22 write `dec 25`, not `December 25` | dates are written `2026-12-25`, or `dec 25` for every year
    → dates x = dec 25
    syntax 1:11-17 write `dec 25`, not `25 dec` | dates are written `2026-12-25`, or `dec 25` for every year
    syntax 1:19-27 write `dec 25`, not `Dec 25th` | dates are written `2026-12-25`, or `dec 25` for every year
    syntax 1:29-40 write `2026-12-25`, not `dec 25 2026` | dates are written `2026-12-25`, or `dec 25` for every year
    syntax 1:42-59 write `2026-12-25`, not `25. December 2026` | dates are written `2026-12-25`, or `dec 25` for every year
    → dates x = dec 25, dec 25, 2026-12-25, 2026-12-25
    syntax 1:11-21 write `2026-12-25`, not `25.12.2026` | dates are written `2026-12-25`, or `dec 25` for every year
    syntax 1:23-33 write `2026-12-25`, not `2026/12/25` | dates are written `2026-12-25`, or `dec 25` for every year
    syntax 1:35-45 write `2026-12-25`, not `12/25/2026` | dates are written `2026-12-25`, or `dec 25` for every year
    syntax 1:47-52 write `dec 25`, not `12/25` | dates are written `2026-12-25`, or `dec 25` for every year
    → dates x = 2026-12-25, 2026-12-25, 2026-12-25, dec 25
    syntax 1:11-22 write `dec 20`, not `december 20` | dates are written `2026-12-25`, or `dec 25` for every year
    syntax 1:23-24 write `..`, not `-`
    syntax 1:25-34 write `jan 3`, not `january 3` | dates are written `2026-12-25`, or `dec 25` for every year
    syntax 1:44-46 the month is missing before `26` | each date has its month, as in `dec 24, dec 25`
    syntax 1:48-49 the month is missing before `4` | each date has its month, as in `dec 24, dec 25`
    → dates x = dec 20 .. jan 3, dec 25, dec 26, 4
    syntax 1:11-21 `01/02/2026` can be read in two ways | write `2026-02-01` or `2026-01-02`
    syntax 1:38-49 write `dec 25`, not `December 25` | dates are written `2026-12-25`, or `dec 25` for every year
    → hours x = mon-fri 09:00-17:00 except dec 25
    ");
}
