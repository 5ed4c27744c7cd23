//! How long something lasts: `5s`, `15m`, `12h`, `10d`.

use std::time::Duration;

/// The units, with how many seconds each has.
const UNITS: [(&str, u64); 4] = [("s", 1), ("m", 60), ("h", 60 * 60), ("d", 24 * 60 * 60)];

/// Nothing is kept, or waited for, for longer than this: a hundred years.
const LONGEST: Duration = days(36_500);

/// That many days.
pub(super) const fn days(days: u64) -> Duration {
    Duration::from_secs(days * 24 * 60 * 60)
}

/// That many hours.
pub(super) const fn hours(hours: u64) -> Duration {
    Duration::from_secs(hours * 60 * 60)
}

/// `12h`: a whole number and a unit.
pub(super) fn parse_duration(text: &str) -> Option<Duration> {
    let text = text.trim();
    let (count, seconds) =
        UNITS.iter().find_map(|(unit, seconds)| Some((text.strip_suffix(unit)?, seconds)))?;
    let count = count.trim_end();
    if !count.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let seconds = count.parse::<u64>().ok()?.checked_mul(*seconds)?;
    Some(Duration::from_secs(seconds)).filter(|duration| *duration <= LONGEST)
}

/// `12h`: in the largest unit in which it is a whole number.
pub(super) fn duration_text(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let unit = UNITS.iter().rev().find(|(_, unit)| seconds > 0 && seconds.is_multiple_of(*unit));
    unit.map_or_else(|| format!("{seconds}s"), |(name, unit)| format!("{}{name}", seconds / unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(parse_duration(text).map(duration_text).as_deref().unwrap_or("none"), expected, "{text}");
    }

    #[test]
    fn durations() {
        check("5s", "5s");
        check("0s", "0s");
        check("120s", "2m");
        check("15 m", "15m");
        check(" 12h", "12h");
        check("24h", "1d");
        check("10d", "10d");
        check("36500d", "36500d");
    }

    #[test]
    fn what_is_no_duration() {
        for text in
            ["", "s", "12", "12w", "-1s", "+1s", "1.5h", "1h30m", "36501d", "99999999999999999999s", "١s"]
        {
            check(text, "none");
        }
    }
}
