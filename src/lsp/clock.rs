//! The time.

use std::time::Instant;

use jiff::Timestamp;

/// What is waited for is measured against this.
#[expect(clippy::disallowed_methods, reason = "a server waits in real time")]
pub(super) fn now() -> Instant {
    Instant::now()
}

/// The moment at which somebody asks.
#[expect(clippy::disallowed_methods, reason = "hover shows the hours of today")]
pub(super) fn moment() -> Timestamp {
    Timestamp::now()
}
