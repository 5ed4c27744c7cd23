//! `/healthz`, `/readyz`, `/openapi.json`.

use axum::Json;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use schemars::JsonSchema;
use serde::Serialize;

use super::call::{Call, CallResult, ok};
use super::openapi;

/// Whether the program runs.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct HealthAnswer {
    status: &'static str,
}

/// Whether it can be used.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ReadyAnswer {
    /// `ready`, or `away`
    store: &'static str,
}

/// `GET /healthz`
pub(super) fn health() -> CallResult {
    ok(HealthAnswer { status: "ok" })
}

/// `GET /readyz`
pub(super) async fn ready(call: Call) -> CallResult {
    let inbox = call.state.inboxes.iter().next().map(|inbox| inbox.id().clone()).unwrap_or_default();
    match call.state.readers.read(move |reader| reader.inbox(&inbox)).await {
        Ok(_) => ok(ReadyAnswer { store: "ready" }),
        Err(_) => Ok((StatusCode::SERVICE_UNAVAILABLE, Json(ReadyAnswer { store: "away" })).into_response()),
    }
}

/// `GET /openapi.json`
pub(super) fn openapi() -> CallResult {
    ok(openapi::document())
}
