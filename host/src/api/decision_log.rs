//! `GET {i}/decisions` as a log: each decision with what it was made from, for `rules replay`.

use axum::body::{Body, Bytes};
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use http_body_util::channel::{Channel, Sender};
use inbox_rules::{Decision, Situation};
use serde::Serialize;
use tokio::time::{Duration, timeout};

use super::call::{Call, CallResult};
use super::decisions::decision_answer;
use super::error::ApiError;
use crate::machine::{DecisionFacts, InboxReplay, Routed};
use crate::store::{LogRow, Page, StoreError, StoreReader};

/// How many entries of the log are read at a time.
const BATCH: usize = 100;
/// How many batches may wait for a client that reads slowly.
const QUEUED_BATCHES: usize = 2;
/// A client that reads nothing for this long is taken to be gone.
const WRITE_TIMEOUT: Duration = Duration::from_secs(60);
/// The content type.
const NDJSON: &str = "application/x-ndjson";

/// A line of the log.
#[derive(Serialize)]
struct DecisionLine {
    seq: u64,
    situation: Situation,
    decision: Decision,
}

/// Whether a call asks for the log.
pub(super) fn accepts_ndjson(headers: &HeaderMap) -> bool {
    let accepts = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    accepts.contains(NDJSON)
}

/// Answers with the decisions after `after`, up to the last one that there is now. Those whose messages are no longer kept are
/// left out.
pub(super) fn stream(call: Call) -> CallResult {
    if let Some(name) = call.query.names().find(|name| *name != "after") {
        let message = format!("`{name}` cannot be used with `Accept: {NDJSON}`; only `after` can");
        return Err(ApiError::bad_field(name, message));
    }
    let after = call.query.page()?.after;
    let (sender, body) = Channel::<Bytes, StoreError>::new(QUEUED_BATCHES);
    tokio::spawn(send_lines(call, after, sender));
    let headers = [(CONTENT_TYPE, NDJSON), (CACHE_CONTROL, "no-store")];
    let mut response: Response = (headers, Body::new(body)).into_response();
    // A proxy that collects the answer would hold the lines back.
    response.headers_mut().insert("x-accel-buffering", axum::http::HeaderValue::from_static("no"));
    Ok(response)
}

/// Sends the lines. If the client stops reading or loses its right to read, if the store fails, or if the program ends, the
/// response is aborted, so that the client cannot take it for complete.
async fn send_lines(call: Call, after: u64, mut sender: Sender<Bytes, StoreError>) {
    let start = call.read(move |reader, inbox| LogPosition::start(reader, inbox, after)).await;
    let Ok(mut next) = start else { return sender.abort(aborted()) };
    while let Some(position) = next {
        if *call.state.stopping.borrow() || !call.is_allowed().await {
            return sender.abort(aborted());
        }
        let read = call.read(move |reader, inbox| position.lines(reader, inbox)).await;
        let Ok((lines, position)) = read else { return sender.abort(aborted()) };
        next = position;
        if !lines.is_empty()
            && !matches!(timeout(WRITE_TIMEOUT, sender.send_data(lines.into())).await, Ok(Ok(())))
        {
            return sender.abort(aborted());
        }
    }
}

/// The client only sees that the response breaks off.
fn aborted() -> StoreError {
    StoreError::Away("the log could not be read to its end".to_owned())
}

/// How far a log has been read.
struct LogPosition {
    replay: InboxReplay,
    /// The last entry to read.
    last: u64,
}

impl LogPosition {
    /// Before the first entry after `after` of which the roster is known. `None`: there is none.
    fn start(reader: &mut dyn StoreReader, inbox: &str, after: u64) -> Result<Option<Self>, StoreError> {
        let last = reader.inbox(inbox)?.seq;
        let first = reader.log(inbox, Page { after, limit: 1 })?.first().map(|row| row.record.seq);
        let Some(before) = first.and_then(|first| first.checked_sub(1)) else { return Ok(None) };
        let damaged = match InboxReplay::at(reader, inbox, before) {
            Ok(replay) => return Ok(Some(Self { replay, last })),
            Err(error @ StoreError::Damaged(_)) => error,
            Err(error) => return Err(error),
        };
        // What came before the first entry has been dropped. From the next snapshot on the roster is known.
        let mut end = before;
        while end < last {
            end = end.saturating_add(BATCH as u64).min(last);
            if let Some((at, _)) = reader.snapshot(inbox, end)?.filter(|(at, _)| *at >= before) {
                return Ok(Some(Self { replay: InboxReplay::at(reader, inbox, at)?, last }));
            }
        }
        Err(damaged)
    }

    /// The lines of the next entries, and the position after them; `None`: these are the last.
    fn lines(
        mut self,
        reader: &mut dyn StoreReader,
        inbox: &str,
    ) -> Result<(String, Option<Self>), StoreError> {
        let rows = reader.log(inbox, Page { after: self.replay.seq, limit: BATCH })?;
        let is_last = rows.len() < BATCH;
        let mut lines = String::new();
        for row in rows {
            if row.record.seq > self.last {
                return Ok((lines, None));
            }
            if let Some(line) = line(reader, inbox, &self.replay, &row)? {
                lines.push_str(&serde_json::to_string(&line)?);
                lines.push('\n');
            }
            self.replay.apply(reader, inbox, &row)?;
        }
        let is_over = is_last || self.replay.seq >= self.last;
        Ok((lines, Some(self).filter(|_| !is_over)))
    }
}

/// The line of an entry, if it is a decision whose message is kept.
fn line(
    reader: &mut dyn StoreReader,
    inbox: &str,
    replay: &InboxReplay,
    row: &LogRow,
) -> Result<Option<DecisionLine>, StoreError> {
    let Some(routed) = &row.routed else { return Ok(None) };
    let text = reader.text(inbox, row.record.seq)?;
    let Some(facts) = text.filter(|text| !text.facts.is_empty()) else { return Ok(None) };
    let facts: DecisionFacts = serde_json::from_str(&facts.facts)?;
    let routed: Routed = serde_json::from_str(routed.get())?;
    let decision = decision_answer(routed.decision);
    Ok(Some(DecisionLine { seq: row.record.seq, situation: facts.situation(replay), decision }))
}
