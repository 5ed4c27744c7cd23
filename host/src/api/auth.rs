//! Who may make a call.

use std::sync::Arc;

use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode};

use super::error::ApiError;
use super::state::ApiState;
use crate::inboxes::InboxHandle;
use crate::settings::{ApiToken, Can};

/// The token that the call presents.
///
/// # Errors
///
/// `no-token`, `too-many`.
pub(super) fn authenticate(state: &ApiState, headers: &HeaderMap) -> Result<Arc<ApiToken>, ApiError> {
    let no_token = |message: &str| ApiError::new(StatusCode::UNAUTHORIZED, "no-token", message);
    let Some(header) = headers.get(AUTHORIZATION) else {
        return Err(no_token("this call needs the header `Authorization: Bearer TOKEN`"));
    };
    let (scheme, presented) = header.to_str().ok().and_then(|text| text.split_once(' ')).unwrap_or_default();
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(no_token("the header `Authorization` must be `Bearer` and a token"));
    }
    let tokens = state.tokens();
    let token = tokens.find(presented.trim()).ok_or_else(|| no_token("this token is not known"))?;
    // The lines of the log about this call have it.
    tracing::Span::current().record("token", &*token.name);
    state.limit.count(&token.name).map_err(|seconds| {
        let message = "the token makes too many calls";
        let error = ApiError::new(StatusCode::TOO_MANY_REQUESTS, "too-many", message);
        ApiError { retry_after: Some(seconds), ..error }
    })?;
    Ok(Arc::clone(token))
}

/// The inbox with this id, if the token is for it.
///
/// # Errors
///
/// `unknown-inbox`.
pub(super) fn inbox_of(state: &ApiState, token: &ApiToken, id: &str) -> Result<Arc<InboxHandle>, ApiError> {
    let inbox = state.inboxes.get(id).filter(|inbox| token.is_for(inbox.id()));
    inbox.map(Arc::clone).ok_or_else(|| {
        let theirs = state.inboxes.iter().map(|inbox| &**inbox.id()).filter(|inbox| token.is_for(inbox));
        ApiError::unknown("unknown-inbox", format!("there is no inbox `{id}`")).did_you_mean(id, theirs)
    })
}

/// Whether the token allows it.
///
/// # Errors
///
/// `not-allowed`.
pub(super) fn authorize(token: &ApiToken, can: Can) -> Result<(), ApiError> {
    if token.can(can) {
        return Ok(());
    }
    let message = format!("the token `{}` cannot do this; it needs the right `{}`", token.name, can.word());
    Err(ApiError::new(StatusCode::FORBIDDEN, "not-allowed", message))
}
