//! The address for whoever runs the program: `/metrics`.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::api::{ApiError, ApiState};
use crate::store::OutboxState;

/// The type of the text that Prometheus reads.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// `/metrics`
pub(super) fn router(state: Arc<ApiState>) -> Router {
    let nothing = || async { ApiError::unknown("unknown-path", "there is only `/metrics` at this address") };
    Router::new().route("/metrics", get(metrics)).fallback(nothing).with_state(state)
}

async fn metrics(State(state): State<Arc<ApiState>>) -> Response {
    let inboxes: Vec<Arc<str>> = state.inboxes.iter().map(|inbox| Arc::clone(inbox.id())).collect();
    let counted = state.readers.read(move |reader| {
        let (mut waiting, mut outbox) = (Vec::new(), BTreeMap::<&str, (OutboxState, u64)>::new());
        for inbox in inboxes {
            waiting.push((Arc::clone(&inbox), reader.count_waiting(&inbox)?));
            for (state, count) in reader.count_replies(&inbox)? {
                outbox.entry(state.word()).or_insert((state, 0)).1 += count;
            }
        }
        Ok((waiting, outbox))
    });
    // Without the store there is still what was counted.
    if let Ok((waiting, outbox)) = counted.await {
        for (inbox, count) in waiting {
            state.metrics.set_waiting(&inbox, count);
        }
        for (word, state_of) in OutboxState::WORDS {
            let count = outbox.get(word).map_or(0, |(_, count)| *count);
            state.metrics.set_outbox(state_of, count);
        }
    }
    ([(CONTENT_TYPE, OPEN_METRICS)], state.metrics.text()).into_response()
}
