//! The log of the program, on standard error: JSON in a pipe, plain lines on a terminal.

use std::io::{self, IsTerminal};

use tracing_subscriber::EnvFilter;

/// Begins to log what `filter` asks for, such as `info`.
pub(super) fn start(filter: &str) {
    // Each file of the page would be a line at the start.
    let with_quiet_files = |filter: &str| format!("memory_serve=warn,{filter}");
    let (filter, wrong) = match EnvFilter::try_new(with_quiet_files(filter)) {
        Ok(known) => (known, None),
        Err(error) => (EnvFilter::new(with_quiet_files("info")), Some(error)),
    };
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    // There is a log already if a test has begun one.
    let _ = if io::stderr().is_terminal() {
        tracing::subscriber::set_global_default(log.with_target(false).finish())
    } else {
        tracing::subscriber::set_global_default(log.json().flatten_event(true).finish())
    };
    if let Some(error) = wrong {
        tracing::warn!(%error, "INBOX_LOG cannot be read, so `info` is used");
    }
}
