//! JSON as people write it: null counts as missing, a list is not an object, and errors are sentences.

use std::collections::BTreeSet;
use std::collections::btree_map::{BTreeMap, Entry};
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use rust_decimal::Decimal;
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserializer, MapAccess, Visitor};
use serde::ser::{self, Serialize, Serializer};
use serde_json::value::RawValue;

use super::error::SituationError;
use super::json::Situation;
use crate::language::vocabulary::{MessageKind, Presence};
use crate::policy::{AttributeValue, RuleRef};

impl Situation {
    /// Reads the JSON of one situation.
    ///
    /// # Errors
    ///
    /// The error names the first field that is wrong, or the place where `text` is not JSON.
    pub fn from_json(text: &str) -> Result<Self, SituationError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut json = serde_json::Deserializer::from_str(text);
        let mut track = serde_path_to_error::Track::new();
        object(serde_path_to_error::Deserializer::new(&mut json, &mut track))
            .and_then(|situation| situation.ok_or_else(|| de::Error::custom("must be an object, not null")))
            .and_then(|situation| json.end().map(|()| situation))
            .map_err(|error| in_words(&error, &track.path().to_string()))
    }
}

/// What is wrong with a text that is not JSON, in words for people.
#[cfg(feature = "check")]
pub(crate) fn syntax_error(error: &serde_json::Error) -> SituationError {
    in_words(error, "")
}

/// The message of serde, in words for people.
fn in_words(error: &serde_json::Error, path: &str) -> SituationError {
    let raw = error.to_string();
    let raw = raw.rsplit_once(" at line ").map_or(&*raw, |(message, _)| message);
    let place = Some(path).filter(|path| !matches!(*path, "" | "." | "?"));
    let mut words = if error.is_data() { about_field(raw, place) } else { about_json(error, raw) };
    words.place = place.map(str::to_owned);
    if error.line() > 0 {
        (words.line, words.column) = (Some(error.line()), Some(error.column()));
    }
    words
}

fn about_json(error: &serde_json::Error, raw: &str) -> SituationError {
    if error.is_eof() {
        return SituationError::new("the JSON ends too early");
    }
    SituationError::new(match raw {
        "recursion limit exceeded" => "lists and objects are nested too deeply".to_owned(),
        "trailing characters" => "there is more text after the situation".to_owned(),
        "unexpected end of hex escape" | "lone leading surrogate in hex escape" => {
            "one half of a surrogate pair is no character".to_owned()
        }
        "expected ident" | "expected value" => "this is not JSON".to_owned(),
        _ => format!("this is not JSON: {raw}"),
    })
}

fn about_field(raw: &str, place: Option<&str>) -> SituationError {
    let subject = place.map_or("a situation".to_owned(), |place| format!("`{place}`"));
    // What serde expected comes last, and contains none of the author's words.
    let (found, expected) = raw.rsplit_once(", expected ").unwrap_or((raw, ""));
    if let Some(name) = quoted(found, "unknown field ") {
        let error = SituationError::new(format!("{subject} is not a field of a situation"));
        let error = error.nearest(name, expected.split('`').skip(1).step_by(2));
        if place == Some("message.referral") {
            // So the webhooks of WhatsApp call it.
            return error.help("write the id of the ad as `message.ad`, its text as `message.ad_text`");
        }
        // Attributes have a field of their own.
        let parent = place.and_then(|place| place.strip_suffix(name)?.strip_suffix('.'));
        return match parent {
            Some(parent @ ("customer" | "message"))
                if error.help.is_none() && expected.contains("`attributes`") =>
            {
                error.help(format!(
                    "if it is an attribute of `inbox.toml`, write it under `{parent}.attributes`"
                ))
            }
            _ => error,
        };
    }
    if let Some(name) = quoted(found, "unknown variant ") {
        return SituationError::new(format!("{subject} must be {expected}, not `{name}`"));
    }
    if let Some(name) = quoted(found, "missing field ") {
        return SituationError::new(match place {
            Some(place) => format!("`{place}.{name}` is missing"),
            None => format!("`{name}` is missing"),
        });
    }
    if let Some(name) = quoted(found, "duplicate field ") {
        return SituationError::new(format!("`{name}` is given twice"));
    }
    match found.strip_prefix("invalid type: ").or_else(|| found.strip_prefix("invalid value: ")) {
        Some(found) => {
            SituationError::new(format!("{subject} must be {}, not {}", wanted(expected), got(found)))
        }
        None => SituationError::new(format!("{subject} {raw}")),
    }
}

fn quoted<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    text.strip_prefix(prefix)?.strip_prefix('`')?.strip_suffix('`')
}

fn wanted(expected: &str) -> &str {
    match expected {
        "a boolean" => "true or false",
        "a string" => "a text",
        "a map" => "an object",
        "a sequence" => "a list",
        "u32" => "a whole number from 0 to 4294967295",
        "u64" | "usize" => "a whole number from 0",
        other => other,
    }
}

fn got(found: &str) -> &str {
    match found.split_once(' ').map_or(found, |(kind, _)| kind) {
        "string" => "a text",
        "map" => "an object",
        "sequence" => "a list",
        // A number or a flag is followed by itself, in backticks.
        _ => found.find('`').and_then(|at| found.get(at..)).unwrap_or(found),
    }
}

/// An object, or null. Left to itself, serde also accepts a list, whose entries are the fields in order.
pub(super) fn object<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    deserializer.deserialize_any(Object(PhantomData))
}

pub(super) fn object_or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    object(deserializer).map(Option::unwrap_or_default)
}

struct Object<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Object<T> {
    type Value = Option<T>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(Some)
    }
}

pub(super) fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

pub(super) fn kind<'de, D: Deserializer<'de>>(deserializer: D) -> Result<MessageKind, D::Error> {
    let word = Option::<String>::deserialize(deserializer)?;
    Ok(word.map_or(MessageKind::Text, |word| MessageKind::parse(&word).unwrap_or(MessageKind::Other)))
}

pub(super) fn presence<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Presence, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or(Presence::Offline))
}

pub(super) fn list<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    let list: Option<Vec<Option<T>>> = Option::deserialize(deserializer)?;
    Ok(list.into_iter().flatten().flatten().collect())
}

/// A map without the entries that are null.
pub(super) fn entries<'de, D, T>(deserializer: D) -> Result<BTreeMap<String, T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    entries_of::<D, Option<T>, T>(deserializer)
}

/// A map of objects, without the entries that are null.
pub(super) fn objects<'de, D, T>(deserializer: D) -> Result<BTreeMap<String, T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    entries_of::<D, ObjectEntry<T>, T>(deserializer)
}

/// A map whose values are read as `V`.
fn entries_of<'de, D, V, T>(deserializer: D) -> Result<BTreeMap<String, T>, D::Error>
where
    D: Deserializer<'de>,
    V: Deserialize<'de> + Into<Option<T>>,
{
    let entries: Option<Entries<V, T>> = Option::deserialize(deserializer)?;
    Ok(entries.map(|Entries(entries, _)| entries).unwrap_or_default())
}

struct ObjectEntry<T>(Option<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for ObjectEntry<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        object(deserializer).map(Self)
    }
}

impl<T> From<ObjectEntry<T>> for Option<T> {
    fn from(ObjectEntry(object): ObjectEntry<T>) -> Self {
        object
    }
}

/// A map in which each key stands once.
struct Entries<V, T>(BTreeMap<String, T>, PhantomData<V>);

impl<'de, V: Deserialize<'de> + Into<Option<T>>, T> Deserialize<'de> for Entries<V, T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(EntriesVisitor(PhantomData))
    }
}

struct EntriesVisitor<V, T>(PhantomData<(V, T)>);

impl<'de, V: Deserialize<'de> + Into<Option<T>>, T> Visitor<'de> for EntriesVisitor<V, T> {
    type Value = Entries<V, T>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut entries, mut nulls) = (BTreeMap::new(), BTreeSet::new());
        while let Some((name, value)) = map.next_entry::<String, V>()? {
            match entries.entry(name) {
                Entry::Vacant(entry) if !nulls.contains(entry.key()) => match value.into() {
                    Some(value) => drop(entry.insert(value)),
                    None => drop(nulls.insert(entry.into_key())),
                },
                entry => return Err(de::Error::custom(format_args!("has `{}` twice", entry.key()))),
            }
        }
        Ok(Entries(entries, PhantomData))
    }
}

pub(super) fn values<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, AttributeValue>, D::Error> {
    entries(deserializer)
}

/// A reference to a rule. Its name alone will do, or its file and line.
pub(super) fn rule<'de, D: Deserializer<'de>>(deserializer: D) -> Result<RuleRef, D::Error> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Fields {
        name: Option<Arc<str>>,
        file: Option<Arc<str>>,
        line: Option<u32>,
    }
    let fields = object(deserializer)?.ok_or_else(|| de::Error::custom("must be an object, not null"))?;
    match fields {
        Fields { name: None, file: None, .. } | Fields { name: None, line: None, .. } => {
            Err(de::Error::custom("must have a `name`, or a `file` and a `line`"))
        }
        Fields { name, file, line } => {
            Ok(RuleRef { name, file: file.unwrap_or_default(), line: line.unwrap_or_default() })
        }
    }
}

/// JSON's text, number or flag. The number is as exact as it was written, so this reads JSON and nothing else.
impl<'de> Deserialize<'de> for AttributeValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let text = raw.get();
        let value = match text.bytes().next() {
            Some(b'"') => serde_json::from_str(text).map(Self::Text).ok(),
            Some(b't') => Some(Self::Flag(true)),
            Some(b'f') => Some(Self::Flag(false)),
            Some(b'[' | b'{') => None,
            _ => match Decimal::from_str_exact(text).or_else(|_| Decimal::from_scientific(text)) {
                Ok(number) => Some(Self::Number(number)),
                Err(_) => return Err(de::Error::custom("has more than 28 digits")),
            },
        };
        value.ok_or_else(|| de::Error::custom("must be a text, a number, or true or false"))
    }
}

impl Serialize for AttributeValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => text.serialize(serializer),
            Self::Flag(flag) => flag.serialize(serializer),
            Self::Number(number) => exact(*number)?.serialize(serializer),
        }
    }
}

fn exact<E: ser::Error>(number: Decimal) -> Result<impl Serialize, E> {
    RawValue::from_string(number.to_string()).map_err(E::custom)
}
