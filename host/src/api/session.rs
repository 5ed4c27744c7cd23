//! `/v1/session`: a browser logs in with a token, and has a cookie from then on.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Json;
use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::IntoResponse;
use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::time::{Instant, sleep};

use super::auth::{self, Caller, LoginBy};
use super::call::{Call, CallResult, ok};
use super::error::ApiError;
use super::state::ApiState;
use crate::inboxes::SessionChange;
use crate::settings::{NewToken, Principal};
use crate::store::SessionRow;

/// The name of the cookie. Browsers take one with such a name only for this origin.
const COOKIE_NAME: &str = "__Host-session";
/// How long a session lasts.
const LASTS: SignedDuration = SignedDuration::from_hours(12);
/// How long a cached session is used before the store is read again.
const FRESH: Duration = Duration::from_secs(5);
/// The most sessions in the cache.
const MAX_CACHED: usize = 4_096;

/// The token to log in with.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewSession")]
pub(super) struct SessionBody {
    /// The token.
    token: String,
}

/// Who is logged in.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Session")]
pub(super) struct SessionAnswer {
    /// The name of the token, or of the user whom a proxy has logged in.
    name: Arc<str>,
    /// The inboxes that they may use.
    inboxes: Vec<Arc<str>>,
    /// What they may do there.
    can: Vec<&'static str>,
    /// When the session ends; `null`: there is none, but a token, or what the proxy says with each call.
    expires: Option<Timestamp>,
    /// The proxy that has logged the user in.
    #[serde(skip_serializing_if = "Option::is_none")]
    proxy: Option<ProxyAnswer>,
}

/// The proxy that has logged somebody in.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "SessionProxy")]
struct ProxyAnswer {
    /// Where a browser logs out; `null`: it is not known.
    log_out: Option<String>,
}

/// Sessions read from the store lately.
#[derive(Debug, Default)]
pub(super) struct SessionCache(Mutex<HashMap<[u8; 32], (Instant, SessionRow)>>);

impl SessionAnswer {
    fn new(state: &ApiState, caller: &Caller) -> Self {
        let Principal { name, can, .. } = &*caller.principal;
        let theirs = state.inboxes.iter().map(|inbox| Arc::clone(inbox.id()));
        let (mut expires, mut proxy) = (None, None);
        match caller.by {
            LoginBy::Token => {}
            LoginBy::Session(end) => expires = Some(end),
            LoginBy::Proxy => {
                let log_out = state.access().proxy.as_ref().and_then(|proxy| proxy.log_out.clone());
                proxy = Some(ProxyAnswer { log_out });
            }
        }
        Self {
            name: Arc::clone(name),
            inboxes: theirs.filter(|inbox| caller.principal.is_for(inbox)).collect(),
            can: can.iter().map(|can| can.word()).collect(),
            expires,
            proxy,
        }
    }
}

impl SessionCache {
    fn get(&self, hash: &[u8; 32]) -> Option<SessionRow> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(hash).filter(|(at, _)| at.elapsed() < FRESH).map(|(_, row)| row.clone())
    }

    fn put(&self, row: SessionRow) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MAX_CACHED {
            known.clear();
        }
        known.insert(row.hash, (Instant::now(), row));
    }

    fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn remove(&self, hash: &[u8; 32]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(hash);
    }
}

/// `POST /v1/session`
pub(super) async fn log_in(call: Call) -> CallResult {
    // Another site must not log somebody in.
    if call.headers.contains_key(auth::FETCH_SITE) {
        auth::from_page(&call.headers)?;
    }
    if let Some(caller) = auth::by_proxy(&call)? {
        let name = &caller.principal.name;
        let message = format!("the proxy in front has logged in `{name}`, so a token is of no use here");
        return Err(ApiError::conflict("by-proxy", message));
    }
    let SessionBody { token } = call.body()?;
    let token = auth::token_of(&call.state, &token)?;
    #[expect(clippy::disallowed_methods, reason = "a session begins now")]
    let created = Timestamp::now();
    let expires = created.saturating_add(LASTS).unwrap_or(Timestamp::MAX);
    let caller = Caller { principal: Arc::clone(&token.principal), by: LoginBy::Session(expires) };
    auth::count(&call.state, &caller)?;
    let NewToken { text, sha256 } = NewToken::new(rand::random());
    let row = SessionRow { hash: sha256, token: token.sha256, created, expires };
    end(&call).await?;
    call.state.sessions.write(SessionChange::Put(row)).await?;
    // If the token has gone meanwhile, the sessions that it had were ended before this one was there.
    if call.state.access().tokens.with_hash(&token.sha256).is_none() {
        call.state.sessions.write(SessionChange::Delete(sha256)).await?;
    }
    let text = secrecy::ExposeSecret::expose_secret(&text);
    let cookie = set_cookie(text, LASTS.as_secs());
    let answer = SessionAnswer::new(&call.state, &caller);
    Ok(([(SET_COOKIE, cookie)], Json(answer)).into_response())
}

/// `GET /v1/session`
pub(super) async fn session(call: Call) -> CallResult {
    let caller = auth::authenticate(&call).await?;
    ok(SessionAnswer::new(&call.state, &caller))
}

/// `DELETE /v1/session`
pub(super) async fn log_out(call: Call) -> CallResult {
    if cookie_hash(&call.headers).is_some() {
        auth::from_page(&call.headers)?;
        end(&call).await?;
    }
    if auth::by_proxy(&call)?.is_some() {
        let message = "the proxy in front has logged you in, and only there can you log out";
        return Err(ApiError::conflict("by-proxy", message));
    }
    Ok((StatusCode::NO_CONTENT, [(SET_COOKIE, set_cookie("", 0))]).into_response())
}

/// Ends the sessions that began with a token that is not known any more, so that none lives again if the token comes
/// back. While the store is away it is tried again.
pub fn end_orphans(state: Arc<ApiState>) {
    tokio::spawn(async move {
        while !*state.stopping.borrow() {
            let tokens = state.access().tokens.iter().map(|token| token.sha256).collect();
            if state.sessions.write(SessionChange::Retain(tokens)).await.is_ok() {
                state.session_cache.clear();
                return;
            }
            sleep(Duration::from_secs(1)).await;
        }
    });
}

/// Ends the session of the cookie, if there is one.
async fn end(call: &Call) -> Result<(), ApiError> {
    // One that is not known is not worth a write.
    let Some(SessionRow { hash, .. }) = find(&call.state, &call.headers).await? else { return Ok(()) };
    call.state.sessions.write(SessionChange::Delete(hash)).await?;
    call.state.session_cache.remove(&hash);
    Ok(())
}

/// The session of the cookie; `None` without one. An ended one is none.
pub(super) async fn find(state: &ApiState, headers: &HeaderMap) -> Result<Option<SessionRow>, ApiError> {
    let Some(hash) = cookie_hash(headers) else { return Ok(None) };
    let known = match state.session_cache.get(&hash) {
        Some(row) => Some(row),
        None => {
            let read = state.readers.read(move |reader| reader.session(&hash)).await?;
            if let Some(row) = &read {
                state.session_cache.put(row.clone());
            }
            read
        }
    };
    #[expect(clippy::disallowed_methods, reason = "whether it has ended")]
    let now = Timestamp::now();
    Ok(known.filter(|row| row.expires > now))
}

/// The hash of what the cookie has.
fn cookie_hash(headers: &HeaderMap) -> Option<[u8; 32]> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|cookie| cookie.to_str().ok());
    let mut pairs =
        cookies.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let (_, text) = pairs.find(|(name, text)| *name == COOKIE_NAME && !text.is_empty())?;
    Some(Sha256::digest(text.as_bytes()).into())
}

fn set_cookie(text: &str, seconds: i64) -> HeaderValue {
    let cookie =
        format!("{COOKIE_NAME}={text}; Path=/; Max-Age={seconds}; HttpOnly; Secure; SameSite=Strict");
    // A token is letters and digits.
    HeaderValue::try_from(cookie).unwrap_or_else(|_| HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_cached_session_is_read_again_however_often_it_is_used() {
        let cache = SessionCache::default();
        let row = SessionRow {
            hash: [1; 32],
            token: [2; 32],
            created: Timestamp::UNIX_EPOCH,
            expires: Timestamp::MAX,
        };
        cache.put(row.clone());
        for _ in 0..4 {
            assert_eq!(cache.get(&[1; 32]), Some(row.clone()));
            advance(FRESH / 4).await;
        }
        assert_eq!(cache.get(&[1; 32]), None);
    }
}
