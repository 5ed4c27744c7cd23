//! Times as the API writes them: RFC 3339, in UTC.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer};

/// A time as it is written in a body, in any offset.
pub(super) fn sent_at<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Timestamp>, D::Error> {
    let Some(text) = Option::<String>::deserialize(from)? else { return Ok(None) };
    let wrong = || serde::de::Error::custom(format!("`{text}` is not a time such as `2026-11-24T16:30:00Z`"));
    text.parse().map(Some).map_err(|_| wrong())
}
