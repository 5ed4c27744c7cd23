//! `GET {i}/events`: the log, as a list or as a stream.

use std::time::Duration;

use axum::http::StatusCode;
use axum::http::header::ACCEPT;
use inbox_rules::desk::LogRecord;
use tokio::time::{Instant, timeout_at};

use super::call::{Call, CallResult};
use super::error::ApiError;
use super::event_stream;
use super::listed::list;
use crate::store::Page;

/// A call that waits for an event waits at most so many seconds.
const MAX_WAIT: u64 = 25;

/// `GET {i}/events`
pub(super) async fn events(call: Call) -> CallResult {
    let accepts = call.headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    if accepts.contains("text/event-stream") {
        return event_stream::stream(call);
    }
    let wait = call.query.number("wait", MAX_WAIT)?.unwrap_or_default();
    let read = |page| wait_for_events(&call, page, Duration::from_secs(wait));
    list(&call, read, |record| record.seq, Ok).await
}

/// The events of this page. If there are none yet, waits for one.
async fn wait_for_events(call: &Call, page: Page, wait: Duration) -> Result<Vec<LogRecord>, ApiError> {
    let end = Instant::now() + wait;
    let mut log = call.inbox()?.follow_log();
    let mut stopping = call.state.stopping.clone();
    loop {
        log.mark_unchanged();
        let records = read_events(call, page).await?;
        if !records.is_empty() || *stopping.borrow() {
            return Ok(records);
        }
        let changed = async {
            tokio::select! {
                changed = log.changed() => changed.is_ok(),
                _ = stopping.changed() => false,
            }
        };
        if timeout_at(end, changed).await != Ok(true) {
            return Ok(records);
        }
        if !call.is_allowed().await {
            let message = "the session or the token has ended";
            return Err(ApiError::new(StatusCode::UNAUTHORIZED, "no-token", message));
        }
    }
}

/// The events of this page, without what only the store needs.
pub(super) async fn read_events(call: &Call, page: Page) -> Result<Vec<LogRecord>, ApiError> {
    let rows = call.read(move |reader, inbox| reader.log(inbox, page)).await?;
    Ok(rows.into_iter().map(|row| LogRecord { from: None, ..row.record }).collect())
}
