//! Instants and local times.
//!
//! The rules of each zone are those of the IANA time zone database (RFC 6557), which the program carries.

use jiff::Timestamp;
use jiff::civil::{self, DateTime};
use jiff::tz::TimeZone;

/// The local time in `zone` at the instant `at`.
pub fn wall_clock(at: Timestamp, zone: &TimeZone) -> DateTime {
    zone.to_datetime(at)
}

/// The instant of the local time `local` in `zone`. Where a clock change repeats the hour, it is the first such
/// instant; where a change skips the hour, it is later by the length of the gap, as RFC 5545 (section 3.3.5) and
/// `Temporal` in JavaScript have it. Beyond the range of instants it is the nearest one.
pub fn instant(local: DateTime, zone: &TimeZone) -> Timestamp {
    let end_of_time =
        if local < civil::date(1970, 1, 1).at(0, 0, 0, 0) { Timestamp::MIN } else { Timestamp::MAX };
    zone.to_timestamp(local).unwrap_or(end_of_time)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn zone(name: &str) -> TimeZone {
        jiff::tz::TimeZoneDatabase::bundled().get(name).unwrap()
    }

    #[track_caller]
    fn shows(at: &str, name: &str, local: &str) {
        assert_eq!(wall_clock(at.parse().unwrap(), &zone(name)), local.parse().unwrap(), "{at} in {name}");
    }

    #[track_caller]
    fn is(local: &str, name: &str, at: &str) {
        assert_eq!(instant(local.parse().unwrap(), &zone(name)), at.parse().unwrap(), "{local} in {name}");
    }

    #[test]
    fn clocks_that_go_forward() {
        shows("2026-03-29T00:59:59Z", "Europe/Berlin", "2026-03-29T01:59:59");
        shows("2026-03-29T01:00:00Z", "Europe/Berlin", "2026-03-29T03:00:00");
        is("2026-03-29T02:30:00", "Europe/Berlin", "2026-03-29T01:30:00Z");
        is("2026-03-08T02:30:00", "America/New_York", "2026-03-08T07:30:00Z");
        // Cairo skips the hour after midnight.
        shows("2026-04-23T22:00:00Z", "Africa/Cairo", "2026-04-24T01:00:00");
        is("2026-04-24T00:15:00", "Africa/Cairo", "2026-04-23T22:15:00Z");
    }

    #[test]
    fn clocks_that_go_back() {
        shows("2026-10-25T00:30:00Z", "Europe/Berlin", "2026-10-25T02:30:00");
        shows("2026-10-25T01:30:00Z", "Europe/Berlin", "2026-10-25T02:30:00");
        is("2026-10-25T02:30:00", "Europe/Berlin", "2026-10-25T00:30:00Z");
        is("2026-11-01T01:30:00", "America/New_York", "2026-11-01T05:30:00Z");
        // Cairo repeats the hour before midnight.
        shows("2026-10-29T21:30:00Z", "Africa/Cairo", "2026-10-29T23:30:00");
        is("2026-10-29T23:30:00", "Africa/Cairo", "2026-10-29T20:30:00Z");
    }

    #[test]
    fn the_ends_of_time() {
        for name in ["Europe/Berlin", "Pacific/Kiritimati", "Pacific/Pago_Pago"] {
            for at in [Timestamp::MIN, Timestamp::MAX] {
                assert_eq!(instant(wall_clock(at, &zone(name)), &zone(name)), at, "{name}");
            }
        }
        assert_eq!(instant(DateTime::MAX, &zone("Pacific/Pago_Pago")), Timestamp::MAX);
        assert_eq!(instant(DateTime::MIN, &zone("Pacific/Kiritimati")), Timestamp::MIN);
    }

    proptest! {
        #[test]
        fn the_first_instant_that_shows_it(second in 1_700_000_000_i64..1_900_000_000) {
            for name in ["Africa/Cairo", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"] {
                let (zone, at) = (zone(name), Timestamp::from_second(second).unwrap());
                let local = wall_clock(at, &zone);
                let first = instant(local, &zone);
                prop_assert!(first <= at);
                prop_assert_eq!(wall_clock(first, &zone), local);
            }
        }
    }
}
