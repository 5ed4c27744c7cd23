//! The log as a stream of events that the server sends (`text/event-stream`).

use std::convert::Infallible;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use http_body_util::channel::{Channel, Sender};
use inbox_rules::desk::LogRecord;
use tokio::time::{Instant, timeout};

use super::auth::LoginBy;
use super::call::{Call, CallResult};
use super::error::ApiError;
use super::events::read_events;
use crate::store::Page;

/// How many events are read at a time.
const PIECE: usize = 100;
/// How many pieces may wait for a client that reads slowly.
const WAITING_PIECES: usize = 4;
/// How often a stream without events sends a comment, so that no proxy closes it.
const STILL_THERE: Duration = Duration::from_secs(15);
/// What a proxy has said of a caller counts for this long. Then the client connects again, by way of the proxy.
const PROXY_COUNTS: Duration = Duration::from_secs(5 * 60);
/// A client that reads nothing for this long is taken to be gone.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Answers with a stream of the events after `Last-Event-ID`, or after `after`.
pub(super) fn stream(call: Call) -> CallResult {
    if call.query.get("wait").is_some() {
        return Err(ApiError::bad_field("wait", "a stream waits as long as it is open, so leave out `wait`"));
    }
    let last = match call.headers.get("last-event-id") {
        Some(id) => Some(id.to_str().ok().and_then(|id| id.trim().parse().ok()).ok_or_else(|| {
            ApiError::bad_field("Last-Event-ID", "`Last-Event-ID` must be the `seq` of an event")
        })?),
        None => None,
    };
    let after = last.unwrap_or(call.query.page()?.after);
    let (sender, body) = Channel::<Bytes, Infallible>::new(WAITING_PIECES);
    tokio::spawn(send_events(call, after, sender));
    let headers = [(CONTENT_TYPE, "text/event-stream"), (CACHE_CONTROL, "no-store")];
    let mut response: Response = (headers, Body::new(body)).into_response();
    // A proxy that collects the answer would hold the events back.
    response.headers_mut().insert("x-accel-buffering", axum::http::HeaderValue::from_static("no"));
    Ok(response)
}

/// Sends the events until the client is gone, it is no longer allowed, the program ends, or the store is
/// away. The client then connects again.
async fn send_events(call: Call, mut after: u64, mut sender: Sender<Bytes, Infallible>) {
    let Ok(inbox) = call.inbox() else { return };
    let (mut log, mut stopping) = (inbox.follow_log(), call.state.stopping.clone());
    let mut piece = Bytes::from_static(b": the events of the inbox\n\n");
    let is_by_proxy = call.caller.as_ref().is_some_and(|caller| caller.by == LoginBy::Proxy);
    let end = is_by_proxy.then(|| Instant::now() + PROXY_COUNTS);
    while !*stopping.borrow() && end.is_none_or(|end| Instant::now() < end) {
        match timeout(TIMEOUT, sender.send_data(piece)).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) | Err(_) => return,
        }
        log.mark_unchanged();
        let Ok(records) = read_events(&call, Page { after, limit: PIECE }).await else { return };
        if !call.is_allowed().await {
            return;
        }
        if let Some(last) = records.last() {
            after = last.seq;
            piece = text(&records);
            continue;
        }
        tokio::select! {
            changed = timeout(STILL_THERE, log.changed()) => match changed {
                Ok(Ok(())) => piece = Bytes::new(),
                Ok(Err(_)) => return,
                Err(_) => piece = Bytes::from_static(b":\n\n"),
            },
            _ = stopping.changed() => return,
        }
    }
}

/// The events as the stream has them. JSON has no line breaks.
fn text(records: &[LogRecord]) -> Bytes {
    let mut text = String::new();
    for record in records {
        let Ok(json) = serde_json::to_value(record) else { continue };
        let kind = json.get("kind").and_then(serde_json::Value::as_str).unwrap_or_default();
        text.push_str(&format!("id: {}\nevent: {kind}\ndata: {json}\n\n", record.seq));
    }
    text.into()
}
