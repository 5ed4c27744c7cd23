//! Who may make a call: whoever has a token, or the cookie of a session that began with one.

use std::sync::Arc;

use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, Method, StatusCode};
use jiff::Timestamp;

use super::error::ApiError;
use super::session;
use super::state::ApiState;
use crate::inboxes::InboxHandle;
use crate::settings::{ApiToken, Can};

/// The header by which a browser says whether a page of the same origin makes the call.
pub(super) const FETCH_SITE: &str = "sec-fetch-site";

/// Who makes a call.
#[derive(Debug, Clone)]
pub(super) struct Caller {
    /// The token, or the one that the session began with.
    pub(super) token: Arc<ApiToken>,
    /// When the session ends; `None`: the call has a token.
    pub(super) expires: Option<Timestamp>,
}

/// Who makes the call; the call is counted against the rate limit.
///
/// # Errors
///
/// `no-token`, `too-many`, `other-site`.
pub(super) async fn authenticate(
    state: &ApiState,
    headers: &HeaderMap,
    method: &Method,
) -> Result<Caller, ApiError> {
    let caller = caller_of(state, headers, method).await?;
    count(state, &caller.token)?;
    Ok(caller)
}

/// Who makes the call.
///
/// # Errors
///
/// `no-token`, `other-site`.
pub(super) async fn caller_of(
    state: &ApiState,
    headers: &HeaderMap,
    method: &Method,
) -> Result<Caller, ApiError> {
    let Some(header) = headers.get(AUTHORIZATION) else {
        let Some(session) = session::find(state, headers).await? else {
            return Err(no_token("log in, or send the header `Authorization: Bearer TOKEN`"));
        };
        if !method.is_safe() {
            from_page(headers)?;
        }
        let token = state.tokens().with_hash(&session.token).map(Arc::clone);
        let token = token.ok_or_else(|| no_token("this token is not known"))?;
        return Ok(Caller { token, expires: Some(session.expires) });
    };
    let (scheme, presented) = header.to_str().ok().and_then(|text| text.split_once(' ')).unwrap_or_default();
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(no_token("the header `Authorization` must be `Bearer` and a token"));
    }
    Ok(Caller { token: token_of(state, presented)?, expires: None })
}

/// The token that is presented.
///
/// # Errors
///
/// `no-token`.
pub(super) fn token_of(state: &ApiState, presented: &str) -> Result<Arc<ApiToken>, ApiError> {
    let token = state.tokens().find(presented.trim()).map(Arc::clone);
    token.ok_or_else(|| no_token("this token is not known"))
}

/// Fails unless a page of this origin makes the call, which the browser says: a cookie comes with the calls of
/// other sites, too.
///
/// # Errors
///
/// `other-site`.
pub(super) fn from_page(headers: &HeaderMap) -> Result<(), ApiError> {
    if headers.get(FETCH_SITE).is_some_and(|site| site == "same-origin") {
        return Ok(());
    }
    let message = "with a cookie, only the page of this program can make this call";
    Err(ApiError::new(StatusCode::FORBIDDEN, "other-site", message))
}

/// Counts a call of the token.
///
/// # Errors
///
/// `too-many`.
pub(super) fn count(state: &ApiState, token: &ApiToken) -> Result<(), ApiError> {
    // The lines of the log about this call have it.
    tracing::Span::current().record("token", &*token.name);
    state.limit.count(&token.name).map_err(|seconds| {
        let message = "the token makes too many calls";
        let error = ApiError::new(StatusCode::TOO_MANY_REQUESTS, "too-many", message);
        ApiError { retry_after: Some(seconds), ..error }
    })
}

fn no_token(message: &str) -> ApiError {
    ApiError::new(StatusCode::UNAUTHORIZED, "no-token", message)
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
