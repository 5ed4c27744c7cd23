//! How long the ids, names, tags and attributes in the body of a call may be.

use std::collections::BTreeMap;

use inbox_rules::AttributeValue;

use super::error::ApiError;

/// How many characters an id, a name or a tag has at most.
pub(super) const MAX_NAME: usize = 256;

/// How many characters the text of an attribute has at most: as many as a text that a user sends.
const MAX_VALUE: usize = 4096;

/// How many tags or attributes there are at most.
pub(super) const MAX_LISTED: usize = 100;

/// 400 if one of these is too long, each with its place.
pub(super) fn check_names(names: &[(&str, Option<&str>)]) -> Result<(), ApiError> {
    names.iter().filter_map(|(place, name)| Some((place, (*name)?))).try_for_each(|(place, name)| {
        check(is_short(name, MAX_NAME), place, &format!("must have at most {MAX_NAME} characters"))
    })
}

/// 400 if there are too many, or one is too long.
pub(super) fn check_tags(place: &str, tags: Option<&[String]>) -> Result<(), ApiError> {
    let tags = tags.unwrap_or_default();
    check(tags.len() <= MAX_LISTED, place, &format!("must have at most {MAX_LISTED} tags"))?;
    let are_short = tags.iter().all(|tag| is_short(tag, MAX_NAME));
    check(are_short, place, &format!("must have tags of at most {MAX_NAME} characters"))
}

/// The same for attributes.
pub(super) fn check_attributes(
    place: &str,
    attributes: Option<&BTreeMap<String, Option<AttributeValue>>>,
) -> Result<(), ApiError> {
    let Some(attributes) = attributes else { return Ok(()) };
    check(attributes.len() <= MAX_LISTED, place, &format!("must have at most {MAX_LISTED} attributes"))?;
    let are_short = attributes.keys().all(|name| is_short(name, MAX_NAME));
    check(are_short, place, &format!("must have names of at most {MAX_NAME} characters"))?;
    let is_value_short = |value: &Option<AttributeValue>| match value {
        Some(AttributeValue::Text(text)) => is_short(text, MAX_VALUE),
        _ => true,
    };
    let are_short = attributes.values().all(is_value_short);
    check(are_short, place, &format!("must have texts of at most {MAX_VALUE} characters"))
}

fn check(is_right: bool, place: &str, must: &str) -> Result<(), ApiError> {
    if is_right { Ok(()) } else { Err(ApiError::bad_field(place, format!("`{place}` {must}"))) }
}

/// Whether it has at most so many characters.
fn is_short(text: &str, most: usize) -> bool {
    text.len() <= most || text.chars().nth(most).is_none()
}
