//! What a proxy in front says of whom it has logged in. It is believed only from the proxy itself.

use core::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::ConnectInfo;
use axum::http::{Extensions, HeaderMap, HeaderValue, StatusCode};

use super::error::ApiError;
use crate::settings::{Principal, ProxySettings, is_user_name};

/// Where a connection comes from, as whoever accepts it notes.
pub(super) fn peer_of(extensions: &Extensions) -> Option<IpAddr> {
    extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(address)| address.ip())
}

/// Whoever the proxy has logged in. `None`: it names nobody.
///
/// # Errors
///
/// `bad-proxy`: somebody is named, but not as the proxy does it.
pub(super) fn logged_in(
    proxy: &ProxySettings,
    headers: &HeaderMap,
    peer: Option<IpAddr>,
) -> Result<Option<Arc<Principal>>, ApiError> {
    let ProxySettings { user_header, groups_header, secret_header, .. } = proxy;
    if !headers.contains_key(user_header) {
        return Ok(None);
    }
    // Nobody else is told whether it was the address or the secret.
    let forged = |why: &'static str| {
        tracing::warn!(?peer, why, "a header that names a user is not the proxy's");
        refused(format!("the header `{user_header}` does not come from the proxy of `host.toml`"))
    };
    if !peer.is_some_and(|peer| proxy.is_from(peer)) {
        return Err(forged("the address is not in `from`"));
    }
    let secret = single(headers, secret_header).map_err(|()| forged("the secret is there twice"))?;
    if !secret.is_some_and(|secret| proxy.knows(secret.as_bytes())) {
        return Err(forged("the secret is missing or wrong"));
    }
    let twice = |header: &str| refused(format!("the header `{header}` is there twice"));
    let user = single(headers, user_header).map_err(|()| twice(user_header))?;
    let user = user.and_then(|user| user.to_str().ok()).filter(|user| is_user_name(user));
    let user = user.ok_or_else(|| refused(format!("the header `{user_header}` has no name of a user")))?;
    let groups = match groups_header {
        Some(header) => single(headers, header).map_err(|()| twice(header))?,
        None => None,
    };
    let groups = groups.map_or(Ok(""), |groups| {
        let told = std::str::from_utf8(groups.as_bytes());
        told.map_err(|_| refused("the groups are not UTF-8".to_owned()))
    })?;
    let groups: Vec<&str> = groups.split(',').map(str::trim).filter(|group| !group.is_empty()).collect();
    Ok(Some(Arc::new(proxy.principal(user, &groups))))
}

/// The value of a header that may be there once.
fn single<'h>(headers: &'h HeaderMap, name: &str) -> Result<Option<&'h HeaderValue>, ()> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (value, None) => Ok(value),
        _ => Err(()),
    }
}

fn refused(message: String) -> ApiError {
    ApiError::new(StatusCode::UNAUTHORIZED, "bad-proxy", message)
}
