//! What a decision is told from: the policy, the message, and how everybody is called.

use crate::inbox::{Inbox, UserId};
use crate::policy::Policy;
use crate::roster::Roster;
use crate::situation::Case;

/// What a decision is told from.
#[derive(Clone, Copy)]
pub(super) struct DecisionContext<'a> {
    pub(super) policy: &'a Policy,
    pub(super) inbox: &'a Inbox,
    pub(super) case: &'a Case<'a>,
    pub(super) users: &'a dyn UserNames,
}

/// How users are called.
pub(super) trait UserNames {
    /// The user's id, and the name that people read.
    fn called(&self, user: UserId) -> (&str, &str);
    /// The name of the user with that id.
    fn name_of(&self, id: &str) -> Option<&str>;
}

impl UserNames for Inbox {
    fn called(&self, user: UserId) -> (&str, &str) {
        let user = self.user(user);
        (&user.id, &user.name)
    }

    fn name_of(&self, id: &str) -> Option<&str> {
        self.user_id(id).map(|user| &*self.user(user).name)
    }
}

impl UserNames for Roster {
    fn called(&self, user: UserId) -> (&str, &str) {
        Roster::id_and_name(self, user).unwrap_or_default()
    }

    fn name_of(&self, id: &str) -> Option<&str> {
        Roster::id_and_name(self, self.user(id)?).map(|(_, name)| name)
    }
}
