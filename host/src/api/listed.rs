//! Lists.

use std::future::Future;

use schemars::JsonSchema;
use serde::Serialize;

use super::call::{Call, CallResult, ok};
use super::error::ApiError;
use crate::store::Page;

/// A part of a list.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "{T}List")]
pub(super) struct ItemList<T> {
    /// The items.
    pub(super) items: Vec<T>,
    /// What to write as `after` for the next ones; `null`: these are the last.
    pub(super) next: Option<u64>,
}

/// Answers a part of a list. `read` returns its rows, `position` where a row is in the list, and `answer`
/// what is shown of it.
pub(super) async fn list<R, T: Serialize, F: Future<Output = Result<Vec<R>, ApiError>>>(
    call: &Call,
    read: impl FnOnce(Page) -> F,
    position: impl Fn(&R) -> u64,
    answer: impl Fn(R) -> Result<T, ApiError>,
) -> CallResult {
    let page = call.query.page()?;
    // One more than is asked for tells whether there are more.
    let mut rows = read(Page { limit: page.limit + 1, ..page }).await?;
    let is_last = rows.len() <= page.limit;
    rows.truncate(page.limit);
    let next = rows.last().filter(|_| !is_last).map(position);
    let items = rows.into_iter().map(answer).collect::<Result<_, _>>()?;
    ok(ItemList { items, next })
}
