//! `{i}/customers/CUSTOMER`: what is known about a customer.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::IntoResponse;
use inbox_rules::AttributeValue;
use inbox_rules::desk::CustomerName;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::call::{Call, CallResult, known_user, ok, unexpected};
use super::error::ApiError;
use super::json_body::{not_null, nullable};
use super::sizes::{MAX_LISTED, MAX_NAME, check_attributes, check_names, check_tags};
use crate::machine::{Answer, CustomerChange, CustomerKey, Item};
use crate::store::{CustomerRow, StoreError, StoreReader};

/// A customer.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Customer")]
pub(super) struct CustomerAnswer {
    /// The id.
    id: Arc<str>,
    /// The names that channels know them by: phone numbers, and other ids.
    names: Vec<Arc<str>>,
    /// The name that people read.
    name: Option<String>,
    /// The language: a primary tag of BCP 47.
    language: Option<String>,
    /// The country: ISO 3166-1 alpha-2.
    country: Option<String>,
    /// The tags.
    tags: Vec<String>,
    /// The attributes, whether or not `inbox.toml` defines them.
    attributes: BTreeMap<String, AttributeValue>,
    /// The user who owns the customer.
    owner: Option<Arc<str>>,
    /// Whether they have been here before.
    returning: bool,
    /// When they first wrote.
    first_at: Option<Timestamp>,
    /// When they last wrote.
    last_at: Option<Timestamp>,
}

/// What is changed about a customer. What is left out stays as it is, and `null` takes it away.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(clippy::option_option, reason = "left out, null, or there")]
pub(super) struct CustomerBody {
    /// The name that people read.
    #[serde(default, deserialize_with = "nullable")]
    #[schemars(with = "Option<String>", length(max = MAX_NAME))]
    name: Option<Option<String>>,
    /// The language: a primary tag of BCP 47.
    #[serde(default, deserialize_with = "nullable")]
    #[schemars(with = "Option<String>", length(max = MAX_NAME))]
    language: Option<Option<String>>,
    /// The tags, all of them.
    #[serde(default, deserialize_with = "not_null")]
    #[schemars(with = "Vec<String>", length(max = MAX_LISTED))]
    tags: Option<Vec<String>>,
    /// Some attributes; `null` takes one away.
    #[serde(default)]
    #[schemars(extend("maxProperties" = MAX_LISTED))]
    attributes: BTreeMap<String, Option<AttributeValue>>,
    /// The user who owns the customer.
    #[serde(default, deserialize_with = "nullable")]
    #[schemars(with = "Option<String>")]
    owner: Option<Option<Arc<str>>>,
    /// Whether they have been here before.
    #[serde(default, deserialize_with = "not_null")]
    #[schemars(with = "bool")]
    returning: Option<bool>,
}

impl From<CustomerRow> for CustomerAnswer {
    fn from(row: CustomerRow) -> Self {
        let CustomerRow {
            id,
            names,
            name,
            language,
            country,
            tags,
            attributes,
            owner,
            returning,
            first_at,
            last_at,
        } = row;
        Self { id, names, name, language, country, tags, attributes, owner, returning, first_at, last_at }
    }
}

/// `GET {i}/customers/CUSTOMER`
pub(super) async fn customer(call: Call) -> CallResult {
    let name = stored_name(call.path("customer")).ok_or_else(unknown_customer)?;
    match call.read(move |reader, inbox| reader.customer(inbox, &name)).await? {
        Some(row) => ok(CustomerAnswer::from(row)),
        None => Err(unknown_customer()),
    }
}

/// `PUT {i}/customers/CUSTOMER`
pub(super) async fn put(call: Call) -> CallResult {
    let key = customer_key(call.path("customer")).ok_or_else(unknown_customer)?;
    let CustomerBody { name, language, tags, attributes, owner, returning } = call.body()?;
    if let Some(Some(owner)) = &owner {
        known_user(call.inbox()?.release().set.inbox(), owner, Some("owner"))?;
    }
    let texts = [("name", &name), ("language", &language)];
    check_names(&texts.map(|(place, text)| (place, text.as_ref().and_then(|text| text.as_deref()))))?;
    check_tags("tags", tags.as_deref())?;
    check_attributes("attributes", Some(&attributes))?;
    let change = CustomerChange { name, language, tags, attributes, owner, returning };
    match call.submit(Item::PutCustomer(key, Box::new(change))).await? {
        Answer::Customer(row) => ok(CustomerAnswer::from(*row)),
        _ => Err(unexpected()),
    }
}

/// `DELETE {i}/customers/CUSTOMER`
pub(super) async fn forget(call: Call) -> CallResult {
    let key = customer_key(call.path("customer")).ok_or_else(unknown_customer)?;
    call.submit(Item::ForgetCustomer(key)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The id of the customer that a call names.
pub(super) fn customer_id(
    reader: &mut dyn StoreReader,
    inbox: &str,
    name: &str,
) -> Result<Option<Arc<str>>, StoreError> {
    let Some(name) = stored_name(name) else { return Ok(None) };
    Ok(reader.customer(inbox, &name)?.map(|row| row.id))
}

/// `c17` is an id, all else a name.
fn customer_key(text: &str) -> Option<CustomerKey> {
    let is_id = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if text.strip_prefix('c').is_some_and(is_id) {
        return Some(CustomerKey::Id(text.into()));
    }
    CustomerName::parse(text).map(CustomerKey::Name)
}

/// The id or the name as it is stored.
fn stored_name(text: &str) -> Option<String> {
    customer_key(text).map(|key| match key {
        CustomerKey::Id(id) => id.to_string(),
        CustomerKey::Name(name) => name.as_str().to_owned(),
    })
}

/// Without the name, which may be a phone number.
fn unknown_customer() -> ApiError {
    ApiError::unknown("unknown-customer", "the inbox has no such customer")
}
