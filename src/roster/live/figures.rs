//! What is known of one user now, as far as choices depend on it.

use crate::language::vocabulary::Pool as Among;
use crate::roster::pool::barred_from;
use crate::situation::UserNow;

/// What is known of one user now, as far as choices depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Figures {
    /// Presence, chats, last message.
    pub(super) now: UserNow,
    /// The most chats they should have open.
    pub(super) capacity: Option<u32>,
    /// Their share under `by weighted`.
    pub(super) weight: u32,
}

impl Figures {
    /// Whether they are one of those.
    pub(super) fn are_among(&self, among: Among) -> bool {
        barred_from(&self.now, self.capacity, among).is_none()
    }
}
