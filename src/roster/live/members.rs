//! The members of a group by their places, with what is known of them.

use prefetch_index::prefetch_index;

use super::live_state::LiveState;
use super::users::Users;
use crate::inbox::UserId;

/// The members of a group by their places.
#[derive(Clone, Copy)]
pub(super) struct GroupMembers<'a> {
    pub(super) ids: &'a [UserId],
    pub(super) users: &'a Users,
}

impl<'a> GroupMembers<'a> {
    /// Who stands at `place`.
    pub(super) fn user(self, place: usize) -> Option<UserId> {
        self.ids.get(place).copied()
    }

    /// What is known of them.
    pub(super) fn state(self, place: usize) -> Option<&'a LiveState> {
        self.users.state(self.user(place)?)
    }

    /// The member at the place `soon` is asked for after a few others, the one `later` after twice as many: what the processor
    /// would have to wait for then is on its way from now on.
    pub(super) fn prefetch(self, soon: Option<usize>, later: Option<usize>) {
        if let Some(later) = later {
            prefetch_index(self.ids, later);
        }
        if let Some(user) = soon.and_then(|place| self.user(place)) {
            self.users.prefetch(user);
        }
    }
}
