//! What is known of one user now, as far as choices depend on it.

use jiff::Timestamp;

use crate::language::vocabulary::{Eligibility, Presence};
use crate::roster::pool::exclusion_from;
use crate::situation::UserNow;

/// What is known of one user now, in few bytes: of a million users, each choice meets another whom the processor has to fetch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LiveState {
    pub(super) last_message: LastMessage,
    pub(super) chats: u32,
    /// The most chats they should have open.
    pub(super) capacity: Option<u32>,
    /// Their share under `by weighted`.
    pub(super) weight: u32,
    pub(super) presence: Presence,
    /// Whether they are still in the inbox.
    pub(super) is_active: bool,
}

/// What happens to a user.
#[derive(Debug, Clone, Copy)]
pub(super) struct StateChange {
    pub(super) before: LiveState,
    pub(super) after: LiveState,
    /// Whether they are one of those online or available before.
    pub(super) was: Availability,
    /// And after.
    pub(super) is: Availability,
}

/// Which of those a user is one of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Availability {
    pub(super) online: bool,
    pub(super) available: bool,
}

/// When a user had a message last; who never had one comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct LastMessage {
    seconds: i64,
    nanoseconds: i32,
}

impl LiveState {
    /// Of a user in the inbox.
    pub(super) fn new(now: UserNow, capacity: Option<u32>, weight: u32) -> Self {
        let UserNow { presence, chats, last_message_at } = now;
        Self { last_message: last_message_at.into(), chats, capacity, weight, presence, is_active: true }
    }

    /// Presence, chats and last message.
    pub(super) fn now(&self) -> UserNow {
        UserNow { presence: self.presence, chats: self.chats, last_message_at: self.last_message.at() }
    }

    /// Whether they are one of those.
    pub(super) fn is_eligible(&self, among: Eligibility) -> bool {
        exclusion_from(self.presence, self.chats, self.capacity, among).is_none()
    }

    /// Which of those they are one of.
    pub(super) fn availability(&self) -> Availability {
        Availability {
            online: self.is_eligible(Eligibility::Online),
            available: self.is_eligible(Eligibility::Available),
        }
    }
}

impl StateChange {
    /// From those state to these.
    pub(super) fn of(before: LiveState, after: LiveState) -> Self {
        Self { before, after, was: before.availability(), is: after.availability() }
    }
}

impl LastMessage {
    const NEVER: Self = Self { seconds: i64::MIN, nanoseconds: 0 };

    /// The moment of it.
    fn at(self) -> Option<Timestamp> {
        if self == Self::NEVER { None } else { Timestamp::new(self.seconds, self.nanoseconds).ok() }
    }

    /// A number that is higher the later it was: at most 71 bits.
    pub(super) fn rank(self) -> u128 {
        if self == Self::NEVER {
            return 0;
        }
        // Both may be below 0, down to the first moment there is.
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
