//! The address of a server, from the settings.

use std::time::Duration;

use tokio_postgres::Config;

use crate::store::StoreError;

/// A server that does not answer is given up after this time.
const CONNECT: Duration = Duration::from_secs(3);

/// What was sent and is not confirmed by the other machine is given up after this time.
const UNCONFIRMED: Duration = Duration::from_secs(5);

/// `postgres://user:password@machine:5432/database?sslmode=prefer`
pub(super) fn parse(url: &str) -> Result<Config, StoreError> {
    let mut config: Config =
        url.parse().map_err(|error| StoreError::Away(format!("the address of the store: {error}")))?;
    if config.get_application_name().is_none() {
        config.application_name("inbox-host");
    }
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(CONNECT);
    }
    config.tcp_user_timeout(UNCONFIRMED).keepalives_idle(UNCONFIRMED);
    Ok(config)
}
