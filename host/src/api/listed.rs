//! Lists.

use std::future::Future;

use schemars::JsonSchema;
use serde::Serialize;

use super::call::{Call, CallResult, ok};
use super::error::ApiError;
use super::scan::{ScannedRows, last_position, newest, oldest};
use crate::store::{Page, StoreError, StoreReader};

/// A part of a list.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "{T}List")]
pub(super) struct ItemList<T> {
    /// The items.
    pub(super) items: Vec<T>,
    /// What to write as `after` for the next ones, or, if the latest come first, as `before`; `null`: these are the
    /// last.
    pub(super) next: Option<u64>,
}

/// Nothing at all.
impl<T> Default for ItemList<T> {
    fn default() -> Self {
        Self { items: Vec::new(), next: None }
    }
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

/// Answers a part of a list, which begins with the last row if the call says so. `read` returns the rows of a page.
pub(super) async fn list_from_either_end<R: Send + 'static, T: Serialize>(
    call: &Call,
    read: impl Fn(&mut dyn StoreReader, &str, Page) -> Result<Vec<R>, StoreError> + Send + 'static,
    position: fn(&R) -> u64,
    answer: impl Fn(R) -> T,
) -> CallResult {
    let (page, before) = (call.query.page()?, call.query.before()?);
    let found = call.read(move |reader, inbox| {
        let mut read = |page| read(reader, inbox, page);
        let Some(before) = before else { return oldest(page, position, |_| true, read) };
        let last = last_position(|after| Ok(!read(Page { after, limit: 1 })?.is_empty()))?;
        newest(before.min(last.saturating_add(1)), page, position, |_| true, read)
    });
    let ScannedRows { rows, next } = found.await?;
    ok(ItemList { items: rows.into_iter().map(answer).collect(), next })
}

/// Answers a part of a list that is at hand as a whole. The position of a row counts from 1.
pub(super) async fn list_all<R, T: Serialize>(
    call: &Call,
    rows: impl IntoIterator<Item = R>,
    answer: impl Fn(R) -> Result<T, ApiError>,
) -> CallResult {
    let read = |page| async move { Ok(rows_of(rows, page)) };
    list(call, read, |(position, _)| *position, |(_, row)| answer(row)).await
}

/// The rows of a page of such a list, with their positions.
pub(super) fn rows_of<R>(rows: impl IntoIterator<Item = R>, page: Page) -> Vec<(u64, R)> {
    (1..).zip(rows).filter(|(position, _)| *position > page.after).take(page.limit).collect()
}
