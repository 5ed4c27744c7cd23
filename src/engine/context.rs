//! What the texts of a decision are written from: the policy, the case, and the names of users and groups.

use std::sync::Arc;

use crate::inbox::{GroupId, Inbox, UserId};
use crate::policy::Policy;
use crate::roster::Roster;
use crate::situation::Case;

/// What the texts of a decision are written from.
#[derive(Clone, Copy)]
pub(super) struct DecisionContext<'a> {
    pub(super) policy: &'a Policy,
    pub(super) inbox: &'a Inbox,
    pub(super) case: &'a Case<'a>,
    pub(super) users: &'a dyn UserNames,
}

impl DecisionContext<'_> {
    pub(super) fn group_name(&self, group: GroupId) -> Arc<str> {
        Arc::clone(&self.inbox.group(group).name)
    }
}

/// The ids and names of users, from the inbox or from a live roster, in which users may come and go.
pub(super) trait UserNames {
    /// The user's id, and the name that people read; `None` for an id of another inbox.
    fn id_and_name(&self, user: UserId) -> Option<(&Arc<str>, &Arc<str>)>;
}

impl UserNames for Inbox {
    fn id_and_name(&self, user: UserId) -> Option<(&Arc<str>, &Arc<str>)> {
        let user = self.user(user);
        Some((&user.id, &user.name))
    }
}

impl UserNames for Roster {
    fn id_and_name(&self, user: UserId) -> Option<(&Arc<str>, &Arc<str>)> {
        Roster::id_and_name(self, user)
    }
}
