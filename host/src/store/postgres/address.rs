//! The address of a server, from the settings.

use std::path::Path;
use std::time::Duration;

use tokio_postgres::Config;
use tokio_postgres::config::{SslMode, TargetSessionAttrs};

use super::tls::{Tls, Trust};
use crate::store::StoreError;

/// A server that does not answer is given up after this time.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// What was sent and is not confirmed by the other machine is given up after this time.
const TCP_USER_TIMEOUT: Duration = Duration::from_secs(5);

/// A connection on which nothing comes is asked so often whether the other machine is there.
const KEEPALIVE_EVERY: Duration = Duration::from_secs(5);

/// After so many questions without an answer it is given up. Linux does so earlier, after `TCP_USER_TIMEOUT`, but only
/// when it asks again.
const KEEPALIVE_RETRIES: u32 = 3;

/// A server, and how it is reached.
#[derive(Clone)]
pub(super) struct ServerAddress {
    pub(super) config: Config,
    pub(super) tls: Tls,
    /// Whether it is only read from, for somebody who waits.
    pub(super) is_read: bool,
}

/// `postgres://user:password@machine:5432/database?sslmode=prefer`
///
/// The options are those of libpq that tokio-postgres knows, and `sslmode=verify-full` with `sslrootcert`.
pub(super) fn parse(url: &str) -> Result<ServerAddress, StoreError> {
    let away = |why: &dyn std::fmt::Display| StoreError::Away(format!("the address of the store: {why}"));
    let (address, options) = url.split_once('?').unwrap_or((url, ""));
    let (mut kept, mut root, mut is_verified) = (Vec::new(), None, false);
    for option in options.split('&').filter(|option| !option.is_empty()) {
        match option.split_once('=') {
            Some(("sslmode", "verify-full")) => is_verified = true,
            Some(("sslmode", "verify-ca")) => {
                return Err(away(&"write `sslmode=verify-full`, which checks the server's name, too"));
            }
            Some(("sslrootcert", path)) => {
                root = Some(percent_decoded(path).ok_or_else(|| away(&"`sslrootcert` is not a path"))?);
            }
            _ => kept.push(option),
        }
    }
    if root.is_some() && !is_verified {
        return Err(away(&"`sslrootcert` needs `sslmode=verify-full`"));
    }
    let mut config: Config =
        format!("{address}?{}", kept.join("&")).parse().map_err(|error: tokio_postgres::Error| {
            // It names the option, and never what is written for it.
            away(&super::error::told(&error))
        })?;
    let trust = match root.as_deref() {
        Some("system") => Trust::System,
        Some(path) => Trust::File(Path::new(path)),
        None if is_verified => Trust::System,
        None => Trust::Any,
    };
    if is_verified {
        config.ssl_mode(SslMode::Require);
    }
    // A standby, or a primary that became one, is of no use.
    config.target_session_attrs(TargetSessionAttrs::ReadWrite);
    if config.get_application_name().is_none() {
        config.application_name("inbox-host");
    }
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(CONNECT_TIMEOUT);
    }
    config.tcp_user_timeout(TCP_USER_TIMEOUT).keepalives(true);
    config.keepalives_idle(KEEPALIVE_EVERY).keepalives_interval(KEEPALIVE_EVERY);
    config.keepalives_retries(KEEPALIVE_RETRIES);
    let tls = Tls::new(trust).map_err(|why| away(&why))?;
    Ok(ServerAddress { config, tls, is_read: false })
}

/// A value of an address with `%2F` and the like decoded; `None`: it is no text.
fn percent_decoded(value: &str) -> Option<String> {
    let mut parts = value.split('%');
    let mut bytes = parts.next()?.as_bytes().to_vec();
    for part in parts {
        let (code, rest) = part.split_at_checked(2)?;
        if !code.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        bytes.push(u8::from_str_radix(code, 16).ok()?);
        bytes.extend_from_slice(rest.as_bytes());
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Also one that waits for an answer, and has nothing to send.
    #[test]
    fn a_connection_that_is_dead_is_noticed_soon() {
        for url in
            ["postgres://inbox@db/inbox", "postgres://inbox@db/inbox?keepalives=0&keepalives_idle=7200"]
        {
            let config = parse(url).unwrap().config;
            let interval = config.get_keepalives_interval().unwrap();
            let noticed = config.get_keepalives_idle() + interval * config.get_keepalives_retries().unwrap();
            assert!(config.get_keepalives() && noticed <= Duration::from_secs(30), "{noticed:?}");
        }
    }
}
