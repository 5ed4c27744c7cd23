//! Who may make a call: whoever has a token, or the cookie of a session that began with one, or is logged in at a proxy.

use std::sync::Arc;

use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode};
use jiff::Timestamp;

use super::call::Call;
use super::error::ApiError;
use super::state::ApiState;
use super::{proxy_header, session};
use crate::inboxes::InboxHandle;
use crate::settings::{ApiToken, Can, Principal};

/// The header by which a browser says whether a page of the same origin makes the call.
pub(super) const FETCH_SITE: &str = "sec-fetch-site";

/// Who makes a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Caller {
    /// Who it is, and what they may do.
    pub(super) principal: Arc<Principal>,
    /// How this is known.
    pub(super) by: LoginBy,
}

/// How it is known who makes a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LoginBy {
    /// By the token in the header.
    Token,
    /// By a cookie, until the session ends.
    Session(Timestamp),
    /// By what the proxy in front says.
    Proxy,
}

impl Caller {
    fn by_token(token: &ApiToken) -> Self {
        Self { principal: Arc::clone(&token.principal), by: LoginBy::Token }
    }

    /// The name with what it is the name of.
    fn told(&self) -> String {
        let name = &self.principal.name;
        if self.by == LoginBy::Proxy { format!("`{name}`") } else { format!("the token `{name}`") }
    }
}

/// Who makes the call; the call is counted against the rate limit.
///
/// # Errors
///
/// `no-token`, `bad-proxy`, `too-many`, `other-site`.
pub(super) async fn authenticate(call: &Call) -> Result<Caller, ApiError> {
    let caller = caller_of(call).await?;
    count(&call.state, &caller)?;
    Ok(caller)
}

/// Who makes the call. A token counts more than what a proxy says, and that more than a cookie: whoever logs in at the
/// proxy is not taken for the one who used the browser before.
///
/// # Errors
///
/// `no-token`, `bad-proxy`, `other-site`.
pub(super) async fn caller_of(call: &Call) -> Result<Caller, ApiError> {
    let Call { state, headers, .. } = call;
    if let Some(presented) = bearer(headers)? {
        return Ok(Caller::by_token(&*token_of(state, presented)?));
    }
    let caller = match by_proxy(call)? {
        Some(caller) => caller,
        None => by_session(call).await?,
    };
    if !call.method.is_safe() {
        from_page(headers)?;
    }
    Ok(caller)
}

/// Whoever the proxy in front has logged in.
///
/// # Errors
///
/// `bad-proxy`
pub(super) fn by_proxy(call: &Call) -> Result<Option<Caller>, ApiError> {
    let access = call.state.access();
    let Some(proxy) = &access.proxy else { return Ok(None) };
    let principal = proxy_header::logged_in(proxy, &call.headers, call.peer)?;
    Ok(principal.map(|principal| Caller { principal, by: LoginBy::Proxy }))
}

async fn by_session(call: &Call) -> Result<Caller, ApiError> {
    let Call { state, headers, .. } = call;
    let Some(session) = session::find(state, headers).await? else {
        return Err(no_token(if headers.contains_key(AUTHORIZATION) {
            "the header `Authorization` must be `Bearer` and a token"
        } else {
            "log in, or send the header `Authorization: Bearer TOKEN`"
        }));
    };
    let access = state.access();
    let token = access.tokens.with_hash(&session.token).ok_or_else(|| no_token("this token is not known"))?;
    Ok(Caller { by: LoginBy::Session(session.expires), ..Caller::by_token(token) })
}

/// What the header `Authorization` presents as a token. A browser behind a proxy that asks for a password sends
/// the password with every call: other schemes than `Bearer` are not meant for this program.
fn bearer(headers: &HeaderMap) -> Result<Option<&str>, ApiError> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(no_token("the header `Authorization` is there twice"));
    }
    let text = value.to_str().unwrap_or_default();
    let (scheme, presented) = text.split_once(' ').unwrap_or((text, ""));
    Ok(Some(presented).filter(|_| scheme.eq_ignore_ascii_case("bearer")))
}

/// Whether a browser makes the call with a password that a proxy in front has asked for. After a 401 it would take the
/// password to be wrong, and ask for it again; 403 lets it be.
pub(super) fn is_browser_with_password(headers: &HeaderMap) -> bool {
    headers.contains_key(FETCH_SITE)
        && headers.contains_key(AUTHORIZATION)
        && matches!(bearer(headers), Ok(None))
}

/// The token that is presented.
///
/// # Errors
///
/// `no-token`.
pub(super) fn token_of(state: &ApiState, presented: &str) -> Result<Arc<ApiToken>, ApiError> {
    let token = state.access().tokens.find(presented.trim()).map(Arc::clone);
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

/// Counts a call.
///
/// # Errors
///
/// `too-many`.
pub(super) fn count(state: &ApiState, caller: &Caller) -> Result<(), ApiError> {
    let (name, is_by_proxy) = (&caller.principal.name, caller.by == LoginBy::Proxy);
    // The lines of the log about this call have it.
    tracing::Span::current().record(if is_by_proxy { "user" } else { "token" }, &**name);
    state.limit.count(name, is_by_proxy).map_err(|seconds| {
        let message = format!("{} makes too many calls", if is_by_proxy { "the user" } else { "the token" });
        let error = ApiError::new(StatusCode::TOO_MANY_REQUESTS, "too-many", message);
        ApiError { retry_after: Some(seconds), ..error }
    })
}

fn no_token(message: &str) -> ApiError {
    ApiError::new(StatusCode::UNAUTHORIZED, "no-token", message)
}

/// The inbox with this id, if they may use it.
///
/// # Errors
///
/// `unknown-inbox`.
pub(super) fn inbox_of(
    state: &ApiState,
    principal: &Principal,
    id: &str,
) -> Result<Arc<InboxHandle>, ApiError> {
    let inbox = state.inboxes.get(id).filter(|inbox| principal.is_for(inbox.id()));
    inbox.map(Arc::clone).ok_or_else(|| {
        let theirs = state.inboxes.iter().map(|inbox| &**inbox.id()).filter(|inbox| principal.is_for(inbox));
        ApiError::unknown("unknown-inbox", format!("there is no inbox `{id}`")).did_you_mean(id, theirs)
    })
}

/// Whether they may do it.
///
/// # Errors
///
/// `not-allowed`.
pub(super) fn authorize(caller: &Caller, can: Can) -> Result<(), ApiError> {
    if caller.principal.can(can) {
        return Ok(());
    }
    let message = format!("{} cannot do this; it needs the right `{}`", caller.told(), can.word());
    Err(ApiError::new(StatusCode::FORBIDDEN, "not-allowed", message))
}
