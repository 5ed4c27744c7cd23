//! How much a caller may ask for.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

/// How many calls a token, or somebody whom a proxy has logged in, may make in a second.
const CALLS: NonZeroU32 = NonZeroU32::new(50).unwrap();

/// How many bytes a webhook may have.
pub const WEBHOOK_BYTES: usize = 3 * 1024 * 1024;
/// How many bytes the body of a call may have.
pub const CALL_BYTES: usize = 256 * 1024;
/// How many bytes the body of a call that brings rules may have.
pub const RULES_BYTES: usize = 8 * 1024 * 1024;
/// How many connections may be open at the same time.
pub const CONNECTIONS: usize = 2_048;
/// The headers of a request must arrive within this time.
pub const HEADER_TIME: Duration = Duration::from_secs(10);
/// A request must be answered within this time.
pub const REQUEST_TIME: Duration = Duration::from_secs(30);

/// How many calls somebody may make.
#[derive(Debug)]
pub struct CallLimit {
    /// By whether a proxy has logged them in, and by their name.
    limiter: DefaultKeyedRateLimiter<(bool, Arc<str>)>,
    clock: DefaultClock,
}

impl CallLimit {
    /// Nobody has called yet.
    #[expect(clippy::new_without_default, reason = "a default would hide that it starts at nothing")]
    pub fn new() -> Self {
        Self { limiter: RateLimiter::keyed(Quota::per_second(CALLS)), clock: DefaultClock::default() }
    }

    /// Counts a call of the token with this name, or of whom a proxy has logged in by this name.
    ///
    /// # Errors
    ///
    /// There are too many: the number of seconds after which it may call again.
    pub fn count(&self, name: &Arc<str>, is_by_proxy: bool) -> Result<(), u32> {
        self.limiter.check_key(&(is_by_proxy, Arc::clone(name))).map_err(|too_many| {
            let wait = too_many.wait_time_from(self.clock.now());
            u32::try_from(wait.as_secs())
                .unwrap_or(u32::MAX)
                .saturating_add(u32::from(wait.subsec_nanos() > 0))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_token_does_not_stop_another() {
        let limit = CallLimit::new();
        let [crm, desk]: [Arc<str>; 2] = ["crm".into(), "desk".into()];
        let refused: Vec<u32> = (0..200).filter_map(|_| limit.count(&crm, false).err()).collect();
        assert!(refused.len() >= 100, "{refused:?}");
        assert!(refused.iter().all(|seconds| *seconds == 1), "{refused:?}");
        assert_eq!(limit.count(&desk, false), Ok(()));
        // Nobody stops a token by having its name.
        assert_eq!(limit.count(&crm, true), Ok(()));
    }
}
