//! What is open when: clock changes, midnight, exceptions, and the zone that a time is read in.

use super::sample::holds;

/// Whether `hours` are open at the moment `at`, in Berlin.
fn check(hours: &str, at: &str, open: bool) {
    let rules =
        format!("timezone \"Europe/Berlin\"\nhours office = {hours}\nwhen during office: assign nobody");
    assert_eq!(holds(&rules, &format!(r#""at": "{at}""#)), open, "{hours} at {at}");
}

#[test]
fn an_hour_that_comes_twice_is_open_twice() {
    check("02:00-03:00", "2026-10-24T23:59:59Z", false);
    check("02:00-03:00", "2026-10-25T00:30:00Z", true);
    check("02:00-03:00", "2026-10-25T01:30:00Z", true);
    check("02:00-03:00", "2026-10-25T02:00:00Z", false);
    check("02:00-03:00", "2026-10-25T02:30:00", true);
}

#[test]
fn an_hour_that_is_skipped_never_comes() {
    check("02:00-03:00", "2026-03-29T00:59:59Z", false);
    check("02:00-03:00", "2026-03-29T01:00:00Z", false);
    // Half past two is moved forward to half past three.
    check("02:00-03:00", "2026-03-29T02:30:00", false);
    check("03:00-04:00", "2026-03-29T02:30:00", true);
}

#[test]
fn over_midnight() {
    check("fri 22:00-02:00", "2026-11-27T21:59:59", false);
    check("fri 22:00-02:00", "2026-11-27T22:00:00", true);
    check("fri 22:00-02:00", "2026-11-28T01:59:59", true);
    check("fri 22:00-02:00", "2026-11-28T02:00:00", false);
    check("fri 22:00-24:00", "2026-11-27T23:59:59", true);
    check("fri 22:00-24:00", "2026-11-28T00:00:00", false);
    check("fri 22:00-02:00 except 2026-11-28", "2026-11-28T00:00:00", false);
}

#[test]
fn exceptions() {
    let hours = "mon-fri 09:00-17:00, 2026-12-24 09:00-12:00 except dec 25";
    check(hours, "2026-12-23T12:00:00", true);
    check(hours, "2026-12-24T12:00:00", false);
    check(hours, "2026-12-25T10:00:00", false);
}

#[test]
fn the_zone_of_the_policy_goes_before_that_of_the_inbox() {
    let at_noon = |zone: &str, at: &str| {
        let rules = format!("{zone}\nwhen during 12:00-13:00: assign nobody");
        holds(&rules, &format!(r#""at": "{at}""#))
    };
    assert!(at_noon("", "2026-11-24T12:30:00+02:00"), "the inbox is in Cairo");
    assert!(at_noon("timezone \"Asia/Tokyo\"", "2026-11-24T03:30:00Z"));
    assert!(!at_noon("timezone \"Asia/Tokyo\"", "2026-11-24T12:30:00Z"));
    assert!(at_noon("timezone \"Asia/Tokyo\"", "2026-11-24T12:30:00"));
}
