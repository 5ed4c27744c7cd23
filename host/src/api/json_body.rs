//! Reads the body of a call. What is wrong is said in words for people, with its place.

use std::fmt;
use std::marker::PhantomData;

use inbox_rules::diagnostic::{nearest, one_of};
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, DeserializeOwned, MapAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};

use axum::http::StatusCode;

use super::error::ApiError;

/// Reads the body of a call.
///
/// # Errors
///
/// `bad-json`, `bad-field`.
pub(super) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    if body.trim_ascii().is_empty() {
        return Err(bad_json("the body is empty, and this call needs a JSON object".to_owned()));
    }
    let mut json = serde_json::Deserializer::from_slice(body);
    let mut track = serde_path_to_error::Track::new();
    object(serde_path_to_error::Deserializer::new(&mut json, &mut track))
        .and_then(|body| json.end().map(|()| body))
        .map_err(|error| in_words(&error, &track.path().to_string()))
}

/// A call that needs no body. One that says nothing is allowed.
///
/// # Errors
///
/// `bad-json`, `bad-field`.
pub(super) fn read_nothing(body: &[u8]) -> Result<(), ApiError> {
    if body.trim_ascii().is_empty() { Ok(()) } else { read::<EmptyBody>(body).map(|_| ()) }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EmptyBody {}

/// An object. What serde derives takes a list of its fields, too.
pub(super) fn object<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<T, D::Error> {
    struct ObjectVisitor<T>(PhantomData<T>);

    impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
            T::deserialize(MapAccessDeserializer::new(map))
        }
    }

    from.deserialize_map(ObjectVisitor(PhantomData))
}

/// A whole number, which JSON may also write as `90.0`.
#[derive(Debug, Clone, Copy)]
pub(super) struct WholeNumber(pub(super) u32);

impl<'de> Deserialize<'de> for WholeNumber {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct WholeNumberVisitor;

        impl Visitor<'_> for WholeNumberVisitor {
            type Value = WholeNumber;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("u32")
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<WholeNumber, E> {
                let wrong = |_| E::invalid_value(Unexpected::Unsigned(number), &self);
                number.try_into().map(WholeNumber).map_err(wrong)
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<WholeNumber, E> {
                let wrong = |_| E::invalid_value(Unexpected::Signed(number), &self);
                number.try_into().map(WholeNumber).map_err(wrong)
            }

            fn visit_f64<E: de::Error>(self, number: f64) -> Result<WholeNumber, E> {
                if number.fract() != 0.0 || !(0.0..=f64::from(u32::MAX)).contains(&number) {
                    return Err(E::invalid_value(Unexpected::Float(number), &self));
                }
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "it was looked at"
                )]
                Ok(WholeNumber(number as u32))
            }
        }

        from.deserialize_any(WholeNumberVisitor)
    }
}

/// A field that may be left out, but not be null.
pub(super) fn not_null<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    from: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

/// A field that may be left out, which is another thing than null.
#[expect(clippy::option_option, reason = "left out, null, or there")]
pub(super) fn nullable<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    from: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(from).map(Some)
}

fn bad_json(message: String) -> ApiError {
    ApiError::new(StatusCode::BAD_REQUEST, "bad-json", message)
}

/// The message of serde, in words for people.
fn in_words(error: &serde_json::Error, path: &str) -> ApiError {
    let raw = error.to_string();
    let raw = raw.rsplit_once(" at line ").map_or(&*raw, |(message, _)| message);
    let (line, column) = (error.line(), error.column());
    if error.is_eof() {
        return bad_json("the JSON ends too early".to_owned());
    }
    if !error.is_data() {
        let what = match raw {
            "recursion limit exceeded" => "lists and objects are nested too deeply".to_owned(),
            "trailing characters" => "there is more text after the JSON".to_owned(),
            "expected value" | "expected ident" => "this is not JSON".to_owned(),
            _ => format!("this is not JSON: {raw}"),
        };
        return bad_json(format!("{what} (line {line}, column {column})"));
    }
    let place = Some(path).filter(|path| !path.is_empty() && *path != ".");
    let bad = |message: String| {
        let error = ApiError::new(StatusCode::BAD_REQUEST, "bad-field", message);
        match place {
            Some(place) => error.at(place),
            None => error,
        }
    };
    // What serde expected comes last, and contains none of the caller's words.
    let (found, expected) = raw.rsplit_once(", expected ").unwrap_or((raw, ""));
    let words: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
    let subject = place.map_or("the body".to_owned(), |place| format!("`{place}`"));
    if let Some(name) = quoted(found, "unknown field ") {
        let error = bad(format!("{subject} is not a field of this call"));
        return match nearest(name, words.iter().copied()) {
            Some(_) => error.did_you_mean(name, words),
            None if words.is_empty() => error,
            None => ApiError { message: format!("{}; it takes {}", error.message, one_of(words)), ..error },
        };
    }
    if let Some(word) = quoted(found, "unknown variant ") {
        return bad(format!("{subject} cannot be `{word}`; write {}", one_of(words)));
    }
    if let Some(name) = quoted(raw, "missing field ") {
        let place = place.map_or(name.to_owned(), |place| format!("{place}.{name}"));
        let message = format!("`{place}` is missing");
        return bad(message).at(place);
    }
    if let Some(name) = quoted(raw, "duplicate field ") {
        return bad(format!("`{name}` is written twice")).at(name);
    }
    if found.starts_with("invalid ") {
        return bad(format!("{subject} must be {}", in_json_words(expected)));
    }
    bad(format!("{subject} is wrong: {raw}"))
}

/// The name in backticks after `prefix`.
fn quoted<'r>(raw: &'r str, prefix: &str) -> Option<&'r str> {
    raw.strip_prefix(prefix)?.strip_prefix('`')?.strip_suffix('`')
}

/// What serde expects, without the types of Rust.
fn in_json_words(expected: &str) -> &str {
    match expected {
        "a string" | "a borrowed string" | "string" => "a text",
        "a sequence" => "a list",
        "a map" => "an object",
        "a boolean" => "true or false",
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number, at least 0",
        "i8" | "i16" | "i32" | "i64" => "a whole number",
        _ => expected,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only its reading is tested")]
    struct Outer {
        number: String,
        #[serde(default)]
        inner: Option<Inner>,
        #[serde(default)]
        many: BTreeMap<String, u32>,
        #[serde(default)]
        whole: Option<WholeNumber>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only its reading is tested")]
    struct Inner {
        text: Option<String>,
        presence: Option<inbox_rules::Presence>,
        tags: Option<Vec<String>>,
        at: Option<jiff::Timestamp>,
    }

    #[track_caller]
    fn check(body: &str, expected: &str) {
        let error = read::<Outer>(body.as_bytes()).unwrap_err();
        let place = error.place.map(|place| format!(" @ {place}")).unwrap_or_default();
        assert_eq!(format!("{}: {}{place}", error.code, error.message), expected, "{body}");
    }

    #[test]
    fn what_is_not_json() {
        check("", "bad-json: the body is empty, and this call needs a JSON object");
        check("{", "bad-json: the JSON ends too early");
        check("x", "bad-json: this is not JSON (line 1, column 1)");
        check(r#"{"number":"+1"} x"#, "bad-json: there is more text after the JSON (line 1, column 17)");
        check(&"[".repeat(1000), "bad-field: the body must be an object");
    }

    #[test]
    fn what_is_the_wrong_field() {
        check(
            r#"{"nummer":"+1"}"#,
            "bad-field: `nummer` is not a field of this call; did you mean `number`? @ nummer",
        );
        check(
            r#"{"number":"+1","inner":{"zzz":1}}"#,
            "bad-field: `inner.zzz` is not a field of this call; it takes `text`, `presence`, `tags` or `at` @ inner.zzz",
        );
        check("{}", "bad-field: `number` is missing @ number");
        check(r#"{"number":5}"#, "bad-field: `number` must be a text @ number");
        check(r#"{"number":"a","number":"b"}"#, "bad-field: `number` is written twice @ number");
        check("[]", "bad-field: the body must be an object");
    }

    #[test]
    fn whole_numbers() {
        let read = |number: &str| read::<Outer>(format!(r#"{{"number":"+1","whole":{number}}}"#).as_bytes());
        for (text, number) in [("90", 90), ("90.0", 90), ("9e1", 90), ("4294967295.0", u32::MAX), ("-0.0", 0)]
        {
            assert_eq!(read(text).unwrap().whole.unwrap().0, number, "{text}");
        }
        for text in ["-1", "1.5", "4294967296", "4294967296.0", "1e300", "\"1\"", "[]"] {
            let error = read(text).unwrap_err();
            assert_eq!(error.message, "`whole` must be a whole number, at least 0", "{text}");
        }
    }

    #[test]
    fn what_is_in_a_field() {
        check(
            r#"{"number":"+1","inner":{"presence":"onlin"}}"#,
            "bad-field: `inner.presence` cannot be `onlin`; write `online`, `away` or `offline` @ inner.presence",
        );
        check(
            r#"{"number":"+1","inner":{"tags":"x"}}"#,
            "bad-field: `inner.tags` must be a list @ inner.tags",
        );
        check(
            r#"{"number":"+1","inner":{"tags":["x",1]}}"#,
            "bad-field: `inner.tags[1]` must be a text @ inner.tags[1]",
        );
        check(r#"{"number":"+1","many":7}"#, "bad-field: `many` must be an object @ many");
        check(
            r#"{"number":"+1","many":{"x":-1}}"#,
            "bad-field: `many.x` must be a whole number, at least 0 @ many.x",
        );
    }
}
