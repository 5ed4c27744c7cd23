//! The time.

use std::time::Instant;

/// What is waited for is measured against this.
#[expect(clippy::disallowed_methods, reason = "a server waits in real time")]
pub(super) fn now() -> Instant {
    Instant::now()
}
