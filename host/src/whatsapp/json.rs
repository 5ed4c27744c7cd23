//! JSON that is read level by level, so that what is strange in one place spoils nothing beside it.
//!
//! A level is read only when something below it is wanted, and without recursion: no depth is too deep. A
//! number may be too large, a field may come twice (the last one counts), and half of a surrogate pair
//! becomes U+FFFD.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_json::value::RawValue;

/// The fields of an object.
pub(super) struct JsonObject<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'a> JsonObject<'a> {
    /// The object; `None`: it is something else.
    pub(super) fn read(raw: &'a RawValue) -> Option<Self> {
        // Making an error takes longer than reading a small object.
        raw.get().starts_with('{').then(|| serde_json::from_str(raw.get()).ok()).flatten()
    }

    /// The field; `None`: it is missing or null.
    pub(super) fn get(&self, name: &str) -> Option<&'a RawValue> {
        let (_, raw) = self.0.iter().rev().find(|(key, _)| key == name)?;
        (raw.get() != "null").then_some(raw)
    }

    /// The text of the field; `None`: it is missing, empty, or neither a text nor a number.
    pub(super) fn text(&self, name: &str) -> Option<Cow<'a, str>> {
        self.get(name).and_then(text)
    }

    /// The object in the field.
    pub(super) fn object(&self, name: &str) -> Option<Self> {
        self.get(name).and_then(Self::read)
    }

    /// The items of the list in the field; none if it is missing or no list.
    pub(super) fn list(&self, name: &str) -> Vec<&'a RawValue> {
        self.get(name).and_then(list).unwrap_or_default()
    }

    /// Whether the field is true.
    pub(super) fn flag(&self, name: &str) -> bool {
        self.get(name).is_some_and(|raw| matches!(raw.get(), "true" | "\"true\""))
    }
}

/// The items of a list; `None`: it is something else.
pub(super) fn list(raw: &RawValue) -> Option<Vec<&RawValue>> {
    raw.get().starts_with('[').then(|| serde_json::from_str(raw.get()).ok()).flatten()
}

/// A text, or the digits of a number; `None`: it is empty or something else.
pub(super) fn text(raw: &RawValue) -> Option<Cow<'_, str>> {
    let text = match raw.get().bytes().next()? {
        b'"' => serde_json::from_str::<LossyText<'_>>(raw.get()).ok()?.0,
        b'-' | b'0'..=b'9' => Cow::Borrowed(raw.get()),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

impl<'de: 'a, 'a> Deserialize<'de> for JsonObject<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ObjectVisitor;

        impl<'de> Visitor<'de> for ObjectVisitor {
            type Value = JsonObject<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut fields = Vec::with_capacity(8);
                while let Some((LossyText(key), value)) = map.next_entry()? {
                    fields.push((key, value));
                }
                Ok(JsonObject(fields))
            }
        }

        deserializer.deserialize_map(ObjectVisitor)
    }
}

/// A text, read as bytes: only so does `serde_json` let half of a surrogate pair pass.
struct LossyText<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for LossyText<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;

        impl<'de> Visitor<'de> for TextVisitor {
            type Value = LossyText<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a text")
            }

            fn visit_borrowed_bytes<E: Error>(self, bytes: &'de [u8]) -> Result<Self::Value, E> {
                Ok(LossyText(String::from_utf8_lossy(bytes)))
            }

            fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Self::Value, E> {
                Ok(LossyText(String::from_utf8_lossy(bytes).into_owned().into()))
            }
        }

        deserializer.deserialize_bytes(TextVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(json: &str, name: &str, expected: Option<&str>) {
        let raw: &RawValue = serde_json::from_str(json).expect("JSON");
        let found = JsonObject::read(raw).and_then(|object| object.text(name));
        assert_eq!(found.as_deref(), expected, "{json}");
    }

    #[test]
    fn texts_and_numbers_are_read() {
        check(r#"{"a":"b"}"#, "a", Some("b"));
        check(r#"{"a":12}"#, "a", Some("12"));
        check(r#"{"a":1e999}"#, "a", Some("1e999"));
        check(r#"{"a":""}"#, "a", None);
        check(r#"{"a":null}"#, "a", None);
        check(r#"{"a":["b"]}"#, "a", None);
        check(r#"["a"]"#, "a", None);
    }

    #[test]
    fn strange_fields_spoil_nothing() {
        check(r#"{"a":"b","a":"c"}"#, "a", Some("c"));
        check(r#"{"\ud83d":1,"\u0061":"b"}"#, "a", Some("b"));
        check(r#"{"a":"b\ud83d"}"#, "a", Some("b\u{fffd}\u{fffd}\u{fffd}"));
        check(&format!(r#"{{"z":{}{},"a":"b"}}"#, "[".repeat(9999), "]".repeat(9999)), "a", Some("b"));
    }
}
