//! The current state of one user, as far as choices depend on it.

use jiff::Timestamp;

use crate::language::vocabulary::{Eligibility, Presence};
use crate::roster::pool::exclusion_from;
use crate::situation::UserNow;

/// The current state of one user. It is kept small: in a large inbox, successive choices read the states of
/// different users, which are not in the cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LiveState {
    pub(super) last_message: LastMessage,
    pub(super) chats: u32,
    /// The maximum number of open chats: as set, or as in `inbox.toml`.
    pub(super) capacity: Option<u32>,
    /// The weight for `by weighted`, likewise.
    pub(super) weight: u32,
    pub(super) presence: Presence,
    capacity_is_set: bool,
    weight_is_set: bool,
    /// Whether the user is in the inbox; false once they are removed.
    pub(super) is_active: bool,
}

/// The capacity and the weight of a user in `inbox.toml`, which count unless an event has set others.
#[derive(Debug, Clone, Copy)]
pub(super) struct FileLimits {
    pub(super) capacity: Option<u32>,
    pub(super) weight: u32,
}

impl Default for FileLimits {
    fn default() -> Self {
        Self { capacity: None, weight: 1 }
    }
}

/// The state of a user before and after an event.
#[derive(Debug, Clone, Copy)]
pub(super) struct StateChange {
    pub(super) before: LiveState,
    pub(super) after: LiveState,
    pub(super) availability_before: Availability,
    pub(super) availability_after: Availability,
}

/// Whether a user counts as online and as available.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Availability {
    pub(super) online: bool,
    pub(super) available: bool,
}

/// The time of a user's last message. Users who never had one come first.
///
/// It has its own encoding, since an `Option<Timestamp>` compares its tag first, and `rank` needs the two
/// parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct LastMessage {
    seconds: i64,
    nanoseconds: i32,
}

impl LiveState {
    /// The state of a user who is in the inbox.
    pub(super) fn new(now: UserNow, limits: FileLimits) -> Self {
        let UserNow { presence, chats, last_message_at, capacity, weight } = now;
        Self {
            last_message: last_message_at.into(),
            chats,
            capacity: capacity.or(limits.capacity),
            weight: weight.unwrap_or(limits.weight),
            presence,
            capacity_is_set: capacity.is_some(),
            weight_is_set: weight.is_some(),
            is_active: true,
        }
    }

    /// Presence, chats, last message, and the capacity and the weight that are set.
    pub(super) fn now(&self) -> UserNow {
        UserNow {
            presence: self.presence,
            chats: self.chats,
            last_message_at: self.last_message.at(),
            capacity: self.capacity.filter(|_| self.capacity_is_set),
            weight: Some(self.weight).filter(|_| self.weight_is_set),
        }
    }

    /// Takes a chat away; whether there was one.
    pub(super) fn close(&mut self) -> bool {
        let fewer = self.chats.checked_sub(1);
        self.chats = fewer.unwrap_or_default();
        fewer.is_some()
    }

    /// Records a message to or from the user.
    pub(super) fn record_message(&mut self, at: Timestamp) {
        self.last_message = self.last_message.max(Some(at).into());
    }

    /// Sets the capacity; `None`: as in `inbox.toml`.
    pub(super) fn set_capacity(&mut self, capacity: Option<u32>, limits: FileLimits) {
        self.capacity = capacity.or(limits.capacity);
        self.capacity_is_set = capacity.is_some();
    }

    /// Sets the weight; `None`: as in `inbox.toml`.
    pub(super) fn set_weight(&mut self, weight: Option<u32>, limits: FileLimits) {
        self.weight = weight.unwrap_or(limits.weight);
        self.weight_is_set = weight.is_some();
    }

    /// Whether `among` includes the user.
    pub(super) fn is_eligible(&self, among: Eligibility) -> bool {
        exclusion_from(self.presence, self.chats, self.capacity, among).is_none()
    }

    /// Whether the user is online and available.
    pub(super) fn availability(&self) -> Availability {
        Availability {
            online: self.is_eligible(Eligibility::Online),
            available: self.is_eligible(Eligibility::Available),
        }
    }
}

impl StateChange {
    /// The change from one state to another.
    pub(super) fn of(before: LiveState, after: LiveState) -> Self {
        Self {
            before,
            after,
            availability_before: before.availability(),
            availability_after: after.availability(),
        }
    }
}

impl LastMessage {
    const NEVER: Self = Self { seconds: i64::MIN, nanoseconds: 0 };

    /// The time, if there was a message.
    fn at(self) -> Option<Timestamp> {
        if self == Self::NEVER { None } else { Timestamp::new(self.seconds, self.nanoseconds).ok() }
    }

    /// An integer of at most 71 bits in the same order, which fits a queue key together with a position.
    pub(super) fn rank(self) -> u128 {
        if self == Self::NEVER {
            return 0;
        }
        // Both may be negative, so they are offset by the minimum.
        let seconds = self.seconds.abs_diff(Timestamp::MIN.as_second() - 1);
        let nanoseconds = self.nanoseconds.abs_diff(-1_000_000_000);
        u128::from(seconds) << 31 | u128::from(nanoseconds)
    }
}

impl From<Option<Timestamp>> for LastMessage {
    fn from(at: Option<Timestamp>) -> Self {
        at.map_or(Self::NEVER, |at| Self { seconds: at.as_second(), nanoseconds: at.subsec_nanosecond() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_keep_their_order() {
        let around = |nanoseconds| Timestamp::from_nanosecond(nanoseconds).unwrap();
        let near: Vec<i128> =
            vec![-2_000_000_001, -2_000_000_000, -1_999_999_999, -1, 0, 1, 999_999_999, 1_000_000_000];
        let moments = near.into_iter().map(around);
        let moments = [Timestamp::MIN].into_iter().chain(moments).chain([Timestamp::MAX]).map(Some);
        let moments: Vec<_> = [None].into_iter().chain(moments).collect();
        assert!(moments.is_sorted());
        for pair in moments.windows(2).map(|pair| [LastMessage::from(pair[0]), LastMessage::from(pair[1])]) {
            assert!(pair[0].rank() < pair[1].rank(), "{pair:?}");
            assert!(pair[0] < pair[1]);
        }
        assert!(moments.iter().all(|at| LastMessage::from(*at).at() == *at));
        assert!(LastMessage::from(Some(Timestamp::MAX)).rank() < 1 << 71);
    }
}
