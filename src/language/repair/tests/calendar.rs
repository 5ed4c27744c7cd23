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
    syntax 1:28-37 `5 minutes` is written `5m` here | durations are written `30s`, `5m`, `12h` or `30d`
    → when vip: assign owner for 5m else nobody
    syntax 1:28-32 `5min` is written `5m` here | durations are written `30s`, `5m`, `12h` or `30d`
    → when vip: assign owner for 5m else nobody
    syntax 1:20-26 `1 hour` is written `1h` here | durations are written `30s`, `5m`, `12h` or `30d`
    → when message.age > 1h: assign owner
    syntax 1:28-35 `2 weeks` is written `14d` here | durations are written `30s`, `5m`, `12h` or `30d`
    → when customer.silent_for > 14d: assign owner
    syntax 1:31-34 `day` is written `1d` here | durations are written `30s`, `5m`, `12h` or `30d`
    → when vip: reply "Hi" once per 1d
    syntax 1:31-36 `1h30m` is written `90m` here | durations are written `30s`, `5m`, `12h` or `30d`
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
    syntax 1:16-32 `Monday to Friday` is written `mon-fri` here | days are written `mon tue wed thu fri sat sun`, several in a row `mon-fri`
    → hours office = mon-fri 09:00-17:00
    syntax 1:16-23 `Mon-Fri` is written `mon-fri` here | days are written `mon tue wed thu fri sat sun`, several in a row `mon-fri`
    → hours office = mon-fri
    syntax 1:16-23 `mondays` is written `mon` here | days are written `mon tue wed thu fri sat sun`, several in a row `mon-fri`
    syntax 1:25-33 `weekends` is written `sat-sun` here | days are written `mon tue wed thu fri sat sun`, several in a row `mon-fri`
    → hours office = mon, sat-sun
    syntax 1:13-19 `Monday` is written `mon` here | days are written `mon tue wed thu fri sat sun`, several in a row `mon-fri`
    → when during mon: assign owner
    syntax 1:13-20 `mondays` is written `mon` here | days are written `mon tue wed thu fri sat sun`, several in a row `mon-fri`
    → when during mon: assign owner
    syntax 1:13-21 `weekdays` is written `mon-fri` here | days are written `mon tue wed thu fri sat sun`, several in a row `mon-fri`
    → when during mon-fri: assign owner
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
    insta::assert_snapshot!(each(text), @r#"
    syntax 1:24-28 `9-17` is written `09:00-17:00` here | times are written `09:00-17:00`, with four digits
    → hours office = mon-fri 09:00-17:00
    syntax 1:24-34 `9:00-17:30` is written `09:00-17:30` here | times are written `09:00-17:00`, with four digits
    → hours office = mon-fri 09:00-17:30
    syntax 1:20-27 `9am-5pm` is written `09:00-17:00` here | times are written `09:00-17:00`, with four digits
    syntax 1:33-49 `10 am to 2:30 pm` is written `10:00-14:30` here | times are written `09:00-17:00`, with four digits
    syntax 1:55-63 `9h-17h30` is written `09:00-17:30` here | times are written `09:00-17:00`, with four digits
    syntax 1:69-83 `9am until noon` is written `09:00-12:00` here | times are written `09:00-17:00`, with four digits
    syntax 1:89-101 `8pm-midnight` is written `20:00-24:00` here | times are written `09:00-17:00`, with four digits
    → hours office = mon 09:00-17:00, tue 10:00-14:30, wed 09:00-17:30, thu 09:00-12:00, fri 20:00-24:00
    syntax 1:16-17 expected days, dates or times after `=`, not `2`
    syntax 1:31-35 `9:00` is written `09:00` here | times are written `09:00-17:00`, with four digits
    → test "x": given at 2026-01-05 09:00
    "#);
}

#[test]
fn dates() {
    let text = r"
        dates x = December 25
        dates x = 25 dec, Dec 25th, dec 25 2026, 25. December 2026
        dates x = 25.12.2026, 2026/12/25, 12/25/2026, 12/25
        dates x = 01/02/2026
        hours x = mon-fri 09:00-17:00 except December 25
    ";
    insta::assert_snapshot!(each(text), @r#"
    syntax 1:11-22 `December 25` is written `dec 25` here | dates are written `2026-12-25`, or `dec 25` for every year
    → dates x = dec 25
    syntax 1:11-17 `25 dec` is written `dec 25` here | dates are written `2026-12-25`, or `dec 25` for every year
    syntax 1:19-27 `Dec 25th` is written `dec 25` here | dates are written `2026-12-25`, or `dec 25` for every year
    syntax 1:29-40 `dec 25 2026` is written `2026-12-25` here | dates are written `2026-12-25`, or `dec 25` for every year
    syntax 1:42-59 `25. December 2026` is written `2026-12-25` here | dates are written `2026-12-25`, or `dec 25` for every year
    → dates x = dec 25, dec 25, 2026-12-25, 2026-12-25
    syntax 1:11-21 `25.12.2026` is written `2026-12-25` here | dates are written `2026-12-25`, or `dec 25` for every year
    syntax 1:23-33 `2026/12/25` is written `2026-12-25` here | dates are written `2026-12-25`, or `dec 25` for every year
    syntax 1:35-45 `12/25/2026` is written `2026-12-25` here | dates are written `2026-12-25`, or `dec 25` for every year
    syntax 1:47-52 `12/25` is written `dec 25` here | dates are written `2026-12-25`, or `dec 25` for every year
    → dates x = 2026-12-25, 2026-12-25, 2026-12-25, dec 25
    syntax 1:11-21 `01/02/2026` could be two dates | write `2026-02-01` or `2026-01-02`
    syntax 1:38-49 `December 25` is written `dec 25` here | dates are written `2026-12-25`, or `dec 25` for every year
    → hours x = mon-fri 09:00-17:00 except dec 25
    "#);
}
