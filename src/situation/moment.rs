//! A moment as a situation gives it.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::policy::calendar::instant;

/// A moment: an instant, or a time on the wall in the policy's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// `2026-11-24T18:30:00+02:00`
    Instant(Timestamp),
    /// `2026-11-24T18:30:00`: the first of a repeated hour, moved forward from a skipped one
    Local(DateTime),
}

impl Moment {
    /// The instant; a time on the wall is read in `zone`.
    pub fn instant(self, zone: &TimeZone) -> Timestamp {
        match self {
            Self::Instant(instant) => instant,
            Self::Local(time) => instant(time, zone),
        }
    }

    /// Reads a time in the format of RFC 3339, with or without an offset. One with the name of a zone in brackets is none:
    /// the zone might contradict the offset.
    pub fn parse(text: &str) -> Option<Self> {
        if text.contains('[') {
            return None;
        }
        let instant = text.parse().map(Self::Instant).ok();
        let local = || text.parse().map(Self::Local).ok();
        instant.or_else(local).or_else(|| last_instants(text))
    }
}

/// An instant of the last day that can be written, whose offset leads past the last one that can be counted: that one.
fn last_instants(text: &str) -> Option<Moment> {
    let end = text.len().checked_sub(1)?;
    let local = text.get(..end).filter(|_| text.ends_with(['Z', 'z']))?;
    let time: DateTime = local.parse().ok()?;
    (time.year() == 9999).then_some(Moment::Instant(Timestamp::MAX))
}

impl From<Timestamp> for Moment {
    fn from(instant: Timestamp) -> Self {
        Self::Instant(instant)
    }
}

impl From<DateTime> for Moment {
    fn from(time: DateTime) -> Self {
        Self::Local(time)
    }
}

impl std::fmt::Display for Moment {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Instant(instant) => instant.fmt(out),
            Self::Local(time) => time.fmt(out),
        }
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(WrittenMoment)
    }
}

/// Reads a moment where it stands, without a copy of its text: a situation may have one for each user.
struct WrittenMoment;

impl de::Visitor<'_> for WrittenMoment {
    type Value = Moment;

    fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("a string")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Moment, E> {
        Moment::parse(text).ok_or_else(|| {
            E::custom(if text.contains('[') {
                "names a time zone in brackets; write the offset alone, as in `2026-11-24T18:30:00+02:00`"
            } else {
                "is not a time; write it as `2026-11-24T18:30:00+02:00`"
            })
        })
    }
}

impl JsonSchema for Moment {
    fn schema_name() -> Cow<'static, str> {
        "Moment".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "A moment as in RFC 3339. A time without an offset is in the time zone of the policy.",
            "examples": ["2026-11-24T18:30:00+02:00", "2026-11-24T18:30:00"]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, instant: &str) {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let read = Moment::parse(text).map(|moment| moment.instant(&zone));
        assert_eq!(read.map_or("none".to_owned(), |at| at.to_string()), instant, "{text}");
    }

    #[test]
    fn with_offset_and_without() {
        check("2026-11-24T18:30:00+02:00", "2026-11-24T16:30:00Z");
        check("2026-11-24T18:30:00Z", "2026-11-24T18:30:00Z");
        check("2026-11-24T18:30:00", "2026-11-24T17:30:00Z");
        check("2026-11-24 18:30", "2026-11-24T17:30:00Z");
        check("tomorrow", "none");
        check("9999-12-31T23:59:59", "9999-12-30T22:00:00.999999999Z");
        check("9999-12-31T23:59:59Z", "9999-12-30T22:00:00.999999999Z");
        check("2026-11-24T18:30:00+02:00[Africa/Cairo]", "none");
        check("2026-11-24T18:30:00Z[Mars/X]", "none");
    }

    #[test]
    fn the_clock_changes() {
        // 02:30 happens twice on 25 October and not at all on 29 March.
        check("2026-10-25T02:30:00", "2026-10-25T00:30:00Z");
        check("2026-03-29T02:30:00", "2026-03-29T01:30:00Z");
    }
}
