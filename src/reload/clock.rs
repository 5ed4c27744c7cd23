//! The clock, which nothing but following a folder needs.

use std::time::Instant;

use jiff::Timestamp;

#[expect(clippy::disallowed_methods, reason = "a folder is followed in real time")]
pub(super) fn now() -> Instant {
    Instant::now()
}

#[expect(clippy::disallowed_methods, reason = "an outcome says when it happened")]
pub(super) fn timestamp() -> Timestamp {
    Timestamp::now()
}
