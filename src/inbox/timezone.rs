//! Time zones by their IANA names. The database is part of the program, so that a policy means the same on every
//! machine.

use std::sync::LazyLock;

use jiff::tz::{TimeZone, TimeZoneDatabase};
use strsim::damerau_levenshtein;

static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);
static NAMES: LazyLock<Vec<String>> =
    LazyLock::new(|| ZONES.available().map(|zone| zone.to_string()).collect());

/// There is no time zone of that name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownTimezone {
    /// The name that was meant, if only one can have been meant: `Africa/Cairo` for `Cairo` or `Africa/Ciaro`.
    pub near: Option<String>,
    /// What to write where that is not known.
    pub help: &'static str,
}

/// The time zone called `name`, ignoring case.
///
/// # Errors
///
/// If there is no such time zone.
pub fn find_timezone(name: &str) -> Result<TimeZone, UnknownTimezone> {
    match ZONES.get(name) {
        Ok(zone) if !zone.is_unknown() => return Ok(zone),
        _ => {}
    }
    // Which offset a place has changes with summer time, and an abbreviation may be that of several places.
    let is_offset = name.contains(|c: char| c.is_ascii_digit())
        || ["UTC", "GMT", "+", "-"].iter().any(|start| name.starts_with(start));
    let is_abbreviation = name.len() <= 5 && name.bytes().all(|byte| byte.is_ascii_uppercase());
    let help = if is_offset || (is_abbreviation && !name.is_empty()) {
        "write a city with that time, such as `Africa/Cairo`, `Asia/Riyadh` or `Europe/Berlin`"
    } else {
        "write the name of a city in the zone, such as `Africa/Cairo`"
    };
    let near = if is_offset || is_abbreviation { None } else { near_zone(name) };
    Err(UnknownTimezone { near, help })
}

/// The one zone that can have been meant. Cities are many, so one letter may be wrong, and no more: `Mumbai` is not nearly
/// `Dubai`.
fn near_zone(name: &str) -> Option<String> {
    const DIRECTIONS: [&str; 4] = ["North", "South", "East", "West"];
    let name = name.trim().replace([' ', '-'], "_").replace('\\', "/");
    if let Some(zone) = ZONES.get(&name).ok().filter(|zone| !zone.is_unknown()) {
        return zone.iana_name().map(str::to_owned);
    }
    let names = || NAMES.iter().map(String::as_str);
    // Many people write only the city, or its country before it.
    let (area, city) = name.rsplit_once('/').unwrap_or(("", &name));
    let is_area =
        |zone: &str| zone.split_once('/').is_some_and(|(first, _)| first.eq_ignore_ascii_case(area));
    let has_area = names().any(is_area);
    let is_city = |zone: &&str| {
        zone.split_once('/').is_some_and(|(_, known)| {
            !has_area && known.eq_ignore_ascii_case(city) && !DIRECTIONS.contains(&known)
        })
    };
    let is_near = |zone: &&str| {
        zone.contains('/')
            && zone.len().abs_diff(name.len()) <= 1
            && damerau_levenshtein(&zone.to_lowercase(), &name.to_lowercase()) == 1
    };
    only(names().filter(is_city)).or_else(|| only(names().filter(is_near))).map(str::to_owned)
}

/// The only one of `names`.
fn only<'n>(mut names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    names.next().filter(|_| names.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, expected: Result<&str, Option<&str>>) {
        let found = find_timezone(name);
        let found =
            found.as_ref().map(|zone| zone.iana_name().unwrap()).map_err(|unknown| unknown.near.as_deref());
        assert_eq!(found, expected, "{name}");
    }

    #[test]
    fn names_of_zones() {
        check("Africa/Cairo", Ok("Africa/Cairo"));
        check("africa/cairo", Ok("Africa/Cairo"));
        check("UTC", Ok("UTC"));
        check("Etc/Unknown", Err(None));
    }

    #[test]
    fn names_that_are_near() {
        check("Africa/Ciaro", Err(Some("Africa/Cairo")));
        check("Africa/Kairo", Err(Some("Africa/Cairo")));
        check("Cairo", Err(Some("Africa/Cairo")));
        check("UK/London", Err(Some("Europe/London")));
        check("Egypt/Cairo", Err(Some("Africa/Cairo")));
        check("new york", Err(Some("America/New_York")));
        check("America/New York", Err(Some("America/New_York")));
        check("Europe\\Berlin", Err(Some("Europe/Berlin")));
        check("Europe/Berlin ", Err(Some("Europe/Berlin")));
        check("Europe/Berln", Err(Some("Europe/Berlin")));
    }

    #[test]
    fn names_that_may_be_of_several_zones() {
        for name in [
            "Mordor",
            "",
            "Mumbai",
            "Asia/Mumbai",
            "America/London",
            "San Juan",
            "Kiel",
            "Eastern",
            "south",
            "PST",
            "CEST",
            "BST",
        ] {
            check(name, Err(None));
        }
    }

    #[test]
    fn offsets_are_no_names() {
        for name in ["GMT+2", "GMT-5", "UTC+2", "UTC 2", "utc+2", "+02:00", "-5", "2", "Etc/GMT 2"] {
            check(name, Err(None));
            let help = find_timezone(name).unwrap_err().help;
            assert!(help.starts_with("write a city with that time"), "{name}");
        }
    }
}
