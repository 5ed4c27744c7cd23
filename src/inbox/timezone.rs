//! Time zones by their IANA names. The database is part of the program, so that a policy means the same on every
//! machine.

use std::sync::LazyLock;

use jiff::tz::{TimeZone, TimeZoneDatabase};

use crate::diagnostic::nearest;

static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);
static NAMES: LazyLock<Vec<String>> =
    LazyLock::new(|| ZONES.available().map(|zone| zone.to_string()).collect());

/// The time zone called `name`, ignoring case.
///
/// # Errors
///
/// If there is no such time zone, the error is the nearest name, if one is near enough: `Africa/Cairo` for `Cairo` or
/// `Africa/Ciaro`.
pub fn find_timezone(name: &str) -> Result<TimeZone, Option<String>> {
    match ZONES.get(name) {
        Ok(zone) if !zone.is_unknown() => Ok(zone),
        _ => Err(nearest_zone(name)),
    }
}

fn nearest_zone(name: &str) -> Option<String> {
    let names = || NAMES.iter().map(String::as_str);
    let name = name.trim().replace(' ', "_");
    if let Some(near) = nearest(&name, names()) {
        return Some(near.to_owned());
    }
    // Many people write only the city.
    let city = nearest(&name, names().filter_map(|zone| Some(zone.rsplit_once('/')?.1)))?;
    names().find(|zone| zone.rsplit_once('/').is_some_and(|(_, last)| last == city)).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, expected: Result<&str, Option<&str>>) {
        let found = find_timezone(name);
        let found = found.as_ref().map(|zone| zone.iana_name().unwrap()).map_err(|near| near.as_deref());
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
        check("Cairo", Err(Some("Africa/Cairo")));
        check("new york", Err(Some("America/New_York")));
        check("Europe/Berlin ", Err(Some("Europe/Berlin")));
        check("Mordor", Err(None));
        check("+02:00", Err(None));
        check("", Err(None));
    }
}
