//! How the fields of a saved roster are read. What cannot have been saved is damage, and an error that says
//! where.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::event::Event;

/// The version of the format that this version of the library writes.
pub(super) const VERSION: u32 = 1;

pub(super) fn version<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    match u32::deserialize(deserializer)? {
        VERSION => Ok(VERSION),
        other => Err(D::Error::custom(format_args!(
            "the state of the roster has version {other}, but this version of the library reads version {VERSION}"
        ))),
    }
}

/// A digest as an inbox has it: `sha256:` and 64 hexadecimal digits.
pub(super) fn digest<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Arc<str>>, D::Error> {
    let Some(digest) = Option::<Arc<str>>::deserialize(deserializer)? else { return Ok(None) };
    let is_digit = |digit: u8| matches!(digit, b'0'..=b'9' | b'a'..=b'f');
    let digits = digest.strip_prefix("sha256:");
    if digits.is_some_and(|digits| digits.len() == 64 && digits.bytes().all(is_digit)) {
        return Ok(Some(digest));
    }
    Err(D::Error::custom(format_args!("`{digest}` is not the digest of an inbox")))
}

/// The events of a roster that add and remove users.
pub(super) fn changes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Event>, D::Error> {
    let changes = Vec::<Event>::deserialize(deserializer)?;
    let is_change = |event: &Event| matches!(event, Event::Added { .. } | Event::Removed { .. });
    match changes.iter().position(|event| !is_change(event)) {
        None => Ok(changes),
        Some(place) => Err(D::Error::custom(format_args!(
            "`changes[{place}]` neither adds nor removes a user, and other changes are not saved there"
        ))),
    }
}

/// What is saved by name. A name that comes twice is an error, which a map of the standard library would not
/// notice.
pub(super) fn names<'de, D, T>(deserializer: D) -> Result<BTreeMap<Arc<str>, T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    deserializer.deserialize_map(NamesVisitor(PhantomData))
}

struct NamesVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for NamesVisitor<T> {
    type Value = BTreeMap<Arc<str>, T>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a map by names")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        let mut map = BTreeMap::new();
        while let Some(name) = entries.next_key::<Arc<str>>()? {
            let value =
                entries.next_value().map_err(|error| A::Error::custom(format_args!("`{name}`: {error}")))?;
            match map.entry(name) {
                Entry::Vacant(entry) => drop(entry.insert(value)),
                Entry::Occupied(entry) => {
                    return Err(A::Error::custom(format_args!("`{}` is there twice", entry.key())));
                }
            }
        }
        Ok(map)
    }
}
