//! The members of a group by position, with their state.

use prefetch_index::prefetch_index;

use super::live_state::LiveState;
use super::users::Users;
use crate::inbox::UserId;

/// The members of a group by position.
#[derive(Clone, Copy)]
pub(super) struct GroupMembers<'a> {
    pub(super) ids: &'a [UserId],
    pub(super) users: &'a Users,
}

impl<'a> GroupMembers<'a> {
    /// The user at a position.
    pub(super) fn user(self, position: usize) -> Option<UserId> {
        self.ids.get(position).copied()
    }

    /// The state of the user at a position.
    pub(super) fn state(self, position: usize) -> Option<&'a LiveState> {
        self.users.state(self.user(position)?)
    }

    /// Starts to load into the cache what a later choice will read. To find a member's state takes two
    /// dependent loads: the id by position, then the state by id. So the id of the member `later` is
    /// requested now, and the state of the one `soon`, whose id was requested when that member was `later`
    /// (software prefetching: D. Callahan, K. Kennedy and A. Porterfield, *Software prefetching*, ASPLOS
    /// 1991).
    pub(super) fn prefetch(self, soon: Option<usize>, later: Option<usize>) {
        if let Some(later) = later {
            prefetch_index(self.ids, later);
        }
        if let Some(user) = soon.and_then(|position| self.user(position)) {
            self.users.prefetch(user);
        }
    }
}
