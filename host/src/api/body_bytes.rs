//! Reads the body of a request, which may be too long, or come too slowly.

use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::StatusCode;
use http_body_util::LengthLimitError;
use tokio::time::timeout;

use super::error::ApiError;

/// A body must be there within this time.
const BODY_TIME: Duration = Duration::from_secs(20);

/// Reads a body of at most so many bytes.
///
/// # Errors
///
/// `too-large`, `too-slow`; `bad-json`, if it is cut off.
pub async fn read_bytes(body: Body, most: usize) -> Result<Bytes, ApiError> {
    match timeout(BODY_TIME, to_bytes(body, most)).await {
        Ok(Ok(body)) => Ok(body),
        Ok(Err(error)) => Err(unreadable(&error, most)),
        Err(_) => Err(ApiError::too_slow()),
    }
}

fn unreadable(error: &axum::Error, most: usize) -> ApiError {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if error.is::<LengthLimitError>() {
            let message = format!("the body has more than {} kB", most / 1024);
            return ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", message);
        }
        cause = error.source();
    }
    ApiError::new(StatusCode::BAD_REQUEST, "bad-json", "the body was cut off")
}
